//! Numbers that may be off, and ways in which they may be computed.

use ocpi_pricing::audit::{Rule, Verdict};
use ocpi_types::Version;
use serde_json::{Value, json};

use super::correct::{assert_right, simple};
use super::{VERSIONS, audit, auditor, case, cdr, in_full, session, session_claims, set, shown};
use crate::common::time;

#[test]
fn thirty_periods_of_twenty_minutes_are_ten_hours() {
    let mut long = cdr(Version::V2_1_1);
    let start = time("2026-05-04T16:00:00Z");
    let at = |index: i64| start.checked_add_seconds(index * 1200).unwrap().to_string();
    let period = |index: i64| {
        json!({"start_date_time": at(index),
            "dimensions": [{"type": "ENERGY", "volume": 0.333}, {"type": "TIME", "volume": 0.3333}]})
    };
    set(&mut long, "/charging_periods", (0..30).map(period).collect());
    set(&mut long, "/stop_date_time", json!(at(30)));
    set(&mut long, "/last_updated", json!(at(31)));
    set(&mut long, "/total_parking_time", json!(null));
    // Thirty times a third, each cut.
    set(&mut long, "/total_energy", json!(10));
    set(&mut long, "/total_cost", json!(5.00));
    for total_time in [json!(10), json!(9.999), json!(10.000_000_000_000_002_f64)] {
        set(&mut long, "/total_time", total_time);
        assert_right(&audit(Version::V2_1_1, &long), "thirty periods");
    }
    set(&mut long, "/total_time", json!(10.01));
    assert_eq!(shown(&audit(Version::V2_1_1, &long)), [("cdr.total_time", "/total_time")]);
}

#[test]
fn numbers_of_any_size_and_lists_of_any_length_do_no_harm() {
    for version in VERSIONS {
        for number in ["1e27", "-1e27", "0.0000000000000000000000000001", "7922816251426433759354395033"] {
            let mut odd = cdr(version);
            for pointer in ["/total_energy", "/total_time", "/total_parking_time"] {
                set(&mut odd, pointer, serde_json::from_str(number).unwrap());
            }
            for pointer in [
                "/total_cost",
                "/charging_periods/0/dimensions/0/volume",
                "/charging_periods/0/dimensions/1/volume",
            ] {
                if version == Version::V2_1_1 || pointer != "/total_cost" {
                    set(&mut odd, pointer, serde_json::from_str(number).unwrap());
                }
            }
            assert_eq!(audit(version, &odd).verdict(), Verdict::Differs, "{number}");
        }
    }
    // Each period has a finding; a quadratic algorithm would take minutes.
    let mut long = cdr(Version::V2_3_0);
    let period = |index: i64| {
        json!({"start_date_time": "2026-05-04T16:00:00Z", "tariff_id": format!("T{index}"),
        "dimensions": [{"type": "TIME", "volume": 7}, {"type": "SUN", "volume": 7}]})
    };
    set(&mut long, "/charging_periods", (0..20_000).map(period).collect());
    let tax = |index: i64| json!({"name": "VAT", "percentage": index, "amount": 1});
    set(&mut long, "/total_cost/taxes", (0..20_000).map(tax).collect());
    assert!(audit(Version::V2_3_0, &long).findings.len() > 40_000);
}

#[test]
fn sums_of_rounded_parts_are_right_whichever_way_a_half_goes() {
    let component = |kind: &str, price: f64| json!({"type": kind, "price": price, "step_size": 1});
    let elements = json!([{"price_components": [
        component("ENERGY", 0.05025), component("TIME", 2.005), component("FLAT", 0.005)]}]);
    let hour = json!([{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]);
    // 1.005, 2.005 and 0.005: 3.015, of halves up 3.03, of halves to even 3.00.
    for (total, is_right) in
        [(2.99, false), (3.00, true), (3.01, true), (3.02, true), (3.03, true), (3.04, false)]
    {
        let cdr = simple(&elements, &hour, "EUR", &json!({"excl_vat": total}), &json!({}));
        assert_eq!(audit(Version::V2_2_1, &cdr).findings.is_empty(), is_right, "{total}");
    }
}

#[test]
fn lost_decimals_of_quantities_may_cost_something() {
    let elements = json!([{"price_components": [{"type": "TIME", "price": 3, "step_size": 1}]}]);
    // 70 minutes are 3.50. Nobody knows the time between 1.165 and 1.175 hours: 3.495 to 3.525.
    for (hours, total, is_right) in [
        (json!(1.17), 3.50, true),
        (json!(1.17), 3.46, false),
        (json!(1.1667), 3.50, true),
        (json!(1.1667), 3.51, false),
    ] {
        let cdr = simple(
            &elements,
            &json!([{"type": "TIME", "volume": hours}, {"type": "ENERGY", "volume": 20}]),
            "EUR",
            &json!({"excl_vat": total}),
            &json!({"/end_date_time": "2026-05-04T17:10:00Z", "/total_time": hours}),
        );
        let report = audit(Version::V2_2_1, &cdr);
        assert_eq!(report.findings.is_empty(), is_right, "{hours} {total}: {:?}", in_full(&report));
    }
}

/// Half an hour of reservation at 6.00, and an hour of charging.
fn reserved(charging: &Value, total_time: f64) -> Value {
    let elements = json!([
        {"price_components": [{"type": "TIME", "price": 6, "step_size": 1}],
         "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1}]}]);
    let reservation = json!([{"type": "RESERVATION_TIME", "volume": 0.5}]);
    let period = |at: &str, dimensions: &Value| json!({"start_date_time": at, "tariff_id": "T1", "dimensions": dimensions});
    let periods =
        json!([period("2026-05-04T15:30:00Z", &reservation), period("2026-05-04T16:00:00Z", charging)]);
    simple(
        &elements,
        charging,
        "EUR",
        &json!({"excl_vat": 13}),
        &json!({
            "/start_date_time": "2026-05-04T15:30:00Z", "/charging_periods": periods, "/total_time": total_time,
        }),
    )
}

#[test]
fn total_time_may_hold_the_reservation_or_not() {
    let with_time = json!([{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]);
    let energy_only = json!([{"type": "ENERGY", "volume": 20}]);
    for charging in [&with_time, &energy_only] {
        for (total_time, is_right) in [(1.0, true), (1.5, true), (1.25, false), (0.5, false)] {
            let report = audit(Version::V2_2_1, &reserved(charging, total_time));
            let expected = if is_right { vec![] } else { vec![("cdr.total_time", "/total_time")] };
            assert_eq!(shown(&report), expected, "{total_time}");
        }
    }
    // The periods do not account for half an hour: it is in the total, which goes from start to end.
    let mut longer = reserved(&with_time, 2.0);
    set(&mut longer, "/end_date_time", json!("2026-05-04T17:30:00Z"));
    let gap = [("cdr.period_gap", "/charging_periods/1/dimensions")];
    assert_eq!(shown(&audit(Version::V2_2_1, &longer)), gap);
}

#[test]
fn a_cdr_with_a_reservation_starts_before_its_session() {
    let charging = json!([{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]);
    let mut session = session(Version::V2_2_1);
    for (pointer, new) in [
        ("/kwh", json!(20)),
        ("/end_date_time", json!("2026-05-04T17:00:00Z")),
        ("/charging_periods", json!([])),
        ("/total_cost", json!({"excl_vat": 13})),
    ] {
        set(&mut session, pointer, new);
    }
    let report = |cdr: &Value| {
        auditor().case(&case(Version::V2_2_1, cdr).against([session_claims(Version::V2_2_1, &session)]))
    };
    assert_right(&report(&reserved(&charging, 1.5)), "reserved");
    let mut late = reserved(&charging, 1.5);
    set(&mut late, "/start_date_time", json!("2026-05-04T16:30:00Z"));
    assert!(report(&late).findings.iter().any(|it| it.rule == Rule::SessionTimes));
}

#[test]
fn parking_may_be_what_is_not_charging() {
    let mut waited = cdr(Version::V2_1_1);
    // The car waited for half an hour, which is neither charging nor parking in newer text.
    set(&mut waited, "/stop_date_time", json!("2026-05-04T18:20:00Z"));
    set(&mut waited, "/last_updated", json!("2026-05-04T18:20:00Z"));
    set(&mut waited, "/total_time", json!(2.3333));
    for (parking, is_right) in [(0.6667, true), (1.1667, true), (0.9, false)] {
        set(&mut waited, "/total_parking_time", json!(parking));
        let report = audit(Version::V2_1_1, &waited);
        let is_found = report.findings.iter().any(|it| it.rule == Rule::TotalParkingTime);
        assert_eq!((is_found, report.findings.len()), (!is_right, 1 + usize::from(!is_right)), "{parking}");
    }
}

#[test]
fn one_amount_may_follow_from_the_other_rounded_one() {
    let elements =
        json!([{"price_components": [{"type": "ENERGY", "price": 0.5208, "vat": 21, "step_size": 1}]}]);
    let hour = json!([{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]);
    // 10.416 and 12.60336. Of 12.60 without tax 10.4132 is left.
    for (net, gross, is_right) in [
        (10.42, 12.60, true),
        (10.41, 12.60, true),
        (10.42, 12.61, true),
        (10.41, 12.61, false),
        (10.40, 12.59, false),
    ] {
        let cdr = simple(&elements, &hour, "EUR", &json!({"excl_vat": net, "incl_vat": gross}), &json!({}));
        let report = audit(Version::V2_2_1, &cdr);
        assert_eq!(report.findings.is_empty(), is_right, "{net} {gross}: {:?}", in_full(&report));
    }
}
