//! Requests that charge points take, in every version.

use std::sync::{Arc, Mutex};

use ocpi_client::RequestOptions;
use ocpi_platform::{Error, Hooks, Outcome};
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, party, session_json};
use ocpi_types::endpoint::{ConnectorKey, EvseKey, PutActiveChargingProfile, SetChargingPreferences};
use ocpi_types::protocol::PartnerId;
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfile, ActiveChargingProfileInit, ChargingProfileInit, ChargingRateUnit,
};
use ocpi_types::v2_3_0::commands::{CommandResponseType, CommandResultType};
use ocpi_types::v2_3_0::locations::{Capability, Location};
use ocpi_types::v2_3_0::sessions::{
    ChargingPreferencesInit, ChargingPreferencesResponse, ProfileType, Session,
};
use ocpi_types::{CiString, Version};
use pollster::block_on;

use super::depot::{Nothing, Reaction, World, lock};

fn evse() -> EvseKey {
    EvseKey { location_id: "L1".parse().expect("an id"), evse_uid: "E1".parse().expect("an id") }
}

/// The statuses of HTTP and OCPI in an answer.
fn statuses(error: &Error) -> (u16, u16) {
    let Error::Client(error) = error else { panic!("{error}") };
    let http = error.http_status().expect("an answer").as_u16();
    (http, error.status_code().expect("an answer of OCPI").get())
}

/// Every command reaches the charge points with what it is about, and its result reaches the eMSP.
#[test]
fn commands_are_done_and_answered_in_every_version() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        let emsp = &world.emsp.platform;
        let connector = ConnectorKey {
            location_id: "L1".parse().expect("an id"),
            evse_uid: "E1".parse().expect("an id"),
            connector_id: "C1".parse().expect("an id"),
        };
        let (session, reservation) = ("S1".parse().expect("an id"), "4711".parse().expect("an id"));
        let until = "2026-11-22T14:00:00Z".parse().expect("a time");
        macro_rules! is_done {
            ($sent:expr, $call:literal) => {{
                for reaction in [
                    Reaction::AtOnce(CommandResultType::Accepted),
                    Reaction::Soon(CommandResultType::Accepted),
                ] {
                    world.depot.reacts(reaction.clone());
                    let sent = block_on($sent).expect("taken");
                    assert!(sent.answer.value.is_some(), "{version} {reaction:?}");
                    assert_eq!(world.posts(), 0, "the answer comes first");
                    assert_eq!(world.backlog.run(), 1);
                    assert_eq!(world.posts(), 1);
                    let outcome = block_on(sent.result()).expect("a result");
                    assert!(outcome.is_accepted(), "{version} {reaction:?} {outcome:?}");
                    assert_eq!(world.depot.calls(), [$call]);
                }
            }};
        }
        is_done!(emsp.start_session("cpo", &world.token(), &evse()), "start_session emsp NL/BET L1 -");
        is_done!(emsp.stop_session("cpo", &session), "stop_session emsp NL/BET L1 S1");
        is_done!(emsp.unlock_connector("cpo", &connector), "unlock_connector emsp NL/BET L1 -");
        is_done!(
            emsp.reserve_now("cpo", &world.token(), &evse(), &reservation, until),
            "reserve_now emsp NL/BET L1 -"
        );
        if *version < Version::V2_2 {
            continue;
        }
        is_done!(emsp.cancel_reservation("cpo", &reservation), "cancel_reservation emsp - - -");
        let profile = || ChargingProfileInit { charging_rate_unit: ChargingRateUnit::W }.into();
        is_done!(emsp.set_charging_profile("cpo", &session, profile()), "set_profile emsp NL/BET L1 S1");
        is_done!(emsp.active_charging_profile("cpo", &session, 3_600), "active_profile emsp NL/BET L1 S1");
        is_done!(emsp.clear_charging_profile("cpo", &session), "clear_profile emsp NL/BET L1 S1");
    }
}

/// A refusal that is there at once is the answer: then no result follows.
#[test]
fn a_refusal_needs_no_result() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        for (result, response) in [
            (CommandResultType::Rejected, CommandResponseType::Rejected),
            (CommandResultType::NotSupported, CommandResponseType::NotSupported),
        ] {
            world.depot.reacts(Reaction::AtOnce(result));
            let sent = block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse()))
                .expect("answered");
            let outcome = block_on(sent.result()).expect("an outcome");
            let Outcome::Refused(answer) = outcome else { panic!("{version} {outcome:?}") };
            assert_eq!(answer.result, response, "{version}");
            assert_eq!(world.backlog.run(), 0);
            // The same once more is answered as the first time.
            world.depot.calls();
            let again = world.ask(world.last_request());
            assert_eq!(again, (200, 1000, response.as_str().to_owned()));
            assert_eq!(world.depot.calls().len(), 0);
        }
    }
}

/// Commands that are not implemented are not supported.
#[test]
fn nothing_is_supported_as_a_default() {
    let world = World::new();
    let platform = &world.cpo.platform;
    let router = platform.router(|routes| platform.mount_chargers(routes, &Arc::new(Nothing)));
    world.serve_by(router.expect("a router"));
    let emsp = &world.emsp.platform;
    let start = block_on(emsp.start_session("cpo", &world.token(), &evse())).expect("answered");
    let stop = block_on(emsp.stop_session("cpo", &"S1".parse().expect("an id"))).expect("answered");
    for outcome in [block_on(start.result()), block_on(stop.result())] {
        let Ok(Outcome::Refused(answer)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(answer.result, CommandResponseType::NotSupported);
    }
}

/// A charge point that fails, or never answers, has failed.
#[test]
fn a_charge_point_that_gives_no_result_has_failed() {
    for reaction in [Reaction::Never, Reaction::FailsSoon] {
        let world = World::new();
        world.depot.reacts(reaction.clone());
        let sent =
            block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
        world.backlog.run();
        let Outcome::Unsuccessful(result) = block_on(sent.result()).expect("a result") else {
            panic!("{reaction:?}")
        };
        assert_eq!(result.result, CommandResultType::Failed);
        let is_told = world.told().iter().any(|line| line.ends_with("a charge point failed"));
        assert_eq!(is_told, matches!(reaction, Reaction::FailsSoon));
    }
    let world = World::new();
    world.depot.reacts(Reaction::Fails);
    let error = block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse()));
    assert_eq!(statuses(&error.expect_err("the charge point is out of reach")), (200, 3000));
    // It came to nothing: the same once more is a new one.
    world.depot.reacts(Reaction::AtOnce(CommandResultType::Accepted));
    world.depot.calls();
    assert_eq!(world.ask(world.last_request()).2, "ACCEPTED");
    assert_eq!(world.depot.calls().len(), 1);
}

/// A START_SESSION that comes twice starts one session, whoever answers and whatever became of the first.
#[test]
fn the_same_request_again_is_recognized() {
    let world = World::new();
    world.depot.reacts(Reaction::Soon(CommandResultType::Accepted));
    let sent = block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
    let request = world.last_request();
    assert_eq!(world.ask(request.clone()).2, "ACCEPTED");
    world.backlog.run();
    assert_eq!(world.ask(request.clone()).2, "ACCEPTED");
    let _second: TestPlatform = world.restarted();
    assert_eq!(world.ask(request.clone()).2, "ACCEPTED");
    assert_eq!(world.depot.calls().len(), 1);
    assert!(block_on(sent.result()).expect("a result").is_accepted());
    // Another URL is another request.
    let body = String::from_utf8(request.body().to_vec()).expect("text");
    let (head, body) = (request.into_parts().0, body.replace("START_SESSION/", "START_SESSION/another"));
    assert_eq!(world.ask(http::Request::from_parts(head, body.into())).2, "ACCEPTED");
    assert_eq!(world.depot.calls().len(), 1);
}

/// A result that was put off while the clock was ahead is posted.
#[test]
fn a_result_is_posted_although_the_clock_was_ahead() {
    let world = World::new();
    world.clock.advance(10 * 24 * 60 * 60);
    let sent = block_on(world.emsp.platform.start_session("cpo", &world.token(), &evse())).expect("taken");
    world.network.watch(|request| {
        let is_result = request.method() == http::Method::POST;
        is_result.then_some(ocpi_testkit::Fate::Lost)
    });
    world.backlog.run();
    world.network.calm();
    assert_eq!(world.posts(), 1);
    world.clock.advance(-10 * 24 * 60 * 60);
    block_on(world.cpo.platform.tick()).expect("a store");
    assert_eq!(world.posts(), 1);
    drop(sent);
}

/// Preferences go to EVSEs that take them.
#[test]
fn preferences_are_for_evses_that_can() {
    for version in [Version::V2_2_1, Version::V2_3_0] {
        let world = World::of(version);
        let emsp = &world.emsp.platform;
        let set = |session: &str| SetChargingPreferences {
            session_id: session.parse().expect("an id"),
            preferences: ChargingPreferencesInit { profile_type: ProfileType::Green }.into(),
        };
        let error = block_on(emsp.send("cpo", &set("S1"))).expect_err("it cannot").to_string();
        assert!(error.contains("404") && error.contains("2001"), "{error}");
        let mut location: Location = world.cpo.all::<Location>().remove(0);
        location.evses[0].capabilities = vec![Capability::ChargingPreferencesCapable];
        location.last_updated = "2026-11-22T11:00:00Z".parse().expect("a time");
        block_on(world.cpo.platform.objects().put_all([location])).expect("stored");
        let answer = block_on(emsp.send("cpo", &set("S1"))).expect("answered").value;
        assert_eq!(answer, ChargingPreferencesResponse::DepartureRequired);
        block_on(emsp.send("cpo", &set("S2"))).expect_err("no such session");
        // The request is good: a charge point that cannot be asked is no matter of HTTP.
        for reaction in [Reaction::Never, Reaction::Fails] {
            world.depot.reacts(reaction);
            assert_eq!(
                statuses(&block_on(emsp.send("cpo", &set("S1"))).expect_err("out of reach")),
                (200, 3000)
            );
        }
    }
}

/// Notes the profiles that a CPO tells of.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

impl Hooks for Noting {
    fn on_active_profile(&self, id: &PartnerId, session_id: &CiString<36>, profile: &ActiveChargingProfile) {
        let line = format!("{} {session_id} {}", id.as_str(), profile.charging_profile.charging_rate_unit);
        lock(&self.0).push(line);
    }
}

/// A profile that changes by itself: the eMSP is told of Sessions that it knows of this CPO.
#[test]
fn a_cpo_tells_of_a_profile_that_changed() {
    let noting = Arc::new(Noting::default());
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    let hooks = Some(Arc::clone(&noting) as Arc<_>);
    let emsp = PlatformSetup { hooks, ..PlatformSetup::emsp() }.open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    emsp.put::<Session>(&session_json("NL/BET", "S1", "10:00:00"));
    emsp.put::<Session>(&session_json("NL/XXX", "S2", "10:00:00"));
    let tell = |session: &str| {
        let charging_profile = ChargingProfileInit { charging_rate_unit: ChargingRateUnit::A }.into();
        let start_date_time = "2026-11-22T10:00:00Z".parse().expect("a time");
        let profile = ActiveChargingProfileInit { start_date_time, charging_profile }.into();
        let put = PutActiveChargingProfile { session_id: session.parse().expect("an id"), profile };
        block_on(cpo.platform.send("emsp", &put)).map(|answer| answer.value)
    };
    tell("S1").expect("taken");
    for unknown in ["S2", "S3"] {
        tell(unknown).expect_err("it has no such session of this CPO");
    }
    assert_eq!(lock(&noting.0).as_slice(), ["cpo S1 A"]);
    // The party that tells of it has no such Session, another one of the CPO has.
    let charging_profile = ChargingProfileInit { charging_rate_unit: ChargingRateUnit::A }.into();
    let start_date_time = "2026-11-22T10:00:00Z".parse().expect("a time");
    let profile = ActiveChargingProfileInit { start_date_time, charging_profile }.into();
    let put = PutActiveChargingProfile { session_id: "S1".parse().expect("an id"), profile };
    let tell_as = |of: &str| {
        let options = RequestOptions::new().from(party(of));
        block_on(cpo.platform.send_with("emsp", &put, &options)).map(drop)
    };
    tell_as("NL/BET").expect("its own");
    tell_as("NL/ALF").expect_err("it has no such session");
}
