//! Whole platforms in a network.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_platform::{Error, Platform, Settings};
use ocpi_server_traits::{Memory, Router, Routes};
use ocpi_types::endpoint::{GetCopy, PostCommandResult, RootResource};
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{ReserveNow, StopSession};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{CredentialsToken, NonEmpty, Url, Version};

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
#[derive(Clone, Debug)]
pub struct PlatformSetup {
    /// Its name: it is the host `{name}.example`.
    pub name: &'static str,
    /// Its roles, as JSON.
    pub roles: String,
    /// The versions that it has.
    pub versions: Vec<Version>,
    /// The endpoints that a partner must offer.
    pub required: Vec<(ModuleId, InterfaceRole)>,
    /// Its store. A platform that is opened on the store of another takes its place.
    pub store: Arc<Memory>,
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
            store: Arc::default(),
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
        let settings = Settings {
            roles: NonEmpty::try_from(roles.clone()).expect("roles"),
            versions: self.versions.clone(),
            required: self.required,
            clock: fixed_clock(),
            secrets: counted_random(self.name),
            ..Settings::new(base, roles[0].clone())
        };
        let platform = pollster::block_on(Platform::open(settings, Arc::clone(&self.store), network.clone()));
        let platform = Arc::new(platform.expect("a platform"));
        let chargers = Arc::new(Chargers::default());
        chargers.connect(&platform);
        let router = Router::builder(platform.base().clone(), platform.clock().clone())
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
    platform
        .mount_credentials(routes)
        .cpo(objects)
        .receiver::<Location>(objects)
        .on::<GetCopy<Tariff>, _>(objects)
        .receiver::<Cdr>(objects)
        .on::<StopSession, _>(chargers)
        .on::<ReserveNow, _>(chargers)
        .on::<PostCommandResult, _>(platform)
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
        let peer = self.platform.peer(partner).map_err(|error| error.to_string())?;
        let sent = peer.fetch_all::<Tariff>(self.platform.transport());
        pollster::block_on(sent).map(drop).map_err(|error| error.to_string())
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
        let token_a = pollster::block_on(other.platform.invite(name_there))?.expect("not registered yet");
        pollster::block_on(self.platform.register(name, other.versions_url(), token_a.clone()))
            .map(|_| token_a)
    }
}

fn authorized(request: http::request::Builder, token: &CredentialsToken) -> http::request::Builder {
    request.header(http::header::AUTHORIZATION, token.to_header(true))
}
