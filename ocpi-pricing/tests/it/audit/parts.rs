//! The total against the parts that it is the sum of, with a bill and without.

use ocpi_pricing::audit::Verdict;
use ocpi_types::Version;
use serde_json::{Value, json};

use super::correct::{assert_right, simple};
use super::{audit, cdr, in_full, remove, set, shown};

const V2: Version = Version::V2_2_1;
const V3: Version = Version::V2_3_0;

/// Makes a CDR whose cost cannot be computed.
fn without_bill(version: Version) -> Value {
    let mut cdr = cdr(version);
    set(&mut cdr, "/tariffs/0/elements/0/restrictions", json!({"min_current": 10}));
    cdr
}

/// 11.975 may be 11.97, as with floats, but not if the same writer makes 9.23 of 9.225.
#[test]
fn a_half_does_not_go_up_in_a_part_and_down_in_the_total() {
    let at = "/total_cost/excl_vat";
    for (energy, total, is_right) in [
        (9.23, 11.98, true),
        (9.22, 11.97, true),
        (9.22, 11.98, true),
        (9.23, 11.97, false),
        (9.22, 11.96, false),
    ] {
        let mut cdr = cdr(V2);
        set(&mut cdr, "/total_energy_cost", json!({"excl_vat": energy}));
        set(&mut cdr, "/total_cost", json!({"excl_vat": total}));
        let report = audit(V2, &cdr);
        let rule = if total < 11.97 { "cdr.total_cost" } else { "cdr.parts_sum" };
        let expected = if is_right { vec![] } else { vec![(rule, at)] };
        assert_eq!(shown(&report), expected, "{energy} {total}: {:?}", in_full(&report));
    }
    // More decimals say more.
    let mut cdr = cdr(V2);
    set(&mut cdr, "/total_cost", json!({"excl_vat": 11.9750}));
    assert_right(&audit(V2, &cdr), "four decimals");
}

/// Both are right as far as one can see from hours with two decimals, but not together.
#[test]
fn parts_that_may_each_be_right_must_still_add_up() {
    let elements = json!([{"price_components": [{"type": "TIME", "price": 30, "step_size": 1}]}]);
    for (part, total, is_right) in [(35.00, 35.00, true), (35.00, 35.01, true), (35.00, 35.10, false)] {
        let cdr = simple(
            &elements,
            &json!([{"type": "TIME", "volume": 1.17}, {"type": "ENERGY", "volume": 20}]),
            "EUR",
            &json!({"excl_vat": total}),
            &json!({
                "/end_date_time": "2026-05-04T17:10:00Z", "/total_time": 1.17,
                "/total_time_cost": {"excl_vat": part},
            }),
        );
        let expected = if is_right { vec![] } else { vec![("cdr.parts_sum", "/total_cost/excl_vat")] };
        assert_eq!(shown(&audit(V2, &cdr)), expected, "{part} {total}");
    }
}

#[test]
fn a_part_of_nothing_is_wrong_where_something_is_due() {
    for (version, at) in [
        (V2, "/total_energy_cost/excl_vat"),
        (V2, "/total_energy_cost/incl_vat"),
        (V3, "/total_parking_cost/before_taxes"),
    ] {
        let mut wrong = cdr(version);
        set(&mut wrong, at, json!(0));
        assert_eq!(shown(&audit(version, &wrong)), [("cdr.part_cost", at)]);
    }
}

#[test]
fn a_wrong_part_or_total_is_said_once() {
    for (version, pointer) in [
        (V2, "/total_cost/excl_vat"),
        (V2, "/total_energy_cost/excl_vat"),
        (V3, "/total_parking_cost/before_taxes"),
        (V3, "/total_cost/before_taxes"),
    ] {
        let mut wrong = cdr(version);
        set(&mut wrong, pointer, json!(11));
        assert_eq!(audit(version, &wrong).findings.len(), 1, "{pointer}");
    }
}

#[test]
fn amounts_with_tax_add_up_without_a_bill() {
    let rule = "cdr.parts_sum";
    let mut cdr = without_bill(V2);
    assert_eq!(in_full(&audit(V2, &cdr)), [""; 0]);
    set(&mut cdr, "/total_cost/incl_vat", json!(14.30));
    assert_eq!(
        in_full(&audit(V2, &cdr)),
        [
            "/total_cost/incl_vat: the total is not the sum of its parts [cdr.parts_sum], expected 14.38, found 14.3"
        ]
    );
    let mut cdr = without_bill(V3);
    assert_eq!(in_full(&audit(V3, &cdr)), [""; 0]);
    set(&mut cdr, "/total_cost/taxes/1/amount", json!(2.31));
    assert_eq!(
        in_full(&audit(V3, &cdr)),
        [
            "/total_cost/taxes: the total is not the sum of its parts [cdr.parts_sum], expected 2.41, found 2.31"
        ]
    );
    // A part without tax says nothing of the tax, unless it is nothing.
    let mut cdr = without_bill(V2);
    set(&mut cdr, "/total_fixed_cost", json!({"excl_vat": 0.5}));
    set(&mut cdr, "/total_cost/incl_vat", json!(14.30));
    assert_eq!(in_full(&audit(V2, &cdr)), [""; 0]);
    set(&mut cdr, "/total_fixed_cost", json!({"excl_vat": 0}));
    set(&mut cdr, "/total_cost", json!({"excl_vat": 11.48, "incl_vat": 13.80}));
    assert_eq!(shown(&audit(V2, &cdr)), [(rule, "/total_cost/incl_vat")]);
}

#[test]
fn a_limit_leaves_one_side_open() {
    let at = [("cdr.parts_sum", "/total_cost/excl_vat")];
    for (limit, total, is_right) in [
        ("min_price", 15.00, true),
        ("min_price", 11.00, false),
        ("max_price", 10.00, true),
        ("max_price", 12.10, false),
    ] {
        let mut cdr = without_bill(V2);
        set(&mut cdr, &format!("/tariffs/0/{limit}"), json!({"excl_vat": total}));
        set(&mut cdr, "/total_cost", json!({"excl_vat": total}));
        let report = audit(V2, &cdr);
        assert_eq!(shown(&report), if is_right { &[][..] } else { &at[..] }, "{limit} {total}");
    }
}

#[test]
fn a_negative_part_is_found_without_a_bill() {
    let rule = "cdr.negative_cost";
    for (version, at) in [(V2, "/total_energy_cost/excl_vat"), (V3, "/total_energy_cost/before_taxes")] {
        let mut wrong = without_bill(version);
        set(&mut wrong, at, json!(-9.23));
        assert_eq!(shown(&audit(version, &wrong)), [(rule, at)]);
        let mut wrong = cdr(version);
        set(&mut wrong, "/tariffs", json!([]));
        set(&mut wrong, at, json!(-9.23));
        assert_eq!(shown(&audit(version, &wrong)), [(rule, at)]);
        // With a bill it is a wrong part, and that is all.
        let mut wrong = cdr(version);
        set(&mut wrong, at, json!(-9.23));
        assert_eq!(shown(&audit(version, &wrong)), [("cdr.part_cost", at)]);
    }
    // Another mistake is said as well.
    let mut wrong = without_bill(V2);
    set(&mut wrong, "/total_energy_cost", json!({"excl_vat": -9.23}));
    set(&mut wrong, "/total_cost", json!({"excl_vat": 20}));
    let at = [(rule, "/total_energy_cost/excl_vat"), ("cdr.parts_sum", "/total_cost/excl_vat")];
    assert_eq!(shown(&audit(V2, &wrong)), at);
}

#[test]
fn a_part_may_be_negative_where_something_else_is() {
    // Energy was fed into the grid, or the price is below zero.
    let mut paid = without_bill(V2);
    set(&mut paid, "/charging_periods/0/dimensions/0/volume", json!(-20.5));
    set(&mut paid, "/total_energy", json!(-20.5));
    set(&mut paid, "/total_energy_cost", json!({"excl_vat": -9.23}));
    set(&mut paid, "/total_cost", json!({"excl_vat": -6.48}));
    let total = [("cdr.negative_cost", "/total_cost/excl_vat")];
    assert_eq!(shown(&audit(V2, &paid)), total);
    let mut paid = without_bill(V2);
    set(&mut paid, "/tariffs/0/elements/0/price_components/0/price", json!(-0.45));
    set(&mut paid, "/total_energy_cost", json!({"excl_vat": -9.23}));
    set(&mut paid, "/total_cost", json!({"excl_vat": -6.48}));
    assert_eq!(shown(&audit(V2, &paid)), total);
    remove(&mut paid, "/total_energy_cost");
    assert_eq!(
        (shown(&audit(V2, &paid)), audit(V2, &paid).verdict()),
        (total.to_vec(), Verdict::NotComputable)
    );
}

/// One mistake is one finding.
#[test]
fn what_follows_from_a_wrong_total_is_not_said_again() {
    for (version, number, what, with_bill, without) in [
        (V2, "excl_vat", -11.98, "cdr.total_cost", "cdr.negative_cost"),
        (V2, "excl_vat", 23.96, "cdr.total_cost", "cdr.parts_sum"),
        (V2, "excl_vat", 0.0, "cdr.total_cost", "cdr.parts_sum"),
        (V2, "incl_vat", -14.38, "cdr.total_cost_with_tax", "cdr.negative_cost"),
        (V3, "before_taxes", -11.98, "cdr.total_cost", "cdr.negative_cost"),
        (V3, "before_taxes", 0.0, "cdr.total_cost", "cdr.parts_sum"),
    ] {
        let at = format!("/total_cost/{number}");
        let (mut priced, mut unpriced) = (cdr(version), without_bill(version));
        set(&mut priced, &at, json!(what));
        set(&mut unpriced, &at, json!(what));
        assert_eq!(shown(&audit(version, &priced)), [(with_bill, &*at)], "{at} {what}");
        assert_eq!(shown(&audit(version, &unpriced)), [(without, &*at)], "{at} {what}, without a bill");
    }
}
