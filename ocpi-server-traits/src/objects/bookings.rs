//! Bookings of a CPO: requests of eMSPs, their answers, and the booked periods.

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

/// Answers booking requests, for a CPO.
///
/// The application manages booking locations and their calendars: it puts them into [`Objects`], and removes published
/// ones from there. Booked periods are stored separately, so nothing is booked twice even if the calendars are out of
/// date. The desk decides on each request; that of `()` decides by the calendars and the terms, see
/// [`BookingAsk::by_the_terms`]. A request, its Booking and the booked period are stored in one write.
///
/// - A repeated request gets the Booking unchanged. Requests with the same `request_id` are about the same Booking,
///   unless they come from another eMSP.
/// - A final state is never left: requests to change or cancel such a Booking are declined.
/// - The application pushes the objects that [`answer`](Self::answer) and [`finish`](Self::finish) return.
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
    /// Creates the bookings of the parties of `objects`, in its store and with its quotas.
    pub fn new(objects: Arc<Objects<S>>, desk: D) -> Self {
        Self { objects, desk: Arc::new(desk) }
    }
}
