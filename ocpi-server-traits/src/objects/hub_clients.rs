//! Hub client info: the parties that a hub connects, for both sides.

use std::sync::Arc;

use ocpi_types::Version;
use ocpi_types::endpoint::{GetClientInfo, List, Page, PushOutcome, PutClientInfo};
use ocpi_types::protocol::{PartnerId, Party};
use ocpi_types::v2_2_1::hub_client_info::{ClientInfo, ConnectionStatus};

use super::by_partner::{OfPartner, Shelf};
use super::{Cause, Objects};
use crate::storage::Store;
use crate::{Caller, Error, Handle};

/// Term by which the entries about a party are found.
const PARTY: &str = "party";

/// The parties that hubs connect: those that this platform, as a hub, reports, and those that other hubs reported to
/// it.
///
/// An entry is about one role of a party. An entry older than the stored one changes nothing, and entries are never
/// deleted: a party that left is `SUSPENDED`. Only partners that are hubs may push: see
/// [`Permissions`](crate::Permissions). A hub sees only its own entries.
///
/// ```
/// use std::sync::Arc;
/// use ocpi_server_traits::{HubClients, Memory, Objects, Routes};
/// use ocpi_types::json;
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_2_1::hub_client_info::ClientInfo;
///
/// // Both interfaces: of a hub, and of a party that is connected to one.
/// fn mount(clients: &Arc<HubClients<Memory>>, routes: Routes) -> Routes {
///     routes.sender::<ClientInfo>(clients).receiver::<ClientInfo>(clients)
/// }
///
/// # pollster::block_on(async {
/// let clients = HubClients::new(Arc::new(Objects::new(Memory::new(), vec![])));
/// let hub = "hub".parse()?;
/// clients
///     .keep(
///         &hub,
///         json::from_str(
///             r#"{"party_id": "ALF", "country_code": "NL", "role": "CPO", "status": "CONNECTED",
///                 "last_updated": "2026-11-22T10:00:00Z"}"#,
///         )?,
///     )
///     .await?;
/// assert!(clients.is_reachable(&hub, &Party::new("nl", "alf")?).await?);
/// assert!(!clients.is_reachable(&hub, &Party::new("NL", "BET")?).await?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct HubClients<S> {
    objects: Arc<Objects<S>>,
}

impl<S> Clone for HubClients<S> {
    fn clone(&self) -> Self {
        Self { objects: Arc::clone(&self.objects) }
    }
}

impl<S: Store> HubClients<S> {
    /// Creates the entries in the store of `objects`, with its quotas and page size.
    pub fn new(objects: Arc<Objects<S>>) -> Self {
        Self { objects }
    }

    /// Sets an entry that this platform, as a hub, reports to its partners.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn set(&self, client: ClientInfo) -> Result<PushOutcome, Error> {
        self.objects.put_on(&Shelf::ours_for_all::<ClientInfo>(), client, Cause::Here).await
    }

    /// Returns all entries that this platform, as a hub, reports to its partners.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn own(&self) -> Result<Vec<ClientInfo>, Error> {
        self.objects.all_on(&Shelf::ours_for_all::<ClientInfo>(), None).await
    }

    /// Stores an entry of a hub's list that was fetched.
    ///
    /// # Errors
    /// When the storage fails, or the quota of the hub is used up.
    pub async fn keep(&self, hub: &PartnerId, client: ClientInfo) -> Result<PushOutcome, Error> {
        self.objects.put_on(&Shelf::copies_of::<ClientInfo>(hub), client, Cause::Sync(hub.clone())).await
    }

    /// Returns all entries that a hub has reported.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn of(&self, hub: &PartnerId) -> Result<Vec<ClientInfo>, Error> {
        self.objects.all_on(&Shelf::copies_of::<ClientInfo>(hub), None).await
    }

    /// Whether a party can be reached through a hub according to the hub's latest report: one of its roles is
    /// `CONNECTED`. `false` if the hub has not reported the party.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn is_reachable(&self, hub: &PartnerId, party: &Party) -> Result<bool, Error> {
        let about = self.about(hub, party).await?;
        Ok(about.iter().any(|client| client.status == ConnectionStatus::Connected))
    }

    /// Returns the entries of a hub about a party, one for each of its roles.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn about(&self, hub: &PartnerId, party: &Party) -> Result<Vec<ClientInfo>, Error> {
        let term = Some((PARTY, party.canonical()));
        self.objects.all_on(&Shelf::copies_of::<ClientInfo>(hub), term).await
    }
}

impl OfPartner for ClientInfo {
    const OURS: &'static str = "ClientInfo";
    const THEIRS: &'static str = "ClientInfoCopy";
    const VERSION: Version = Version::V2_2_1;

    fn canonical(&self) -> String {
        format!("{}/{}", party_of(self).canonical(), self.role.as_str().to_ascii_uppercase())
    }

    fn last_updated(&self) -> ocpi_types::DateTime {
        self.last_updated
    }

    fn terms(&self) -> Vec<(&'static str, String)> {
        vec![(PARTY, party_of(self).canonical())]
    }
}

fn party_of(client: &ClientInfo) -> Party {
    Party { country_code: client.country_code.clone(), party_id: client.party_id.clone() }
}

impl<S: Store> Handle<List<ClientInfo>> for HubClients<S> {
    async fn handle(&self, caller: &Caller, list: List<ClientInfo>) -> Result<Page<ClientInfo>, Error> {
        self.objects.page_on(caller, &list, &Shelf::ours_for_all::<ClientInfo>()).await
    }
}

/// Of a party with several roles, the entry that changed last.
impl<S: Store> Handle<GetClientInfo> for HubClients<S> {
    async fn handle(&self, caller: &Caller, get: GetClientInfo) -> Result<ClientInfo, Error> {
        let about = self.about(&caller.partner.id, &get.about).await?;
        let newest = about.into_iter().max_by_key(|client| client.last_updated);
        newest.ok_or_else(|| Error::not_found("the hub has told nothing about this party"))
    }
}

impl<S: Store> Handle<PutClientInfo> for HubClients<S> {
    async fn handle(&self, caller: &Caller, put: PutClientInfo) -> Result<PushOutcome, Error> {
        let (client, shelf) = (put.info, Shelf::copies_of::<ClientInfo>(&caller.partner.id));
        let (key, age) = (client.canonical(), self.objects.age_at(caller.now));
        self.objects.push_on(caller, &shelf, key, move |there| Ok(age.newest(there, &client))).await
    }
}
