//! Handlers of modules whose objects are kept with the partner, over the platform's objects.

mod hub_clients;
mod payments;

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{BookingDesk, Bookings, Store};
use ocpi_types::Url;
use ocpi_types::endpoint::{Addressed, List};

use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// A handler of requests for bookings, for a CPO: see [`Bookings`].
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

    /// Fetches the list of a partner, page by page, and returns what can be read of it.
    async fn fetch_list<R: Addressed>(&self, partner: &str) -> Result<Vec<R>, Error> {
        let (mut all, mut list) = (Vec::new(), List::<R>::all());
        loop {
            let page = self.send(partner, &list).await?.value;
            all.extend(page.items);
            let next = page.next.and_then(|url| url.parse::<Url>().ok());
            // A page that leads to itself has no end.
            match next.filter(|next| list.url.as_ref() != Some(next)) {
                Some(next) => list = List::at(next),
                None => return Ok(all),
            }
        }
    }
}
