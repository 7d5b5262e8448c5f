//! Requests that charge points never hear of.

use bytes::Bytes;
use ocpi_platform::{Outcome, ResultLimits};
use ocpi_server_traits::ErrorKind;
use ocpi_testkit::{PlatformSetup, location_json, session_json};
use ocpi_types::endpoint::EvseKey;
use ocpi_types::v2_3_0::charging_profiles::ChargingProfileResponseType;
use ocpi_types::v2_3_0::commands::{CommandResponseType, CommandResultType};
use ocpi_types::v2_3_0::locations::{Capability, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{CiString, Version};
use pollster::block_on;
use serde_json::{Value as Json, json};

use super::depot::{Reaction, World};

/// A START_SESSION as it went over the wire, for changes.
fn start(world: &World) -> http::Request<Bytes> {
    let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
    drop(block_on(world.emsp.platform.start_session("cpo", &world.token(), &at)).expect("taken"));
    world.depot.calls();
    world.backlog.crash();
    world.last_request()
}

fn id(text: &str) -> CiString<36> {
    text.parse().expect("an id")
}

fn changed(request: &http::Request<Bytes>, change: &Json) -> http::Request<Bytes> {
    let mut body: Json = serde_json::from_slice(request.body()).expect("JSON");
    for (name, value) in change.as_object().expect("members") {
        body[name] = value.clone();
    }
    request.clone().map(|_| body.to_string().into())
}

/// Another party of ours has a Location of the same id, and the EVSE stands there.
#[test]
fn the_place_is_where_the_evse_is() {
    let world = World::new();
    let request = start(&world);
    let other = location_json("NL/ALF", "L1", "10:00:00").replace(r#""uid": "E1""#, r#""uid": "E9""#);
    assert!(other.contains("E9"));
    world.cpo.put::<Location>(&other);
    let (http, ocpi, result) = world.ask(request);
    assert_eq!((http, ocpi, result.as_str()), (200, 1000, "ACCEPTED"));
}

/// Places that are not there, tokens and URLs of others.
#[test]
fn a_start_is_judged_before_a_charge_point_hears_of_it() {
    let world = World::new();
    let request = start(&world);
    let mut foreign: Json = serde_json::from_slice(request.body()).expect("JSON");
    let mut foreign = foreign["token"].take();
    foreign["party_id"] = json!("XXX");
    for (change, expected) in [
        (json!({"location_id": "L2"}), (200, 2003, "REJECTED")),
        (json!({"evse_uid": "E2"}), (200, 2003, "REJECTED")),
        (json!({"connector_id": "C2"}), (200, 2003, "REJECTED")),
        (json!({"evse_uid": null, "connector_id": "C1"}), (200, 2001, "-")),
        (json!({"token": foreign}), (200, 1000, "REJECTED")),
        (json!({"response_url": "https://elsewhere.example/ocpi/1"}), (200, 2001, "-")),
        (json!({"response_url": "https://emsp.example.evil.example/ocpi/1"}), (200, 2001, "-")),
        (json!({"response_url": "http://127.0.0.1/admin"}), (200, 2001, "-")),
    ] {
        let (http, ocpi, result) = world.ask(changed(&request, &change));
        assert_eq!((http, ocpi, result.as_str()), expected, "{change}");
        assert_eq!(world.depot.calls().len(), 0, "{change}");
        assert_eq!(world.backlog.run(), 0, "{change}");
    }
    // The neighbour of all of them.
    let again = changed(&request, &json!({"connector_id": "C1"}));
    assert_eq!(world.ask(again).2, "ACCEPTED");
    assert_eq!(world.depot.calls().len(), 1);
}

/// An EVSE that wants to be told the connector.
#[test]
fn an_evse_may_need_the_connector() {
    let world = World::new();
    let request = start(&world);
    let mut location: Location = world.cpo.all::<Location>().remove(0);
    location.evses[0].capabilities = vec![Capability::StartSessionConnectorRequired];
    location.last_updated = "2026-11-22T11:00:00Z".parse().expect("a time");
    block_on(world.cpo.platform.objects().put_all([location])).expect("stored");
    let url = json!("https://emsp.example/ocpi/2.3.0/sender/commands/START_SESSION/1");
    assert_eq!(world.ask(changed(&request, &json!({"response_url": url}))).1, 2001);
    let with_connector = json!({"response_url": url, "connector_id": "C1"});
    assert_eq!(world.ask(changed(&request, &with_connector)).2, "ACCEPTED");

    // 2.1.1 cannot name it.
    let world = World::of(Version::V2_1_1);
    let mut location: Location = world.cpo.all::<Location>().remove(0);
    location.evses[0].capabilities = vec![Capability::StartSessionConnectorRequired];
    location.last_updated = "2026-11-22T11:00:00Z".parse().expect("a time");
    block_on(world.cpo.platform.objects().put_all([location])).expect("stored");
    start(&world);
}

/// To a command, a Session that is not there and one of somebody else's driver look the same. Charging profiles have an answer for
/// the latter.
#[test]
fn sessions_of_others_are_unknown() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        let foreign =
            session_json("NL/BET", "S2", "10:00:00").replace(r#""party_id": "EMP""#, r#""party_id": "XXX""#);
        world.cpo.put::<Session>(&foreign);
        for session in ["S2", "S3"] {
            let stop = block_on(world.emsp.platform.stop_session("cpo", &id(session))).expect("answered");
            let outcome = block_on(stop.result()).expect("an outcome");
            let Outcome::Refused(answer) = outcome else { panic!("{version} {session} {outcome:?}") };
            assert_eq!(answer.result, CommandResponseType::UnknownSession, "{version} {session}");
        }
        if *version >= Version::V2_2 {
            let clear =
                block_on(world.emsp.platform.clear_charging_profile("cpo", &id("S2"))).expect("answered");
            let Ok(Outcome::Refused(answer)) = block_on(clear.result()) else { panic!("{version}") };
            assert_eq!(answer.result, ChargingProfileResponseType::Rejected, "{version}");
        }
        assert_eq!(world.depot.calls().len(), 0);
    }
}

/// Refusals that the specification has an immediate answer for are that answer.
#[test]
fn a_profile_may_be_asked_for_too_often_or_not_be_supported() {
    let world = World::new();
    world.cpo.put::<Session>(&session_json("NL/BET", "S1", "10:00:00"));
    for (kind, expected) in [
        (ErrorKind::TooManyRequests, ChargingProfileResponseType::TooOften),
        (ErrorKind::NotImplemented, ChargingProfileResponseType::NotSupported),
    ] {
        world.depot.reacts(Reaction::Declines(kind));
        let asked = block_on(world.emsp.platform.active_charging_profile("cpo", &id("S1"), 600));
        let outcome = block_on(asked.expect("answered").result()).expect("an outcome");
        let Outcome::Refused(answer) = outcome else { panic!("{kind:?}: {outcome:?}") };
        assert_eq!(answer.result, expected);
        // It came to nothing: the next one is a new one.
        world.depot.reacts(Reaction::AtOnce(CommandResultType::Accepted));
        world.depot.calls();
        drop(block_on(world.emsp.platform.active_charging_profile("cpo", &id("S1"), 600)).expect("answered"));
        assert_eq!(world.depot.calls().len(), 1);
    }
    world.depot.reacts(Reaction::Declines(ErrorKind::NotImplemented));
    let at = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
    let started = block_on(world.emsp.platform.start_session("cpo", &world.token(), &at)).expect("answered");
    let Ok(Outcome::Refused(answer)) = block_on(started.result()) else { panic!("a refusal") };
    assert_eq!(answer.result, CommandResponseType::NotSupported);
}

/// A provider of smart charging may direct the sessions of other parties' drivers where the CPO has a contract with it.
#[test]
fn sessions_of_others_are_directed_by_contract_only() {
    let world = World::new();
    let scsp = PlatformSetup::new("scsp", &[("SCSP", "FR", "SCS")]).open(&world.network);
    scsp.register_with(&world.cpo, "cpo", "scsp").expect("registered");
    let refused = |session: &str| {
        let clear = block_on(scsp.platform.clear_charging_profile("cpo", &id(session))).expect("answered");
        let Ok(Outcome::Refused(answer)) = block_on(clear.result()) else { panic!("{session}") };
        answer.result
    };
    assert_eq!(refused("S1"), ChargingProfileResponseType::Rejected);
    assert_eq!(refused("S9"), ChargingProfileResponseType::UnknownSession);
    assert_eq!(world.depot.calls().len(), 0);

    world.depot.lets_direct("scsp");
    assert_eq!(refused("S9"), ChargingProfileResponseType::UnknownSession);
    let clear = block_on(scsp.platform.clear_charging_profile("cpo", &id("S1"))).expect("taken");
    world.backlog.run();
    assert!(block_on(clear.result()).expect("a result").is_accepted());
    assert_eq!(world.depot.calls(), ["clear_profile scsp NL/BET L1 S1"]);
    // The eMSP of the driver needs no such contract.
    drop(block_on(world.emsp.platform.clear_charging_profile("cpo", &id("S1"))).expect("taken"));
    assert_eq!(world.depot.calls(), ["clear_profile emsp NL/BET L1 S1"]);
    world.depot.lets_direct("emsp");
    assert_eq!(refused("S1"), ChargingProfileResponseType::Rejected);
}

/// No partner keeps more charge points busy than it may.
#[test]
fn a_partner_has_no_more_requests_under_way_than_allowed() {
    let results = ResultLimits { open: 2, ..ResultLimits::default() };
    let world = World::with(Version::V2_3_0, |setup| PlatformSetup { results, ..setup });
    world.depot.reacts(Reaction::Never);
    let request = start(&world);
    let another = |number: usize| {
        let url = format!("https://emsp.example/ocpi/2.3.0/sender/commands/START_SESSION/{number}");
        changed(&request, &json!({"response_url": url}))
    };
    assert_eq!(world.ask(another(2)).2, "ACCEPTED");
    assert_eq!(world.ask(another(3)), (200, 1000, "REJECTED".to_owned()));
    // One that is under way is known all the same.
    assert_eq!(world.ask(another(2)).2, "ACCEPTED");
    assert_eq!(world.depot.calls().len(), 1);
    // When their time is over, there is room again.
    world.backlog.run();
    world.clock.advance(60);
    block_on(world.cpo.platform.tick()).expect("a store");
    assert_eq!(world.ask(another(3)).2, "ACCEPTED");
}
