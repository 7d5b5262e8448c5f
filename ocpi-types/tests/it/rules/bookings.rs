//! Rules about bookings.

use ocpi_types::Ruleset;
use ocpi_types::v2_3_0::bookings::{BookingLocation, BookingRequest, Calendar, Period, Timeslot};
use serde_json::json;

use super::{Pair, findings, pair, with};

const PROFILE: &Ruleset = &Ruleset::V2_3_0_BOOKINGS;
const REQUEST: &str = include_str!("../../fixtures/2.3.0/booking_request.minimal.json");
const LOCATION: &str = include_str!("../../fixtures/2.3.0/booking_location.minimal.json");
/// From the twentieth to the twenty-first of March.
const CALENDAR: &str = include_str!("../../fixtures/2.3.0/calendar.minimal.json");

pub(super) fn pairs() -> Vec<Pair> {
    let slot = |from: &str, to: &str| json!({"start_date_time": from, "end_date_time": to});
    let (ten, eleven) = ("2026-03-20T10:00:00Z", "2026-03-20T11:00:00Z");
    let calendar = |from: &str, to: &str| with(CALENDAR, json!({"available_timeslots": [slot(from, to)]}));
    let powers = |most: i64| json!({"start_date_time": ten, "end_date_time": eleven, "min_power": 11_000, "max_power": most});
    // The offer of the fixtures was changed at 09:26:53.
    let offer = |at: &str| {
        let calendar = with(CALENDAR, json!({"last_updated": at}));
        with(LOCATION, json!({"booking_option": {"evse_uid": "E1"}, "calendars": [calendar]}))
    };
    let (newer, same) = ("2026-03-14T09:26:54Z", "2026-03-14T09:26:53Z");
    let outside = "/available_timeslots/0";
    vec![
        pair::<Period>(PROFILE, slot(eleven, ten), ("/end_date_time", "period.order"), slot(ten, eleven)),
        pair::<Timeslot>(PROFILE, slot(eleven, ten), ("/end_date_time", "period.order"), slot(ten, eleven)),
        pair::<Timeslot>(PROFILE, powers(10_999), ("/max_power", "range.empty"), powers(11_000)),
        pair::<Timeslot>(
            PROFILE,
            with(&powers(22_000).to_string(), json!({"min_power": 11})),
            ("/min_power", "unit.implausible"),
            powers(22_000),
        ),
        pair::<BookingRequest>(
            PROFILE,
            with(REQUEST, json!({"power_required": 22_000})),
            ("/power_required", "unit.implausible"),
            with(REQUEST, json!({"power_required": 22})),
        ),
        pair::<Calendar>(
            PROFILE,
            calendar("2026-03-19T23:59:59Z", ten),
            (&format!("{outside}/start_date_time"), "periods.outside"),
            calendar("2026-03-20T00:00:00Z", ten),
        ),
        pair::<Calendar>(
            PROFILE,
            calendar(ten, "2026-03-21T00:00:01Z"),
            (&format!("{outside}/end_date_time"), "periods.outside"),
            calendar(ten, "2026-03-21T00:00:00Z"),
        ),
        pair::<BookingLocation>(
            PROFILE,
            LOCATION,
            ("/booking_option", "booking.option_missing"),
            offer(same),
        ),
        pair::<BookingLocation>(
            PROFILE,
            offer(newer),
            ("/calendars/0/last_updated", "lu.child_newer_than_parent"),
            offer(same),
        ),
    ]
}

/// Its timeslots are outside it, whatever they are, so this cannot be broken on its own.
#[test]
fn a_calendar_that_ends_before_it_begins() {
    let calendar = with(CALENDAR, json!({"end_before": "2026-03-19T00:00:00Z"}));
    let found = findings::<Calendar>(PROFILE, calendar.to_string().as_bytes());
    assert!(found.contains(&("/end_before".to_owned(), "period.order")), "{found:?}");
}
