//! Requests that come again: those that are the same, and those that only look like it.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ocpi_testkit::{Network, TestPlatform, session_json};
use ocpi_types::endpoint::EvseKey;
use ocpi_types::v2_3_0::commands::CommandResultType;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{CiString, Version};
use pollster::block_on;

use super::depot::{Reaction, World, lock};

const DAY: i64 = 24 * 60 * 60;

fn id(text: &str) -> CiString<36> {
    text.parse().expect("an id")
}

/// A START_SESSION as it went over the wire, which is over.
fn started(world: &World) -> http::Request<Bytes> {
    let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &at)).expect("taken"));
    world.backlog.run();
    assert_eq!((world.depot.calls().len(), world.posts()), (1, 1));
    world.last_request()
}

/// The same body to the same URL, as another message.
fn anew(request: &http::Request<Bytes>, id: &str) -> http::Request<Bytes> {
    let mut request = request.clone();
    request.headers_mut().insert("x-request-id", id.parse().expect("an id"));
    request
}

fn without_id(request: &http::Request<Bytes>) -> http::Request<Bytes> {
    let mut request = request.clone();
    request.headers_mut().remove("x-request-id");
    request
}

/// Notes the results that are posted to the eMSP.
fn noting_results(network: &Network) -> Arc<Mutex<Vec<String>>> {
    let posted: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&posted);
    network.watch(move |request| {
        if request.uri().host() == Some("emsp.example") && request.method() == http::Method::POST {
            let body: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
            lock(&notes).push(body["result"].as_str().unwrap_or("-").to_owned());
        }
        None
    });
    posted
}

/// A partner may have one URL for all results: each of its commands is done, and has its result.
#[test]
fn commands_with_the_same_url_are_done_each_time() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        let request = started(&world);
        for (number, seconds) in [(1, 121), (2, DAY), (3, 8 * DAY)] {
            world.clock.advance(seconds);
            assert_eq!(world.ask(anew(&request, &format!("another-{number}"))).2, "ACCEPTED");
            world.backlog.run();
            assert_eq!((world.depot.calls().len(), world.posts()), (1, 1), "{version} {seconds}");
        }
    }
}

/// A second request that is another message is done also at once, when the first is over.
#[test]
fn another_message_is_another_request() {
    let world = World::new();
    let request = started(&world);
    assert_eq!(world.ask(anew(&request, "another")).2, "ACCEPTED");
    world.backlog.run();
    assert_eq!((world.depot.calls().len(), world.posts()), (1, 1));
}

/// The profile of a session is asked for again and again, at the same URL.
#[test]
fn the_active_profile_may_be_asked_for_every_quarter_of_an_hour() {
    let world = World::new();
    world.cpo.put::<Session>(&session_json("NL/BET", "S1", "10:00:00"));
    drop(block_on(world.emsp.platform.active_charging_profile("cpo", &id("S1"), 600)).expect("taken"));
    let request = world.last_request();
    world.backlog.run();
    world.depot.calls();
    world.posts();
    for number in 0..4 {
        world.clock.advance(15 * 60);
        assert_eq!(world.ask(anew(&request, &number.to_string())).2, "ACCEPTED");
        world.backlog.run();
        assert_eq!((world.depot.calls().len(), world.posts()), (1, 1));
    }
}

/// A request that looks like one that was refused may be taken.
#[test]
fn a_refusal_is_for_one_request() {
    let world = World::new();
    world.depot.reacts(Reaction::AtOnce(CommandResultType::Rejected));
    let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &at)).expect("answered"));
    let request = world.last_request();
    world.depot.calls();
    world.depot.reacts(Reaction::AtOnce(CommandResultType::Accepted));
    assert_eq!(world.ask(request.clone()).2, "REJECTED", "the answer may have been lost");
    assert_eq!(world.ask(anew(&request, "another")).2, "ACCEPTED");
    world.backlog.run();
    assert_eq!((world.depot.calls().len(), world.posts()), (1, 1));
}

/// While a charge point is at work and while the result is on its way, the same request is the same, whatever its id.
#[test]
fn a_request_under_way_is_recognized() {
    let world = World::new();
    world.depot.reacts(Reaction::Soon(CommandResultType::Accepted));
    let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &at)).expect("taken"));
    let request = world.last_request();
    assert_eq!(world.ask(anew(&request, "while-it-runs")).2, "ACCEPTED");
    world.network.remove_host("emsp.example");
    world.backlog.run();
    world.clock.advance(125);
    assert_eq!(world.ask(anew(&request, "while-it-is-due")).2, "ACCEPTED");
    assert_eq!(world.depot.calls().len(), 1);
}

/// When a request is over, the same message is known for as long as the request is kept, and one without an id for a short
/// time, in which its answer may have been lost.
#[test]
fn the_same_message_is_recognized_when_it_is_over() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        let request = started(&world);
        let has_id = request.headers().contains_key("x-request-id");
        assert_eq!(has_id, *version >= Version::V2_2);
        for (seconds, again, expected) in [
            (0, request.clone(), 0),
            (60, without_id(&request), 0),
            (60, without_id(&request), 1),
            (60, without_id(&request), 0),
        ] {
            world.clock.advance(seconds);
            assert_eq!(world.ask(again).2, "ACCEPTED");
            world.backlog.run();
            assert_eq!((world.depot.calls().len(), world.posts()), (expected, expected), "{version}");
        }
        if has_id {
            let request = anew(&request, "with-an-id");
            world.clock.advance(DAY);
            for expected in [1, 0] {
                assert_eq!(world.ask(request.clone()).2, "ACCEPTED");
                world.backlog.run();
                assert_eq!((world.depot.calls().len(), world.posts()), (expected, expected), "{version}");
                world.clock.advance(5 * DAY);
            }
        }
    }
}

/// A result that comes after its request was given up is not that of the next one.
#[test]
fn a_late_result_is_not_that_of_the_next_request() {
    let world = World::new();
    world.depot.reacts(Reaction::Soon(CommandResultType::Accepted));
    let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &at)).expect("taken"));
    let request = world.last_request();
    let posted = noting_results(&world.network);
    // Another process takes this one for dead.
    let second: TestPlatform = world.restarted();
    world.clock.advance(36);
    block_on(second.platform.tick()).expect("a store");
    assert_eq!(std::mem::take(&mut *lock(&posted)), ["FAILED"]);
    world.depot.reacts(Reaction::Never);
    assert_eq!(world.ask(anew(&request, "another")).2, "ACCEPTED");
    assert_eq!(world.backlog.run(), 2);
    assert_eq!(*lock(&posted), ["FAILED"], "the second charge point never answered");
    assert_eq!(world.depot.calls().len(), 2);
}

/// A reservation that stands can be withdrawn although the charge point refused to make it once more; and one that was made
/// twice is withdrawn once.
#[test]
fn a_reservation_outlives_a_request_for_it_that_is_refused() {
    for (reaction, is_refused) in [
        (Reaction::AtOnce(CommandResultType::Rejected), true),
        (Reaction::AtOnce(CommandResultType::EvseOccupied), false),
        (Reaction::Fails, true),
        (Reaction::AtOnce(CommandResultType::Accepted), false),
    ] {
        let world = World::new();
        let until = "2026-11-22T14:00:00Z".parse().expect("a time");
        let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
        let token = world.token();
        let reserved = world.emsp.platform.reserve_now("cpo", &token, &at, &id("4711"), until);
        drop(block_on(reserved).expect("taken"));
        world.backlog.run();
        let request = world.last_request();
        world.depot.reacts(reaction.clone());
        let again = world.ask(anew(&request, "another")).2;
        assert_eq!(again != "ACCEPTED", is_refused, "{reaction:?}");
        world.backlog.run();
        world.posts();
        let withdraw = || block_on(world.cpo.platform.withdraw_reservation("emsp", &id("4711")));
        assert!(withdraw().expect("a store"), "{reaction:?}");
        assert_eq!(world.posts(), 1, "{reaction:?}");
        assert!(!withdraw().expect("a store"), "{reaction:?}");
    }
}
