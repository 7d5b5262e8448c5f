//! Planned charges.

use ocpi_pricing::bill::Category;
use ocpi_pricing::estimate::{Battery, Charge, Draw, Estimate, Need, Offer, Supply, compare};
use ocpi_pricing::policy::{Policy, Power211};
use ocpi_pricing::{Pricer, Zone};
use ocpi_types::{Decimal, Version, json, v2_1_1, v2_2_1};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{dec, plan, plan_of, time};
use crate::properties::{config, element};

fn zone() -> Zone {
    "Europe/Amsterdam".parse().unwrap()
}

fn charge(arrival: &str, need: impl Into<Need>) -> Charge {
    Charge::new(time(arrival), zone(), need)
}

fn supply(kw: &str) -> Supply {
    Supply::of_power(dec(kw))
}

fn energy(price: f64, restrictions: Value) -> Value {
    json!({"price_components": [{"type": "ENERGY", "price": price, "step_size": 1}], "restrictions": restrictions})
}

fn before(estimate: &Estimate) -> Decimal {
    estimate.total.unwrap().before_taxes.unwrap()
}

#[test]
fn power_comes_from_the_limits_of_the_connector() {
    for (power_type, voltage, amperage, watt, expected) in [
        ("AC_1_PHASE", 230, 16, None, "3.68"),
        ("AC_2_PHASE", 230, 16, None, "7.36"),
        ("AC_2_PHASE_SPLIT", 240, 30, None, "7.2"),
        ("AC_3_PHASE", 230, 32, None, "22.08"),
        ("DC", 400, 125, None, "50"),
        ("DC", 1000, 500, Some(350_000), "350"),
        ("SOMETHING_ELSE", 230, 10, None, "2.3"),
    ] {
        let mut text = json!({
            "id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": power_type,
            "max_voltage": voltage, "max_amperage": amperage, "last_updated": "2026-01-01T00:00:00Z",
        });
        if let Some(watt) = watt {
            text["max_electric_power"] = json!(watt);
        }
        let read =
            |text: &Value| json::read::<v2_2_1::locations::Connector>(text.to_string().as_bytes()).unwrap();
        assert_eq!(Supply::from(&read(&text).value).power, dec(expected), "{text}");
    }
    let old = r#"{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "voltage": 230, "amperage": 16, "last_updated": "2026-01-01T00:00:00Z"}"#;
    let old: v2_1_1::locations::Connector = json::from_str(old).unwrap();
    assert_eq!(Supply::from(&old).power, dec("11.04"));
}

#[test]
fn a_battery_takes_less_above_80_percent() {
    let pricer = Pricer::new([plan(json!([energy(0.50, json!({}))]))]);
    let battery =
        |from: i64, to: i64, car: &str| Battery::new(dec("60"), from.into(), to.into()).with_power(dec(car));
    // From 80 percent on each percent takes 14.4 s / 1, 19/20, 18/20 ... of the power.
    for (from, to, car, kw, kwh, seconds) in [
        (20, 80, "150", "150", "36", 864),
        (20, 80, "150", "50", "36", 2592),
        (80, 81, "150", "150", "0.6", 15),
        (80, 100, "150", "150", "12", 1037), // 14.4 * 20 * (1 + 1/2 + ... + 1/20)
        (80, 100, "50", "150", "12", 3109),
        (99, 100, "50", "150", "0.6", 864), // a twentieth of 50 kW
        // 11 kW are less than the car takes until 98 percent.
        (80, 95, "150", "11", "9", 2946),
        (50, 50, "150", "11", "0", 0),
    ] {
        let at = format!("{from} to {to} with {car} at {kw}");
        let estimate =
            charge("2026-01-12T10:00:00Z", battery(from, to, car)).estimate(&supply(kw), &pricer).unwrap();
        assert_eq!(estimate.energy, dec(kwh), "{at}");
        assert_eq!(estimate.charging_seconds, seconds, "{at}");
    }
}

#[test]
fn prices_change_where_the_tariff_says() {
    let by_day =
        json!([energy(0.60, json!({"start_time": "07:00", "end_time": "19:00"})), energy(0.40, json!({})),]);
    let by_energy = json!([energy(1.00, json!({"max_kwh": 10})), energy(0.10, json!({}))]);
    let by_time = json!([energy(1.00, json!({"max_duration": 1800})), energy(0.10, json!({}))]);
    let by_power = json!([energy(1.00, json!({"min_power": 50})), energy(0.10, json!({}))]);
    let curve = || {
        Need::Curve(vec![
            Draw { energy: dec("25"), power: dec("100") },
            Draw { energy: dec("5"), power: dec("20") },
        ])
    };
    for (elements, arrival, need, total) in [
        // Until the moment itself, and from it on; a second on either side.
        (&by_day, "2026-01-12T16:00:00Z", dec("22").into(), "13.2"),
        (&by_day, "2026-01-12T18:00:00Z", dec("22").into(), "8.8"),
        (&by_day, "2026-01-12T16:00:01Z", dec("22").into(), "13.1994"),
        (&by_day, "2026-01-12T17:59:59Z", dec("22").into(), "8.8006"),
        // In summer the clock is an hour further; fractions of a second are cut off.
        (&by_day, "2026-07-13T17:00:00.9Z", dec("22").into(), "8.8"),
        (&by_energy, "2026-01-12T10:00:00Z", dec("10").into(), "10"),
        (&by_energy, "2026-01-12T10:00:00Z", dec("10.001").into(), "10.0001"),
        (&by_time, "2026-01-12T10:00:00Z", dec("22").into(), "7.15"), // 5.5 kWh in half an hour
        (&by_power, "2026-01-12T10:00:00Z", curve(), "25.5"),
    ] {
        let pricer = Pricer::new([plan(elements.clone())]);
        let kw = if std::ptr::eq(elements, &by_power) { "150" } else { "11" };
        let estimate = charge(arrival, need).estimate(&supply(kw), &pricer).unwrap();
        assert_eq!(before(&estimate), dec(total), "{arrival} {elements}");
    }
}

#[test]
fn the_stay_is_billed_with_its_reservation_and_its_rest() {
    let elements = json!([
        {"price_components": [{"type": "TIME", "price": 6.00, "step_size": 1}],
         "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "PARKING_TIME", "price": 12.00, "step_size": 1}],
         "restrictions": {"min_duration": 5400}},
        {"price_components": [{"type": "ENERGY", "price": 0.50, "step_size": 1}]},
    ]);
    let pricer = Pricer::new([plan(elements)]);
    let charge = charge("2026-01-12T10:00:00Z", dec("11")).with_reservation(600).with_idle(3600);
    let estimate = charge.estimate(&supply("11"), &pricer).unwrap();
    assert_eq!((estimate.charging_seconds, estimate.seconds), (3600, 7200));
    let bill = pricer.price(&estimate.usage).unwrap();
    let part = |category| bill.part(category).before_taxes.unwrap();
    assert_eq!(part(Category::Reservation), dec("1"));
    assert_eq!(part(Category::Energy), dec("5.5"));
    // Parking costs from an hour and a half on.
    assert_eq!(part(Category::Parking), dec("6"));
    assert_eq!(estimate.per_kwh().unwrap().before_taxes, dec("12.5").checked_div(dec("11")));
}

#[test]
fn what_is_not_known_has_no_total() {
    let by_current = plan(json!([energy(0.50, json!({"min_current": 20}))]));
    let pricer = Pricer::new([by_current]);
    let charge = charge("2026-01-12T10:00:00Z", dec("11"));
    let estimate = charge.estimate(&supply("11"), &pricer).unwrap();
    assert!(estimate.total.is_none() && !estimate.gaps.is_empty() && estimate.to_pay().is_none());
    let mut known = supply("11");
    known.voltage = Some(dec("230"));
    assert_eq!(before(&charge.estimate(&known, &pricer).unwrap()), dec("5.5"));
}

/// 2.1.1 may mean amperes by `min_power`.
#[test]
fn a_policy_may_turn_bounds_of_power_into_bounds_of_current() {
    let elements = json!([energy(1.00, json!({"min_power": 100})), energy(0.10, json!({}))]);
    let mut policy = Policy::default();
    policy.power_2_1_1 = Power211::Amperes;
    let pricer = Pricer::with_policy([plan_of(Version::V2_1_1, &elements, &json!({}))], policy);
    // 125 and 75 A at 400 V.
    let draw = |power: &str| Draw { energy: dec("10"), power: dec(power) };
    let charge = charge("2026-01-12T10:00:00Z", Need::Curve(vec![draw("50"), draw("30")]));
    let mut supply = supply("50");
    supply.voltage = Some(dec("400"));
    assert_eq!(before(&charge.estimate(&supply, &pricer).unwrap()), dec("11"));
}

#[test]
fn nonsense_is_refused() {
    let pricer = Pricer::new([plan(json!([energy(0.50, json!({}))]))]);
    let estimate = |need: Need, kw: &str| charge("2026-01-12T10:00:00Z", need).estimate(&supply(kw), &pricer);
    let battery = |from: &str, to: &str| Need::from(Battery::new(dec("60"), dec(from), dec(to)));
    for need in [dec("-1").into(), battery("80", "20"), battery("-1", "20"), battery("0", "100.1")] {
        let error = estimate(need, "11").unwrap_err();
        assert!(error.is_need(), "{error}");
    }
    assert!(estimate(dec("1").into(), "0").unwrap_err().is_power());
    assert!(estimate(dec("1").into(), "-3").unwrap_err().is_power());
    assert!(estimate(dec("100000000").into(), "1").unwrap_err().is_too_long());
    let largest = Decimal::from_parts(10_i128.pow(28) - 1, 0).unwrap();
    assert!(estimate(largest.into(), "1").unwrap_err().is_too_large());
    let error =
        charge("2026-01-12T10:00:00Z", dec("1")).with_idle(-1).estimate(&supply("1"), &pricer).unwrap_err();
    assert!(error.is_need());
    let error = charge("2026-01-12T10:00:00Z", dec("1"))
        .with_idle(i64::MAX)
        .estimate(&supply("1"), &pricer)
        .unwrap_err();
    assert!(error.is_too_long());
    let error = charge("0000-01-01T00:00:00Z", dec("1"))
        .with_reservation(600)
        .estimate(&supply("1"), &pricer)
        .unwrap_err();
    assert!(error.is_too_long());
    assert!(
        charge("2026-01-12T10:00:00Z", dec("1"))
            .estimate(&supply("1"), &Pricer::new([]))
            .unwrap_err()
            .is_tariff()
    );
}

#[test]
fn offers_are_ranked_by_what_is_paid_then_by_time() {
    let tariff = |price: f64, currency: &str| {
        let more = json!({"currency": currency});
        Pricer::new([plan_of(Version::V2_2_1, &json!([energy(price, json!({}))]), &more)])
    };
    let unknown = Pricer::new([plan(json!([energy(0.01, json!({"min_current": 1}))]))]);
    let (dear, cheap, krone) = (tariff(0.79, "EUR"), tariff(0.35, "EUR"), tariff(0.30, "DKK"));
    let offer = |kw: &str, pricer| Offer { supply: supply(kw), pricer };
    let offers = [
        offer("150", &dear),
        offer("11", &cheap),
        offer("0", &cheap),
        offer("22", &cheap),
        offer("50", &krone),
        offer("50", &unknown),
    ];
    let ranked = compare(&charge("2026-01-12T10:00:00Z", dec("20")), &offers);
    let order: Vec<usize> = ranked.iter().map(|ranked| ranked.offer).collect();
    assert_eq!(order, [3, 1, 0, 4, 5, 2]);
    assert!(ranked[5].outcome.as_ref().is_err_and(|error| error.is_power()));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_estimate_is_whole(
        elements in proptest::collection::vec(element(), 1..5),
        minute in 29_617_920_i64..30_143_520,
        (capacity, from, width) in (10_i64..120, 0_i64..100, 1_i64..100),
        (kw, car) in (1_i64..300, 1_i64..300),
        (idle, reserved) in (0_i64..20_000, 0_i64..5_000),
    ) {
        let pricer = Pricer::new([plan(json!(elements))]);
        let battery = Battery::new(capacity.into(), from.into(), (from + width).min(100).into()).with_power(car.into());
        let arrival = ocpi_types::DateTime::from_unix(minute * 60).unwrap();
        let charge = Charge::new(arrival, zone(), battery).with_idle(idle).with_reservation(reserved);
        let estimate = charge.estimate(&Supply::of_power(kw.into()), &pricer).unwrap();
        // Everything is known but the current, and nothing has to be guessed.
        prop_assert!(estimate.total.is_some(), "{:?}", estimate.gaps);
        let bill = pricer.price(&estimate.usage).unwrap();
        prop_assert!(bill.lines().all(|line| !line.is_estimate), "{:#?}", estimate.usage);
        let wanted = Decimal::from(capacity * ((from + width).min(100) - from)).checked_div(100.into()).unwrap();
        prop_assert_eq!(estimate.energy, wanted);
        prop_assert_eq!(estimate.seconds, estimate.charging_seconds + idle);
        let periods = &estimate.usage.periods;
        prop_assert!(periods.windows(2).all(|pair| pair[0].start < pair[1].start));
        // Not faster than the power allows, nor slower than the rounding to seconds.
        let power = |kw: i64| Decimal::from(kw);
        let least = wanted.checked_mul(3600.into()).unwrap().checked_div(power(kw.min(car))).unwrap();
        prop_assert!(Decimal::from(estimate.charging_seconds) >= least, "{} {}", estimate.charging_seconds, least);
    }

    #[test]
    fn more_takes_no_less_time_and_costs_no_less(wh in 1_i64..60_000, more in 0_i64..60_000, kw in 1_i64..350) {
        let elements = json!([energy(0.60, json!({"start_time": "07:00", "end_time": "19:00"})), energy(0.40, json!({}))]);
        let pricer = Pricer::new([plan(elements)]);
        let estimate = |wh: i64| {
            charge("2026-01-12T17:30:00Z", Decimal::new(wh, 3)).estimate(&Supply::of_power(kw.into()), &pricer).unwrap()
        };
        let (less, more) = (estimate(wh), estimate(wh + more));
        prop_assert!(less.seconds <= more.seconds);
        prop_assert!(before(&less) <= before(&more));
    }
}
