//! Platforms, and the net between them: hosts by name, in which a message can be lost.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::Method;
use ocpi_client::{Transport, TransportError};
use ocpi_platform::{Error, Platform, SecureRandom, Settings};
use ocpi_server_traits::{Caller, Clock, Error as Refusal, Handle, Memory, Router, Routes};
use ocpi_types::endpoint::{GetCdr, GetCopy, PostCdr, PostCommandResult, RootResource};
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CommandResponse, CommandResponseInit, CommandResponseType, CommandResultInit, CommandResultType,
    ReserveNow, StopSession,
};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, NonEmpty, Object, Url, Version, json};

pub(crate) type Roaming = Platform<Arc<Memory>, Net>;

/// Fate of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    /// It does not arrive.
    Lost,
    /// It arrives, but its answer does not.
    AnswerLost,
}

type Host = Arc<dyn Fn(http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync>;
type Watch = Box<dyn FnMut(&http::Request<Bytes>) -> Option<Fate> + Send>;

/// Hosts by name. Whoever is asked for while no host has the name does not answer.
#[derive(Clone, Default)]
pub(crate) struct Net(Arc<Inside>);

#[derive(Default)]
struct Inside {
    hosts: Mutex<BTreeMap<String, Host>>,
    watch: Mutex<Option<Watch>>,
    asked: Mutex<Vec<String>>,
}

impl Net {
    pub(crate) fn host(
        &self,
        name: &str,
        host: impl Fn(http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync + 'static,
    ) {
        lock(&self.0.hosts).insert(name.to_owned(), Arc::new(host));
    }

    pub(crate) fn router(&self, name: &str, router: Router) {
        self.host(name, move |request| pollster::block_on(router.call(request)));
    }

    pub(crate) fn unplug(&self, name: &str) {
        lock(&self.0.hosts).remove(name);
    }

    /// Decides the fate of requests from now on.
    pub(crate) fn watch(&self, watch: impl FnMut(&http::Request<Bytes>) -> Option<Fate> + Send + 'static) {
        *lock(&self.0.watch) = Some(Box::new(watch));
    }

    /// Lets the next request of this method meet its fate.
    pub(crate) fn once(&self, method: Method, fate: Fate) {
        let mut done = false;
        self.watch(move |request| {
            let meets = !done && request.method() == method;
            done |= meets;
            meets.then_some(fate)
        });
    }

    pub(crate) fn calm(&self) {
        *lock(&self.0.watch) = None;
    }

    /// Returns the requests since the last time, as method and URL.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.0.asked))
    }
}

impl Transport for Net {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let url = request.uri().clone();
        lock(&self.0.asked).push(format!("{} {}", request.method(), url));
        // A watch may send requests itself, so it is not held meanwhile.
        let watch = lock(&self.0.watch).take();
        let fate = watch.and_then(|mut watch| {
            let fate = watch(&request);
            lock(&self.0.watch).get_or_insert(watch);
            fate
        });
        if fate == Some(Fate::Lost) {
            return Err(TransportError::new("the request was lost"));
        }
        let host = lock(&self.0.hosts).get(url.host().unwrap_or_default()).cloned();
        let answer = host.ok_or_else(|| TransportError::new("nobody is there"))?(request);
        if fate == Some(Fate::AnswerLost) {
            return Err(TransportError::new("the answer was lost"));
        }
        Ok(answer)
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panicked")
}

/// Settings of a platform at its start.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) roles: String,
    pub(crate) versions: Vec<Version>,
    pub(crate) required: Vec<(ModuleId, InterfaceRole)>,
    pub(crate) store: Arc<Memory>,
}

impl Plan {
    pub(crate) fn cpo() -> Self {
        Self::new("cpo", &[("CPO", "NL", "ALF"), ("CPO", "NL", "BET")])
    }

    pub(crate) fn emsp() -> Self {
        Self::new("emsp", &[("EMSP", "DE", "EMP")])
    }

    pub(crate) fn new(name: &'static str, roles: &[(&str, &str, &str)]) -> Self {
        Self {
            name,
            roles: roles_json(roles),
            versions: vec![Version::V2_3_0],
            required: Vec::new(),
            store: Arc::default(),
        }
    }

    pub(crate) fn requiring(self, module: ModuleId, role: InterfaceRole) -> Self {
        Self { required: vec![(module, role)], ..self }
    }

    /// Opens the platform, and gives it its name in the net.
    pub(crate) fn open(self, net: &Net) -> Side {
        let now = "2026-11-22T12:00:00Z".parse().expect("a time");
        let roles: Vec<CredentialsRole> = list(&self.roles);
        let base = format!("https://{}.example/ocpi", self.name).parse().expect("a URL");
        let settings = Settings {
            roles: NonEmpty::try_from(roles.clone()).expect("roles"),
            versions: self.versions.clone(),
            required: self.required,
            clock: Clock::new(move || now),
            secrets: counting_secrets(self.name),
            ..Settings::new(base, roles[0].clone())
        };
        let platform = pollster::block_on(Platform::open(settings, Arc::clone(&self.store), net.clone()));
        let platform = Arc::new(platform.expect("a platform"));
        let chargers = Arc::new(Chargers::default());
        *lock(&chargers.platform) = Some(Arc::clone(&platform));
        let mut builder = Router::builder(platform.base().clone(), platform.clock().clone());
        for version in &self.versions {
            builder = builder.version(*version, |routes| mount(&platform, &chargers, routes));
        }
        let router = builder.build(Arc::clone(&platform));
        net.router(&format!("{}.example", self.name), router.clone());
        Side { platform, router, chargers, store: self.store }
    }
}

/// A running platform.
pub(crate) struct Side {
    pub(crate) platform: Arc<Roaming>,
    pub(crate) router: Router,
    pub(crate) chargers: Arc<Chargers>,
    pub(crate) store: Arc<Memory>,
}

fn mount(platform: &Arc<Roaming>, chargers: &Arc<Chargers>, routes: Routes) -> Routes {
    let objects = platform.objects();
    platform
        .mount_credentials(routes)
        .send::<Location, _>(objects)
        .send::<Tariff, _>(objects)
        .receive::<Location, _>(objects)
        .on::<GetCopy<Tariff>, _>(objects)
        .receive::<Token, _>(objects)
        .on::<PostCdr<Cdr>, _>(objects)
        .on::<GetCdr<Cdr>, _>(objects)
        .on::<StopSession, _>(chargers)
        .on::<ReserveNow, _>(chargers)
        .on::<PostCommandResult, _>(platform)
}

/// Makes secrets that are random elsewhere: here they are counted, so that each run is the same, and no two are alike.
fn counting_secrets(name: &'static str) -> SecureRandom {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let salt: u64 = name.bytes().map(u64::from).sum();
    SecureRandom::new(move |bytes| {
        let number = COUNT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt;
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = number.to_be_bytes()[place % 8].rotate_left(u32::try_from(place / 8).unwrap_or(0));
        }
        Ok(())
    })
}

impl Side {
    pub(crate) fn versions_url(&self) -> Url {
        self.router.versions_url()
    }

    /// Sends a request to the platform; returns the status of HTTP and that of OCPI.
    pub(crate) fn ask(&self, request: http::Request<Bytes>) -> (u16, u16) {
        let answer = pollster::block_on(self.router.call(request));
        let envelope = Envelope::read(answer.body()).expect("an envelope");
        (answer.status().as_u16(), envelope.head.status_code.expect("a status").get())
    }

    /// Asks for the versions with this token; returns the status of HTTP.
    pub(crate) fn greets(&self, token: &CredentialsToken) -> u16 {
        let request = http::Request::get(self.versions_url().as_str());
        self.ask(authorized(request, token).body(Bytes::new()).expect("a request")).0
    }

    /// Sends credentials by hand; returns the status of HTTP and that of OCPI.
    pub(crate) fn takes(&self, method: Method, token: &CredentialsToken, credentials: &str) -> (u16, u16) {
        let url = format!("{}/2.3.0/credentials", self.platform.base());
        let request = http::Request::builder().method(method).uri(url);
        self.ask(authorized(request, token).body(credentials.to_owned().into()).expect("a request"))
    }

    /// Keeps an object.
    pub(crate) fn keeps<T: RootResource>(&self, json: &str) {
        pollster::block_on(self.platform.objects().put_all([parse::<T>(json)])).expect("a store");
    }

    pub(crate) fn all<T: RootResource>(&self) -> Vec<T> {
        let all = pollster::block_on(self.platform.objects().all()).expect("a store");
        assert!(all.broken.is_empty(), "{:?}", all.broken);
        all.objects
    }

    /// Checks that requests to a partner are answered.
    pub(crate) fn reaches(&self, partner: &str) -> Result<(), String> {
        let peer = self.platform.peer(partner).map_err(|error| error.to_string())?;
        let sent = peer.fetch_all::<Tariff>(self.platform.transport());
        pollster::block_on(sent).map(drop).map_err(|error| error.to_string())
    }

    pub(crate) fn registers(
        &self,
        with: &Self,
        as_: &str,
        at_theirs: &str,
    ) -> Result<CredentialsToken, Error> {
        let token_a = pollster::block_on(with.platform.invite(at_theirs))?.expect("not registered yet");
        pollster::block_on(self.platform.register(as_, with.versions_url(), token_a.clone())).map(|_| token_a)
    }
}

fn authorized(request: http::request::Builder, token: &CredentialsToken) -> http::request::Builder {
    request.header(http::header::AUTHORIZATION, token.to_header(true))
}

/// A CPO and an eMSP that are registered with each other.
pub(crate) fn registered() -> (Net, Side, Side) {
    let net = Net::default();
    let (cpo, emsp) = (Plan::cpo().open(&net), Plan::emsp().open(&net));
    emsp.registers(&cpo, "cpo", "emsp").expect("registered");
    net.asked();
    (net, cpo, emsp)
}

/// Behaviour of the chargers at a command.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    Accept,
    Reject,
    /// The result is sent before the answer.
    ResultFirst,
    Fail,
}

/// The CPO's chargers: they keep where results are due.
#[derive(Default)]
pub(crate) struct Chargers {
    platform: Mutex<Option<Arc<Roaming>>>,
    plan: Mutex<VecDeque<Does>>,
    urls: Mutex<Vec<Url>>,
}

impl Chargers {
    pub(crate) fn plan(&self, does: impl IntoIterator<Item = Does>) {
        lock(&self.plan).extend(does);
    }

    /// Where the result of the last command is due.
    pub(crate) fn response_url(&self) -> Url {
        lock(&self.urls).last().cloned().expect("a command")
    }

    async fn answer(&self, caller: &Caller, url: Url) -> Result<CommandResponse, Refusal> {
        lock(&self.urls).push(url.clone());
        let does = lock(&self.plan).pop_front().unwrap_or(Does::Accept);
        let platform = lock(&self.platform).clone().expect("a platform");
        let result = match does {
            Does::Fail => return Err(Refusal::internal("a charger burns")),
            Does::Reject => CommandResponseType::Rejected,
            Does::Accept => CommandResponseType::Accepted,
            Does::ResultFirst => {
                let peer = platform.peer(&caller.connection.id).expect("a partner");
                let sent =
                    peer.send(platform.transport(), &result_to(url, CommandResultType::Accepted)).await;
                sent.expect("it is waited for");
                CommandResponseType::Accepted
            }
        };
        Ok(CommandResponseInit { result, timeout: 30 }.into())
    }
}

pub(crate) fn result_to(url: Url, result: CommandResultType) -> PostCommandResult {
    PostCommandResult { url, result: CommandResultInit { result }.into() }
}

impl Handle<StopSession> for Chargers {
    async fn handle(&self, caller: &Caller, stop: StopSession) -> Result<CommandResponse, Refusal> {
        self.answer(caller, stop.response_url).await
    }
}

impl Handle<ReserveNow> for Chargers {
    async fn handle(&self, caller: &Caller, reserve: ReserveNow) -> Result<CommandResponse, Refusal> {
        self.answer(caller, reserve.response_url).await
    }
}

pub(crate) fn parse<T: Object>(text: &str) -> T {
    json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn list<T: Object>(text: &str) -> Vec<T> {
    json::read_list(text.as_bytes()).expect("a list").items
}

pub(crate) fn roles_json(roles: &[(&str, &str, &str)]) -> String {
    let role = |(role, country, party): &(&str, &str, &str)| {
        format!(
            r#"{{"role": "{role}", "business_details": {{"name": "{party}"}}, "country_code": "{country}",
            "party_id": "{party}"}}"#
        )
    };
    format!("[{}]", roles.iter().map(role).collect::<Vec<_>>().join(","))
}

/// Credentials as a partner at this host sends them.
pub(crate) fn credentials_json(token: &str, host: &str, roles: &[(&str, &str, &str)]) -> String {
    let roles = roles_json(roles);
    format!(r#"{{"token": "{token}", "url": "https://{host}/ocpi/versions", "roles": {roles}}}"#)
}

pub(crate) fn tariff_json(of: &str, id: &str) -> String {
    let (country, party) = of.split_once('/').expect("a party");
    format!(
        r#"{{"country_code": "{country}", "party_id": "{party}", "id": "{id}", "currency": "EUR",
        "tax_included": "NO", "elements": [{{"price_components": [{{"type": "ENERGY", "price": 0.45,
        "step_size": 1}}]}}], "last_updated": "2026-11-22T10:00:00Z"}}"#
    )
}

/// A platform by hand: what it says to those who ask for its versions and details.
pub(crate) struct ByHand {
    pub(crate) versions: String,
    pub(crate) details: String,
}

impl ByHand {
    /// One that has 2.3.0, with credentials and what else is given.
    pub(crate) fn with(endpoints: &str) -> Self {
        Self {
            versions: r#"[{"version": "2.3.0", "url": "https://hand.example/ocpi/2.3.0"}]"#.to_owned(),
            details: format!(
                r#"{{"version": "2.3.0", "endpoints": [{{"identifier": "credentials", "role": "SENDER",
                "url": "https://hand.example/ocpi/2.3.0/credentials"}}{endpoints}]}}"#
            ),
        }
    }

    /// Plugs it in as `hand.example`.
    pub(crate) fn plug(self, net: &Net) {
        net.host("hand.example", move |request| {
            let data =
                if request.uri().path().ends_with("/versions") { &self.versions } else { &self.details };
            respond(200, &envelope(data))
        });
    }
}

pub(crate) fn envelope(data: &str) -> String {
    format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}}"#)
}

pub(crate) fn respond(status: u16, body: &str) -> http::Response<Bytes> {
    http::Response::builder().status(status).body(body.to_owned().into()).expect("a response")
}

pub(crate) fn token(text: &str) -> CredentialsToken {
    text.parse().expect("a token")
}
