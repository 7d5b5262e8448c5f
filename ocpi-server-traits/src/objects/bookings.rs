//! Bookings, of the CPO: requests of eMSPs, their answers, and the time that is taken.

mod ask;
mod booked;
mod desk;
mod free;
mod lifecycle;
mod place;
mod request;
mod rules;
mod settle;

use std::sync::Arc;

use super::Objects;
use crate::storage::Store;

pub use ask::{BookingAsk, BookingDecision};
pub use desk::BookingDesk;

/// Answers requests for bookings, for a CPO.
///
/// Booking locations with their calendars are the application's: it puts them into [`Objects`], and takes them from there
/// whatever it publishes. The time that is booked is kept beside them, so nothing is booked twice whether or not the
/// calendars were updated since. The desk decides on each request; the one of `()` decides by the calendars and the terms,
/// see [`BookingAsk::by_the_terms`]. A request, its Booking and the time are stored in one write.
///
/// - The same request again gets the Booking as it is. Requests with one `request_id` are about one Booking; those of
///   another eMSP are others.
/// - A Booking in a final state stays in it: requests to change or cancel it are declined.
/// - The application pushes what [`answer`](Self::answer) and [`finish`](Self::finish) return.
///
/// ```
/// use std::sync::Arc;
/// use ocpi_server_traits::{Bookings, Objects, Routes, Store};
///
/// fn mount_cpo<S: Store>(objects: &Arc<Objects<S>>, routes: Routes) -> Routes {
///     let bookings = Arc::new(Bookings::new(Arc::clone(objects), ()));
///     routes.bookings(objects, &bookings)
/// }
/// ```
#[derive(Debug)]
pub struct Bookings<S, D = ()> {
    objects: Arc<Objects<S>>,
    desk: Arc<D>,
}

impl<S: Store, D: BookingDesk> Bookings<S, D> {
    /// Bookings in the store of `objects`, for its parties, with its quotas.
    pub fn new(objects: Arc<Objects<S>>, desk: D) -> Self {
        Self { objects, desk: Arc::new(desk) }
    }
}
