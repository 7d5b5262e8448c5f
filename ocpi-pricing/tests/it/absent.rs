//! Absent is not zero, and energy that is fed back is credited.

use ocpi_pricing::bill::{Note, Reason};
use ocpi_pricing::policy::NegativeEnergy;
use ocpi_pricing::usage::{Period, TariffRef, Usage};
use ocpi_pricing::{Policy, Pricer, TariffModel};
use ocpi_types::{Version, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json};

use crate::common::{dec, element, local, plan, read, session, tariff_text, with_bill};

/// A CDR of a version with these totals and the dimensions of its only period.
fn cdr(version: Version, dimensions: &Value, totals: &Value) -> Usage {
    let mut cdr = json!({
        "id": "C1", "start_date_time": "2026-05-04T08:00:00Z", "currency": "EUR", "auth_method": "WHITELIST",
        "charging_periods": [{"start_date_time": "2026-05-04T08:00:00Z", "dimensions": dimensions, "tariff_id": "T1"}],
        "total_energy": 0, "total_time": 1, "last_updated": "2026-05-04T09:00:00Z",
    });
    for (name, value) in totals.as_object().unwrap() {
        cdr[name] = value.clone();
    }
    macro_rules! usage {
        ($version:ident, $end:literal, $before:literal) => {{
            cdr[$end] = json!("2026-05-04T09:00:00Z");
            let item =
                ocpi_types::json::read_item::<$version::cdrs::Cdr>(cdr.to_string().as_bytes()).unwrap();
            let ocpi_types::json::Reading::Partial(cdr) = item.reading else { panic!("{cdr}") };
            Usage::from(&cdr.into_value())
        }};
    }
    match version {
        Version::V2_1_1 => usage!(v2_1_1, "stop_date_time", ""),
        Version::V2_2_1 => usage!(v2_2_1, "end_date_time", "excl_vat"),
        _ => usage!(v2_3_0, "end_date_time", "before_taxes"),
    }
}

const VERSIONS: [Version; 3] = [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];

fn tariff(kind: &str, price: f64) -> TariffModel {
    plan(json!([element(kind, price, 1, json!({}))]))
}

fn energy(volume: i64) -> Value {
    json!({"type": "ENERGY", "volume": volume})
}

fn time(kind: &str, hours: f64) -> Value {
    json!({"type": kind, "volume": hours})
}

#[test]
fn what_is_used_by_the_totals_and_in_no_period_has_no_price() {
    for version in VERSIONS {
        for (kind, dimensions, totals, is_lacking) in [
            ("ENERGY", json!([time("TIME", 1.0)]), json!({"total_energy": 21}), true),
            ("ENERGY", json!([time("TIME", 1.0)]), json!({"total_energy": 0}), false),
            ("ENERGY", json!([energy(0), time("TIME", 1.0)]), json!({"total_energy": 0}), false),
            ("ENERGY", json!([energy(21)]), json!({"total_energy": 21}), false),
            // The total time, which every CDR has, is not that of charging.
            ("TIME", json!([energy(21)]), json!({"total_energy": 21}), false),
            ("TIME", json!([time("PARKING_TIME", 1.0)]), json!({"total_parking_time": 1}), false),
            ("TIME", json!([energy(2), time("PARKING_TIME", 0.5)]), json!({}), false),
            ("PARKING_TIME", json!([time("TIME", 0.5)]), json!({"total_parking_time": 0.5}), true),
            ("PARKING_TIME", json!([time("TIME", 1.0)]), json!({"total_parking_time": 0}), false),
            // It has no price.
            ("FLAT", json!([time("TIME", 1.0)]), json!({"total_energy": 21}), false),
        ] {
            let usage = cdr(version, &dimensions, &totals);
            with_bill(vec![tariff(kind, 2.0)], &usage, Policy::default(), |bill| {
                let gaps: Vec<_> = bill.gaps().iter().map(|gap| gap.reason.clone()).collect();
                let expected = if is_lacking { vec![Reason::NotInPeriods] } else { vec![] };
                assert_eq!(gaps, expected, "{version}: {kind} {dimensions} {totals}");
            });
            // A price of zero makes no difference.
            with_bill(vec![tariff(kind, 0.0)], &usage, Policy::default(), |bill| {
                assert!(bill.is_computable())
            });
        }
    }
}

/// Whether a bill says that charging time has a price and is in no period.
fn lacks_charging_time(plan: TariffModel, usage: &Usage) -> bool {
    with_bill(vec![plan], usage, Policy::default(), |bill| {
        assert!(bill.is_computable());
        bill.notes().contains(&Note::NoChargingTime)
    })
}

#[test]
fn charging_time_that_the_total_time_leaves_open_is_told() {
    for version in VERSIONS {
        for (dimensions, totals, is_told) in [
            (json!([energy(21)]), json!({}), true),
            (json!([energy(2), time("PARKING_TIME", 0.5)]), json!({}), true),
            (json!([energy(21)]), json!({"total_time": 0}), false),
            (json!([energy(21), time("TIME", 0.0)]), json!({}), false),
            (json!([time("PARKING_TIME", 1.0)]), json!({"total_parking_time": 1}), false),
            (json!([energy(1), time("PARKING_TIME", 0.9999)]), json!({"total_parking_time": 1}), false),
            (json!([time("RESERVATION_TIME", 1.0)]), json!({}), false),
        ] {
            let usage = cdr(version, &dimensions, &totals);
            assert_eq!(lacks_charging_time(tariff("TIME", 2.0), &usage), is_told, "{version} {dimensions}");
            assert!(!lacks_charging_time(tariff("TIME", 0.0), &usage), "{version} {dimensions}");
        }
        let usage = cdr(version, &json!([energy(21)]), &json!({"total_energy": 21}));
        let usage = usage.with_time_zone("Europe/Amsterdam").unwrap();
        for (limits, is_told) in [
            (json!({"min_duration": 1800}), true),
            // It never applies in this session.
            (json!({"min_duration": 7200}), false),
            (json!({"min_kwh": 50}), false),
            (json!({"end_date": "2026-01-01"}), false),
        ] {
            let plan = plan(json!([element("TIME", 2.0, 1, limits.clone())]));
            assert_eq!(lacks_charging_time(plan, &usage), is_told, "{version} {limits}");
        }
    }
}

#[test]
fn the_cost_of_a_reservation_without_its_time_has_no_price() {
    for (version, before) in [(Version::V2_2_1, "excl_vat"), (Version::V2_3_0, "before_taxes")] {
        for (cost, dimensions, phase, is_lacking) in [
            (5.0, json!([energy(21)]), "RESERVATION", true),
            (5.0, json!([energy(21)]), "RESERVATION_EXPIRES", true),
            (0.0, json!([energy(21)]), "RESERVATION", false),
            (5.0, json!([energy(21), time("RESERVATION_TIME", 0.0)]), "RESERVATION", false),
        ] {
            let totals = json!({"total_energy": 21, "total_reservation_cost": {before: cost}});
            let usage = cdr(version, &dimensions, &totals);
            for kind in ["TIME", "FLAT"] {
                let reserved = element(kind, 5.0, 1, json!({"reservation": phase}));
                let tariff = plan(json!([reserved, element("ENERGY", 0.5, 1, json!({}))]));
                with_bill(vec![tariff], &usage, Policy::default(), |bill| {
                    let gaps: Vec<_> = bill.gaps().iter().map(|gap| gap.reason.clone()).collect();
                    let expected = if is_lacking { vec![Reason::NotInPeriods] } else { vec![] };
                    assert_eq!(gaps, expected, "{version} {kind} {dimensions} {cost}");
                });
            }
        }
    }
}

#[test]
fn a_part_of_the_cost_without_its_dimension_has_no_price() {
    for (version, before) in [(Version::V2_2_1, "excl_vat"), (Version::V2_3_0, "before_taxes")] {
        for (kind, member) in [
            ("ENERGY", "total_energy_cost"),
            ("TIME", "total_time_cost"),
            ("PARKING_TIME", "total_parking_cost"),
        ] {
            for (cost, is_lacking) in [(4.0, true), (0.0, false)] {
                let totals = json!({member: {before: cost}, "total_time": 0});
                let usage = cdr(version, &json!([{"type": "MAX_CURRENT", "volume": 16}]), &totals);
                with_bill(vec![tariff(kind, 2.0)], &usage, Policy::default(), |bill| {
                    assert_eq!(bill.is_computable(), !is_lacking, "{version} {member} {cost}");
                });
            }
        }
    }
}

#[test]
fn a_session_with_energy_that_no_period_has() {
    let text = |dimension: &Value| {
        json!({"country_code": "NL", "party_id": "ALF", "id": "S1", "start_date_time": "2026-05-04T08:00:00Z", "kwh": 21,
            "currency": "EUR", "status": "ACTIVE", "charging_periods": [{"start_date_time": "2026-05-04T08:00:00Z",
            "dimensions": [dimension], "tariff_id": "T1"}], "last_updated": "2026-05-04T09:00:00Z"})
        .to_string()
    };
    for (dimension, is_lacking) in [(time("TIME", 1.0), true), (energy(21), false)] {
        let item =
            ocpi_types::json::read_item::<v2_2_1::sessions::Session>(text(&dimension).as_bytes()).unwrap();
        let ocpi_types::json::Reading::Partial(session) = item.reading else { panic!() };
        let usage = Usage::from(&session.into_value());
        with_bill(vec![tariff("ENERGY", 2.0)], &usage, Policy::default(), |bill| {
            assert_eq!(bill.is_computable(), !is_lacking);
        });
    }
}

#[test]
fn without_any_tariff_nothing_is_free() {
    let charge = |period: &mut Period| period.energy = Some(dec("10"));
    let mut usage = session(local("2026-05-04T10:00"), &[(30, &charge)]);
    for tariff in [TariffRef::Missing, TariffRef::Unstated, usage.tariff("T1")] {
        usage.periods[0].tariff = tariff;
        with_bill(vec![], &usage, Policy::default(), |bill| {
            assert_eq!((bill.total(), &bill.gaps()[0].reason), (None, &Reason::NoTariff), "{tariff:?}");
        });
    }
    usage.periods.clear();
    usage.is_cancelled = true;
    with_bill(vec![], &usage, Policy::default(), |bill| assert!(!bill.is_computable()));
}

#[test]
fn energy_that_is_fed_back_is_credited() {
    let fill = |kwh: &'static str| move |period: &mut Period| period.energy = Some(dec(kwh));
    let (charged, fed) = (fill("10"), fill("-2.5004"));
    let usage = session(local("2026-05-04T10:00"), &[(30, &charged), (30, &fed)]);
    let total = |plans: Vec<TariffModel>| {
        with_bill(plans, &usage, Policy::default(), |bill| {
            let notes: Vec<_> = bill.notes().iter().map(ToString::to_string).collect();
            assert!(notes[0].starts_with("period 1 feeds energy back: it is credited"), "{notes:?}");
            (bill.total().unwrap(), bill.lines().map(|line| line.billed.to_string()).collect::<Vec<_>>())
        })
    };
    let text = tariff_text(
        Version::V2_2_1,
        &json!([{"price_components": [{"type": "ENERGY", "price": 0.3, "vat": 10, "step_size": 1000}]}]),
        &json!({}),
    );
    let (amount, lines) = total(vec![TariffModel::from(&read::<v2_2_1::tariffs::Tariff>(&text))]);
    assert_eq!((amount.before_taxes, amount.after_taxes), (Some(dec("2.24988")), Some(dec("2.474868"))));
    assert_eq!(lines, ["10", "-2.5004"]);
    // A time at which the price changes parts it, no bound of energy does. By then 8.75 kWh are left.
    let (amount, lines) = total(vec![plan(json!([
        element("ENERGY", 1.0, 1, json!({"end_time": "10:45", "max_kwh": 50})),
        element("ENERGY", 2.0, 1, json!({"min_kwh": 9})),
        element("ENERGY", 3.0, 1, json!({})),
    ]))]);
    assert_eq!(
        (amount.before_taxes, lines),
        (Some(dec("4.9992")), vec!["10".into(), "-1.2502".into(), "-1.2502".into()])
    );
    let mut policy = Policy::default();
    policy.negative_energy = NegativeEnergy::NotComputable;
    let error = Pricer::with_policy([tariff("ENERGY", 0.3)], policy).price(&usage).unwrap_err();
    assert_eq!((error.is_negative(), error.period()), (true, Some(1)));
    assert!(error.to_string().contains("negative_energy=credited"), "{error}");
    let comparison = Pricer::new([tariff("ENERGY", 0.3)]).compare(&usage).unwrap();
    assert!(comparison.differences().iter().any(|it| it.choice == "not-computable" && it.total.is_none()));
    // No time is below zero.
    let back = |period: &mut Period| period.time = Some(dec("-1"));
    let usage = session(local("2026-05-04T10:00"), &[(30, &back)]);
    assert!(Pricer::new([tariff("TIME", 0.3)]).price(&usage).unwrap_err().is_negative());
}
