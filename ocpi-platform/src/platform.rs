//! The platform itself.

use std::sync::Arc;

use ocpi_client::{Answer, Peer, RequestIds, Transport};
use ocpi_server_traits::storage::StoreErrorKind;
use ocpi_server_traits::{
    Broken, Clock, Locations, Objects, PartnerDirectory, Router, Routes, Store, StoreError,
};
use ocpi_types::Role;
use ocpi_types::convert::{Found, Relation};
use ocpi_types::endpoint::{Endpoint, Owned};
use ocpi_types::protocol::{PartnerProfile, Party};
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsInit};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CredentialsToken, Url, Version};
use ocpi_types::{InterfaceRole, ModuleId};

use crate::commands::Commands;
use crate::partner::party_of;
use crate::partners::Partners;
use crate::quirks::Quirks;
use crate::registration::InFlight;
use crate::{Error, Partner, Settings};

/// A running platform.
#[derive(Debug)]
pub struct Platform<S, T> {
    pub(crate) settings: Settings,
    pub(crate) objects: Arc<Objects<S>>,
    pub(crate) partners: Partners,
    pub(crate) commands: Commands,
    pub(crate) in_flight: InFlight,
    pub(crate) transport: T,
    ids: RequestIds,
    own: Vec<Party>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// A platform on a store; the partners in it are known from the start.
    ///
    /// # Errors
    /// When the store fails, or the system gives no random numbers.
    pub async fn open(settings: Settings, store: S, transport: T) -> Result<Self, Error> {
        let partners = Partners::load(&store).await?;
        let own: Vec<Party> = settings.roles.iter().map(party_of).collect();
        if own.is_empty() {
            return Err(Error::NoRoles);
        }
        let ids = RequestIds::new(&settings.secrets.id()?);
        let objects = Arc::new(Objects::new(store, own.clone()));
        let (commands, in_flight) = (Commands::default(), InFlight::default());
        Ok(Self { settings, objects, partners, commands, in_flight, transport, ids, own })
    }

    /// The URL that all URLs of the platform begin with.
    pub fn base(&self) -> &Url {
        &self.settings.base
    }

    /// Where the platform's time comes from.
    pub fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    /// The objects that are kept: its own, and those that partners pushed or that were pulled.
    pub fn objects(&self) -> &Arc<Objects<S>> {
        &self.objects
    }

    /// Returns the transport that carries requests to partners.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// The parties that it speaks for.
    pub fn parties(&self) -> &[Party] {
        &self.own
    }

    /// Everybody it knows.
    pub fn partners(&self) -> Vec<Partner> {
        self.partners.all()
    }

    /// The documents of partners that could not be read when the platform was opened. These partners are not
    /// known, and nothing is written over them.
    pub fn broken_partners(&self) -> &[Broken] {
        self.partners.broken()
    }

    /// A partner to send requests to.
    ///
    /// # Errors
    /// When there is no registration with it.
    pub fn peer(&self, id: &str) -> Result<Peer, Error> {
        let partner = self.partners.get(id);
        let peer = partner.and_then(|partner| partner.peer(self.ids.clone(), &self.settings.roles));
        peer.ok_or_else(|| Error::NoPartner(id.to_owned()))
    }

    /// Sends a request to a partner and reads the answer. For a partner of 2.1.1, the Location of a Session and the token
    /// that is asked about are looked up among the objects that are kept.
    ///
    /// # Errors
    /// When there is no registration with it, or as [`Peer::send`].
    pub async fn send<E: Endpoint + Sync>(
        &self,
        partner: &str,
        endpoint: &E,
    ) -> Result<Answer<E::Response>, Error> {
        let peer = self.peer(partner)?;
        let mut found = Found::default();
        if peer.version() < Version::V2_2_1 {
            self.look_up(partner, endpoint, &mut found).await;
        }
        Ok(peer.send_with(&self.transport, endpoint, &found).await?)
    }

    async fn look_up<E: Endpoint>(&self, partner: &str, endpoint: &E, found: &mut Found) {
        if let Some(at) = endpoint.embeds() {
            if let Ok(Some(location)) = self.objects.location(&at).await {
                found.add(at, location);
            }
        }
        let partner = self.partners.get(partner).map(|partner| partner.parties()).unwrap_or_default();
        if let (Some(key), Some(owner)) = (endpoint.asks_about(), partner.into_iter().next()) {
            let at = Owned { owner, key: key.clone() };
            if let Ok(Some(token)) = self.objects.get::<Token>(&at).await {
                found.add_token(token);
            }
        }
    }

    /// Sets the deviations of a partner: in messages to it from now on, and in the reading of its objects.
    ///
    /// # Errors
    /// When there is no registration with it, or the store fails.
    pub async fn set_profile(&self, id: &str, profile: &PartnerProfile) -> Result<(), Error> {
        let known = self.partners.get(id).filter(|partner| partner.profile().is_some());
        let partner = known.ok_or_else(|| Error::NoPartner(id.to_owned()))?;
        let changed =
            Partner { base64: Some(profile.base64), quirks: Quirks::of(profile), ..partner.clone() };
        self.save(Some(&partner), changed).await.map(drop)
    }

    /// Returns the module's URL in the platform's own version details, for URLs that partners are given.
    pub(crate) fn own_url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
        Router::module_url(&self.settings.base, version, module, role)
    }

    /// Returns the parties of an exchange with somebody of whom nothing is known but that it is on the other side.
    pub(crate) fn relation_with_anyone(&self) -> Relation {
        let main = self.settings.roles.first();
        Relation::of(main.map_or(Role::Other, |role| role.role.clone()), main.map(party_of), None)
    }

    pub(crate) fn new_ids(&self) -> RequestIds {
        self.ids.clone()
    }

    /// Our credentials, with a token for one partner.
    pub(crate) fn credentials(&self, token: CredentialsToken) -> Credentials {
        let url = self.settings.base.join(["versions"]);
        CredentialsInit { token, url, roles: self.settings.roles.clone() }.into()
    }

    pub(crate) async fn save(&self, from: Option<&Partner>, mut to: Partner) -> Result<Partner, Error> {
        to.last_updated = self.settings.clock.now();
        self.partners.replace(self.objects.store(), from, to.clone()).await?;
        Ok(to)
    }
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// A router that knows the platform's partners, with the credentials module and what `mount` adds.
    pub fn router(self: &Arc<Self>, mount: impl Fn(Routes) -> Routes) -> Router {
        let mut builder = Router::builder(self.settings.base.clone(), self.settings.clock.clone());
        for version in &self.settings.versions {
            builder = builder.version(*version, |routes| mount(self.mount_credentials(routes)));
        }
        builder.with_locations(Arc::clone(&self.objects)).build(Arc::clone(self))
    }
}

impl<S: Store, T: Transport + 'static> PartnerDirectory for Platform<S, T> {
    async fn find(
        &self,
        tokens: &[CredentialsToken],
    ) -> Result<Option<ocpi_server_traits::Partner>, StoreError> {
        let Some((partner, used)) = self.partners.find(tokens) else { return Ok(None) };
        self.forget_token_before(&partner, used).await;
        let caller = partner.caller(used, &self.settings.roles);
        caller.map(Some).map_err(|error| {
            StoreError::new(StoreErrorKind::Corrupt, "the record of a partner has no usable id")
                .with_source(error)
        })
    }
}
