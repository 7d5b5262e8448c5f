//! Decision by calendars and terms.

use ocpi_types::v2_3_0::bookings::{BookingLocation, Calendar, Period, Timeslot};
use ocpi_types::{DateTime, Decimal};

use super::ask::{BookingAsk, BookingDecision};

impl BookingAsk<'_> {
    /// Decides by the calendars and the terms.
    ///
    /// A cancellation is accepted until `cancel_until_minutes` before the Booking starts, a change until
    /// `change_until_minutes`. A new time is accepted if it
    ///
    /// - has not begun, and has a length that the terms allow;
    /// - lies in consecutive timeslots of one calendar without gaps, or in the period of the existing Booking;
    /// - begins and ends on the `timeslot_increment` of the calendar, counted from the beginning of the first slot;
    /// - is free of other Bookings, up to the [capacity](super::BookingDesk::capacity);
    /// - is for the EVSE of the booking location, if both name one.
    ///
    /// `change_not_allowed` is ignored, because the specification contradicts itself about it. Power and
    /// `overlapping_bookings_allowed` are not considered.
    pub fn by_the_terms(&self) -> BookingDecision {
        if accepts(self) { BookingDecision::Accepted } else { BookingDecision::Declined }
    }
}

fn accepts(ask: &BookingAsk<'_>) -> bool {
    let (terms, wanted) = (ask.terms, &ask.request.period);
    let is_in_time = |until: Decimal| {
        let start = ask.booking.map(|booking| booking.period.start_date_time);
        start.is_none_or(|start| minutes(ask.now, start).is_some_and(|minutes| minutes >= until))
    };
    if ask.request.canceled.is_some() {
        return is_in_time(terms.cancel_until_minutes);
    }
    let Some(location) = ask.location else { return false };
    let Some(length) = minutes(wanted.start_date_time, wanted.end_date_time) else { return false };
    is_in_time(terms.change_until_minutes)
        && wanted.start_date_time >= ask.now
        && terms.min_booking_duration.is_none_or(|least| length >= least)
        && terms.max_booking_duration.is_none_or(|most| length <= most)
        && is_the_evse(ask, location)
        && is_on_offer(ask, location)
        && most_at_once(wanted, ask.taken) < ask.capacity
}

/// Minutes from one time to another, exactly; `None` if they are out of range.
fn minutes(from: DateTime, to: DateTime) -> Option<Decimal> {
    let micros = to.to_unix_micros().checked_sub(from.to_unix_micros())?;
    Decimal::from(micros).checked_div(Decimal::from(60_000_000))
}

/// Whether a calendar has the time.
fn is_on_offer(ask: &BookingAsk<'_>, location: &BookingLocation) -> bool {
    let own = ask.booking.map(|booking| &booking.period);
    location.calendars.iter().any(|calendar| is_in(calendar, own, &ask.request.period))
}

/// Whether a calendar has the time. Its own time a Booking may keep, also where the calendar has it no more.
fn is_in(calendar: &Calendar, own: Option<&Timeslot>, wanted: &Period) -> bool {
    if wanted.start_date_time < calendar.begin_from || wanted.end_date_time > calendar.end_before {
        return false;
    }
    let mut slots: Vec<(DateTime, DateTime)> = calendar
        .available_timeslots
        .iter()
        .chain(own)
        .map(|slot| (slot.start_date_time, slot.end_date_time))
        .collect();
    slots.sort_unstable();
    // Slots without a gap between them.
    let mut runs: Vec<(DateTime, DateTime)> = Vec::new();
    for (start, end) in slots {
        match runs.last_mut().filter(|run| start <= run.1) {
            Some(run) => run.1 = run.1.max(end),
            None => runs.push((start, end)),
        }
    }
    let run = runs.iter().find(|run| run.0 <= wanted.start_date_time && wanted.end_date_time <= run.1);
    run.is_some_and(|run| {
        let is_on_step = |time| is_on_step(calendar.timeslot_increment, run.0, time);
        is_on_step(wanted.start_date_time) && is_on_step(wanted.end_date_time)
    })
}

/// Whether a time is a number of steps, in minutes, behind the start.
fn is_on_step(increment: Option<i64>, start: DateTime, time: DateTime) -> bool {
    let Some(minutes) = increment.filter(|minutes| *minutes > 0) else { return true };
    let Some(step) = minutes.checked_mul(60_000_000) else { return false };
    let passed = time.to_unix_micros().saturating_sub(start.to_unix_micros());
    passed.checked_rem(step) == Some(0)
}

/// The greatest number of bookings that have some of the time, at any one moment of it.
fn most_at_once(wanted: &Period, taken: &[Period]) -> u32 {
    let overlaps = |other: &&Period| {
        other.start_date_time < wanted.end_date_time && wanted.start_date_time < other.end_date_time
    };
    let mut events: Vec<(DateTime, i32)> = taken
        .iter()
        .filter(overlaps)
        .flat_map(|other| [(other.start_date_time, 1), (other.end_date_time, -1)])
        .collect();
    // An end comes before a start at the same time.
    events.sort_unstable();
    let (mut now, mut most) = (0_i32, 0_i32);
    for (_, change) in events {
        now = now.saturating_add(change);
        most = most.max(now);
    }
    u32::try_from(most).unwrap_or_default()
}

/// Whether the request is for the EVSE of the booking location, where both name one.
fn is_the_evse(ask: &BookingAsk<'_>, location: &BookingLocation) -> bool {
    let wanted = ask.request.booking_option.as_ref().and_then(|option| option.evse_uid.as_ref());
    let offered = location.booking_option.as_ref().and_then(|option| option.evse_uid.as_ref());
    match (wanted, offered) {
        (Some(wanted), Some(offered)) => wanted == offered || wanted.as_str() == "#NA",
        _ => true,
    }
}
