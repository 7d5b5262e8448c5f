//! Every bound: at it, and one unit either side.

use ocpi_pricing::policy::{Overnight, Policy, Readings, Spans};
use ocpi_pricing::tariff_model::TariffDimension;
use ocpi_pricing::usage::Period;
use ocpi_pricing::{Bill, Restriction};
use serde_json::{Value, json};

use crate::common::{Fill, dec, element, local, plan, session, time, with_bill};

/// The element that prices the last line of energy: 0 if the restriction holds, 1 if not; `None`: unknown.
fn applies(restriction: Value, start: &str, before: &str, minutes: i64, fill: Fill<'_>) -> Option<bool> {
    let tariff = plan(json!([element("ENERGY", 1.0, 1, restriction), element("ENERGY", 2.0, 1, json!({}))]));
    let first = |period: &mut Period| period.energy = Some(dec(before));
    let probe = |period: &mut Period| {
        period.energy = Some(dec("0.001"));
        fill(period);
    };
    let usage = if minutes == 0 {
        session(local(start), &[(1, &probe)])
    } else {
        session(local(start), &[(minutes, &first), (1, &probe)])
    };
    let mut policy = Policy::default();
    policy.spans = Spans::AtStart;
    let last = usage.periods.len() - 1;
    let find = |bill: &Bill| bill.lines().find(|line| line.period == last).map(|line| line.element == 0);
    with_bill(vec![tariff], &usage, policy, find)
}

#[test]
fn times_dates_and_days() {
    for (restriction, start, expected) in [
        (json!({"start_time": "09:00"}), "2026-05-04T08:59", false),
        (json!({"start_time": "09:00"}), "2026-05-04T09:00", true),
        (json!({"start_time": "09:00"}), "2026-05-04T23:59", true),
        (json!({"start_time": "09:00"}), "2026-05-05T00:00", false),
        (json!({"end_time": "18:00"}), "2026-05-04T00:00", true),
        (json!({"end_time": "18:00"}), "2026-05-04T17:59", true),
        (json!({"end_time": "18:00"}), "2026-05-04T18:00", false),
        (json!({"start_time": "22:00", "end_time": "06:00"}), "2026-05-04T21:59", false),
        (json!({"start_time": "22:00", "end_time": "06:00"}), "2026-05-04T22:00", true),
        (json!({"start_time": "22:00", "end_time": "06:00"}), "2026-05-05T00:00", true),
        (json!({"start_time": "22:00", "end_time": "06:00"}), "2026-05-05T05:59", true),
        (json!({"start_time": "22:00", "end_time": "06:00"}), "2026-05-05T06:00", false),
        (json!({"start_time": "20:00", "end_time": "00:00"}), "2026-05-04T23:59", true),
        (json!({"start_time": "20:00", "end_time": "00:00"}), "2026-05-05T00:00", false),
        (json!({"start_time": "00:00", "end_time": "00:00"}), "2026-05-05T00:00", true),
        (json!({"start_time": "08:00", "end_time": "08:00"}), "2026-05-05T08:00", false),
        (json!({"start_time": "20:00", "end_time": "23:59"}), "2026-05-04T23:58", true),
        (json!({"start_time": "20:00", "end_time": "23:59"}), "2026-05-04T23:59", false),
        (json!({"start_date": "2026-05-05"}), "2026-05-04T23:59", false),
        (json!({"start_date": "2026-05-05"}), "2026-05-05T00:00", true),
        (json!({"end_date": "2026-05-05"}), "2026-05-04T23:59", true),
        (json!({"end_date": "2026-05-05"}), "2026-05-05T00:00", false),
        (json!({"day_of_week": ["TUESDAY"]}), "2026-05-04T23:59", false),
        (json!({"day_of_week": ["TUESDAY"]}), "2026-05-05T00:00", true),
        (json!({"day_of_week": ["TUESDAY"]}), "2026-05-05T23:59", true),
        (json!({"day_of_week": ["TUESDAY"]}), "2026-05-06T00:00", false),
        (json!({"day_of_week": ["MONDAY"], "start_time": "09:00"}), "2026-05-05T09:00", false),
    ] {
        assert_eq!(
            applies(restriction.clone(), start, "0", 0, &|_| {}),
            Some(expected),
            "{restriction} {start}"
        );
    }
}

#[test]
fn energy_and_duration() {
    for (restriction, before, minutes, expected) in [
        (json!({"min_kwh": 10}), "9.999", 5, false),
        (json!({"min_kwh": 10}), "10", 5, true),
        (json!({"min_kwh": 10}), "10.001", 5, true),
        (json!({"max_kwh": 10}), "9.999", 5, true),
        (json!({"max_kwh": 10}), "10", 5, false),
        (json!({"max_kwh": 10}), "10.001", 5, false),
        (json!({"min_duration": 600}), "1", 9, false),
        (json!({"min_duration": 600}), "1", 10, true),
        (json!({"min_duration": 601}), "1", 10, false),
        (json!({"min_duration": 599}), "1", 10, true),
        (json!({"max_duration": 600}), "1", 9, true),
        (json!({"max_duration": 600}), "1", 10, false),
        (json!({"max_duration": 601}), "1", 10, true),
        (json!({"min_kwh": 1, "max_kwh": 2, "min_duration": 600}), "1", 10, true),
        (json!({"min_kwh": 1, "max_kwh": 2, "min_duration": 600}), "2", 10, false),
    ] {
        let found = applies(restriction.clone(), "2026-05-04T10:00", before, minutes, &|_| {});
        assert_eq!(found, Some(expected), "{restriction} after {before} kWh and {minutes} min");
    }
}

#[test]
fn current_and_power() {
    // The reading of the period: lowest, highest; whether the bound of 16 holds at_least, below.
    for (low, high, at_least, below) in [
        (Some("16"), Some("16"), Some(true), Some(false)),
        (Some("15.999"), Some("15.999"), Some(false), Some(true)),
        (Some("16.001"), Some("20"), Some(true), Some(false)),
        (None, Some("15.999"), Some(false), Some(true)),
        (None, Some("16"), None, None),
        (Some("16"), None, Some(true), Some(false)),
        (Some("10"), None, None, None),
        (Some("10"), Some("20"), None, None),
        (Some("-5"), Some("0"), Some(false), Some(true)),
        (None, None, None, None),
    ] {
        for (member, expected) in [("min", at_least), ("max", below)] {
            let current = |period: &mut Period| {
                (period.min_current, period.max_current) = (low.map(dec), high.map(dec));
            };
            let power = |period: &mut Period| {
                (period.min_power, period.max_power) = (low.map(dec), high.map(dec));
            };
            let start = "2026-05-04T10:00";
            let place = format!("{member} 16 of {low:?} to {high:?}");
            let by_current = applies(json!({format!("{member}_current"): 16}), start, "0", 0, &current);
            assert_eq!(by_current, expected, "current: {place}");
            let by_power = applies(json!({format!("{member}_power"): 16}), start, "0", 0, &power);
            assert_eq!(by_power, expected, "power: {place}");
        }
    }
}

#[test]
fn what_is_unknown_is_told() {
    let tariff = plan(json!([element("ENERGY", 1.0, 1, json!({"min_power": 11}))]));
    let usage = session(local("2026-05-04T10:00"), &[(10, &|period| period.energy = Some(dec("1")))]);
    with_bill(vec![tariff.clone()], &usage, Policy::default(), |bill| {
        assert_eq!(bill.total(), None);
        let [gap] = bill.gaps() else { panic!("{:?}", bill.gaps()) };
        assert_eq!((gap.period, gap.element, gap.kind), (Some(0), Some(0), Some(TariffDimension::Energy)));
        assert_eq!(gap.reason, ocpi_pricing::bill::Reason::Restriction(Restriction::MinPower));
    });
    // A restriction that fails anyway decides, whatever is unknown; and nothing consumed needs no price.
    let night = plan(json!([element("ENERGY", 1.0, 1, json!({"min_power": 11, "start_time": "22:00"}))]));
    with_bill(vec![night], &usage, Policy::default(), |bill| assert!(bill.is_computable()));
    let parked = session(local("2026-05-04T10:00"), &[(10, &|period| period.energy = Some(dec("0")))]);
    with_bill(vec![tariff], &parked, Policy::default(), |bill| assert!(bill.is_computable()));
}

#[test]
fn without_a_time_zone_local_times_are_unknown() {
    let tariff = plan(json!([element("ENERGY", 1.0, 1, json!({"start_time": "09:00"}))]));
    let mut usage = session(local("2026-05-04T10:00"), &[(10, &|period| period.energy = Some(dec("1")))]);
    usage.zone = None;
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        assert_eq!(bill.gaps()[0].reason, ocpi_pricing::bill::Reason::Restriction(Restriction::TimeOfDay));
    });
}

#[test]
fn unknown_restrictions_and_components_are_no_price() {
    let vendor = json!({"price_components": [{"type": "CONGESTION_TIME", "price": 5, "step_size": 1}]});
    let soc = json!({"price_components": [{"type": "ENERGY", "price": 5, "step_size": 1}],
        "restrictions": {"min_vehicle_soc": 80}});
    let plain = element("ENERGY", 1.0, 1, json!({}));
    let usage = session(local("2026-05-04T10:00"), &[(10, &|period| period.energy = Some(dec("1")))]);
    for elements in [json!([vendor, plain]), json!([plain, vendor]), json!([soc, plain])] {
        with_bill(vec![plan(elements.clone())], &usage, Policy::default(), |bill| {
            assert_eq!(bill.total(), None, "{elements}");
            assert_eq!(bill.gaps().len(), 1, "{elements}");
        });
    }
    // Elements after one that always holds are never asked.
    with_bill(vec![plan(json!([plain, soc]))], &usage, Policy::default(), |bill| {
        assert_eq!(bill.total().and_then(|total| total.before_taxes), Some(dec("1")));
    });
}

#[test]
fn overnight_windows_and_days() {
    let tariff = plan(json!([element(
        "TIME",
        6.0,
        1,
        json!({"start_time": "22:00", "end_time": "06:00", "day_of_week": ["MONDAY"]})
    ),]));
    // Monday 22:00 to Tuesday 06:00.
    let hours = |hours: i64| move |period: &mut Period| period.time = Some(hours.into());
    let usage = session(local("2026-05-04T22:00"), &[(480, &hours(8))]);
    for (overnight, expected) in [(Overnight::OwnDay, "12"), (Overnight::StartDay, "48")] {
        let mut policy = Policy::default();
        policy.overnight = overnight;
        with_bill(vec![tariff.clone()], &usage, policy, |bill| {
            assert_eq!(bill.total().unwrap().before_taxes, Some(dec(expected)), "{overnight:?}");
            assert!(bill.lines().all(|line| !line.is_estimate));
        });
    }
}

#[test]
fn a_period_that_spans_a_change_is_split() {
    // Energy at a bound of energy is exact, energy at a bound of time is not.
    let tiers = plan(json!([
        element("ENERGY", 1.0, 1, json!({"max_kwh": 10})),
        element("ENERGY", 2.0, 1, json!({}))
    ]));
    let hours = plan(json!([
        element("ENERGY", 1.0, 1, json!({"end_time": "17:00"})),
        element("ENERGY", 2.0, 1, json!({}))
    ]));
    let usage = session(local("2026-05-04T16:30"), &[(60, &|period| period.energy = Some(dec("16")))]);
    for (tariff, expected, at_start, estimated) in [(tiers, "22", "16", false), (hours, "24", "16", true)] {
        with_bill(vec![tariff.clone()], &usage, Policy::default(), |bill| {
            assert_eq!(bill.total().unwrap().before_taxes, Some(dec(expected)));
            assert!(bill.lines().len() == 2 && bill.lines().all(|line| line.is_estimate == estimated));
        });
        let mut policy = Policy::default();
        policy.spans = Spans::AtStart;
        with_bill(vec![tariff], &usage, policy, |bill| {
            assert_eq!(bill.total().unwrap().before_taxes, Some(dec(at_start)));
        });
    }
}

#[test]
fn extremes_can_be_read_the_other_way() {
    let tariff = plan(json!([
        element("ENERGY", 1.0, 1, json!({"max_current": 16})),
        element("ENERGY", 2.0, 1, json!({})),
    ]));
    let usage = session(
        local("2026-05-04T10:00"),
        &[(10, &|period| {
            period.energy = Some(dec("1"));
            (period.min_current, period.max_current) = (Some(dec("10")), Some(dec("20")));
        })],
    );
    let mut policy = Policy::default();
    policy.readings = Readings::Extremes;
    with_bill(vec![tariff], &usage, policy, |bill| {
        assert_eq!(bill.total().unwrap().before_taxes, Some(dec("2")));
    });
}

#[test]
fn duration_counts_from_the_end_of_the_reservation() {
    let tariff = plan(json!([element("ENERGY", 1.0, 1, json!({"max_duration": 1800}))]));
    let reserve = |period: &mut Period| period.reservation_time = Some(dec("1"));
    let charge = |period: &mut Period| period.energy = Some(dec("5"));
    let usage = session(time("2026-05-04T10:00:00Z"), &[(60, &reserve), (30, &charge)]);
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        assert_eq!(bill.total().unwrap().before_taxes, Some(dec("5")));
    });
}
