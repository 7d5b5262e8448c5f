//! Charge points that do as a test says, and the two platforms around them.

use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use ocpi_platform::{ChargerRequest, Chargers, SmartCharging, Spawn};
use ocpi_server_traits::{Error, ErrorKind, Router};
use ocpi_testkit::{
    Network, NetworkedPlatform, PlatformSetup, SteppedClock, TestPlatform, location_json, parse,
    session_json, token_json,
};
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResult, ChargingProfile, ChargingProfileResult, ChargingProfileResultType,
    ClearProfileResult,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResult, CommandResultType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::{ChargingPreferences, ChargingPreferencesResponse, Session};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Timer, Version};
use pollster::block_on;

use crate::results::noting;

/// Behaviour of the charge points.
#[derive(Clone, Debug)]
pub(super) enum Reaction {
    /// They give this result at once.
    AtOnce(CommandResultType),
    /// They give it a moment later.
    Soon(CommandResultType),
    /// They fail at once.
    Fails,
    /// They fail a moment later.
    FailsSoon,
    /// They refuse at once, with an error of this kind.
    Declines(ErrorKind),
    /// They never answer.
    Never,
}

#[derive(Debug)]
pub(super) struct Depot {
    reaction: Mutex<Reaction>,
    /// The partner that may direct sessions of others.
    aggregator: Mutex<Option<&'static str>>,
    calls: Mutex<Vec<String>>,
}

impl Depot {
    pub(super) fn reacts(&self, reaction: Reaction) {
        *lock(&self.reaction) = reaction;
    }

    /// Lets a partner direct sessions of others.
    pub(super) fn lets_direct(&self, partner: &'static str) {
        *lock(&self.aggregator) = Some(partner);
    }

    /// The calls since the last time: the request, and the ids of what was asked for.
    pub(super) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.calls))
    }

    async fn react(&self, name: &str, request: &ChargerRequest) -> Result<CommandResultType, Error> {
        let location = request.location.as_ref().map_or("-", |it| it.id.as_str());
        let session = request.session.as_ref().map_or("-", |it| it.id.as_str());
        let owner = request.owner.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        lock(&self.calls).push(format!("{name} {} {owner} {location} {session}", request.partner.as_str()));
        let reaction = lock(&self.reaction).clone();
        if matches!(reaction, Reaction::Soon(_) | Reaction::FailsSoon) {
            yield_once().await;
        }
        match reaction {
            Reaction::AtOnce(result) | Reaction::Soon(result) => Ok(result),
            Reaction::Fails | Reaction::FailsSoon => {
                Err(Error::unavailable("the charge point is out of reach"))
            }
            Reaction::Declines(kind) => Err(Error::new(kind, "not now")),
            Reaction::Never => pending().await,
        }
    }
}

async fn yield_once() {
    let mut has_yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut has_yielded, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

macro_rules! commands {
    ($($name:ident($request:ident),)+) => {
        impl Chargers for Depot {
            $(
                async fn $name(&self, _: $request, request: &ChargerRequest) -> Result<CommandResult, Error> {
                    self.react(stringify!($name), request).await.map(CommandResult::from)
                }
            )+
        }
    };
}

commands! {
    start_session(StartSession),
    stop_session(StopSession),
    reserve_now(ReserveNow),
    cancel_reservation(CancelReservation),
    unlock_connector(UnlockConnector),
}

fn of_profile(result: CommandResultType) -> ChargingProfileResultType {
    match result {
        CommandResultType::Accepted => ChargingProfileResultType::Accepted,
        CommandResultType::Rejected => ChargingProfileResultType::Rejected,
        _ => ChargingProfileResultType::Unknown,
    }
}

impl SmartCharging for Depot {
    async fn set_profile(
        &self,
        _: ChargingProfile,
        request: &ChargerRequest,
    ) -> Result<ChargingProfileResult, Error> {
        self.react("set_profile", request).await.map(|result| of_profile(result).into())
    }

    async fn active_profile(
        &self,
        _: i64,
        request: &ChargerRequest,
    ) -> Result<ActiveChargingProfileResult, Error> {
        self.react("active_profile", request).await.map(|result| of_profile(result).into())
    }

    async fn clear_profile(&self, request: &ChargerRequest) -> Result<ClearProfileResult, Error> {
        self.react("clear_profile", request).await.map(|result| of_profile(result).into())
    }

    fn may_direct(&self, request: &ChargerRequest) -> bool {
        assert!(request.session.is_some() && request.location.is_some());
        *lock(&self.aggregator) == Some(request.partner.as_str())
    }

    async fn set_preferences(
        &self,
        _: ChargingPreferences,
        _: &ChargerRequest,
    ) -> Result<ChargingPreferencesResponse, Error> {
        let reaction = lock(&self.reaction).clone();
        match reaction {
            Reaction::Never => pending().await,
            Reaction::Fails => Err(Error::unavailable("the charge point is out of reach")),
            _ => Ok(ChargingPreferencesResponse::DepartureRequired),
        }
    }
}

/// Charge points that implement nothing.
pub(super) struct Nothing;

impl Chargers for Nothing {}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Work that waits until a test runs it, as a runtime would.
#[derive(Clone, Default)]
pub(super) struct Backlog(Arc<Mutex<Vec<Work>>>);

impl Backlog {
    pub(super) fn spawn(&self) -> Spawn {
        let backlog = Arc::clone(&self.0);
        Spawn::new(move |work| lock(&backlog).push(work))
    }

    /// Runs all work that waits. Returns its number.
    pub(super) fn run(&self) -> usize {
        let work = std::mem::take(&mut *lock(&self.0));
        let number = work.len();
        work.into_iter().for_each(block_on);
        number
    }

    /// The process ends: what waits is lost.
    pub(super) fn crash(&self) {
        lock(&self.0).clear();
    }
}

/// A CPO with charge points, and an eMSP.
pub(super) struct World {
    pub(super) network: Network,
    pub(super) cpo: TestPlatform,
    pub(super) emsp: TestPlatform,
    pub(super) depot: Arc<Depot>,
    pub(super) backlog: Backlog,
    pub(super) clock: SteppedClock,
    told: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<http::Request<Bytes>>>>,
    setup: PlatformSetup,
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(Version::V2_3_0)
    }

    /// With a CPO of this version.
    pub(super) fn of(version: Version) -> Self {
        Self::with(version, |setup| setup)
    }

    /// With this change of the CPO's settings.
    pub(super) fn with(version: Version, change: impl FnOnce(PlatformSetup) -> PlatformSetup) -> Self {
        let cpo = change(PlatformSetup { versions: vec![version], ..PlatformSetup::cpo() });
        Self::between(cpo, PlatformSetup { versions: Version::SPOKEN.to_vec(), ..PlatformSetup::emsp() })
    }

    /// With these settings of the two.
    pub(super) fn between(cpo: PlatformSetup, emsp: PlatformSetup) -> Self {
        let (network, clock, backlog) = (Network::default(), SteppedClock::default(), Backlog::default());
        let told = Arc::default();
        let setup = PlatformSetup {
            clock: clock.clock(),
            // Every wait is over at once: only what is there in time counts.
            timer: Timer::new(|_| ready(())),
            spawn: backlog.spawn(),
            observer: noting(&told),
            ..cpo
        };
        let cpo = setup.clone().open(&network);
        let emsp = PlatformSetup { clock: clock.clock(), timer: clock.timer(), ..emsp }.open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        cpo.put::<Location>(&location_json("NL/BET", "L1", "10:00:00"));
        cpo.put::<Session>(&session_json("NL/BET", "S1", "10:00:00"));
        let depot = Depot {
            reaction: Mutex::new(Reaction::AtOnce(CommandResultType::Accepted)),
            aggregator: Mutex::default(),
            calls: Mutex::default(),
        };
        let (depot, requests) = (Arc::new(depot), Arc::default());
        let world = Self { network, cpo, emsp, depot, backlog, clock, told, requests, setup };
        world.serve(&world.cpo.platform);
        world
    }

    /// Answers for the CPO by this platform, with the charge points.
    pub(super) fn serve(&self, platform: &Arc<NetworkedPlatform>) {
        let depot = &self.depot;
        let router = platform.router(|routes| {
            let routes = platform.mount_chargers(routes.cpo(platform.objects()), depot);
            platform.mount_smart_charging(routes, depot)
        });
        self.serve_by(router.expect("a router"));
    }

    pub(super) fn serve_by(&self, router: Router) {
        let requests = Arc::clone(&self.requests);
        self.network.add_host("cpo.example", move |request| {
            lock(&requests).push(request.clone());
            block_on(router.call(request))
        });
    }

    /// A process of the CPO's that takes the place of the one before.
    pub(super) fn restarted(&self) -> TestPlatform {
        let setup = PlatformSetup { store: Arc::clone(&self.cpo.store), ..self.setup.clone() };
        let platform = setup.open(&self.network);
        self.serve(&platform.platform);
        platform
    }

    pub(super) fn token(&self) -> Token {
        parse(&token_json("DE/EMP", "04A2", "10:00:00"))
    }

    /// The last request that came to the CPO.
    pub(super) fn last_request(&self) -> http::Request<Bytes> {
        lock(&self.requests).last().cloned().expect("a request")
    }

    /// Sends a request to the CPO once more, or changed. Returns the statuses of HTTP and OCPI, and the data.
    pub(super) fn ask(&self, request: http::Request<Bytes>) -> (u16, u16, String) {
        let client = ocpi_client::Transport::send(&self.network, request);
        let answer = block_on(client).expect("an answer");
        let envelope = Envelope::read(answer.body()).expect("an envelope");
        let code = envelope.head.status_code.expect("a status").get();
        let body: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
        (answer.status().as_u16(), code, body["data"]["result"].as_str().unwrap_or("-").to_owned())
    }

    /// The results that were posted to the eMSP since the last time.
    pub(super) fn posts(&self) -> usize {
        let requests = self.network.take_requests();
        requests.iter().filter(|request| request.starts_with("POST https://emsp.example/")).count()
    }

    /// Notes of the CPO's observer since the last time.
    pub(super) fn told(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.told))
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panicked")
}
