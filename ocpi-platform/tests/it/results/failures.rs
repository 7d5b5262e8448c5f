//! Lines and stores that fail.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::{Transport, TransportError, TransportErrorKind};
use ocpi_platform::{Error, Outcome, Platform};
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, StoreErrorKind, WriteOutcome,
};
use ocpi_server_traits::{Memory, Store, StoreError};
use ocpi_testkit::{ChargerReaction, Network, PlatformSetup, SteppedClock, TestPlatform};
use ocpi_types::v2_3_0::commands::CommandResultType::Accepted;
use pollster::block_on;

use super::world::{Told, post, register, settings_of_emsp};

/// A store whose writes of requests fail, but for the next so many.
#[derive(Clone, Default)]
struct Failing {
    memory: Arc<Memory>,
    good: Arc<AtomicUsize>,
}

impl Store for Failing {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.memory.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        if at.iter().any(|at| at.collection() == "AwaitedResult") {
            let next = |left: usize| left.checked_sub(1);
            if self.good.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).is_err() {
                return Err(StoreError::new(StoreErrorKind::Full, "the disk is full"));
            }
        }
        self.memory.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}

/// A network in which commands meet a failure.
#[derive(Clone)]
struct Broken {
    network: Network,
    failure: Arc<Mutex<Option<TransportErrorKind>>>,
}

impl Transport for Broken {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let failure = *self.failure.lock().expect("no panic");
        match failure.filter(|_| request.uri().path().contains("/commands/")) {
            Some(kind) => Err(TransportError::new("the line is dead").with_kind(kind)),
            None => self.network.send(request).await,
        }
    }
}

/// A CPO, and an eMSP whose line and store fail as they are told.
struct World {
    cpo: TestPlatform,
    emsp: Arc<Platform<Failing, Broken>>,
    store: Failing,
    line: Broken,
    told: Told,
}

impl World {
    fn new() -> Self {
        let (network, clock, told) = (Network::default(), SteppedClock::default(), Told::default());
        let cpo = PlatformSetup::cpo().open(&network);
        let settings = settings_of_emsp(&clock, clock.timer(), &told);
        let store = Failing::default();
        let line = Broken { network: network.clone(), failure: Arc::default() };
        let emsp = block_on(Platform::open(settings, store.clone(), line.clone())).expect("a platform");
        let emsp = Arc::new(emsp);
        let router = emsp.router(|routes| emsp.mount_results(routes)).expect("a router");
        network.add_router("emsp.example", router);
        register(&cpo, &emsp);
        Self { cpo, emsp, store, line, told }
    }

    fn stop(&self) -> Result<ocpi_platform::PendingResult<ocpi_types::v2_3_0::commands::StopSession>, Error> {
        block_on(self.emsp.stop_session("cpo", &"S1".parse().expect("an id")))
    }

    /// Lets so many writes of requests succeed.
    fn good_writes(&self, good: usize) {
        self.store.good.store(good, Ordering::SeqCst);
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().expect("no panic"))
    }
}

#[test]
fn a_line_that_fails_before_anything_is_sent_is_a_failure() {
    use TransportErrorKind::{Connect, Other, Refused, Timeout, Tls, TooLarge};
    let world = World::new();
    world.good_writes(usize::MAX);
    for (kind, is_awaited) in
        [(Connect, false), (Tls, false), (Refused, false), (Timeout, true), (TooLarge, true), (Other, true)]
    {
        *world.line.failure.lock().expect("no panic") = Some(kind);
        match world.stop() {
            Ok(sent) => {
                assert!(is_awaited && sent.answer.is_delivery_unclear(), "{kind:?}");
                assert_eq!(block_on(sent.result()).expect("a store"), Outcome::TimedOut, "{kind:?}");
            }
            Err(error) => assert!(!is_awaited && matches!(error, Error::Client(_)), "{kind:?}: {error}"),
        }
        assert!(block_on(world.emsp.pending()).expect("a store").is_empty(), "{kind:?}");
    }
}

/// Nothing is sent whose result could not be matched.
#[test]
fn what_is_not_stored_is_not_sent() {
    let world = World::new();
    world.line.network.take_requests();
    world.good_writes(0);
    assert!(matches!(world.stop(), Err(Error::Store(_))));
    assert!(world.line.network.take_requests().is_empty());
}

/// The partner is at work: that is not made a failure by a store of ours.
#[test]
fn an_answer_that_is_not_stored_is_told() {
    let world = World::new();
    world.good_writes(1);
    let sent = world.stop().expect("accepted");
    assert!(sent.answer.value.is_some());
    assert_eq!(world.told(), ["cpo the immediate answer of a request is not stored"]);
    world.good_writes(1);
    post(&world.cpo, &world.cpo.chargers.response_url(), Accepted).expect("awaited");
    assert!(block_on(sent.result()).expect("a store").is_accepted());

    // Where nothing is at work, it is one.
    world.cpo.chargers.plan([ChargerReaction::Reject, ChargerReaction::Fail]);
    world.good_writes(1);
    assert!(matches!(world.stop(), Err(Error::Store(_))));
    world.good_writes(1);
    assert!(matches!(world.stop(), Err(Error::Client(error)) if error.is_refused_by_partner()));
    assert_eq!(world.told(), ["cpo the immediate answer of a request is not stored"]);
}

/// A result is not acknowledged before it is stored.
#[test]
fn a_result_that_is_not_stored_may_come_again() {
    let world = World::new();
    world.good_writes(2);
    let sent = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    let error = post(&world.cpo, &url, Accepted).expect_err("it is not stored");
    assert!(error.is_retryable(), "{error}");
    assert_eq!(block_on(sent.outcome()).expect("a store"), None);
    world.good_writes(1);
    post(&world.cpo, &url, Accepted).expect("now it is");
    assert!(block_on(sent.result()).expect("a store").is_accepted());
    assert_eq!(world.told(), [""; 0]);
}

/// Nobody says that the time is over before the store says so.
#[test]
fn a_time_out_that_is_not_stored_is_none() {
    let world = World::new();
    world.good_writes(2);
    let sent = world.stop().expect("accepted");
    assert!(matches!(block_on(sent.result()), Err(Error::Store(_))));
    world.good_writes(1);
    assert_eq!(block_on(sent.result()).expect("a store"), Outcome::TimedOut);
}
