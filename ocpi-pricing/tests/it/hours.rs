//! Hours are roundings: the time stamps of the periods say the exact length.

use ocpi_pricing::policy::{Hours, Policy};
use ocpi_pricing::tariff_model::TariffDimension;
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Pricer, TariffModel};
use ocpi_types::{Decimal, Version, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json};

use crate::common::{dec, plan, plan_of, time, with_bill};

/// Charging and parking cost their seconds, in euros.
fn by_the_second() -> Vec<TariffModel> {
    vec![plan(json!([{"price_components": [
        {"type": "TIME", "price": 3600, "step_size": 0}, {"type": "PARKING_TIME", "price": 3600, "step_size": 0}]}]))]
}

/// Periods that follow each other: where they start, and TIME and PARKING_TIME.
fn usage(periods: &[(&str, Option<&str>, Option<&str>)], end: Option<&str>) -> Usage {
    let mut usage = Usage::new("EUR".parse().unwrap());
    usage.start = periods.first().map(|(start, ..)| time(start));
    usage.end = end.map(time);
    for (start, charging, parking) in periods {
        let mut period = Period::at(time(start));
        (period.time, period.parking_time) = (charging.map(dec), parking.map(dec));
        usage.periods.push(period);
    }
    usage
}

fn billed(usage: &Usage, policy: Policy) -> [Decimal; 2] {
    with_bill(by_the_second(), usage, policy, |bill| {
        [TariffDimension::Time, TariffDimension::ParkingTime].map(|kind| bill.billed(kind))
    })
}

/// From 10:00, one period of so many seconds.
fn seconds(hours: &str, end: &str) -> Decimal {
    let end = format!("2026-05-04T10:{end}Z");
    billed(&usage(&[("2026-05-04T10:00:00Z", Some(hours), None)], Some(&end)), Policy::default())[0]
}

#[test]
fn the_length_of_a_period_that_rounds_to_its_hours_is_meant() {
    for (hours, end, expected) in [
        // Fractions of seconds are kept.
        ("0.0419", "02:30.75", "150.75"),
        ("0.04188", "02:30.75", "150.75"),
        ("0.041875", "02:30.75", "150.75"),
        ("0.04187500000000001", "02:30.75", "150.75"),
        ("0.0001", "00:00.5", "0.5"),
        // The hours do not stand for a length that does not round to them.
        ("0.0418", "02:30.75", "150.48"),
        ("0.0417", "02:30.75", "150"),
        ("0.041876", "02:30.75", "150.7536"),
        ("0.0419", "10:00", "151"),
        // Without fractions, it is the whole seconds.
        ("0.0167", "01:00", "60"),
        ("0.0833", "05:00", "300"),
        ("0.25", "15:00", "900"),
        ("0.25", "15:00.1", "900.1"),
        // Numbers that were written with few decimals lost more.
        ("0.083", "05:00", "300"),
        ("0.08", "05:00", "300"),
        ("0.02", "01:00", "60"),
        ("0.042", "02:30.75", "150.75"),
        ("0.083", "05:02", "298.8"),
        ("0.08", "05:30", "288"),
        // Whole minutes lost nothing.
        ("0.25", "15:10", "900"),
        ("0.5", "32:00", "1800"),
        // Zero is none of it, however short the period.
        ("0", "00:00.1", "0"),
        ("0.0000", "00:00.1", "0"),
        // A period that has no length does not take it away.
        ("0.0000277", "00:00", "0.09972"),
    ] {
        assert_eq!(seconds(hours, end), dec(expected), "{hours} h until 10:{end}");
    }
}

#[test]
fn one_number_with_four_decimals_says_how_many_the_others_have() {
    let of = |second: &'static str| {
        let periods =
            [("2026-05-04T10:00:00Z", Some("0.08"), None), ("2026-05-04T10:05:00Z", Some(second), None)];
        billed(&usage(&periods, Some("2026-05-04T10:15:31Z")), Policy::default())[0]
    };
    assert_eq!(of("0.18"), dec("931"));
    assert_eq!(of("0.1753"), dec("919"));
}

#[test]
fn one_kind_of_time_has_what_the_others_leave() {
    let of = |charging, parking, end: &str| {
        let end = format!("2026-05-04T10:{end}Z");
        let usage = usage(&[("2026-05-04T10:00:00Z", Some(charging), Some(parking))], Some(&end));
        billed(&usage, Policy::default())
    };
    assert_eq!(of("0.6667", "0.3333", "59:60"), [dec("2400"), dec("1200")]);
    // 60.0 s and 90.6 s.
    assert_eq!(of("0.0167", "0.0252", "02:30.6"), [dec("60"), dec("90.6")]);
    assert_eq!(of("0.0252", "0.0167", "02:30.6"), [dec("90.6"), dec("60")]);
    // Nobody knows how two that are no whole seconds share the rest.
    assert_eq!(of("0.0252", "0.0252", "03:01.2"), [dec("90.72"), dec("90.72")]);
    // The rest differs from the written number.
    assert_eq!(of("0.0167", "0.0252", "05:00"), [dec("60"), dec("90.72")]);
}

#[test]
fn the_end_is_the_next_start_or_that_of_the_session() {
    let periods =
        [("2026-05-04T10:00:00Z", Some("0.0419"), None), ("2026-05-04T10:02:30.75Z", None, Some("0.0085"))];
    assert_eq!(
        billed(&usage(&periods, Some("2026-05-04T10:03:01.5Z")), Policy::default()),
        [dec("150.75"), dec("30.75")]
    );
    // A session that goes on: of the last period only the hours are known.
    assert_eq!(billed(&usage(&periods, None), Policy::default()), [dec("150.75"), dec("30.6")]);
}

#[test]
fn as_written_is_as_written() {
    let mut policy = Policy::default();
    policy.hours = Hours::AsWritten;
    let usage = usage(&[("2026-05-04T10:00:00Z", Some("0.0419"), None)], Some("2026-05-04T10:02:30.75Z"));
    assert_eq!(billed(&usage, policy)[0], dec("150.84"));
}

#[test]
fn a_price_that_changes_inside_splits_the_length() {
    let elements = json!([
        {"price_components": [{"type": "TIME", "price": 3600, "step_size": 1}], "restrictions": {"max_duration": 60}},
        {"price_components": [{"type": "TIME", "price": 7200, "step_size": 1}]}]);
    let usage = usage(&[("2026-05-04T10:00:00Z", Some("0.0419"), None)], Some("2026-05-04T10:02:30.75Z"));
    with_bill(vec![plan(elements)], &usage, Policy::default(), |bill| {
        let lines: Vec<_> = bill.lines().map(|line| (line.measured, line.is_estimate)).collect();
        assert_eq!(lines, [(dec("60"), false), (dec("90.75"), false)]);
    });
}

/// CDRs and sessions of all versions: reservation, charging and parking, each with a fraction of a second.
#[test]
fn in_messages_of_all_versions() {
    let period = |start: &str, kind: &str, hours: &str| json!({"start_date_time": start, "dimensions": [{"type": kind, "volume": hours.parse::<f64>().unwrap()}]});
    let charged = json!([
        period("2026-05-04T10:00:00.250Z", "TIME", "0.0419"),
        period("2026-05-04T10:02:31.000Z", "PARKING_TIME", "0.0085"),
    ]);
    let both = |start: &str, end: &str| {
        json!({"id": "C1", "currency": "EUR", start: "2026-05-04T10:00:00.250Z", end: "2026-05-04T10:03:01.750Z",
            "charging_periods": charged, "last_updated": "2026-05-04T11:00:00Z"})
    };
    fn partial<T: ocpi_types::Object>(value: &Value) -> T {
        use ocpi_types::json::{Reading, read_item};
        match read_item::<T>(value.to_string().as_bytes()).unwrap().reading {
            Reading::Whole(value) => value,
            Reading::Partial(partial) => partial.into_value(),
            Reading::Unreadable(_) => panic!("{value}"),
        }
    }
    let usages = [
        Usage::from(&partial::<v2_1_1::cdrs::Cdr>(&both("start_date_time", "stop_date_time"))),
        Usage::from(&partial::<v2_1_1::sessions::Session>(&both("start_datetime", "end_datetime"))),
        Usage::from(&partial::<v2_2_1::cdrs::Cdr>(&both("start_date_time", "end_date_time"))),
        Usage::from(&partial::<v2_2_1::sessions::Session>(&both("start_date_time", "end_date_time"))),
        Usage::from(&partial::<v2_3_0::cdrs::Cdr>(&both("start_date_time", "end_date_time"))),
        Usage::from(&partial::<v2_3_0::sessions::Session>(&both("start_date_time", "end_date_time"))),
    ];
    let mut policy = Policy::default();
    policy.missing_tariff = ocpi_pricing::policy::MissingTariff::FirstTariff;
    for (index, usage) in usages.iter().enumerate() {
        assert_eq!(billed(usage, policy), [dec("150.75"), dec("30.75")], "message {index}");
    }
}

#[test]
fn reservations_too_and_overtime_beside_the_charging() {
    let reservation = json!([{"price_components": [{"type": "TIME", "price": 3600, "step_size": 0}],
        "restrictions": {"reservation": "RESERVATION"}}]);
    let start = "2026-05-04T10:00:00Z";
    let mut usage = usage(&[(start, None, None)], Some("2026-05-04T10:02:30.75Z"));
    usage.periods[0].reservation_time = Some(dec("0.0419"));
    usage.has_expired = Some(false);
    let pricer = Pricer::new([plan(reservation)]);
    assert_eq!(pricer.price(&usage).unwrap().billed_reservation(), dec("150.75"));

    let overtime = json!([
        {"price_components": [{"type": "TIME", "price": 3600, "step_size": 0}], "restrictions": {"booking": "BOOKING_OVERTIME"}},
        {"price_components": [{"type": "TIME", "price": 3600, "step_size": 0}]}]);
    usage.periods[0].reservation_time = None;
    usage.periods[0].time = Some(dec("0.0419"));
    usage.periods[0].reservation_overtime = Some(dec("0.0419"));
    let pricer = Pricer::new([plan_of(Version::V2_3_0, &overtime, &json!({}))]);
    let bill = pricer.price(&usage).unwrap();
    assert_eq!(bill.total().unwrap().before_taxes, Some(dec("301.5")));
}

#[test]
fn readings_of_a_meter_keep_their_fractions() {
    use ocpi_pricing::usage::{Reading, State};
    let reading =
        |at: &str, state| Reading { at: time(at), kwh: dec("1"), state, power: None, current: None };
    let usage = Usage::from_readings(
        "EUR".parse().unwrap(),
        &[
            reading("2026-05-04T10:00:00Z", State::Charging),
            reading("2026-05-04T10:02:30.75Z", State::Parking),
            reading("2026-05-04T10:03:01.1Z", State::Parking),
        ],
    );
    assert_eq!(billed(&usage, Policy::default()), [dec("150.75"), dec("30.35")]);
}
