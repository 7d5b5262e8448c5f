//! Whole platforms in a network.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_client::Retry;
use ocpi_platform::{
    Allow, Error, Hooks, Limits, MessageLog, PartnerStatus, Permissions, Platform, PushSettings,
    ResultLimits, Seal, Settings, Spawn,
};
use ocpi_server_traits::order::OrderSettings;
use ocpi_server_traits::{Clock, Memory, Quotas, Router, Routes, Timer};
use ocpi_types::endpoint::{
    ClearChargingProfile, GetActiveChargingProfile, GetCopy, List, PutChargingProfile, RootResource,
};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{CredentialsToken, NonEmpty, Rate, Url, Version};

use crate::network::NetworkedPlatform;
use crate::{Chargers, Network, counted_random, fixed_clock, parse, parse_list, roles_json};

/// Opens a CPO (`NL/ALF` and `NL/BET`) and an eMSP (`DE/EMP`) that are registered with each other, at `cpo.example` and
/// `emsp.example`.
pub fn registered() -> (Network, TestPlatform, TestPlatform) {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    network.take_requests();
    (network, cpo, emsp)
}

/// Settings of a platform at its start.
#[derive(Clone)]
pub struct PlatformSetup {
    /// Its name: it is the host `{name}.example`.
    pub name: &'static str,
    /// Its roles, as JSON.
    pub roles: String,
    /// The versions that it has.
    pub versions: Vec<Version>,
    /// The endpoints that a partner must offer.
    pub required: Vec<(ModuleId, InterfaceRole)>,
    /// Modules that partners may use, or may not. As a default, everybody may list the Tariffs (see
    /// [`TestPlatform::reach`]) and set charging profiles.
    pub permissions: Permissions,
    /// Hooks that decide on registrations.
    pub hooks: Option<Arc<dyn Hooks>>,
    /// Limits of registrations.
    pub limits: Limits,
    /// Limits of requests whose result comes later.
    pub results: ResultLimits,
    /// Is told of all that happens.
    pub observer: Observer,
    /// Messages that it logs. As a default there are none.
    pub messages: MessageLog,
    /// Its clock.
    pub clock: Clock,
    /// Its timer, for results that are awaited, repeats and deadlines of its requests.
    pub timer: Timer,
    /// Starts its work in the background.
    pub spawn: Spawn,
    /// Its rule for repeats of requests. As a default there are none: a request that is sent is one that the test caused.
    pub retry: Retry,
    /// Most requests that it sends to a partner in a time. As a default there is no bound, for the clock stands.
    pub rate: Option<Rate>,
    /// The manner in which it tells partners of what it publishes.
    pub push: PushSettings,
    /// Most objects and bytes that it keeps for each partner.
    pub quotas: Quotas,
    /// Times by which it orders updates of partners.
    pub order: OrderSettings,
    /// Its store. A platform that is opened on the store of another takes its place.
    pub store: Arc<Memory>,
    /// Seals secrets before they are stored; as a default, nothing is sealed.
    pub seal: Option<Arc<dyn Seal>>,
}

impl PlatformSetup {
    /// A CPO that speaks for `NL/ALF` and `NL/BET`.
    pub fn cpo() -> Self {
        Self::new("cpo", &[("CPO", "NL", "ALF"), ("CPO", "NL", "BET")])
    }

    /// An eMSP that speaks for `DE/EMP`.
    pub fn emsp() -> Self {
        Self::new("emsp", &[("EMSP", "DE", "EMP")])
    }

    /// A platform of 2.3.0 with these roles, each a role, a country and a party.
    pub fn new(name: &'static str, roles: &[(&str, &str, &str)]) -> Self {
        Self {
            name,
            roles: roles_json(roles),
            versions: vec![Version::V2_3_0],
            required: Vec::new(),
            permissions: Permissions::default()
                .allow(ModuleId::Tariffs, InterfaceRole::Sender)
                .allow(ModuleId::ChargingProfiles, InterfaceRole::Receiver),
            hooks: None,
            limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
            results: ResultLimits::default(),
            observer: Observer::default(),
            messages: MessageLog::off(),
            clock: fixed_clock(),
            timer: Timer::system(),
            spawn: Spawn::system(),
            retry: Retry::NEVER,
            rate: None,
            push: PushSettings::default(),
            quotas: Quotas::default(),
            order: OrderSettings::default(),
            store: Arc::default(),
            seal: None,
        }
    }

    /// With an endpoint that a partner must offer.
    #[must_use]
    pub fn requiring(self, module: ModuleId, role: InterfaceRole) -> Self {
        Self { required: vec![(module, role)], ..self }
    }

    /// Opens the platform, and adds it to the network.
    pub fn open(self, network: &Network) -> TestPlatform {
        let roles: Vec<CredentialsRole> = parse_list(&self.roles);
        let base = format!("https://{}.example/ocpi", self.name).parse().expect("a URL");
        let defaults = Settings::new(base, roles[0].clone());
        let roles = NonEmpty::try_from(roles).expect("roles");
        let settings = Settings {
            hooks: self.hooks.unwrap_or_else(|| Arc::clone(&defaults.hooks)),
            roles,
            versions: self.versions.clone(),
            required: self.required,
            permissions: self.permissions,
            limits: self.limits,
            results: self.results,
            observer: self.observer,
            messages: self.messages,
            clock: self.clock,
            timer: self.timer,
            spawn: self.spawn,
            retry: self.retry,
            rate: self.rate,
            push: self.push,
            quotas: self.quotas,
            order: self.order,
            seal: self.seal,
            secrets: counted_random(self.name),
            ..defaults
        };
        let platform = pollster::block_on(Platform::open(settings, Arc::clone(&self.store), network.clone()));
        let platform = Arc::new(platform.expect("a platform"));
        let chargers = Arc::new(Chargers::default());
        chargers.connect(&platform);
        let router = Router::builder(platform.base().clone(), platform.clock().clone())
            .observe(platform.observer().clone())
            .with_parties(platform.parties().iter().cloned())
            .versions(self.versions.iter().copied(), |routes| mount(&platform, &chargers, routes))
            .build(Arc::clone(&platform))
            .expect("a router");
        network.add_router(&format!("{}.example", self.name), router.clone());
        TestPlatform { platform, router, chargers, store: self.store }
    }
}

/// A running platform.
#[derive(Debug)]
pub struct TestPlatform {
    /// The platform.
    pub platform: Arc<NetworkedPlatform>,
    /// Its router.
    pub router: Router,
    /// Chargers that take its commands.
    pub chargers: Arc<Chargers>,
    /// Its store.
    pub store: Arc<Memory>,
}

fn mount(platform: &Arc<NetworkedPlatform>, chargers: &Arc<Chargers>, routes: Routes) -> Routes {
    let objects = platform.objects();
    let routes = platform.mount_results(platform.mount_credentials(routes));
    let routes = if routes.version() < Version::V2_2 { routes } else { mount_profiles(chargers, routes) };
    routes
        .cpo(objects)
        .receiver::<Location>(objects)
        .on::<GetCopy<Tariff>, _>(objects)
        .receiver::<Cdr>(objects)
        .commands(chargers)
}

fn mount_profiles(chargers: &Arc<Chargers>, routes: Routes) -> Routes {
    routes
        .on::<GetActiveChargingProfile, _>(chargers)
        .on::<PutChargingProfile, _>(chargers)
        .on::<ClearChargingProfile, _>(chargers)
}

impl TestPlatform {
    /// Returns the URL of its list of versions.
    pub fn versions_url(&self) -> Url {
        self.router.versions_url()
    }

    /// Sends a request to the platform; returns the status of HTTP and that of OCPI.
    pub fn ask(&self, request: http::Request<Bytes>) -> (u16, u16) {
        let answer = pollster::block_on(self.router.call(request));
        let envelope = Envelope::read(answer.body()).expect("an envelope");
        (answer.status().as_u16(), envelope.head.status_code.expect("a status").get())
    }

    /// Asks for the versions with this token; returns the status of HTTP.
    pub fn status_for(&self, token: &CredentialsToken) -> u16 {
        let request = http::Request::get(self.versions_url().as_str());
        self.ask(authorized(request, token).body(Bytes::new()).expect("a request")).0
    }

    /// Sends credentials by hand; returns the status of HTTP and that of OCPI.
    pub fn send_credentials(
        &self,
        method: Method,
        token: &CredentialsToken,
        credentials: &str,
    ) -> (u16, u16) {
        let url = format!("{}/2.3.0/credentials", self.platform.base());
        let request = http::Request::builder().method(method).uri(url);
        self.ask(authorized(request, token).body(credentials.to_owned().into()).expect("a request"))
    }

    /// Stores an object.
    pub fn put<T: RootResource>(&self, json: &str) {
        pollster::block_on(self.platform.objects().put_all([parse::<T>(json)])).expect("a store");
    }

    /// Returns all objects of a type.
    pub fn all<T: RootResource>(&self) -> Vec<T> {
        let all = pollster::block_on(self.platform.objects().all()).expect("a store");
        assert!(all.broken.is_empty(), "{:?}", all.broken);
        all.objects
    }

    /// Fetches the Tariffs of a partner.
    ///
    /// # Errors
    /// When there is no registration with it, or a request fails.
    pub fn reach(&self, partner: &str) -> Result<(), String> {
        let list = List::<Tariff>::all();
        let sent = pollster::block_on(self.platform.send(partner, &list));
        sent.map(drop).map_err(|error| error.to_string())
    }

    /// Registers with another platform: `name` is its name here, `name_there` that of this platform there. Returns
    /// token A.
    ///
    /// # Errors
    /// As `Platform::invite` and `Platform::register`.
    pub fn register_with(
        &self,
        other: &Self,
        name: &str,
        name_there: &str,
    ) -> Result<CredentialsToken, Error> {
        let token_a = other.invite(name_there, self)?;
        let registered = self.platform.register(name, other.versions_url(), token_a.clone(), other.allow());
        pollster::block_on(registered).map(|_| token_a)
    }

    /// Names its own parties and host, for platforms that let it register.
    pub fn allow(&self) -> Allow {
        let host = self.platform.base().parse().expect("a URL");
        let allow = Allow::default().host(host.host_str().expect("a host"));
        self.platform.parties().iter().cloned().fold(allow, Allow::party)
    }

    /// Invites another platform, whose parties and host are named; returns token A.
    ///
    /// # Errors
    /// As `Platform::invite`.
    pub fn invite(&self, name: &str, other: &Self) -> Result<CredentialsToken, Error> {
        pollster::block_on(self.platform.invite(name, other.allow()))
    }

    /// Returns what it knows of a partner.
    pub fn partner(&self, name: &str) -> PartnerStatus {
        pollster::block_on(self.platform.partner(name)).expect("a store").expect("a partner")
    }

    /// Sends credentials by hand; returns the statuses of HTTP and OCPI, and the token in the answer.
    pub fn exchange_credentials(
        &self,
        method: Method,
        token: &CredentialsToken,
        credentials: &str,
    ) -> (u16, u16, Option<CredentialsToken>) {
        let url = format!("{}/2.3.0/credentials", self.platform.base());
        let request = http::Request::builder().method(method).uri(url);
        let request = authorized(request, token).body(credentials.to_owned().into()).expect("a request");
        let answer = pollster::block_on(self.router.call(request));
        let envelope = Envelope::read(answer.body()).expect("an envelope");
        let data = envelope.data.and_then(|data| ocpi_types::json::from_str::<Credentials>(data).ok());
        let code = envelope.head.status_code.expect("a status").get();
        (answer.status().as_u16(), code, data.map(|data| data.token))
    }
}

fn authorized(request: http::request::Builder, token: &CredentialsToken) -> http::request::Builder {
    request.header(http::header::AUTHORIZATION, token.to_header(true))
}
