//! Decisions about requests for bookings.

use std::sync::Arc;

use ocpi_types::DateTime;
use ocpi_types::v2_3_0::bookings::{
    Booking, BookingLocation, BookingRequest, BookingTerms, Period, ReservationRequestStatus,
};

use super::rules;

/// Decides for a CPO about requests for bookings.
///
/// It is asked inside the write, so it is quick, has no effect, and may be asked more than once. A decision that takes
/// longer is [`Pending`](BookingDecision::Pending): [`Bookings::answer`](super::Bookings::answer) gives it later.
///
/// ```
/// use ocpi_server_traits::{BookingAsk, BookingDecision, BookingDesk};
/// use ocpi_types::v2_3_0::bookings::BookingLocation;
///
/// /// Two chargers at each booking location, and an hour's notice.
/// struct Depot;
///
/// impl BookingDesk for Depot {
///     fn decide(&self, ask: &BookingAsk<'_>) -> BookingDecision {
///         let is_soon = ask.request.period.start_date_time.seconds_since(ask.now) < 3_600;
///         if is_soon && ask.request.canceled.is_none() { BookingDecision::Declined } else { ask.by_the_terms() }
///     }
///
///     fn capacity(&self, _: &BookingLocation) -> u32 {
///         2
///     }
/// }
/// ```
pub trait BookingDesk: Send + Sync + 'static {
    /// Decides on a request. By default, by the calendars and the terms.
    fn decide(&self, ask: &BookingAsk<'_>) -> BookingDecision {
        ask.by_the_terms()
    }

    /// Number of bookings that a booking location takes at the same time. By default 1.
    fn capacity(&self, location: &BookingLocation) -> u32 {
        let _ = location;
        1
    }

    /// The terms of a new Booking. By default those of the booking location; without any, a request is refused with 2001.
    fn terms(&self, location: &BookingLocation) -> Option<BookingTerms> {
        location.booking_terms.as_deref().cloned()
    }
}

/// Decides by the calendars and the terms.
impl BookingDesk for () {}

impl<D: BookingDesk> BookingDesk for Arc<D> {
    fn decide(&self, ask: &BookingAsk<'_>) -> BookingDecision {
        (**self).decide(ask)
    }

    fn capacity(&self, location: &BookingLocation) -> u32 {
        (**self).capacity(location)
    }

    fn terms(&self, location: &BookingLocation) -> Option<BookingTerms> {
        (**self).terms(location)
    }
}

/// A request that is to be decided on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct BookingAsk<'a> {
    /// The request: to make a Booking, or to change or cancel `booking`.
    pub request: &'a BookingRequest,
    /// The Booking that there is.
    pub booking: Option<&'a Booking>,
    /// The booking location; `None` if it is not there any more.
    pub location: Option<&'a BookingLocation>,
    /// The terms, of the Booking or of a new one.
    pub terms: &'a BookingTerms,
    /// Time there that other Bookings have, also those that wait for a decision.
    pub taken: &'a [Period],
    /// Number of bookings that are possible there at the same time.
    pub capacity: u32,
    /// The time.
    pub now: DateTime,
}

impl BookingAsk<'_> {
    /// The decision by the calendars and the terms.
    ///
    /// A cancellation is accepted until `cancel_until_minutes` before the Booking starts, a change until
    /// `change_until_minutes`. A new time is accepted if it
    ///
    /// - has not begun, and is as long as the terms demand;
    /// - lies in time slots of one calendar that follow each other without a gap, or in the time that the Booking has;
    /// - begins and ends on the `timeslot_increment` of the calendar, counted from the beginning of the first slot;
    /// - is free of other Bookings, as far as the [capacity](BookingDesk::capacity) goes;
    /// - is for the EVSE of the booking location, where both name one.
    ///
    /// `change_not_allowed` counts for nothing, because the specification contradicts itself about it. Power and
    /// `overlapping_bookings_allowed` are not looked at.
    pub fn by_the_terms(&self) -> BookingDecision {
        if rules::accepts(self) { BookingDecision::Accepted } else { BookingDecision::Declined }
    }
}

/// Decision about a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BookingDecision {
    /// Yes: the Booking is `RESERVED`, changed, or `CANCELED`.
    Accepted,
    /// No: a new Booking is `REJECTED`, another one stays as it was.
    Declined,
    /// It is decided later; until then the time is kept free.
    Pending,
    /// Something went wrong: a new Booking is `FAILED`, another one stays as it was.
    Failed,
}

impl BookingDecision {
    pub(super) fn status(self) -> ReservationRequestStatus {
        match self {
            Self::Accepted => ReservationRequestStatus::Accepted,
            Self::Declined => ReservationRequestStatus::Declined,
            Self::Pending => ReservationRequestStatus::Pending,
            Self::Failed => ReservationRequestStatus::Failed,
        }
    }
}
