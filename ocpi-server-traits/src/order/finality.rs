//! Final states of objects.

use ocpi_types::v2_3_0::bookings::ReservationStatus;
use ocpi_types::{AnyObject, Object};

use super::members::take_member;

/// The state of a Booking.
const STATUS: &str = "reservation_status";
/// The member that belongs to the state.
const CANCELED: &str = "canceled";

/// Gives a whole Booking the final state of the stored one, if it says another; then it is `true`.
pub(super) fn keep_final<R: Object>(stored: Option<&R>, new: &mut R) -> bool {
    let Some(stored) = stored.filter(|stored| leaves_final(*stored, new)) else { return false };
    let mut kept = stored.clone();
    for name in [STATUS, CANCELED] {
        if let Some(place) = R::INFO.place(name) {
            take_member(new, &mut kept, place, name);
        }
    }
    true
}

/// The places of a PATCH that may be changed, if it would take a Booking out of its final state; `None`: all may.
pub(super) fn without_state(
    stored: &dyn AnyObject,
    new: &dyn AnyObject,
    places: &[usize],
) -> Option<Vec<usize>> {
    let [status, canceled] = [STATUS, CANCELED].map(|name| stored.info().place(name));
    let is_named = places.iter().any(|place| Some(*place) == status);
    if !is_named || !leaves_final(stored, new) {
        return None;
    }
    let is_kept = |place: &usize| Some(*place) != status && Some(*place) != canceled;
    Some(places.iter().copied().filter(is_kept).collect())
}

/// Whether the stored Booking has a final state, and the new one another.
fn leaves_final(stored: &dyn AnyObject, new: &dyn AnyObject) -> bool {
    let before = state_of(stored);
    before.is_some_and(is_final) && before != state_of(new)
}

fn state_of(object: &dyn AnyObject) -> Option<&ReservationStatus> {
    object.slot(object.info().place(STATUS)?)?.as_any().downcast_ref()
}

fn is_final(status: &ReservationStatus) -> bool {
    use ReservationStatus::{Canceled, Failed, Fulfilled, NoShow, Rejected};
    matches!(status, Canceled | Failed | Fulfilled | NoShow | Rejected)
}
