//! Decisions on booking requests.

use std::sync::Arc;

use ocpi_types::v2_3_0::bookings::{BookingLocation, BookingTerms};

use super::ask::{BookingAsk, BookingDecision};

/// Decides on booking requests, for a CPO.
///
/// It is called inside the write, so it must be fast, without side effects, and prepared for repeated calls. For a
/// decision that takes longer, return [`Pending`](BookingDecision::Pending), and call
/// [`Bookings::answer`](super::Bookings::answer) later.
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
    /// Decides on a request. The default follows the calendars and the terms.
    fn decide(&self, ask: &BookingAsk<'_>) -> BookingDecision {
        ask.by_the_terms()
    }

    /// Returns the number of bookings that a booking location takes at the same time. Default: 1.
    fn capacity(&self, location: &BookingLocation) -> u32 {
        let _ = location;
        1
    }

    /// Returns the terms of a new Booking. The default is those of the booking location; without any, a request is
    /// refused with 2001.
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
