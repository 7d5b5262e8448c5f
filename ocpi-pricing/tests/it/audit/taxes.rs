//! Taxes that are listed.

use ocpi_types::Version;
use serde_json::{Value, json};

use super::correct::assert_right;
use super::{audit, cdr, in_full, remove, set, shown};

const V2: Version = Version::V2_2_1;
const V3: Version = Version::V2_3_0;

/// Four prices with the same tax, each of which comes to 1.31 and 0.2751.
fn four_parts() -> Value {
    let mut four = cdr(V3);
    let component = |kind: &str, price: f64, step: i64| json!({"type": kind, "price": price, "vat": 21, "step_size": step});
    set(
        &mut four,
        "/tariffs/0/elements",
        json!([
            {"price_components": [
                component("ENERGY", 0.0655, 1), component("TIME", 1.31, 1), component("PARKING_TIME", 2.62, 1)],
             "restrictions": {"max_duration": 36_000}},
            {"price_components": [component("FLAT", 1.31, 1)], "restrictions": {"min_kwh": 1}},
            {"price_components": [component("FLAT", 1.31, 1)]}]),
    );
    set(
        &mut four,
        "/charging_periods",
        json!([
            {"start_date_time": "2026-05-04T16:00:00Z", "tariff_id": "T1",
             "dimensions": [{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]},
            {"start_date_time": "2026-05-04T17:00:00Z", "tariff_id": "T1",
             "dimensions": [{"type": "PARKING_TIME", "volume": 0.5}]}]),
    );
    for (pointer, new) in [
        ("/end_date_time", json!("2026-05-04T17:30:00Z")),
        ("/total_energy", json!(20)),
        ("/total_time", json!(1.5)),
        ("/total_parking_time", json!(0.5)),
        ("/total_cost", money(5.24, 1.12)),
    ] {
        set(&mut four, pointer, new);
    }
    for part in ["energy", "time", "parking", "fixed"] {
        set(&mut four, &format!("/total_{part}_cost"), money(1.31, 0.28));
    }
    four
}

fn money(before: f64, tax: f64) -> Value {
    json!({"before_taxes": before, "taxes": [{"name": "VAT", "percentage": 21, "amount": tax}]})
}

/// 1.1004, of parts that are each rounded 1.12.
#[test]
fn the_tax_of_the_total_may_be_the_sum_of_rounded_ones() {
    let mut four = four_parts();
    assert_right(&audit(V3, &four), "the sum of the parts");
    for (tax, is_right) in [(1.10, true), (1.11, true), (1.13, false), (1.08, false)] {
        set(&mut four, "/total_cost", money(5.24, tax));
        let expected = if is_right { vec![] } else { vec![("cdr.tax_amount", "/total_cost/taxes/0/amount")] };
        let report = audit(V3, &four);
        assert_eq!(shown(&report), expected, "{tax}: {:?}", in_full(&report));
    }
    set(&mut four, "/total_cost", money(5.24, 1.12));
    for part in ["energy", "time", "parking", "fixed"] {
        remove(&mut four, &format!("/total_{part}_cost"));
    }
    assert_right(&audit(V3, &four), "without the parts");
}

#[test]
fn taxes_may_have_fewer_decimals_than_what_they_are_on() {
    let mut cdr = cdr(V3);
    set(&mut cdr, "/charging_periods/0/dimensions/0/volume", json!(20.501));
    set(&mut cdr, "/total_energy", json!(20.501));
    set(&mut cdr, "/total_energy_cost", money(9.22545, 1.94));
    assert_right(&audit(V3, &cdr), "with a rate");
    set(&mut cdr, "/total_energy_cost/taxes", json!([{"name": "VAT", "amount": 1.94}]));
    assert_right(&audit(V3, &cdr), "without a rate");
    set(&mut cdr, "/total_energy_cost/taxes", json!([{"name": "VAT", "amount": 1.95}]));
    assert_eq!(shown(&audit(V3, &cdr)), [("cdr.part_cost", "/total_energy_cost/taxes")]);
}

#[test]
fn a_tax_that_is_not_listed_is_missed() {
    let mut cdr = cdr(V3);
    set(&mut cdr, "/total_cost/taxes", json!([{"name": "VAT", "percentage": 0, "amount": 0}]));
    assert_eq!(shown(&audit(V3, &cdr)), [("cdr.total_cost_with_tax", "/total_cost/taxes")]);
}

#[test]
fn what_is_free_of_tax_may_have_fewer_decimals_with_it() {
    let mut cdr = cdr(V2);
    set(&mut cdr, "/tariffs/0/elements/0/price_components/0/vat", json!(0));
    set(&mut cdr, "/total_energy_cost", json!({"excl_vat": 9.225, "incl_vat": 9.22}));
    set(&mut cdr, "/total_cost", json!({"excl_vat": 11.98, "incl_vat": 12.45}));
    assert_right(&audit(V2, &cdr), "with a bill");
    set(&mut cdr, "/tariffs/0/elements/0/restrictions", json!({"min_current": 10}));
    assert_eq!(in_full(&audit(V2, &cdr)), [""; 0], "without");
    set(&mut cdr, "/total_energy_cost", json!({"excl_vat": 9.23, "incl_vat": 9.225}));
    assert_eq!(in_full(&audit(V2, &cdr)), [""; 0], "the other way round");
    set(&mut cdr, "/total_energy_cost", json!({"excl_vat": 9.225, "incl_vat": 9.21}));
    assert_eq!(shown(&audit(V2, &cdr)), [("price.tax_negative", "/total_energy_cost/incl_vat")]);
}

/// 21 percent of 9.225 and of 2.25 only.
#[test]
fn a_tax_is_not_on_what_is_free_of_it() {
    let mut cdr = cdr(V3);
    set(&mut cdr, "/total_cost", money(11.98, 2.52));
    assert_eq!(shown(&audit(V3, &cdr)), [("cdr.tax_amount", "/total_cost/taxes/0/amount")]);
    set(&mut cdr, "/total_cost", money(11.98, 2.41));
    assert_right(&audit(V3, &cdr), "without that of nothing");
}

/// Without a bill nobody knows the base of a tax, but that is no more than the amount and the other taxes.
#[test]
fn a_tax_is_no_more_than_its_rate_of_everything() {
    let mut cdr = cdr(V3);
    set(&mut cdr, "/tariffs/0/elements/0/restrictions", json!({"min_current": 10}));
    for (part, at) in [("/total_cost", 1), ("/total_energy_cost", 0)] {
        let pointer = format!("{part}/taxes/{at}");
        for (rate, is_right) in [(21, true), (25, true), (19, false), (0, false)] {
            let mut cdr = cdr.clone();
            set(&mut cdr, &format!("{pointer}/percentage"), json!(rate));
            let at = format!("{pointer}/amount");
            let expected = if is_right { vec![] } else { vec![("cdr.tax_amount", &*at)] };
            assert_eq!(shown(&audit(V3, &cdr)), expected, "{part} {rate}");
        }
    }
    // A tax on a tax, as it was in Quebec.
    let tax =
        |name: &str, rate: f64, amount: f64| json!({"name": name, "percentage": rate, "amount": amount});
    set(&mut cdr, "/tariffs", json!([]));
    for part in ["energy", "parking", "fixed"] {
        remove(&mut cdr, &format!("/total_{part}_cost"));
    }
    let cost = json!({"before_taxes": 100, "taxes": [tax("GST", 5.0, 5.0), tax("QST", 9.5, 9.98)]});
    set(&mut cdr, "/total_cost", cost);
    assert_eq!(in_full(&audit(V3, &cdr)), [""; 0]);
}
