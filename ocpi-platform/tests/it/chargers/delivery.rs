//! Results on their way to the partner: lines that fail, processes that end, reservations that are taken back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ocpi_client::RequestOptions;
use ocpi_platform::{Outcome, Seal};
use ocpi_server_traits::storage::{Address, Document, NewDocument, Query, Start, Store};
use ocpi_testkit::{Fate, PlatformSetup, failure, party};
use ocpi_types::endpoint::EvseKey;
use ocpi_types::protocol::{Party, headers};
use ocpi_types::v2_3_0::commands::CommandResultType;
use ocpi_types::{CiString, Version};
use pollster::block_on;

use super::depot::{Reaction, World, lock};

struct Backwards;

impl Seal for Backwards {
    fn seal(&self, context: &str, secret: &str) -> Option<String> {
        Some(format!("{context} {}", secret.chars().rev().collect::<String>()))
    }

    fn open(&self, context: &str, sealed: &str) -> Option<String> {
        Some(sealed.strip_prefix(context)?.strip_prefix(' ')?.chars().rev().collect())
    }
}

fn taken(world: &World) -> (Address, Document) {
    let page =
        block_on(world.cpo.store.page(&Query::all("TakenRequest"), Start::First, 10)).expect("a store");
    page.rows.first().cloned().expect("a request")
}

/// Stores a request in another form.
fn put(world: &World, at: Address, document: &Document, body: String) {
    let former = NewDocument::new(body, &*document.format, document.last_updated)
        .in_list(&*document.list)
        .with_terms(document.terms.clone());
    let written =
        world.cpo.store.write(vec![at.clone()], Box::new(move |tx| tx.put(&at, former.clone()).map(drop)));
    block_on(written).expect("a store");
}

/// A partner's URL for a result may have a secret in it: it is not in the store, and the result arrives all the same.
#[test]
fn a_url_for_a_result_is_sealed() {
    for is_sealed in [true, false] {
        let seal = is_sealed.then(|| Arc::new(Backwards) as Arc<dyn Seal>);
        let world = World::with(Version::V2_3_0, |setup| PlatformSetup { seal, ..setup });
        let sent =
            block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
        let body: serde_json::Value = serde_json::from_slice(world.last_request().body()).expect("JSON");
        let url = body["response_url"].as_str().expect("a URL");
        let (at, document) = taken(&world);
        let stored = String::from_utf8(document.body.to_vec()).expect("a text");
        assert_eq!(stored.contains(url), !is_sealed, "{stored}");
        if !is_sealed {
            // As it was stored before there were seals.
            let former = stored.replace("plain https://", "https://");
            assert_ne!(former, stored);
            put(&world, at, &document, former);
        }
        world.posts();
        world.backlog.run();
        assert_eq!(world.posts(), 1);
        assert!(block_on(sent.result()).expect("a result").is_accepted());
    }
}

fn id(text: &str) -> CiString<36> {
    text.parse().expect("an id")
}

fn evse() -> EvseKey {
    EvseKey { location_id: id("L1"), evse_uid: id("E1") }
}

/// A result that does not arrive is posted again by a tick, and no more once it has.
#[test]
fn a_result_arrives_over_a_line_that_fails() {
    for fate in [Fate::Lost, Fate::AnswerLost] {
        let world = World::new();
        let sent =
            block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
        world.network.once(http::Method::POST, fate);
        world.posts();
        world.backlog.run();
        assert_eq!(world.posts(), 1);
        let tick = || block_on(world.cpo.platform.tick()).expect("a store").posted;
        assert_eq!((tick(), world.posts()), (0, 0), "not at once");
        world.clock.advance(6);
        assert_eq!((tick(), world.posts()), (1, 1));
        world.clock.advance(3_600);
        assert_eq!((tick(), world.posts()), (0, 0));
        assert!(block_on(sent.result()).expect("a result").is_accepted());
    }
}

/// Posts of a result that nobody takes come at longer and longer intervals, and end.
#[test]
fn a_result_is_given_up_in_the_end() {
    let world = World::new();
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken"));
    world.network.remove_host("emsp.example");
    world.posts();
    world.backlog.run();
    let mut posts = world.posts();
    let mut gave_up = 0;
    for _ in 0..200 {
        world.clock.advance(5);
        gave_up += block_on(world.cpo.platform.tick()).expect("a store").posted;
        posts += world.posts();
    }
    assert_eq!(gave_up, 1);
    assert!((8..=20).contains(&posts), "{posts}");
    let told = world.told();
    assert!(told.iter().any(|line| line == "emsp the result of a request was not taken"), "{told:?}");
}

/// A partner that refuses a result is not asked again.
#[test]
fn a_result_that_is_refused_is_not_posted_again() {
    let world = World::new();
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken"));
    world.network.add_host("emsp.example", |_| failure(404, 2000));
    world.posts();
    world.backlog.run();
    world.clock.advance(600);
    block_on(world.cpo.platform.tick()).expect("a store");
    assert_eq!(world.posts(), 1);
    assert!(world.told().iter().any(|line| line == "emsp the result of a request was not taken"));
}

/// A process that ends while a charge point is at work leaves a request behind. Another one says that it failed, and one
/// whose result is there is not touched.
#[test]
fn what_a_process_leaves_behind_has_failed() {
    for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
        let world = World::of(version);
        world.depot.reacts(Reaction::Never);
        let sent =
            block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
        world.backlog.crash();
        let second = world.restarted();
        let tick = || block_on(second.platform.tick()).expect("a store").posted;
        world.clock.advance(29);
        assert_eq!(tick(), 0, "it may still come");
        world.clock.advance(7);
        assert_eq!(tick(), 1, "{version}");
        let Outcome::Unsuccessful(result) = block_on(sent.result()).expect("a result") else {
            panic!("{version}")
        };
        // 2.1.1 has no word for it but its own.
        let is_failure = !matches!(result.result, CommandResultType::Accepted);
        assert!(is_failure, "{version} {result:?}");
        assert_eq!(tick(), 0);
    }
}

/// A CPO takes a reservation back: the eMSP is told by a second result.
#[test]
fn a_reservation_can_be_withdrawn() {
    let world = World::new();
    let until = "2026-11-22T14:00:00Z".parse().expect("a time");
    let (token, at, of) = (world.token(), evse(), id("4711"));
    let sent = block_on(world.emsp.platform.reserve_now("cpo", &token, &at, &of, until)).expect("taken");
    world.backlog.run();
    assert!(block_on(sent.result()).expect("a result").is_accepted());
    assert_eq!(block_on(sent.cancellation()).expect("a store"), None);
    let withdraw = |partner: &str, of: &str| {
        block_on(world.cpo.platform.withdraw_reservation(partner, &id(of))).expect("a store")
    };
    assert!(!withdraw("emsp", "4712") && !withdraw("other", "4711"));
    assert!(withdraw("emsp", "4711"));
    let canceled = block_on(sent.cancellation()).expect("a store").expect("canceled");
    assert_eq!(canceled.result, CommandResultType::CanceledReservation);
    assert!(!withdraw("emsp", "4711"), "it stands no longer");
}

/// A reservation that is over, or that the charge point refused, is none to withdraw.
#[test]
fn only_a_reservation_that_stands_can_be_withdrawn() {
    let world = World::new();
    let until = "2026-11-22T14:00:00Z".parse().expect("a time");
    let reserve = |of: &str| {
        let (token, at, of) = (world.token(), evse(), id(of));
        drop(block_on(world.emsp.platform.reserve_now("cpo", &token, &at, &of, until)).expect("answered"));
        world.backlog.run();
    };
    world.depot.reacts(Reaction::AtOnce(CommandResultType::Rejected));
    reserve("1");
    world.depot.reacts(Reaction::AtOnce(CommandResultType::Accepted));
    reserve("2");
    let withdraw =
        |of: &str| block_on(world.cpo.platform.withdraw_reservation("emsp", &id(of))).expect("a store");
    assert!(!withdraw("1"));
    world.clock.advance(86_400);
    assert!(!withdraw("2"));
}

/// A partner that thinks about a result for a while gets it once, also if a tick comes meanwhile.
#[test]
fn a_result_that_is_on_its_way_is_not_posted_again() {
    for seconds in [6, 29] {
        let world = World::new();
        let sent =
            block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
        let (platform, clock) = (Arc::clone(&world.cpo.platform), world.clock.clone());
        let ticked = Arc::new(AtomicUsize::new(0));
        let posted = Arc::clone(&ticked);
        world.network.watch(move |request| {
            if request.uri().host() == Some("emsp.example") && request.method() == http::Method::POST {
                clock.advance(seconds);
                let tick = block_on(platform.tick()).expect("a store");
                posted.fetch_add(tick.posted, Ordering::Relaxed);
            }
            None
        });
        world.posts();
        world.backlog.run();
        assert_eq!((ticked.load(Ordering::Relaxed), world.posts()), (0, 1), "{seconds}");
        assert!(block_on(sent.result()).expect("a result").is_accepted());
        assert!(!world.told().iter().any(|line| line.contains("result")));
    }
}

/// A partner that never answers a result is given up after a time, and gets it later.
#[test]
fn a_post_of_a_result_ends() {
    let world = World::new();
    let sent = block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
    world.network.once(http::Method::POST, Fate::Hangs);
    world.posts();
    world.backlog.run();
    assert_eq!(world.posts(), 1);
    world.clock.advance(6);
    assert_eq!(block_on(world.cpo.platform.tick()).expect("a store").posted, 1);
    assert!(block_on(sent.result()).expect("a result").is_accepted());
}

/// Parties of the messages that go to the eMSP by POST: to whom, and from whom.
fn noting_parties(world: &World) -> Arc<Mutex<Vec<String>>> {
    let noted: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&noted);
    world.network.watch(move |request| {
        if request.uri().host() == Some("emsp.example") && request.method() == http::Method::POST {
            let party = |party: Option<Party>| party.map_or_else(|| "-".to_owned(), |it| it.to_string());
            let [to, from] = [headers::to_party, headers::from_party].map(|of| party(of(request.headers())));
            lock(&notes).push(format!("{to} {from}"));
        }
        None
    });
    noted
}

/// A result goes to the party that asked, from the one that was asked: where no party is named, from the owner of the place.
#[test]
fn a_result_says_from_whom_and_to_whom_it_is() {
    for (from, to, expected) in [
        (Some("DE/EM2"), Some("NL/BET"), "DE/EM2 NL/BET"),
        // The eMSP's party is that of the token.
        (None, None, "DE/EMP NL/BET"),
    ] {
        let world = World::between(
            PlatformSetup::cpo(),
            PlatformSetup::new("emsp", &[("EMSP", "DE", "EMP"), ("EMSP", "DE", "EM2")]),
        );
        let noted = noting_parties(&world);
        let mut options = RequestOptions::new();
        if let Some(from) = from {
            options = options.from(party(from));
        }
        if let Some(to) = to {
            options = options.to(party(to));
        }
        let started = world.emsp.platform.start_session("cpo", &world.token(), &evse()).options(options);
        drop(block_on(started).expect("taken"));
        world.backlog.run();
        assert_eq!(std::mem::take(&mut *lock(&noted)), [expected]);
    }
}

/// So does the cancellation of a reservation.
#[test]
fn a_cancellation_says_from_whom_and_to_whom_it_is() {
    let world = World::new();
    let noted = noting_parties(&world);
    let until = "2026-11-22T14:00:00Z".parse().expect("a time");
    let (token, at, of) = (world.token(), evse(), id("4711"));
    let options = RequestOptions::new().from(party("DE/EMP")).to(party("NL/BET"));
    let reserved = world.emsp.platform.reserve_now("cpo", &token, &at, &of, until).options(options);
    drop(block_on(reserved).expect("taken"));
    world.backlog.run();
    assert!(block_on(world.cpo.platform.withdraw_reservation("emsp", &of)).expect("a store"));
    assert_eq!(*lock(&noted), ["DE/EMP NL/BET", "DE/EMP NL/BET"]);
}

/// Requests that were stored before they had ids and parties are read all the same.
#[test]
fn a_request_of_an_earlier_release_has_its_result() {
    let world = World::new();
    world.depot.reacts(Reaction::Never);
    let sent = block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
    world.backlog.crash();
    let (at, document) = taken(&world);
    let mut stored: serde_json::Value = serde_json::from_slice(&document.body).expect("JSON");
    let members = stored.as_object_mut().expect("an object");
    for name in ["run", "request_id", "from", "to"] {
        assert!(members.remove(name).is_some(), "{name}");
    }
    put(&world, at, &document, stored.to_string());
    world.posts();
    world.clock.advance(36);
    assert_eq!(block_on(world.cpo.platform.tick()).expect("a store").posted, 1);
    assert_eq!(world.posts(), 1);
    assert!(matches!(block_on(sent.result()), Ok(Outcome::Unsuccessful(_))));
}
