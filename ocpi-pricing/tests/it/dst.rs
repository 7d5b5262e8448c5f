//! The nights in which clocks change, 2026 and 2027.

use ocpi_pricing::Policy;
use ocpi_pricing::policy::Clock;
use ocpi_pricing::usage::{Period, Usage};
use ocpi_types::Decimal;
use serde_json::json;

use crate::common::{element, plan, time, with_bill};

/// The seconds between two times that a window of the day holds, by the split of one long period.
fn seconds(zone: &str, from: &str, until: &str, window: (&str, &str), clock: Clock) -> i64 {
    let tariff =
        plan(json!([element("TIME", 1.0, 1, json!({"start_time": window.0, "end_time": window.1}))]));
    let mut usage = Usage::new("EUR".parse().unwrap());
    (usage.start, usage.end) = (Some(time(from)), Some(time(until)));
    let mut period = Period::at(time(from));
    let length = time(until).seconds_since(time(from));
    period.time = Decimal::from(length).checked_div(3600.into());
    usage.periods.push(period);
    let usage = usage.with_time_zone(zone).unwrap();
    let mut policy = Policy::default();
    policy.clock = clock;
    with_bill(vec![tariff], &usage, policy, |bill| {
        assert!(bill.lines().all(|line| !line.is_estimate), "{zone} {from}");
        bill.billed(ocpi_pricing::tariff_model::TariffDimension::Time).to_integer().unwrap()
    })
}

#[test]
fn windows_follow_the_clock_on_the_wall() {
    const HOUR: i64 = 3600;
    for (zone, from, until, window, expected) in [
        // Forward at 02:00, 01:00 UTC.
        ("Europe/Stockholm", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z", ("01:00", "04:00"), 2 * HOUR),
        ("Europe/Stockholm", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z", ("02:00", "03:00"), 0),
        ("Europe/Stockholm", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z", ("02:30", "03:30"), HOUR / 2),
        ("Europe/Stockholm", "2027-03-27T22:00:00Z", "2027-03-28T06:00:00Z", ("01:00", "04:00"), 2 * HOUR),
        // Back at 03:00, 01:00 UTC.
        ("Europe/Stockholm", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z", ("01:00", "04:00"), 4 * HOUR),
        ("Europe/Stockholm", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z", ("02:00", "03:00"), 2 * HOUR),
        ("Europe/Stockholm", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z", ("02:30", "02:45"), HOUR / 2),
        ("Europe/Stockholm", "2027-10-30T20:00:00Z", "2027-10-31T06:00:00Z", ("02:00", "03:00"), 2 * HOUR),
        // The same instants, an hour earlier on the wall.
        ("Europe/Lisbon", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z", ("01:00", "02:00"), 0),
        ("Europe/Lisbon", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z", ("00:00", "03:00"), 2 * HOUR),
        ("Europe/Lisbon", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z", ("01:00", "02:00"), 2 * HOUR),
        ("Europe/Lisbon", "2027-03-27T22:00:00Z", "2027-03-28T06:00:00Z", ("01:00", "02:00"), 0),
        ("Europe/Lisbon", "2027-10-30T22:00:00Z", "2027-10-31T06:00:00Z", ("01:00", "02:00"), 2 * HOUR),
        // Forward on 8 March at 07:00 UTC, back on 1 November at 06:00 UTC.
        ("America/New_York", "2026-03-08T04:00:00Z", "2026-03-08T12:00:00Z", ("01:00", "04:00"), 2 * HOUR),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T12:00:00Z", ("01:00", "02:00"), 2 * HOUR),
        ("America/New_York", "2027-03-14T04:00:00Z", "2027-03-14T12:00:00Z", ("01:00", "04:00"), 2 * HOUR),
        ("America/New_York", "2027-11-07T04:00:00Z", "2027-11-07T12:00:00Z", ("01:00", "02:00"), 2 * HOUR),
        // Half an hour only: back on 5 April, forward on 4 October.
        (
            "Australia/Lord_Howe",
            "2026-04-04T12:00:00Z",
            "2026-04-04T20:00:00Z",
            ("01:00", "03:00"),
            5 * HOUR / 2,
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-03T12:00:00Z",
            "2026-10-03T20:00:00Z",
            ("01:00", "03:00"),
            3 * HOUR / 2,
        ),
        ("Australia/Lord_Howe", "2027-04-03T12:00:00Z", "2027-04-03T20:00:00Z", ("01:30", "02:00"), HOUR),
        ("Australia/Lord_Howe", "2027-10-02T12:00:00Z", "2027-10-02T20:00:00Z", ("02:00", "02:30"), 0),
        // No summer time.
        ("Asia/Kolkata", "2026-03-28T18:00:00Z", "2026-03-29T06:00:00Z", ("01:00", "04:00"), 3 * HOUR),
        ("Asia/Kolkata", "2026-10-24T18:00:00Z", "2026-10-25T06:00:00Z", ("01:00", "04:00"), 3 * HOUR),
        ("Asia/Kolkata", "2027-03-27T18:00:00Z", "2027-03-28T06:00:00Z", ("23:45", "00:15"), HOUR / 2),
        ("Asia/Kolkata", "2027-10-30T18:00:00Z", "2027-10-31T06:00:00Z", ("01:00", "04:00"), 3 * HOUR),
        // Over midnight, and a week that holds a change.
        ("Europe/Stockholm", "2026-10-24T18:00:00Z", "2026-10-25T12:00:00Z", ("22:00", "06:00"), 9 * HOUR),
        ("Europe/Stockholm", "2026-03-26T23:00:00Z", "2026-04-01T22:00:00Z", ("02:00", "03:00"), 5 * HOUR),
    ] {
        assert_eq!(seconds(zone, from, until, window, Clock::Civil), expected, "{zone} {from} {window:?}");
    }
}

#[test]
fn standard_time_is_another_policy() {
    let night = ("Europe/Stockholm", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z");
    assert_eq!(seconds(night.0, night.1, night.2, ("02:00", "03:00"), Clock::Standard), 3600);
}
