//! Requests that are to be decided on, and the decisions.

use ocpi_types::DateTime;
use ocpi_types::v2_3_0::bookings::{
    Booking, BookingLocation, BookingRequest, BookingTerms, Period, ReservationRequestStatus,
};

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
