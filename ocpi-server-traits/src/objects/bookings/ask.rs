//! Booking requests to decide on, and decisions.

use ocpi_types::DateTime;
use ocpi_types::v2_3_0::bookings::{
    Booking, BookingLocation, BookingRequest, BookingTerms, Period, ReservationRequestStatus,
};

/// A booking request to decide on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct BookingAsk<'a> {
    /// The request: to make a Booking, or to change or cancel `booking`.
    pub request: &'a BookingRequest,
    /// The existing Booking.
    pub booking: Option<&'a Booking>,
    /// The booking location; `None` if it no longer exists.
    pub location: Option<&'a BookingLocation>,
    /// The terms of the existing or new Booking.
    pub terms: &'a BookingTerms,
    /// Periods taken by other Bookings, including those that await a decision.
    pub taken: &'a [Period],
    /// Number of bookings possible at the same time.
    pub capacity: u32,
    /// Current time.
    pub now: DateTime,
}

/// Decision on a booking request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BookingDecision {
    /// Accepted: the Booking becomes `RESERVED`, is changed, or becomes `CANCELED`.
    Accepted,
    /// Declined: a new Booking becomes `REJECTED`, an existing one is unchanged.
    Declined,
    /// Decided later; until then the period is kept free.
    Pending,
    /// Failed: a new Booking becomes `FAILED`, an existing one is unchanged.
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
