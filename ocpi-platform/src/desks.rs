//! Handlers of modules whose objects are stored under the partner, over the platform's objects.

mod hub_clients;
mod listing;
mod payments;

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{BookingDesk, Bookings, Store};

use crate::Platform;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns a handler of booking requests, for a CPO: see [`Bookings`].
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::Platform;
    /// use ocpi_server_traits::{Router, RouterError, Store};
    ///
    /// fn cpo<S: Store, T: Transport + 'static>(cpo: &Arc<Platform<S, T>>) -> Result<Router, RouterError> {
    ///     let bookings = Arc::new(cpo.bookings(()));
    ///     cpo.router(|routes| routes.bookings(cpo.objects(), &bookings))
    /// }
    /// ```
    pub fn bookings<D: BookingDesk>(&self, desk: D) -> Bookings<S, D> {
        Bookings::new(Arc::clone(&self.objects), desk)
    }
}
