//! A CPO that answers as it is told, and an eMSP whose clock a test sets forward.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ocpi_client::{Error as ClientError, Transport};
use ocpi_platform::{Allow, Error, PendingRequest, PendingResult, Platform, Settings};
use ocpi_server_traits::{Router, Store, Timer};
use ocpi_testkit::{
    Network, PlatformSetup, SteppedClock, TestPlatform, counted_random, parse_list, party, result_to,
    roles_json,
};
use ocpi_types::observe::{Event, EventKind, Observer, from_fn};
use ocpi_types::v2_3_0::commands::{CommandResultType, StopSession};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{Private, Url, Version};
use pollster::block_on;

/// Notes of odd results: partner, request and rule.
pub(crate) type Told = Arc<Mutex<Vec<String>>>;

pub(super) struct World {
    pub(super) network: Network,
    pub(super) cpo: TestPlatform,
    pub(super) emsp: TestPlatform,
    pub(super) clock: SteppedClock,
    told: Told,
    /// The last request to the CPO that has a `response_url`.
    asked: Arc<Mutex<Option<http::Request<Bytes>>>>,
}

/// An observer that notes odd results, and what is degraded.
pub(crate) fn noting(told: &Told) -> Observer {
    let told = Arc::clone(told);
    Observer::new(from_fn(move |event: &Event<'_>| {
        let partner = event.exchange.partner.map_or("?", |partner| partner.as_str());
        let line = match &event.kind {
            EventKind::OddResult(odd) => format!("{partner} {} {}", odd.request, odd.rule),
            EventKind::Degraded(degraded) => format!("{partner} {}", degraded.missing),
            _ => return,
        };
        told.lock().expect("no panic").push(line);
    }))
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(Version::V2_3_0)
    }

    /// With a CPO of this version.
    pub(super) fn of(version: Version) -> Self {
        Self::with(version, |setup| setup)
    }

    /// With this change of the eMSP's settings.
    pub(super) fn with(version: Version, change: impl FnOnce(PlatformSetup) -> PlatformSetup) -> Self {
        let (network, clock, told) = (Network::default(), SteppedClock::default(), Told::default());
        let cpo = PlatformSetup { versions: vec![version], ..PlatformSetup::cpo() }.open(&network);
        let setup = PlatformSetup {
            versions: Version::SPOKEN.to_vec(),
            clock: clock.clock(),
            timer: clock.timer(),
            observer: noting(&told),
            ..PlatformSetup::emsp()
        };
        let emsp = change(setup).open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        network.take_requests();
        Self { network, cpo, emsp, clock, told, asked: Arc::default() }
    }

    /// Lets the CPO answer requests that have a `response_url` with this, and all else as usual.
    pub(super) fn answers(&self, answer: impl Fn() -> http::Response<Bytes> + Send + Sync + 'static) {
        let (router, asked): (Router, _) = (self.cpo.router.clone(), Arc::clone(&self.asked));
        self.network.add_host("cpo.example", move |request| {
            let path = request.uri().path();
            if path.contains("/receiver/commands/") || path.contains("/commands/") {
                *asked.lock().expect("no panic") = Some(request);
                return answer();
            }
            block_on(router.call(request))
        });
    }

    /// The last command that came to the CPO while [`answers`](Self::answers) was in force.
    pub(super) fn asked(&self) -> http::Request<Bytes> {
        self.asked.lock().expect("no panic").clone().expect("a command")
    }

    /// The `response_url` of that command.
    pub(super) fn response_url(&self) -> Private<Url> {
        let body: serde_json::Value = serde_json::from_slice(self.asked().body()).expect("JSON");
        body["response_url"].as_str().expect("a URL").parse().expect("a URL")
    }

    /// Sends `STOP_SESSION` to the CPO.
    pub(super) fn stop(&self) -> Result<PendingResult<StopSession>, Error> {
        block_on(self.emsp.platform.stop_session("cpo", &"S1".parse().expect("an id")))
    }

    /// Sends the result of a command as the CPO.
    pub(super) fn post(&self, url: &Private<Url>, result: CommandResultType) -> Result<(), ClientError> {
        post(&self.cpo, url, result)
    }

    /// Returns the notes since the last time.
    pub(super) fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().expect("no panic"))
    }

    pub(super) fn pending(&self) -> Vec<PendingRequest> {
        block_on(self.emsp.platform.pending()).expect("a store")
    }
}

/// Sends the result of a command to the eMSP.
pub(super) fn post(
    from: &TestPlatform,
    url: &Private<Url>,
    result: CommandResultType,
) -> Result<(), ClientError> {
    let client = block_on(from.platform.client("emsp")).expect("registered");
    block_on(client.send(&result_to(url.clone(), result))).map(drop)
}

/// The statuses of HTTP and OCPI in an answer.
pub(super) fn statuses(error: &ClientError) -> (u16, u16) {
    let http = error.http_status().expect("an answer").as_u16();
    (http, error.status_code().expect("an answer of OCPI").get())
}

/// Settings of an eMSP at `emsp.example`, for stores and transports that the testkit does not open.
pub(super) fn settings_of_emsp(clock: &SteppedClock, timer: Timer, told: &Told) -> Settings {
    let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[("EMSP", "DE", "EMP")]));
    let settings = Settings::new("https://emsp.example/ocpi".parse().expect("a URL"), roles[0].clone());
    let (observer, secrets) = (noting(told), counted_random("emsp"));
    Settings { clock: clock.clock(), timer, observer, secrets, ..settings }
}

/// Registers an eMSP at `emsp.example` with a CPO.
pub(super) fn register<S: Store, T: Transport>(cpo: &TestPlatform, emsp: &Platform<S, T>) {
    let allow = Allow::default().party(party("DE/EMP")).host("emsp.example");
    let token = block_on(cpo.platform.invite("emsp", allow)).expect("not registered yet");
    let registered = emsp.register("cpo", cpo.versions_url(), token, cpo.allow());
    block_on(registered).expect("registered");
}
