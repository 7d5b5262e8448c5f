//! Requests are bounded in number and time, and what cannot be sent is not stored.

use ocpi_platform::{Error, Outcome, RequestKind, ResultId};
use ocpi_testkit::PlatformSetup;
use ocpi_types::Version;
use ocpi_types::v2_3_0::commands::CommandResultType::Accepted;
use ocpi_types::v2_3_0::commands::{ReserveNow, StopSession};
use pollster::block_on;

use super::world::World;

#[test]
fn a_partner_has_no_more_open_requests_than_allowed() {
    let world = World::with(Version::V2_3_0, |setup| PlatformSetup {
        results: ocpi_platform::ResultLimits { open: 3, ..setup.results },
        ..setup
    });
    let first = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    let _others = [world.stop().expect("accepted"), world.stop().expect("accepted")];
    world.network.take_requests();
    let error = world.stop().expect_err("too many");
    assert!(matches!(error, Error::TooManyPending { most: 3, .. }));
    assert_eq!(
        error.to_string(),
        "the results of 3 requests to partner cpo are awaited already: wait for some of them"
    );
    assert_eq!(world.network.take_requests(), [""; 0], "nothing was sent");
    // One that is answered makes room, and so does one that is overdue, though nobody waited for it.
    world.post(&url, Accepted).expect("awaited");
    assert!(block_on(first.result()).expect("a store").is_accepted());
    drop(world.stop().expect("there is room"));
    assert!(world.stop().is_err());
    world.clock.advance(35);
    drop(world.stop().expect("there is room"));
}

#[test]
fn a_tick_ends_what_is_overdue_and_forgets_what_is_old() {
    const DAY: i64 = 24 * 60 * 60;
    let world = World::new();
    let tick = || block_on(world.emsp.platform.tick()).expect("a store").results;
    let sent = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    assert_eq!(tick(), 0);
    world.clock.advance(36);
    assert_eq!(world.pending(), []);
    assert_eq!((tick(), tick()), (1, 0));
    assert_eq!(world.told(), ["cpo STOP_SESSION result.missing"]);
    assert_eq!(block_on(sent.outcome()).expect("a store"), Some(Outcome::TimedOut));
    world.clock.advance(7 * DAY);
    assert_eq!(tick(), 0);
    world.clock.advance(1);
    assert_eq!(tick(), 1);
    assert!(matches!(block_on(sent.outcome()), Err(Error::UnknownRequest)));
    assert!(world.post(&url, Accepted).expect_err("it is forgotten").is_not_found());
    assert_eq!(world.told(), ["cpo STOP_SESSION result.unknown"]);
}

/// Where nobody calls `tick`, new requests take old ones away.
#[test]
fn requests_do_not_pile_up() {
    let world = World::new();
    let mut sent = Vec::new();
    for day in 0..40 {
        sent.push((day, world.stop().expect("accepted")));
        world.clock.advance(24 * 60 * 60);
    }
    let kept = sent.iter().filter(|(_, sent)| block_on(sent.outcome()).is_ok()).count();
    assert_eq!(kept, 8, "today's, and those of a week");
}

/// A reservation is kept as long as it may be canceled.
#[test]
fn a_reservation_is_kept_until_it_is_over() {
    const DAY: i64 = 24 * 60 * 60;
    let world = World::new();
    let token = ocpi_testkit::parse(&ocpi_testkit::token_json("DE/EMP", "04A2", "10:00:00"));
    let at = ocpi_types::endpoint::LocationKey { location_id: "L1".parse().expect("an id") };
    let expiry = ocpi_testkit::time("12:00:00").checked_add_seconds(20 * DAY).expect("a time");
    let id = "1001".parse().expect("an id");
    let sent = block_on(world.emsp.platform.reserve_now("cpo", &token, &at, &id, expiry)).expect("accepted");
    world.post(&world.cpo.chargers.response_url(), Accepted).expect("awaited");
    world.clock.advance(26 * DAY);
    block_on(world.emsp.platform.tick()).expect("a store");
    assert!(block_on(sent.result()).expect("it is kept").is_accepted());
    world.clock.advance(2 * DAY);
    block_on(world.emsp.platform.tick()).expect("a store");
    assert!(block_on(sent.result()).is_err());
}

#[test]
fn what_cannot_be_sent_is_not_stored() {
    let world = World::of(Version::V2_1_1);
    let platform = &world.emsp.platform;
    // 2.1.1 has neither the command nor charging profiles, and its reservations have numbers.
    let id = "R1".parse().expect("an id");
    let error = block_on(platform.cancel_reservation("cpo", &id)).expect_err("no such command");
    assert!(matches!(&error, Error::Client(_)), "{error}");
    let error = block_on(platform.clear_charging_profile("cpo", &id)).expect_err("no such module");
    assert!(
        matches!(&error, Error::Client(error) if error.is_not_offered() || error.is_version()),
        "{error}"
    );
    let token = ocpi_testkit::parse(&ocpi_testkit::token_json("DE/EMP", "04A2", "10:00:00"));
    let at = ocpi_types::endpoint::LocationKey { location_id: "L1".parse().expect("an id") };
    let expiry = ocpi_testkit::time("13:00:00");
    let error = block_on(platform.reserve_now("cpo", &token, &at, &id, expiry)).expect_err("no number");
    assert!(matches!(&error, Error::Client(error) if error.is_version()), "{error}");
    assert!(matches!(block_on(platform.stop_session("nobody", &id)), Err(Error::NoPartner(_))));
    assert_eq!((world.pending(), world.network.take_requests().len()), (vec![], 0));
}

#[test]
fn a_handle_is_of_the_kind_of_its_request() {
    let world = World::new();
    let sent = world.stop().expect("accepted");
    let platform = &world.emsp.platform;
    let error = block_on(platform.result_of::<ReserveNow>(sent.id())).expect_err("another kind");
    assert_eq!(error.to_string(), "the request is STOP_SESSION, and a result of RESERVE_NOW was asked for");
    let unknown: ResultId = "0".repeat(64).parse().expect("an id");
    assert!(block_on(platform.result_of::<StopSession>(&unknown)).expect("a store").is_none());
    let pending = world.pending();
    assert_eq!(pending.len(), 1);
    assert_eq!((pending[0].kind, &pending[0].id), (RequestKind::StopSession, sent.id()));
    assert_eq!((pending[0].partner.as_str(), pending[0].deadline), ("cpo", ocpi_testkit::time("12:00:35")));
}
