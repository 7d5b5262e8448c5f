//! Charging profiles: asked for, set and cleared.

use ocpi_client::Error as ClientError;
use ocpi_platform::{Outcome, RequestKind};
use ocpi_testkit::{ChargerReaction, PlatformSetup};
use ocpi_types::endpoint::{
    ClearChargingProfile, Endpoint, GetActiveChargingProfile, PostActiveChargingProfileResult,
    PostChargingProfileResult, PostClearProfileResult, PutChargingProfile,
};
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfile, ActiveChargingProfileInit, ActiveChargingProfileResult,
    ActiveChargingProfileResultInit, ChargingProfile, ChargingProfileInit, ChargingProfilePeriodInit,
    ChargingProfileResponseType, ChargingProfileResultInit, ChargingProfileResultType, ChargingRateUnit,
    ClearProfileResultInit,
};
use ocpi_types::{CiString, Private, Url, Version};
use pollster::block_on;

use super::world::{World, statuses};

fn session() -> CiString<36> {
    "S 1/x".parse().expect("an id")
}

fn profile() -> ChargingProfile {
    let period = ChargingProfilePeriodInit { start_period: 0, limit: 16.into() };
    ChargingProfile {
        charging_profile_period: vec![period.into()],
        ..ChargingProfileInit { charging_rate_unit: ChargingRateUnit::A }.into()
    }
}

fn send<P: Endpoint<Response = ()> + Sync>(world: &World, post: &P) -> Result<(), ClientError> {
    let client = block_on(world.cpo.platform.client("emsp")).expect("registered");
    block_on(client.send(post)).map(drop)
}

fn active(url: Private<Url>, result: ChargingProfileResultType) -> PostActiveChargingProfileResult {
    let active: ActiveChargingProfile = ActiveChargingProfileInit {
        start_date_time: ocpi_testkit::time("12:00:00"),
        charging_profile: profile(),
    }
    .into();
    let result = ActiveChargingProfileResult {
        profile: Some(active),
        ..ActiveChargingProfileResultInit { result }.into()
    };
    PostActiveChargingProfileResult { url, result }
}

#[test]
fn a_profile_is_set_read_and_cleared() {
    for version in [Version::V2_2_1, Version::V2_3_0] {
        let world = World::of(version);
        let emsp = &world.emsp.platform;
        let url = || world.cpo.chargers.response_url();
        let accepted = ChargingProfileResultType::Accepted;

        let set = block_on(emsp.set_charging_profile("cpo", &session(), profile())).expect("accepted");
        assert!(url().as_str().contains("/sender/chargingprofiles/set_profile/"), "{}", url().as_str());
        let result = ChargingProfileResultInit { result: accepted.clone() }.into();
        send(&world, &PostChargingProfileResult { url: url(), result }).expect("awaited");
        assert!(block_on(set.result()).expect("a store").is_accepted());

        let asked = block_on(emsp.active_charging_profile("cpo", &session(), 3_600)).expect("accepted");
        send(&world, &active(url(), accepted.clone())).expect("awaited");
        let outcome = block_on(asked.result()).expect("a store");
        let active = outcome.result().and_then(|result| result.profile.clone()).expect("a profile");
        assert_eq!(active.charging_profile, profile());

        let clear = block_on(emsp.clear_charging_profile("cpo", &session())).expect("accepted");
        let result = ClearProfileResultInit { result: ChargingProfileResultType::Unknown }.into();
        send(&world, &PostClearProfileResult { url: url(), result }).expect("awaited");
        let outcome = block_on(clear.result()).expect("a store");
        assert!(matches!(outcome, Outcome::Unsuccessful(_)));
        assert_eq!(world.told(), [""; 0]);
        let requests = world.network.take_requests();
        let sent: Vec<&str> = requests
            .iter()
            .filter(|line| line.contains("cpo.example"))
            .map(|line| line.split_once(' ').expect("a method").0)
            .collect();
        assert_eq!(sent, ["PUT", "GET", "DELETE"]);
    }
}

/// Each of the three: refused, too late, repeated, and asked for again after a restart.
#[test]
fn they_end_as_commands_do() {
    let world = World::new();
    let emsp = &world.emsp.platform;
    let ask = |duration| block_on(emsp.active_charging_profile("cpo", &session(), duration));
    world.cpo.chargers.plan([ChargerReaction::Reject]);
    let Ok(Outcome::Refused(answer)) = block_on(ask(60).expect("an answer").result()) else {
        panic!("it was refused")
    };
    assert_eq!(answer.result, ChargingProfileResponseType::Rejected);

    world.cpo.chargers.plan([ChargerReaction::ResultFirst]);
    assert!(block_on(ask(60).expect("accepted").result()).expect("a store").is_accepted());

    let asked = ask(60).expect("accepted");
    let url = world.cpo.chargers.response_url();
    assert_eq!(block_on(asked.result()).expect("a store"), Outcome::TimedOut);
    let late = active(url, ChargingProfileResultType::Accepted);
    send(&world, &late).expect("late");
    send(&world, &late).expect("a repeat");
    let rejected = active(late.url.clone(), ChargingProfileResultType::Rejected);
    assert_eq!(statuses(&send(&world, &rejected).expect_err("another")), (200, 2001));
    assert_eq!(
        world.told(),
        ["missing", "late", "repeated", "changed"].map(|rule| format!("cpo active_profile result.{rule}"))
    );
    assert_eq!(block_on(asked.late_result()).expect("a store"), Some(late.result));

    let [_set, _clear] = [
        block_on(emsp.set_charging_profile("cpo", &session(), profile())).expect("accepted").id().clone(),
        block_on(emsp.clear_charging_profile("cpo", &session())).expect("accepted").id().clone(),
    ];
    let kinds: Vec<_> = world.pending().iter().map(|pending| pending.kind).collect();
    assert_eq!(kinds, [RequestKind::SetProfile, RequestKind::ClearProfile]);
    let again = PlatformSetup {
        store: std::sync::Arc::clone(&world.emsp.store),
        clock: world.clock.clock(),
        ..PlatformSetup::emsp()
    }
    .open(&world.network);
    let pending = block_on(again.platform.pending()).expect("a store");
    assert!(
        block_on(again.platform.result_of::<PutChargingProfile>(&pending[0].id)).expect("a store").is_some()
    );
    assert!(
        block_on(again.platform.result_of::<ClearChargingProfile>(&pending[1].id))
            .expect("a store")
            .is_some()
    );
    assert!(block_on(again.platform.result_of::<GetActiveChargingProfile>(&pending[1].id)).is_err());
}
