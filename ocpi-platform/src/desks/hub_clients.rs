//! Parties that hubs connect.

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{HubClients, Store};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::hub_client_info::ClientInfo;

use super::listing::Place;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns the handler of HubClientInfo, for a hub and for the platforms that it connects.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::Platform;
    /// use ocpi_server_traits::{Router, RouterError, Store};
    /// use ocpi_types::v2_2_1::hub_client_info::ClientInfo;
    ///
    /// fn cpo<S: Store, T: Transport + 'static>(cpo: &Arc<Platform<S, T>>) -> Result<Router, RouterError> {
    ///     let clients = Arc::new(cpo.hub_clients());
    ///     cpo.router(|routes| routes.receiver::<ClientInfo>(&clients))
    /// }
    /// ```
    pub fn hub_clients(&self) -> HubClients<S> {
        HubClients::new(Arc::clone(&self.objects))
    }

    /// Sets an entry that this platform, as a hub, lists; push it to the partners with
    /// [`PutClientInfo`](ocpi_types::endpoint::PutClientInfo). An entry older than the stored one changes nothing.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::endpoint::PutClientInfo;
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::v2_2_1::hub_client_info::ClientInfo;
    ///
    /// async fn tell<S: Store, T: Transport>(hub: &Platform<S, T>, info: ClientInfo) -> Result<(), Error> {
    ///     hub.set_client(info.clone()).await?;
    ///     let about = Party { country_code: info.country_code.clone(), party_id: info.party_id.clone() };
    ///     hub.send("cpo", &PutClientInfo { about, info }).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_client(&self, client: ClientInfo) -> Result<(), Error> {
        self.hub_clients().set(client).await?;
        Ok(())
    }

    /// Returns all entries that a hub has reported.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn clients_of(&self, hub: &str) -> Result<Vec<ClientInfo>, Error> {
        Ok(self.hub_clients().of(&Self::named(hub)?).await?)
    }

    /// Whether a party can be reached through a hub according to the hub's latest report. `false` if the hub has not
    /// reported the party.
    ///
    /// ```
    /// use ocpi_client::{RequestOptions, Transport};
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::endpoint::Put;
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::v2_3_0::tokens::Token;
    ///
    /// async fn push<S: Store, T: Transport>(
    ///     emsp: &Platform<S, T>,
    ///     token: Token,
    ///     cpo: Party,
    /// ) -> Result<bool, Error> {
    ///     let is_reachable = emsp.is_reachable("hub", &cpo).await?;
    ///     if is_reachable {
    ///         emsp.send_with("hub", &Put::of(token), &RequestOptions::new().to(cpo)).await?;
    ///     }
    ///     Ok(is_reachable)
    /// }
    /// ```
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_reachable(&self, hub: &str, party: &Party) -> Result<bool, Error> {
        Ok(self.hub_clients().is_reachable(&Self::named(hub)?, party).await?)
    }

    /// Fetches the list of a hub, for example at startup, and stores each page; returns the number of entries. Entries
    /// older than the stored ones change nothing.
    ///
    /// # Errors
    /// When there is no registration with the hub, a request or the store fails, the quota of the hub is used up, or
    /// its list has more than 10,000 pages.
    pub async fn pull_clients(&self, hub: &str) -> Result<usize, Error> {
        let (clients, id) = (self.hub_clients(), Self::named(hub)?);
        let (mut place, mut count) = (Place::first(), 0);
        while let Some(page) = self.fetch_page::<ClientInfo>(hub, &mut place).await? {
            count += page.len();
            for client in page {
                clients.keep(&id, client).await?;
            }
        }
        Ok(count)
    }
}
