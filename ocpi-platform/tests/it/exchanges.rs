//! Credentials are sent to a partner by one node, and there by one task, at a time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join;
use http::{Method, Request};
use ocpi_client::{Retry, Transport, TransportError};
use ocpi_platform::{Allow, Error, PartnerState, PartnerStatus, Permissions, Platform, Settings};
use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
use ocpi_server_traits::{Clock, Memory, Timer};
use ocpi_testkit::{
    CannedPlatform, Fate, Network, PlatformSetup, SimulatedTime, SteppedClock, TestPlatform, counted_random,
    credentials_json, parse_list, party, respond, roles_json, success, token,
};
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{CredentialsToken, Version};
use pollster::block_on;

use crate::hand::{HAND, allow_hand, by_hand, state};

type Waits = fn(&Request<Bytes>) -> bool;

/// A line of one node to the network, on which answers to some requests are not heard for a while.
#[derive(Clone, Default)]
struct Line {
    network: Network,
    waits: Arc<Mutex<Option<Waits>>>,
    wakers: Arc<Mutex<Vec<Waker>>>,
    /// Seconds until the answer to a PUT is there.
    slow: Option<(Timer, Duration)>,
}

impl Line {
    fn hold(&self, waits: Waits) {
        *self.waits.lock().expect("no panic") = Some(waits);
    }

    fn release(&self) {
        *self.waits.lock().expect("no panic") = None;
        self.wakers.lock().expect("no panic").drain(..).for_each(Waker::wake);
    }
}

impl Transport for Line {
    async fn send(&self, request: Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let waits = || self.waits.lock().expect("no panic").is_some_and(|waits| waits(&request));
        let answer = self.network.send(request.clone()).await;
        if let Some((timer, wait)) = self.slow.as_ref().filter(|_| request.method() == Method::PUT) {
            timer.wait(*wait).await;
        }
        poll_fn(|context| {
            if !waits() {
                return Poll::Ready(());
            }
            self.wakers.lock().expect("no panic").push(context.waker().clone());
            Poll::Pending
        })
        .await;
        answer
    }
}

type Node = Arc<Platform<Arc<Memory>, Line>>;

/// Opens a node of the eMSP; requests to it go to the one that was opened last.
fn node(store: &Arc<Memory>, line: &Line, clock: Clock, timer: Timer) -> Node {
    let role = parse_list(&roles_json(&[("EMSP", "DE", "EMP")])).remove(0);
    let settings = Settings {
        versions: vec![Version::V2_3_0],
        permissions: Permissions::default().allow(ModuleId::Tariffs, InterfaceRole::Sender),
        retry: Retry::NEVER,
        rate: None,
        secrets: counted_random("emsp"),
        clock,
        timer,
        ..Settings::new("https://emsp.example/ocpi".parse().expect("a URL"), role)
    };
    let platform = block_on(Platform::open(settings, Arc::clone(store), line.clone())).expect("a platform");
    let platform = Arc::new(platform);
    let objects = Arc::clone(platform.objects());
    let router = platform.router(|routes| routes.sender::<Tariff>(&objects)).expect("a router");
    line.network.add_router("emsp.example", router);
    platform
}

/// Invites the eMSP.
fn invite(side: &TestPlatform) -> CredentialsToken {
    let allow = Allow::default().party(party("DE/EMP")).host("emsp.example");
    block_on(side.platform.invite("emsp", allow)).expect("not registered yet")
}

/// Two nodes of an eMSP on one store, whose time stands still, and a CPO that they are registered with.
struct World {
    network: Network,
    clock: SteppedClock,
    store: Arc<Memory>,
    cpo: TestPlatform,
    first: Node,
    /// The line of the first node.
    line: Line,
    second: Node,
}

impl World {
    fn new() -> Self {
        let (network, clock) = (Network::default(), SteppedClock::default());
        let store = Arc::new(Memory::with_clock(clock.clock()));
        let cpo = PlatformSetup { clock: clock.clock(), ..PlatformSetup::cpo() }.open(&network);
        let line = || Line { network: network.clone(), ..Line::default() };
        let open = |line: &Line| node(&store, line, clock.clock(), Timer::new(|_| std::future::pending()));
        let of_first = line();
        let (first, second) = (open(&of_first), open(&line()));
        let token_a = invite(&cpo);
        let registered = first.register("cpo", cpo.versions_url(), token_a, cpo.allow());
        block_on(registered).expect("registered");
        block_on(second.send("cpo", &List::<Tariff>::all())).expect("a list");
        network.take_requests();
        Self { network, clock, store, cpo, first, line: of_first, second }
    }

    fn partner(&self) -> PartnerStatus {
        block_on(self.second.partner("cpo")).expect("a store").expect("a partner")
    }

    /// Requests since the last time that send credentials, or take them back.
    fn sent(&self) -> Vec<String> {
        let is_sent = |asked: &String| !asked.starts_with("GET");
        self.network.take_requests().into_iter().filter(is_sent).collect()
    }

    fn both_reach(&self) {
        for node in [&self.first, &self.second] {
            block_on(node.send("cpo", &List::<Tariff>::all())).expect("its token is known");
        }
        self.cpo.reach("emsp").expect("its token is known");
    }
}

/// Goes on with a program as far as it comes.
fn poll<F: Future>(program: &mut Pin<&mut F>) -> Poll<F::Output> {
    program.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn is_put(request: &Request<Bytes>) -> bool {
    request.method() == Method::PUT
}

fn is_busy<T>(result: Result<T, Error>) -> bool {
    result.is_err_and(|error| {
        assert!(error.to_string().contains("try again in 6 s"), "{error}");
        error.is_busy()
    })
}

#[test]
fn credentials_are_sent_by_one_node_at_a_time() {
    let world = World::new();
    world.line.hold(is_put);
    let mut rotating = pin!(world.first.rotate("cpo"));
    assert!(poll(&mut rotating).is_pending());
    assert_eq!(world.sent(), ["PUT https://cpo.example/ocpi/2.3.0/credentials"]);
    for node in [&world.second, &world.first] {
        assert!(is_busy(block_on(node.rotate("cpo"))));
        assert!(is_busy(block_on(node.resume("cpo"))));
        let again = node.resume_with("cpo", world.cpo.versions_url(), token("a"));
        assert!(is_busy(block_on(again)));
        let ticked = block_on(node.tick()).expect("a store");
        assert_eq!((ticked.done, ticked.failed.len()), (0, 0), "{ticked:?}");
        assert_eq!(ticked.skipped, ["cpo"]);
        assert_eq!(world.network.take_requests(), [""; 0], "nobody else sends");
    }
    world.line.release();
    assert!(matches!(poll(&mut rotating), Poll::Ready(Ok(_))));
    world.both_reach();
    block_on(world.second.rotate("cpo")).expect("now it may");
    world.both_reach();
}

/// Two nodes that register with a partner at once.
#[test]
fn a_registration_is_sent_by_one_node_at_a_time() {
    let world = World::new();
    let other = PlatformSetup::new("other", &[("CPO", "NL", "OTH")]).open(&world.network);
    let token_a = invite(&other);
    let register = |node: &Node| {
        let (node, url, token_a, allow) =
            (Arc::clone(node), other.versions_url(), token_a.clone(), other.allow());
        async move { node.register("other", url, token_a, allow).await }
    };
    world.line.hold(|request| request.uri().path().ends_with("/versions"));
    let mut registering = pin!(register(&world.first));
    assert!(poll(&mut registering).is_pending());
    world.network.take_requests();
    assert!(is_busy(block_on(register(&world.second))));
    assert_eq!(world.network.take_requests(), [""; 0]);
    world.line.release();
    assert!(matches!(poll(&mut registering), Poll::Ready(Ok(_))));
}

/// The end of a registration, and that of a leaked token, do not wait for a partner that takes its time.
#[test]
fn who_leaves_does_so_at_once() {
    let world = World::new();
    world.line.hold(is_put);
    let mut rotating = pin!(world.first.rotate("cpo"));
    assert!(poll(&mut rotating).is_pending());
    world.sent();
    assert!(is_busy(block_on(world.second.revoke("cpo"))));
    assert!(is_busy(block_on(world.second.unregister("cpo"))));
    assert_eq!((world.partner().state, world.sent()), (PartnerState::Leaving, Vec::new()));
    world.cpo.reach("emsp").expect_err("its tokens are good for nothing");
    world.line.release();
    assert!(poll(&mut rotating).is_ready());
    assert_eq!(world.partner().state, PartnerState::Leaving, "whatever it answered");
    let ticked = block_on(world.second.tick()).expect("a store");
    assert_eq!(ticked.done, 1, "{ticked:?}");
    assert_eq!(world.partner().state, PartnerState::Left);
    assert_eq!(state(&world.cpo, "emsp"), Some(PartnerState::Left));
}

/// A token that leaked is disabled at once, whoever exchanges credentials at that moment.
#[test]
fn a_token_is_revoked_at_once() {
    let world = World::new();
    // The use of a new token, for which nothing is open.
    let put = by_hand_put(&world);
    world.line.hold(|request| request.uri().path().ends_with("/credentials"));
    let mut ticking = pin!(world.first.tick());
    assert!(poll(&mut ticking).is_pending());
    assert!(is_busy(block_on(world.second.revoke("hand"))));
    assert_eq!(status(&world, Method::GET, &put, ""), 401);
    world.line.release();
    assert!(poll(&mut ticking).is_ready());
}

/// A partner that is played by hand has rotated at the second node, and has used its new token, which is returned.
fn by_hand_put(world: &World) -> CredentialsToken {
    CannedPlatform::with("").add_to(&world.network);
    let token_a = block_on(world.second.invite("hand", allow_hand())).expect("not registered yet");
    let token_c = exchanged(world, Method::POST, &token_a, &by_hand());
    assert_eq!(status(world, Method::GET, &token_c, ""), 200);
    token_c
}

/// Begins a rotation at the first node, and drops it while the partner is awaited.
fn drop_rotation(world: &World) {
    world.line.hold(is_put);
    let mut rotating = Box::pin(world.first.rotate("cpo"));
    assert!(poll(&mut rotating.as_mut()).is_pending());
}

/// Sends credentials to the second node; returns the token in the answer.
fn exchanged(world: &World, method: Method, with: &CredentialsToken, body: &str) -> CredentialsToken {
    let answer = ask(world, method, with, body);
    let body: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
    assert_eq!(body["status_code"], 1000, "{body}");
    token(body["data"]["token"].as_str().expect("a token"))
}

fn status(world: &World, method: Method, with: &CredentialsToken, body: &str) -> u16 {
    ask(world, method, with, body).status().as_u16()
}

fn ask(world: &World, method: Method, with: &CredentialsToken, body: &str) -> http::Response<Bytes> {
    let request = Request::builder().method(method).uri("https://emsp.example/ocpi/2.3.0/credentials");
    let request = request.header("Authorization", with.to_header(true)).body(body.to_owned().into());
    block_on(world.network.send(request.expect("a request"))).expect("an answer")
}

/// No request of a partner waits for the lease, or is refused because of it: neither its call back nor its own credentials.
#[test]
fn requests_of_the_partner_are_served_meanwhile() {
    let world = World::new();
    let token_c = by_hand_put(&world);
    block_on(world.first.tick()).expect("a store");
    world.line.hold(is_put);
    let mut rotating = pin!(world.first.rotate("hand"));
    assert!(poll(&mut rotating).is_pending());
    assert_eq!(status(&world, Method::GET, &token_c, ""), 200);
    let newer = credentials_json("token-b2", "hand.example", HAND);
    let newest = exchanged(&world, Method::PUT, &token_c, &newer);
    world.line.release();
    assert!(matches!(poll(&mut rotating), Poll::Ready(Err(_))), "the partner has overtaken it");
    assert_eq!(status(&world, Method::GET, &newest, ""), 200);
}

#[test]
fn a_node_that_dies_is_followed_by_another_one() {
    let world = World::new();
    drop_rotation(&world);
    world.sent();
    // A node that is opened anew is another one.
    let line = Line { network: world.network.clone(), ..Line::default() };
    let timer = Timer::new(|_| std::future::pending());
    let reopened = node(&world.store, &line, world.clock.clock(), timer);
    for node in [&world.second, &reopened] {
        assert_eq!(block_on(node.tick()).expect("a store").skipped.len(), 1);
        world.clock.advance(2);
    }
    assert_eq!(world.sent(), [""; 0]);
    world.clock.advance(2);
    let ticked = block_on(reopened.tick()).expect("a store");
    assert_eq!((ticked.done, world.sent().len()), (1, 1), "the same request again: {ticked:?}");
    assert!(!world.partner().is_exchanging);
    world.both_reach();
}

/// A caller that goes away leaves its node free to go on.
#[test]
fn a_call_that_was_dropped_holds_up_nobody_here() {
    let world = World::new();
    drop_rotation(&world);
    world.line.release();
    block_on(world.first.rotate("cpo")).expect("the same request again");
    world.both_reach();
}

/// The answer to a node that was asleep is not lost: a partner that follows the letter gives it once.
#[test]
fn an_answer_is_stored_though_the_lease_is_over() {
    let world = World::new();
    by_hand_put(&world);
    block_on(world.first.tick()).expect("a store");
    let known = Arc::new(Mutex::new("token-b"));
    let CannedPlatform { versions, details } = CannedPlatform::with("");
    world.network.add_host("hand.example", {
        let known = Arc::clone(&known);
        move |request| {
            let mut known = known.lock().expect("no panic");
            if request.headers()[http::header::AUTHORIZATION] != token(*known).to_header(true) {
                return respond(401, &[], r#"{"status_code": 2000}"#);
            }
            match request.uri().path() {
                path if path.ends_with("/versions") => success(&versions),
                path if path.ends_with("/credentials") => {
                    *known = "token-b2";
                    success(&credentials_json("token-b2", "hand.example", HAND))
                }
                _ => success(&details),
            }
        }
    });
    world.line.hold(is_put);
    let mut rotating = pin!(world.first.rotate("hand"));
    assert!(poll(&mut rotating).is_pending());
    world.clock.advance(7);
    let ticked = block_on(world.second.tick()).expect("a store");
    assert_eq!(ticked.failed.len(), 1, "the old token is dead: {ticked:?}");
    world.line.release();
    assert!(matches!(poll(&mut rotating), Poll::Ready(Ok(_))), "the only answer there is");
    let partner = block_on(world.second.partner("hand")).expect("a store").expect("a partner");
    assert!(!partner.is_exchanging && !partner.is_suspect);
}

/// A node that was asleep while another one took over sends nothing any more.
#[test]
fn nothing_is_sent_once_the_lease_is_lost() {
    let world = World::new();
    world.line.hold(|request| request.uri().path().ends_with("/2.3.0"));
    let mut rotating = pin!(world.first.rotate("cpo"));
    assert!(poll(&mut rotating).is_pending());
    world.clock.advance(7);
    let ticked = block_on(world.second.tick()).expect("a store");
    assert_eq!((ticked.done, world.sent().len()), (1, 1), "{ticked:?}");
    let before = world.partner();
    world.line.release();
    let Poll::Ready(Err(error)) = poll(&mut rotating) else { panic!("the exchange is another's") };
    assert!(error.is_busy(), "{error}");
    assert_eq!((world.sent(), world.partner()), (Vec::new(), before));
    world.both_reach();
}

/// Its failure is not counted: the other one tells how the partner answers now.
#[test]
fn a_failure_is_not_noted_once_the_lease_is_lost() {
    let world = World::new();
    let refuses = |request: &Request<Bytes>| is_put(request).then_some(Fate::Lost);
    world.network.watch(refuses);
    world.line.hold(is_put);
    let mut rotating = pin!(world.first.rotate("cpo"));
    assert!(poll(&mut rotating).is_pending());
    world.clock.advance(7);
    assert_eq!(block_on(world.second.tick()).expect("a store").failed.len(), 1);
    let revision = || {
        let record = block_on(world.store.get(&Address::new("Partner", "", "cpo")));
        record.expect("a store").expect("a record").revision
    };
    let before = revision();
    world.line.release();
    assert!(matches!(poll(&mut rotating), Poll::Ready(Err(Error::Client(_)))));
    assert_eq!(revision(), before);
    world.network.calm();
    world.clock.advance(2);
    assert_eq!(block_on(world.first.tick()).expect("a store").done, 1);
    world.both_reach();
}

/// Two nodes of an eMSP that is registered with a CPO, which answers a PUT after 30 seconds.
struct Slow {
    time: SimulatedTime,
    network: Network,
    store: Arc<Memory>,
    cpo: TestPlatform,
    nodes: [Node; 2],
}

impl Slow {
    fn new() -> Self {
        let (time, network) = (SimulatedTime::default(), Network::default());
        let store = Arc::new(Memory::with_clock(time.clock()));
        let cpo = PlatformSetup::cpo().open(&network);
        let slow = Some((time.timer(), Duration::from_secs(30)));
        let line = Line { network: network.clone(), slow, ..Line::default() };
        let nodes = [&line, &line].map(|line| node(&store, line, time.clock(), time.timer()));
        let register = nodes[0].register("cpo", cpo.versions_url(), invite(&cpo), cpo.allow());
        time.run(register).expect("no hang").expect("registered");
        time.run(nodes[1].send("cpo", &List::<Tariff>::all())).expect("no hang").expect("a list");
        network.take_requests();
        Self { time, network, store, cpo, nodes }
    }

    async fn wait(&self, seconds: u64) {
        self.time.timer().wait(Duration::from_secs(seconds)).await;
    }

    fn puts(&self) -> usize {
        self.network.take_requests().iter().filter(|asked| asked.starts_with("PUT")).count()
    }
}

/// A partner may take its time: the lease is made longer meanwhile.
#[test]
fn a_slow_answer_is_waited_for() {
    let slow = Slow::new();
    let [first, second] = &slow.nodes;
    let ticks = async {
        let mut skipped = 0;
        for _ in 0..29 {
            slow.wait(1).await;
            skipped += second.tick().await.expect("a store").skipped.len();
        }
        skipped
    };
    let (rotated, skipped) = slow.time.run(join(first.rotate("cpo"), ticks)).expect("no hang");
    rotated.expect("rotated");
    assert_eq!((skipped, slow.puts()), (29, 1));
    slow.cpo.reach("emsp").expect("its token is known");
}

/// Also where the lease is lost on the way: the partner has committed what it was sent.
#[test]
fn an_answer_on_its_way_is_not_dropped_with_the_lease() {
    let slow = Slow::new();
    let [first, second] = &slow.nodes;
    let takes = async {
        slow.wait(3).await;
        let at = Address::new("lease", "", "credentials/cpo");
        let other = NewDocument::new("99 4102444800000000 other", "lease", slow.time.clock().now());
        let taken = slow.store.update(vec![at.clone()], move |transaction| {
            transaction.put(&at, other.clone())?;
            Ok::<_, Rejected<()>>(())
        });
        taken.await.expect("a store");
        slow.wait(10).await;
        assert!(first.rotate("cpo").await.is_err_and(|error| error.is_busy()));
    };
    let (rotated, ()) = slow.time.run(join(first.rotate("cpo"), takes)).expect("no hang");
    rotated.expect("rotated");
    assert_eq!(slow.puts(), 1);
    slow.cpo.reach("emsp").expect("its token is known");
    let partner = block_on(second.partner("cpo")).expect("a store").expect("a partner");
    assert!(!partner.is_exchanging);
}
