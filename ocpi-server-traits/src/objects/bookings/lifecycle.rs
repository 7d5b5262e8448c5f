//! States of a Booking and of the requests about it.

use ocpi_types::DateTime;
use ocpi_types::v2_3_0::bookings::{
    Booking, BookingRequest, BookingRequestStatus, ReservationRequestStatus as Answer, ReservationStatus,
    Timeslot, TimeslotInit,
};

use super::ask::BookingDecision;

/// Whether a state is final.
pub(super) fn is_final(status: &ReservationStatus) -> bool {
    use ReservationStatus::{Canceled, Failed, Fulfilled, NoShow, Rejected};
    matches!(status, Canceled | Failed | Fulfilled | NoShow | Rejected)
}

/// The time that a Booking holds: its own, and that which requests without an answer want.
pub(super) fn holds(booking: &Booking) -> Vec<(DateTime, DateTime)> {
    if is_final(&booking.reservation_status) {
        return Vec::new();
    }
    let waiting = booking.booking_requests.iter().filter(|known| known.request_status == Answer::Pending);
    let wanted = waiting.filter(|known| known.booking_request.canceled.is_none());
    let wanted = wanted.map(|known| &known.booking_request.period);
    let mut held = vec![(booking.period.start_date_time, booking.period.end_date_time)];
    held.extend(wanted.map(|period| (period.start_date_time, period.end_date_time)));
    held.sort_unstable();
    held.dedup();
    held
}

/// The place of the newest request without an answer.
pub(super) fn waiting(booking: &Booking) -> Option<usize> {
    booking.booking_requests.iter().rposition(|known| known.request_status == Answer::Pending)
}

/// Gives the request at a place its answer, and the Booking what follows from it.
pub(super) fn resolve(booking: &mut Booking, place: usize, decision: BookingDecision) {
    let Some(known) = booking.booking_requests.iter_mut().nth(place) else { return };
    known.request_status = decision.status();
    let request = known.booking_request.clone();
    let is_undecided = booking.reservation_status == ReservationStatus::Pending && waiting(booking).is_none();
    match decision {
        BookingDecision::Accepted => accept(booking, request),
        BookingDecision::Declined if is_undecided => booking.reservation_status = ReservationStatus::Rejected,
        BookingDecision::Failed if is_undecided => booking.reservation_status = ReservationStatus::Failed,
        BookingDecision::Declined | BookingDecision::Failed | BookingDecision::Pending => {}
    }
}

fn accept(booking: &mut Booking, request: BookingRequest) {
    decline_waiting(booking);
    if request.canceled.is_some() {
        booking.reservation_status = ReservationStatus::Canceled;
        booking.canceled = request.canceled;
        return;
    }
    booking.reservation_status = ReservationStatus::Reserved;
    let (start, end) = (request.period.start_date_time, request.period.end_date_time);
    if (booking.period.start_date_time, booking.period.end_date_time) != (start, end) {
        booking.period = timeslot(start, end);
    }
    if request.booking_option.is_some() {
        booking.booking_option = request.booking_option;
    }
    if !request.tokens.is_empty() {
        booking.booking_tokens = request.tokens;
    }
    if !request.access_information.is_empty() {
        booking.access_information = request.access_information;
    }
    booking.authorization_reference = request.authorization_reference;
}

/// Declines the requests that were overtaken by another one, or by the end of the Booking.
pub(super) fn decline_waiting(booking: &mut Booking) {
    let waiting = booking.booking_requests.iter_mut().filter(|known| known.request_status == Answer::Pending);
    waiting.for_each(|known: &mut BookingRequestStatus| known.request_status = Answer::Declined);
}

pub(super) fn timeslot(start: DateTime, end: DateTime) -> Timeslot {
    TimeslotInit { start_date_time: start, end_date_time: end }.into()
}
