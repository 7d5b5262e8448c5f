//! CDRs as they come, reckoned by hand: right ones about which there is nothing to say.

use ocpi_types::Version;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::correct::assert_right;
use super::{audit, cdr, in_full, set, shown};
use crate::properties::config;

const V1: Version = Version::V2_1_1;
const V2: Version = Version::V2_2_1;
const V3: Version = Version::V2_3_0;

/// A CDR with other periods, and without parts.
fn other(version: Version, elements: &Value, periods: &[(&str, Value)], end: &str, more: &Value) -> Value {
    let mut other = cdr(version);
    for part in ["energy", "time", "parking", "fixed"] {
        other.as_object_mut().unwrap().remove(&format!("total_{part}_cost"));
    }
    other.as_object_mut().unwrap().remove("total_parking_time");
    set(&mut other, "/tariffs/0/elements", elements.clone());
    let period = |(start, dimensions): &(&str, Value)| {
        let dimensions = dimensions.as_object().unwrap();
        let dimensions: Vec<_> =
            dimensions.iter().map(|(kind, volume)| json!({"type": kind, "volume": volume})).collect();
        let mut period = json!({"start_date_time": start, "dimensions": dimensions});
        if version != V1 {
            period["tariff_id"] = "T1".into();
        }
        period
    };
    set(&mut other, "/charging_periods", periods.iter().map(period).collect());
    set(&mut other, "/start_date_time", json!(periods[0].0));
    set(&mut other, if version == V1 { "/stop_date_time" } else { "/end_date_time" }, json!(end));
    set(&mut other, "/last_updated", json!(end));
    for (pointer, value) in more.as_object().unwrap() {
        set(&mut other, pointer, value.clone());
    }
    other
}

fn price(kind: &str, price: f64, vat: Value) -> Value {
    json!([{"price_components": [{"type": kind, "price": price, "vat": vat, "step_size": 1}]}])
}

fn taxed(before: f64, rate: f64, tax: f64) -> Value {
    json!({"before_taxes": before, "taxes": [{"name": "VAT", "percentage": rate, "amount": tax}]})
}

/// Name, version and CDR of each case.
type Cases = Vec<(String, Version, Value)>;

fn assert_all(cases: &Cases) {
    for (what, version, cdr) in cases {
        assert_right(&audit(*version, cdr), &format!("{version} {what}"));
    }
}

const END: &str = "2026-05-04T17:00:00Z";

/// An hour of charging.
fn hour(kwh: f64) -> [(&'static str, Value); 1] {
    [("2026-05-04T16:00:00Z", json!({"ENERGY": kwh, "TIME": 1}))]
}

#[test]
fn currencies_and_taxes() {
    let mut cases = Cases::new();
    // Tax in the price.
    cases.push(("yen, tax included".to_owned(), V3, other(V3, &price("ENERGY", 33.0, json!(10)), &hour(20.0), END, &json!({
        "/currency": "JPY", "/tariffs/0/currency": "JPY", "/tariffs/0/tax_included": "YES",
        "/total_energy": 20, "/total_time": 1, "/total_cost": taxed(600.0, 10.0, 60.0), "/total_energy_cost": taxed(600.0, 10.0, 60.0)}))));
    cases.push(("euro, tax included".to_owned(), V3, other(V3, &price("ENERGY", 0.5, json!(21)), &hour(20.5), END, &json!({
        "/tariffs/0/tax_included": "YES",
        "/total_energy": 20.5, "/total_time": 1, "/total_cost": taxed(8.47, 21.0, 1.78), "/total_energy_cost": taxed(8.47, 21.0, 1.78)}))));
    cases.push((
        "euro, tax not applicable, none".to_owned(),
        V3,
        other(
            V3,
            &price("ENERGY", 0.5, json!(null)),
            &hour(20.5),
            END,
            &json!({
        "/tariffs/0/tax_included": "N/A",
        "/total_energy": 20.5, "/total_time": 1, "/total_cost": {"before_taxes": 10.25, "taxes": []}}),
        ),
    ));
    cases.push((
        "euro, tax not applicable, of nothing".to_owned(),
        V3,
        other(
            V3,
            &price("ENERGY", 0.5, json!(null)),
            &hour(20.5),
            END,
            &json!({
        "/tariffs/0/tax_included": "N/A",
        "/total_energy": 20.5, "/total_time": 1, "/total_cost": taxed(10.25, 0.0, 0.0)}),
        ),
    ));
    cases.push((
        "dinar".to_owned(),
        V3,
        other(
            V3,
            &price("ENERGY", 0.03333, json!(5)),
            &hour(20.0),
            END,
            &json!({
        "/currency": "KWD", "/tariffs/0/currency": "KWD",
        "/total_energy": 20, "/total_time": 1, "/total_cost": taxed(0.667, 5.0, 0.033)}),
        ),
    ));
    cases.push(("noise".to_owned(), V1, other(V1, &price("ENERGY", 0.6, json!(null)), &hour(20.5), END, &json!({
        "/total_energy": 20.500_000_000_000_004_f64, "/total_time": 0.999_999_999_999_999_9_f64, "/total_cost": 12.300_000_000_000_002_f64}))));
    assert_all(&cases);
}

#[test]
fn times() {
    let mut cases = Cases::new();
    // Nothing happened.
    for version in [V1, V2, V3] {
        let at = "2026-05-04T16:00:00Z";
        let cost = match version {
            V1 => json!(0),
            V2 => json!({"excl_vat": 0, "incl_vat": 0}),
            _ => json!({"before_taxes": 0, "taxes": []}),
        };
        cases.push((
            "nothing".to_owned(),
            version,
            other(
                version,
                &price("ENERGY", 0.6, json!(null)),
                &[(at, json!({"ENERGY": 0, "TIME": 0}))],
                at,
                &json!({
            "/total_energy": 0, "/total_time": 0, "/total_parking_time": 0, "/total_cost": cost}),
            ),
        ));
    }
    // Night of two hours from two to three, 2026-10-25: the price of 02:00 to 03:00 for two hours.
    let night = json!([
        {"price_components": [{"type": "TIME", "price": 1.2, "step_size": 1}], "restrictions": {"start_time": "02:00", "end_time": "03:00"}},
        {"price_components": [{"type": "TIME", "price": 6.0, "step_size": 1}]}]);
    for version in [V1, V2, V3] {
        let cost = match version {
            V1 => json!(8.4),
            V2 => json!({"excl_vat": 8.4}),
            _ => json!({"before_taxes": 8.4, "taxes": []}),
        };
        cases.push((
            "the night of the clocks".to_owned(),
            version,
            other(
                version,
                &night,
                &[
                    ("2026-10-24T23:30:00Z", json!({"ENERGY": 5, "TIME": 0.5})),
                    ("2026-10-25T00:00:00Z", json!({"ENERGY": 20, "TIME": 2})),
                    ("2026-10-25T02:00:00Z", json!({"ENERGY": 5, "TIME": 0.5})),
                ],
                "2026-10-25T02:30:00Z",
                &json!({
            "/total_energy": 30, "/total_time": 3, "/total_cost": cost}),
            ),
        ));
    }
    // Hours of other decimals in periods and totals.
    for (periods, totals) in [(2, 2), (2, 4), (4, 2), (3, 2), (4, 3), (15, 2), (15, 4), (4, 15), (2, 15)] {
        let round = |hours: f64, decimals: i32| {
            let factor = 10_f64.powi(decimals);
            (hours * factor).round() / factor
        };
        let mut cdr = cdr(V2);
        set(&mut cdr, "/charging_periods/0/dimensions/1/volume", json!(round(70.0 / 60.0, periods)));
        set(&mut cdr, "/charging_periods/1/dimensions/0/volume", json!(round(40.0 / 60.0, periods)));
        set(&mut cdr, "/total_time", json!(round(110.0 / 60.0, totals)));
        set(&mut cdr, "/total_parking_time", json!(round(40.0 / 60.0, totals)));
        cases.push((format!("hours {periods} {totals}"), V2, cdr));
    }
    // Energy in Wh, total in two decimals.
    cases.push((
        "energy with fewer decimals".to_owned(),
        V2,
        other(
            V2,
            &price("ENERGY", 0.5, json!(21)),
            &hour(20.496),
            END,
            &json!({
        "/total_energy": 20.5, "/total_time": 1, "/total_cost": {"excl_vat": 10.25, "incl_vat": 12.40}}),
        ),
    ));
    assert_all(&cases);
}

#[test]
fn tariffs() {
    let mut cases = Cases::new();
    // Several tariffs.
    let mut two = cdr(V2);
    let mut tariff = two["tariffs"][0].clone();
    set(&mut tariff, "/id", json!("T2"));
    set(&mut tariff, "/elements", price("PARKING_TIME", 6.0, json!(21)));
    two["tariffs"].as_array_mut().unwrap().push(tariff);
    set(&mut two, "/charging_periods/1/tariff_id", json!("T2"));
    set(&mut two, "/total_parking_cost", json!({"excl_vat": 4.0, "incl_vat": 4.84}));
    set(&mut two, "/total_cost", json!({"excl_vat": 13.73, "incl_vat": 16.50}));
    cases.push(("two tariffs".to_owned(), V2, two));
    // Steps of 15 minutes of charging, and of a kWh.
    cases.push(("steps".to_owned(), V2, other(V2, &json!([{"price_components": [
        {"type": "ENERGY", "price": 0.5, "vat": 21, "step_size": 1000}, {"type": "TIME", "price": 2, "vat": 21, "step_size": 900}]}]),
        &[("2026-05-04T16:00:00Z", json!({"ENERGY": 20.1, "TIME": 1.0167}))], "2026-05-04T17:01:00Z", &json!({
        "/total_energy": 20.1, "/total_time": 1.0167, "/total_energy_cost": {"excl_vat": 10.5, "incl_vat": 12.71},
        "/total_time_cost": {"excl_vat": 2.5, "incl_vat": 3.03}, "/total_cost": {"excl_vat": 13, "incl_vat": 15.73}}))));
    // A least price in 2.3.0.
    cases.push(("a least price".to_owned(), V3, other(V3, &price("ENERGY", 0.1, json!(20)), &hour(20.0), END, &json!({
        "/tariffs/0/min_price": {"before_taxes": 5, "after_taxes": 6},
        "/total_energy": 20, "/total_time": 1, "/total_energy_cost": taxed(2.0, 20.0, 0.4), "/total_cost": taxed(5.0, 20.0, 1.0)}))));
    cases.push(("a least price without tax".to_owned(), V3, other(V3, &price("ENERGY", 0.1, json!(20)), &hour(20.0), END, &json!({
        "/tariffs/0/min_price": {"before_taxes": 5},
        "/total_energy": 20, "/total_time": 1, "/total_energy_cost": taxed(2.0, 20.0, 0.4), "/total_cost": taxed(5.0, 20.0, 1.0)}))));
    cases.push(("a most price".to_owned(), V2, other(V2, &price("ENERGY", 1.0, json!(20)), &hour(20.0), END, &json!({
        "/tariffs/0/max_price": {"excl_vat": 15},
        "/total_energy": 20, "/total_time": 1, "/total_energy_cost": {"excl_vat": 20, "incl_vat": 24}, "/total_cost": {"excl_vat": 15, "incl_vat": 18}}))));
    cases.push(("a most price with tax".to_owned(), V2, other(V2, &price("ENERGY", 1.0, json!(20)), &hour(20.0), END, &json!({
        "/tariffs/0/max_price": {"excl_vat": 15, "incl_vat": 18},
        "/total_energy": 20, "/total_time": 1, "/total_energy_cost": {"excl_vat": 20, "incl_vat": 24}, "/total_cost": {"excl_vat": 15, "incl_vat": 18}}))));
    // FLAT as a dimension in 2.1.1, and readings.
    cases.push(("a fee in 2.1.1".to_owned(), V1, other(V1, &json!([{"price_components": [{"type": "FLAT", "price": 2.5, "step_size": 1}, {"type": "ENERGY", "price": 0.25, "step_size": 1}]}]),
        &[("2026-05-04T16:00:00Z", json!({"ENERGY": 20, "TIME": 1, "FLAT": 1, "MIN_CURRENT": 6, "MAX_CURRENT": 32}))], END, &json!({
        "/total_energy": 20, "/total_time": 1, "/total_cost": 7.5}))));
    // Both in one period.
    cases.push(("charging and parking in one period".to_owned(), V2, other(V2, &elements_parking(),
        &[("2026-05-04T16:00:00Z", json!({"ENERGY": 20, "TIME": 0.75, "PARKING_TIME": 0.25}))], END, &json!({
        "/total_energy": 20, "/total_time": 1, "/total_parking_time": 0.25, "/total_cost": {"excl_vat": 11, "incl_vat": 13.31}}))));
    assert_all(&cases);
}

fn elements_parking() -> Value {
    json!([{"price_components": [
        {"type": "ENERGY", "price": 0.5, "vat": 21, "step_size": 1}, {"type": "PARKING_TIME", "price": 4, "vat": 21, "step_size": 1}]}])
}

/// The tax in the price is not known, but the amounts of the CDR add up, or do not.
#[test]
fn tax_of_an_unknown_rate_in_the_price() {
    let cost =
        |before: f64, tax: f64| json!({"before_taxes": before, "taxes": [{"name": "VAT", "amount": tax}]});
    let more = json!({
        "/tariffs/0/tax_included": "YES", "/total_energy": 20.5, "/total_time": 1, "/total_cost": cost(8.47, 1.78),
        "/total_energy_cost": cost(8.47, 1.78)});
    let mut cdr = other(V3, &price("ENERGY", 0.5, json!(null)), &hour(20.5), END, &more);
    let report = audit(V3, &cdr);
    assert_eq!((in_full(&report), report.not_computable.len()), (vec![], 1));
    set(&mut cdr, "/total_energy_cost", cost(8.0, 2.25));
    assert_eq!(shown(&audit(V3, &cdr)), [("cdr.parts_sum", "/total_cost/before_taxes")]);
}

/// A limit has no rate, but the sum of the taxes is known.
#[test]
fn the_tax_of_a_limit_is_looked_at_as_a_sum() {
    let more = json!({
        "/tariffs/0/min_price": {"before_taxes": 5, "after_taxes": 6}, "/total_energy": 20, "/total_time": 1,
        "/total_cost": taxed(5.0, 20.0, 1.5)});
    let mut cdr = other(V3, &price("ENERGY", 0.1, json!(20)), &hour(20.0), END, &more);
    assert_eq!(shown(&audit(V3, &cdr)), [("cdr.total_cost_with_tax", "/total_cost/taxes")]);
    set(&mut cdr, "/total_cost", taxed(5.0, 19.0, 1.0));
    assert_eq!(shown(&audit(V3, &cdr)), [("cdr.tax_amount", "/total_cost/taxes/0/percentage")]);
}

/// Nothing lasted no time, but hours in no time are too many.
#[test]
fn an_hour_in_no_time() {
    let at = "2026-05-04T16:00:00Z";
    let more = json!({"/total_energy": 0, "/total_time": 1, "/total_cost": 0});
    let cdr =
        other(V1, &price("ENERGY", 0.6, json!(null)), &[(at, json!({"ENERGY": 0, "TIME": 1}))], at, &more);
    assert!(shown(&audit(V1, &cdr)).contains(&("cdr.period_time", "/charging_periods/0/dimensions")));
}

proptest! {
    #![proptest_config(config())]

    /// Reckoned with floats, and cut to two decimals: the half of a cent goes any way.
    #[test]
    fn what_floats_come_to_is_right(wh in 1_i64..60_000, cents in 1_i64..100, fee in 0_i64..100) {
        let step = [1, 2, 4, 5, 10, 20, 25, 50, 100, 125, 250, 500];
        // Many that end in the half of a cent; a fee that leaves even digits even.
        let wh = step.into_iter().map(|step| wh / step * step).find(|wh| wh * cents % 1000 == 500).unwrap_or(wh);
        let fee = fee * 2;
        let (kwh, price, fee) = (wh as f64 / 1000.0, cents as f64 / 100.0, fee as f64 / 100.0);
        let cent = |amount: f64| serde_json::from_str::<Value>(&format!("{amount:.2}")).unwrap();
        let (energy, total) = (kwh * price, kwh * price + fee);
        let elements = json!([{"price_components": [
            {"type": "ENERGY", "price": price, "vat": 21, "step_size": 1},
            {"type": "FLAT", "price": fee, "vat": 21, "step_size": 1}]}]);
        let money = |amount: f64| json!({"excl_vat": cent(amount), "incl_vat": cent(amount * 1.21)});
        let amounts = json!({
            "/total_energy": kwh, "/total_time": 1, "/total_energy_cost": money(energy),
            "/total_fixed_cost": money(fee), "/total_cost": money(total)});
        let cdr = other(V2, &elements, &hour(kwh), END, &amounts);
        prop_assert_eq!(in_full(&audit(V2, &cdr)), Vec::<String>::new());
        let amounts = json!({"/total_energy": kwh, "/total_time": 1, "/total_cost": cent(total)});
        let mut elements = elements;
        for component in elements[0]["price_components"].as_array_mut().unwrap() {
            component.as_object_mut().unwrap().remove("vat");
        }
        let cdr = other(V1, &elements, &hour(kwh), END, &amounts);
        prop_assert_eq!(in_full(&audit(V1, &cdr)), Vec::<String>::new());
    }
}
