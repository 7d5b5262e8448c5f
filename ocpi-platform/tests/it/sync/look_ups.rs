//! Objects in doubt are asked for at their owners.

use std::sync::Arc;
use std::time::Duration;

use ocpi_testkit::{location_json, parse, session_json, success};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::locations::{Location, LocationPatch};
use ocpi_types::v2_3_0::sessions::{Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::{page, queries, world};
use crate::calls::World;

fn patch_unknown(world: &World, id: &str) {
    patch_unknown_of(world, ("cpo", "NL/ALF"), id);
}

/// A PATCH of a partner's Location that the eMSP does not know.
pub(super) fn patch_unknown_of(world: &World, (partner, owner): (&str, &str), id: &str) {
    let location: Location = parse(&location_json(owner, id, "10:00:00"));
    let patch = LocationPatch {
        city: "Gouda".parse::<ocpi_types::Text<45>>().expect("a city").into(),
        last_updated: ocpi_testkit::time("11:00:00").into(),
        ..LocationPatch::default()
    };
    let update = ocpi_server_traits::order::Update::patch(patch);
    let arrival = ocpi_server_traits::order::Arrival::of(&update, world.time.clock().now());
    let by = ocpi_server_traits::Cause::Push { partner: partner.parse().expect("an id"), request_id: None };
    let objects = world.emsp.platform.objects();
    block_on(objects.take::<Location>(&location.identity(), update, arrival, &by)).expect("a store");
}

fn due(world: &World) -> Option<i64> {
    let next = world.run(world.emsp.platform.look_ups_due()).0.expect("a store");
    next.map(|next| next.seconds_since(world.time.clock().now()))
}

pub(super) fn doubts(world: &World) -> usize {
    block_on(world.emsp.platform.objects().doubts()).expect("a store").len()
}

#[test]
fn a_location_is_asked_for_five_seconds_later() {
    let world = world();
    world.emsp.platform.settle_doubts::<(Location, Session)>();
    world.cpo.put::<Location>(&location_json("NL/ALF", "L1", "11:00:00"));
    patch_unknown(&world, "L1");
    assert_eq!(due(&world), Some(5));
    world.time.advance(Duration::from_secs(5));
    due(&world);
    assert_eq!((world.emsp.all::<Location>().len(), doubts(&world)), (1, 0));
    let requests = world.network.take_requests();
    assert!(requests.len() == 1 && requests[0].ends_with("/locations/L1"), "{requests:?}");
    assert_eq!(due(&world), None);
}

/// The owner has none either: that is an answer.
#[test]
fn that_there_is_none_settles_it() {
    let world = world();
    world.emsp.platform.settle_doubts::<(Location,)>();
    patch_unknown(&world, "L9");
    world.time.advance(Duration::from_secs(6));
    due(&world);
    assert_eq!((world.emsp.all::<Location>().len(), doubts(&world)), (0, 0));
}

/// Where there is no request for one object, a list without it settles the doubt.
#[test]
fn a_list_without_it_settles_it() {
    let world = world();
    world.emsp.platform.settle_doubts::<(Session,)>();
    let session: Session = parse(&session_json("NL/ALF", "S1", "10:00:00"));
    let patch =
        SessionPatch { last_updated: ocpi_testkit::time("11:00:00").into(), ..SessionPatch::default() };
    let update = ocpi_server_traits::order::Update::patch(patch);
    let arrival = ocpi_server_traits::order::Arrival::of(&update, world.time.clock().now());
    let by = ocpi_server_traits::Cause::Push { partner: "cpo".parse().expect("an id"), request_id: None };
    let objects = world.emsp.platform.objects();
    block_on(objects.take::<Session>(&session.identity(), update, arrival, &by)).expect("a store");
    assert_eq!(doubts(&world), 1);
    world.answers(|_, _| page(&[]));
    world.time.advance(Duration::from_secs(5));
    due(&world);
    assert_eq!(doubts(&world), 0);
}

#[test]
fn many_are_one_list() {
    let world = world();
    world.emsp.platform.settle_doubts::<(Location,)>();
    for id in 0..21 {
        patch_unknown(&world, &format!("L{id}"));
    }
    world.time.advance(Duration::from_secs(6));
    world.answers(|_, _| {
        page(&(0..21).map(|id| location_json("NL/ALF", &format!("L{id}"), "11:00:00")).collect::<Vec<_>>())
    });
    due(&world);
    assert_eq!((world.emsp.all::<Location>().len(), doubts(&world)), (21, 0));
    assert!(world.asked().iter().all(|request| request.uri().path().ends_with("/locations")));
}

/// Where there is no request for one object, what changed is asked for; not again and again.
#[test]
fn sessions_are_asked_for_by_list() {
    let world = world();
    world.emsp.platform.settle_doubts::<(Session,)>();
    let session: Session = parse(&session_json("NL/ALF", "S1", "10:00:00"));
    let push = |json: &str| {
        let session: Session = parse(json);
        let update = ocpi_server_traits::order::Update::put(session.clone());
        let arrival = ocpi_server_traits::order::Arrival::of(&update, world.time.clock().now());
        let by = ocpi_server_traits::Cause::Push { partner: "cpo".parse().expect("an id"), request_id: None };
        block_on(world.emsp.platform.objects().take::<Session>(&session.identity(), update, arrival, &by))
            .expect("a store");
    };
    let same = session_json("NL/ALF", "S1", "10:00:00");
    push(&same);
    push(&same.replace(&format!("\"kwh\": {}", session.kwh), "\"kwh\": 99.0"));
    assert_eq!(doubts(&world), 1);
    world.answers(|_, _| page(&[]));
    world.time.advance(Duration::from_secs(5));
    assert_eq!(due(&world), Some(30));
    assert!(queries(&world).iter().all(|query| query.starts_with("date_from=")));
    world.time.advance(Duration::from_secs(30));
    due(&world);
    assert!(queries(&world).is_empty(), "not before 5 minutes");
    world.time.advance(Duration::from_secs(300));
    due(&world);
    assert!(!queries(&world).is_empty());
}

/// A kind that this process neither keeps nor names is left alone.
#[test]
fn other_kinds_wait() {
    let world = world();
    world.emsp.platform.settle_doubts::<(Tariff,)>();
    patch_unknown(&world, "L1");
    world.answers(|_, _| success("[]"));
    world.time.advance(Duration::from_secs(60));
    assert_eq!(due(&world), None);
    assert!(world.asked().is_empty());
}

#[test]
fn an_answer_of_a_partner_that_left_while_it_was_asked_is_not_taken() {
    let world = world();
    let emsp = Arc::clone(&world.emsp.platform);
    let text = location_json("NL/ALF", "L1", "10:00:00");
    let at = parse::<Location>(&text).identity();
    world.answers(move |_, _| {
        block_on(emsp.forget("cpo")).expect("a store");
        success(&text)
    });
    let looked_up = world.run(world.emsp.platform.look_up::<Location>("cpo", &at)).0;
    looked_up.expect_err("it speaks for nobody any more");
    assert!(world.emsp.all::<Location>().is_empty());
}
