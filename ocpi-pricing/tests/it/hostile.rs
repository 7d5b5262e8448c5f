//! Numbers and times that no meter gives.

use ocpi_pricing::tariff_model::TariffDimension;
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Policy, Pricer};
use ocpi_types::{DateTime, Decimal, json, v2_2_1};
use proptest::prelude::*;
use serde_json::json;

use crate::common::{dec, element, local, plan, session, time, with_bill};
use crate::properties::config;

fn with_energy(energy: &str) -> Usage {
    let energy = dec(energy);
    session(local("2026-05-04T10:00"), &[(10, &move |period| period.energy = Some(energy))])
}

#[test]
fn numbers_beyond_reason_are_refused() {
    let pricer = Pricer::new([plan(json!([element("ENERGY", 0.3, 1, json!({"max_kwh": 10}))]))]);
    for (energy, error) in [
        ("7e27", "a number of period 0 is too large"),
        ("1e12", "a number of period 0 is too large"),
        ("-7e27", "a number of period 0 is too large"),
        ("-1e12", "a number of period 0 is too large"),
    ] {
        let usage = with_energy(energy);
        assert_eq!(pricer.price(&usage).unwrap_err().to_string(), error, "{energy}");
    }
    assert!("7e28".parse::<Decimal>().is_err(), "does not fit a decimal at all");
    let usage = with_energy("999999999999.9999");
    assert!(pricer.price(&usage).is_ok());
    let dear = Pricer::new([plan(json!([element("ENERGY", 1e9, 1, json!({}))]))]);
    let error = dear.price(&usage).unwrap_err();
    assert_eq!((error.is_too_large(), error.to_string().as_str()), (true, "an amount is too large"));
}

#[test]
fn noise_below_a_step_costs_no_step() {
    for (step, energy, billed) in [
        (1, "20.000000000001", "20"),
        (1, "19.999999999999", "20"),
        (1, "20.0000001", "20.001"),
        (500, "20.0000000000000036", "20"),
        (1, "0.0000000000000000000000000001", "0"),
        (0, "20.000000000001", "20.000000000001"),
    ] {
        let tariff = plan(json!([element("ENERGY", 0.25, step, json!({}))]));
        with_bill(vec![tariff], &with_energy(energy), Policy::default(), |bill| {
            assert_eq!(bill.billed(TariffDimension::Energy), dec(billed), "{energy} in steps of {step}");
        });
    }
}

#[test]
fn times_that_run_backwards_are_refused() {
    let pricer = Pricer::new([plan(json!([element("ENERGY", 0.3, 1, json!({}))]))]);
    let mut usage = with_energy("1");
    usage.end = Some(time("2026-05-04T07:00:00Z"));
    assert_eq!(pricer.price(&usage).unwrap_err().to_string(), "the session ends before it starts");
    let mut usage = with_energy("1");
    usage.periods.push(Period::at(time("2026-05-04T07:59:00Z")));
    let error = pricer.price(&usage).unwrap_err();
    assert_eq!((error.period(), error.is_order()), (Some(1), true));
}

#[test]
fn currencies_may_not_differ() {
    let pricer = Pricer::new([plan(json!([element("ENERGY", 0.3, 1, json!({}))]))]);
    let mut usage = with_energy("1");
    usage.currency = "SEK".parse().unwrap();
    let error = pricer.price(&usage).unwrap_err();
    assert_eq!(
        (error.is_currency(), error.to_string().as_str()),
        (true, "the tariff is in EUR, the session in SEK")
    );
}

#[test]
fn from_the_first_year_to_the_last() {
    let pricer = Pricer::new([plan(json!([element("TIME", 1.0, 1, json!({"start_time": "09:00"}))]))]);
    let long = |from: &str, until: &str| {
        let mut usage = Usage::new("EUR".parse().unwrap());
        (usage.start, usage.end) = (Some(time(from)), Some(time(until)));
        let mut period = Period::at(time(from));
        period.time = Some(dec("1"));
        usage.periods.push(period);
        usage.with_time_zone("America/New_York").unwrap()
    };
    let whole = long("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
    let error = pricer.price(&whole).unwrap_err();
    assert_eq!(error.to_string(), "period 0 spans too many changes of a price");
    for (from, until) in [
        ("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"),
        ("9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:01Z"),
    ] {
        assert!(pricer.price(&long(from, until)).is_ok(), "{from}");
    }
}

#[test]
fn a_million_periods_take_linear_time() {
    let tariff = plan(json!([
        element("ENERGY", 0.30, 1, json!({"max_kwh": 100, "start_time": "07:00", "end_time": "21:00"})),
        element("ENERGY", 0.20, 1, json!({})),
    ]));
    let pricer = Pricer::new([tariff]);
    let usage = |count: i64| {
        let start = time("2026-05-04T00:00:00Z");
        let mut usage = Usage::new("EUR".parse().unwrap());
        usage.start = Some(start);
        usage.end = start.checked_add_seconds(count);
        usage.periods.extend((0..count).map(|second| {
            let mut period = Period::at(start.checked_add_seconds(second).unwrap());
            period.energy = Some(dec("0.001"));
            period
        }));
        usage.with_time_zone("Europe/Amsterdam").unwrap()
    };
    // Were it quadratic, this would not end.
    let usage = usage(1_000_000);
    let bill = pricer.price(&usage).unwrap();
    assert_eq!(bill.lines().len(), 1_000_000);
    assert_eq!(bill.billed(TariffDimension::Energy), dec("1000"));
}

#[test]
fn a_document_of_nonsense_is_no_panic() {
    let odd = br#"{"country_code": "NL", "party_id": "ALF", "id": "T", "currency": "EUR", "elements": [
        {"price_components": [{"type": "ENERGY", "price": 9e27, "vat": -100, "step_size": -9223372036854775808},
            {"type": "TIME", "price": 1e-28, "vat": 1e20, "step_size": 9223372036854775807}],
         "restrictions": {"min_kwh": 9e27, "max_kwh": -9e27, "min_duration": -1, "max_duration": 9223372036854775807,
            "start_time": "25:99", "day_of_week": ["FUNDAY"], "reservation": "MAYBE"}},
        {"price_components": []}], "last_updated": "0000-01-01T00:00:00Z"}"#;
    let tariff = json::read::<v2_2_1::tariffs::Tariff>(odd).unwrap().value;
    let pricer = Pricer::new([(&tariff).into()]);
    let usage = with_energy("1");
    let bill = pricer.price(&usage).unwrap();
    assert!(!bill.is_computable() || bill.lines().len() == 0);
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..=28, any::<bool>()).prop_map(|(digits, scale, small)| {
        Decimal::new(if small { digits % 100_000 } else { digits }, if small { scale % 5 } else { scale })
    })
}

proptest! {
    #![proptest_config(config())]

    /// Whatever is asked, the answer is a bill or an error.
    #[test]
    fn anything_gets_an_answer(
        price in any_decimal(),
        vat in proptest::option::of(any_decimal()),
        step in any::<i64>(),
        bounds in proptest::collection::vec(proptest::option::of(any_decimal()), 6),
        durations in proptest::collection::vec(proptest::option::of(any::<i64>()), 2),
        periods in proptest::collection::vec((any::<i32>(), proptest::collection::vec(proptest::option::of(any_decimal()), 8)), 0..5),
        included in any::<bool>(),
        zone in prop::sample::select(vec!["Europe/Lisbon", "Australia/Lord_Howe"]),
    ) {
        let mut tariff = crate::common::plan_of(
            ocpi_types::Version::V2_3_0,
            &json!([{"price_components": [
                {"type": "ENERGY", "price": 1, "step_size": 1}, {"type": "TIME", "price": 1, "step_size": 1},
                {"type": "FLAT", "price": 1, "step_size": 1}],
                "restrictions": {"start_time": "07:00", "end_time": "09:00"}},
                {"price_components": [{"type": "ENERGY", "price": 2, "step_size": 1}]}]),
            &json!({"tax_included": if included { "YES" } else { "NO" }}),
        );
        for component in &mut tariff.elements[0].components {
            component.price = price;
            component.vat = vat;
            component.step_size = step;
        }
        let limits = &mut tariff.elements[0].restrictions;
        (limits.min_kwh, limits.max_kwh, limits.min_power) = (bounds[0], bounds[1], bounds[2]);
        (limits.max_power, limits.min_current, limits.max_current) = (bounds[3], bounds[4], bounds[5]);
        (limits.min_duration, limits.max_duration) = (durations[0], durations[1]);
        let pricer = Pricer::new([tariff]);
        let mut usage = Usage::new("EUR".parse().unwrap());
        let mut at = time("2026-03-29T00:00:00Z");
        usage.start = Some(at);
        for (wait, volumes) in periods {
            let mut period = Period::at(at);
            (period.energy, period.time) = (volumes[0].map(positive), volumes[1]);
            (period.parking_time, period.reservation_time) = (volumes[2].map(positive), volumes[3]);
            (period.min_power, period.max_power) = (volumes[4], volumes[5]);
            (period.min_current, period.max_current) = (volumes[6], volumes[7]);
            usage.periods.push(period);
            at = at.checked_add_seconds(i64::from(wait) % 10_000_000).unwrap_or(DateTime::UNIX_EPOCH);
        }
        usage.end = Some(at);
        let usage = usage.with_time_zone(zone).unwrap();
        if let Ok(bill) = pricer.price(&usage) {
            prop_assert_eq!(bill.total().is_none(), !bill.gaps().is_empty());
            for line in 0..bill.lines().len() {
                prop_assert!(bill.why(line).is_some());
            }
            let _ = bill.taxes();
        }
    }
}

fn positive(value: Decimal) -> Decimal {
    if value.is_negative() { Decimal::ZERO.checked_sub(value).unwrap_or_default() } else { value }
}
