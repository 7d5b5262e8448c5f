//! The platform itself.

use std::sync::Arc;

use ocpi_client::{Answer, Client, Error as ClientError, RequestIds, RequestOptions, Transport};
use ocpi_server_traits::{Clock, Locations, Objects, Rate, RateCounter, Router, RouterError, Routes, Store};
use ocpi_types::Role;
use ocpi_types::convert::{Found, Relation};
use ocpi_types::endpoint::{Endpoint, Owned};
use ocpi_types::observe::{Degraded, EventKind, Observer};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsInit, CredentialsRole};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CredentialsToken, Url, Version};
use ocpi_types::{InterfaceRole, ModuleId};

use crate::acquaintance::Acquaintances;
use crate::changes::Reactors;
use crate::directory::{Partners, Seals};
use crate::holding::Node;
use crate::latency::Latencies;
use crate::messages::Recorder;
use crate::party::is_distinct;
use crate::party_of;
use crate::privacy::Privacy;
use crate::push::Garage;
use crate::registration::InFlight;
use crate::results::OpenRequests;
use crate::sync::{KnownKinds, LookUps, Scans};
use crate::trust::Hasher;
use crate::turns::Turns;
use crate::{Error, Settings};

/// Most partners whose exchanges of credentials are counted.
const PACED: usize = 10_000;

/// A running platform: our parties, our partners, and a store. See the [crate](crate) for its tasks and examples.
#[derive(Debug)]
pub struct Platform<S, T> {
    pub(crate) settings: Settings,
    pub(crate) objects: Arc<Objects<S>>,
    pub(crate) partners: Partners,
    pub(crate) requests: Arc<OpenRequests<S>>,
    pub(crate) in_flight: InFlight,
    /// The partner that credentials were sent to last by a tick.
    pub(crate) exchanging: Turns,
    pub(crate) acquaintances: Acquaintances,
    /// Counts the POSTs and PUTs of credentials of each partner.
    pub(crate) pace: RateCounter<String>,
    pub(crate) transport: Arc<T>,
    pub(crate) push: Garage,
    pub(crate) node: Node,
    pub(crate) reactors: Reactors,
    pub(crate) kinds: KnownKinds<Self>,
    /// The partner whose lists were synced last.
    pub(crate) keeping: Turns,
    pub(crate) scans: Scans,
    pub(crate) look_ups: LookUps,
    pub(crate) privacy: Privacy,
    pub(crate) recorder: Recorder<S>,
    pub(crate) latencies: Latencies,
    ids: RequestIds,
    own: Vec<Party>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Opens a platform on a store. The stored partners are known at once; records in an older format are converted.
    /// Several platforms may share a store, even across processes: each sees at once what another one stores.
    ///
    /// # Errors
    /// When the store fails, the system has no random numbers, or one of the platform's own parties belongs to a partner or has
    /// a code that is empty or contains `/`, `>` or a control character.
    pub async fn open(mut settings: Settings, store: S, transport: T) -> Result<Self, Error> {
        let mut own: Vec<Party> = Vec::new();
        for party in settings.roles.iter().map(party_of) {
            // One party may have several roles.
            if !own.contains(&party) {
                own.push(party);
            }
        }
        if own.is_empty() {
            return Err(Error::NoRoles);
        }
        if !own.iter().all(is_distinct) {
            return Err(Error::PartyRefused);
        }
        let hasher = Hasher::new(settings.pepper.as_deref());
        let partners = Partners::new(hasher, Seals(settings.seal.clone()));
        let (invitation, now) = (settings.limits.invitation, settings.clock.now());
        partners.take_over(&store, &own, invitation, now).await?;
        partners.claim_own(&store, &own, now).await?;
        let ids = RequestIds::new(&settings.secrets.id()?);
        let name = settings.secrets.id()?;
        let node = Node::new(name.clone(), settings.clock.clone());
        let objects = Objects::new(store, own.clone())
            .with_quotas(settings.quotas.clone())
            .with_order(settings.order)
            .with_cdr_rules(settings.rules_of_cdrs());
        let objects = Arc::new(objects);
        let recorder = Recorder::new(Arc::clone(&objects), &settings, name);
        settings.observer = recorder.observer();
        let requests = Arc::new(OpenRequests::new(Arc::clone(&objects), &settings));
        let (in_flight, acquaintances) = (InFlight::default(), Acquaintances::new(settings.rate));
        let rate = Rate::per_minute(settings.limits.credentials_per_minute);
        let pace = RateCounter::new(rate, PACED);
        let transport = Arc::new(transport);
        let push = Garage::new(&settings.secrets.id()?);
        Ok(Self {
            settings,
            objects,
            partners,
            requests,
            in_flight,
            exchanging: Turns::default(),
            acquaintances,
            pace,
            transport,
            push,
            node,
            reactors: Reactors::default(),
            kinds: KnownKinds::default(),
            keeping: Turns::default(),
            scans: Scans::default(),
            look_ups: LookUps::default(),
            privacy: Privacy::default(),
            recorder,
            latencies: Latencies::default(),
            ids,
            own,
        })
    }

    /// Returns the base URL, which all URLs of the platform begin with.
    pub fn base(&self) -> &Url {
        &self.settings.base
    }

    /// Returns the platform's clock.
    pub fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    /// Returns the observer of requests and responses: that of the settings, and the log of messages. Pass it to a
    /// router that the application builds itself.
    pub fn observer(&self) -> &Observer {
        &self.settings.observer
    }

    /// Returns typed access to the stored objects: our own, and copies that partners pushed or that were pulled.
    pub fn objects(&self) -> &Arc<Objects<S>> {
        &self.objects
    }

    pub(crate) fn store(&self) -> &S {
        self.objects.store()
    }

    /// Returns the transport that carries requests to partners.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Returns the parties that the platform speaks for.
    pub fn parties(&self) -> &[Party] {
        &self.own
    }

    /// Is told of our requests to partners.
    pub(crate) fn observer_of_clients(&self) -> Observer {
        Observer::new((self.latencies.clone(), self.settings.observer.clone()))
    }

    /// Sends a request to a partner and reads the answer. For a partner of 2.1.1, the Location of a Session and the
    /// token of an authorization are looked up among the stored objects.
    ///
    /// If the partner does not know our token and a new one was exchanged meanwhile, the request is repeated with the
    /// new one. A repeatable request is also sent again after a temporary failure: see [`Settings::retry`]. It waits if
    /// the partner's rate is exceeded: see [`Settings::rate`].
    ///
    /// # Errors
    /// When the partner is not registered, the store fails, or as [`Client::send`].
    pub async fn send<E: Endpoint + Sync>(
        &self,
        partner: &str,
        endpoint: &E,
    ) -> Result<Answer<E::Response>, Error> {
        self.send_with(partner, endpoint, &RequestOptions::new()).await
    }

    /// [`Platform::send`], with options for this request: for a party behind a hub, for example, `RequestOptions::to`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::{RequestOptions, Transport};
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::endpoint::Put;
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::v2_3_0::tokens::Token;
    ///
    /// async fn push_through_hub<S: Store, T: Transport>(
    ///     emsp: &Platform<S, T>,
    ///     token: Token,
    ///     cpo: Party,
    /// ) -> Result<(), Error> {
    ///     let options = RequestOptions::new().to(cpo).within(Duration::from_secs(10));
    ///     emsp.send_with("hub", &Put::of(token), &options).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Platform::send`], and with a timeout when the deadline of the options has passed.
    pub async fn send_with<E: Endpoint + Sync>(
        &self,
        partner: &str,
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<Answer<E::Response>, Error> {
        let (client, used) = self.client_and_token(partner).await?;
        let found = self.found_for(partner, &client, endpoint).await?;
        let options = options.clone().or(RequestOptions::new().look_up(&found));
        Ok(self.send_by(partner, (&client, &used), endpoint, &options).await?)
    }

    /// Sends a request by a client with its token, and notes what that showed of the partner. A request whose token the
    /// partner did not know was not done: it is sent again if another token was exchanged meanwhile. What the partner said
    /// counts more than a store that fails afterwards, which is reported to the observer.
    pub(crate) async fn send_by<E: Endpoint + Sync>(
        &self,
        partner: &str,
        (client, used): (&Client<Arc<T>>, &CredentialsToken),
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<Answer<E::Response>, ClientError> {
        let started = self.clock().ticks();
        let sent = client.send_with(endpoint, options).await;
        self.keep_learned(partner, client).await;
        let is_refused = matches!(&sent, Err(error) if error.is_unauthorized());
        match self.used_token(partner, used, is_refused).await {
            Ok(Some((newer, _))) => {
                let mut rest = options.clone();
                if let Some(deadline) = options.deadline() {
                    let passed = self.clock().ticks().saturating_sub(started);
                    rest = rest.within(deadline.saturating_sub(passed));
                }
                newer.send_with(endpoint, &rest).await
            }
            Ok(None) => sent,
            Err(error) => {
                self.tell_missing(partner, "the use of a token is not noted", &error);
                sent
            }
        }
    }

    /// Tells the observer of something that a store that fails leaves undone.
    pub(crate) fn tell_missing<'a>(
        &self,
        partner: impl Into<Option<&'a str>>,
        missing: &'static str,
        error: &Error,
    ) {
        self.requests.tell(partner, EventKind::Degraded(Degraded::new(missing, error)));
    }

    /// Looks up the objects that a message to a partner of 2.1.1 embeds.
    pub(crate) async fn found_for<E: Endpoint>(
        &self,
        partner: &str,
        client: &Client<Arc<T>>,
        endpoint: &E,
    ) -> Result<Found, Error> {
        let mut found = Found::default();
        if client.version() >= Version::V2_2 {
            return Ok(found);
        }
        if let Some(at) = endpoint.embeds() {
            if let Some(location) = self.objects.location(&at).await? {
                found.add(at, location);
            }
        }
        let Some(key) = endpoint.asks_about() else { return Ok(found) };
        if let Some(owner) = self.parties_of(partner).await?.into_iter().next() {
            let at = Owned { owner, key: key.clone() };
            if let Some(token) = self.objects.get::<Token>(&at).await? {
                found.add_token(token);
            }
        }
        Ok(found)
    }

    /// Returns the module's URL in the platform's own version details, for URLs that partners are given.
    pub(crate) fn own_url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
        self.settings.layout.module_url(&self.settings.base, version, module, role)
    }

    /// Returns the parties of an exchange with somebody of whom nothing is known but that it is on the other side.
    pub(crate) fn relation_with_anyone(&self) -> Relation {
        self.relation_with(None)
    }

    /// Returns the parties of a connection. Where we are a CPO and an eMSP, the partner may be either, too.
    pub(crate) fn relation_with(&self, party: Option<Party>) -> Relation {
        let of =
            |ours: &CredentialsRole| Relation::of(ours.role.clone(), Some(party_of(ours)), party.clone());
        let mut roles = self.settings.roles.iter();
        let Some(main) = roles.next() else { return Relation::of(Role::Other, None, party) };
        let is_other = |ours: &&CredentialsRole| {
            let both = [&main.role, &ours.role];
            both.contains(&&Role::Cpo) && both.contains(&&Role::Emsp)
        };
        match roles.find(is_other) {
            Some(other) => of(main).or_exchanged(of(other)),
            None => of(main),
        }
    }

    pub(crate) fn new_ids(&self) -> RequestIds {
        self.ids.clone()
    }

    /// Our credentials, with a token for one partner.
    pub(crate) fn credentials(&self, token: CredentialsToken) -> Credentials {
        let url = self.settings.layout.versions_url(&self.settings.base);
        CredentialsInit { token, url, roles: self.settings.roles.clone() }.into()
    }
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Builds a router for the platform's partners, with the credentials module and the endpoints that `mount` adds, each in
    /// the versions that have it.
    ///
    /// # Errors
    /// When an endpoint is mounted twice, or none of the versions has it.
    pub fn router(self: &Arc<Self>, mount: impl Fn(Routes) -> Routes) -> Result<Router, RouterError> {
        Router::builder(self.settings.base.clone(), self.settings.clock.clone())
            .observe(self.settings.observer.clone())
            .with_timer(self.settings.timer.clone())
            .with_layout(self.settings.layout.clone())
            .with_limits(self.settings.request_limits)
            .with_parties(self.own.iter().cloned())
            .with_locations(Arc::clone(&self.objects))
            .versions(self.settings.versions.iter().copied(), |routes| mount(self.mount_credentials(routes)))
            .build(Arc::clone(self))
    }
}
