//! The smallest request by which a partner gets what it lacks.

use ocpi_platform::{PartnerPush, PushSettings, UsePatch};
use ocpi_server_traits::order::Taken;
use ocpi_testkit::{parse, period_json, session_json, tariff_json, time, token_json};
use ocpi_types::Version;
use ocpi_types::endpoint::{Owned, RootResource};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, LocationPatch, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use super::world::{Fault, Setup, World, evse_at, location};

#[test]
fn a_status_is_a_patch_of_the_evse() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(5);
    assert_eq!(world.lines(), ["PUT locations/NL/ALF/L1"]);
    world.status("L1", "E2", Status::Charging);
    world.live(5);
    let got = world.take_got();
    assert_eq!(got.len(), 1);
    assert_eq!((got[0].method.as_str(), got[0].path.as_str()), ("PATCH", "locations/NL/ALF/L1/E2"));
    assert_eq!(got[0].body, r#"{"status":"CHARGING","last_updated":"2026-11-22T12:00:05Z"}"#);
    assert_eq!(world.copy("L1").unwrap().evse("E2").unwrap().status, Status::Charging);
    world.live(300);
    assert_eq!(world.lines(), [""; 0], "nothing is said twice");
}

#[test]
fn a_status_that_is_the_same_is_no_change() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 1, "10:00:00"));
    world.live(5);
    world.take_got();
    world.status("L1", "E1", Status::Available);
    let again = world.cpo.platform.publish(parse::<Location>(&location("L1", 1, "10:00:00")));
    assert_eq!(pollster::block_on(again).unwrap(), Taken::Unchanged);
    let older = world.cpo.platform.publish(parse::<Location>(&location("L1", 2, "09:00:00")));
    assert_eq!(pollster::block_on(older).unwrap(), Taken::Older);
    world.live(5);
    assert_eq!(world.lines(), [""; 0]);
}

#[test]
fn each_change_has_its_smallest_request() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 6, "10:00:00"));
    world.live(5);
    world.take_got();
    type Step<'a> = (&'a dyn Fn(&mut Location), &'a [&'a str]);
    let steps: [Step<'_>; 5] = [
        (&|location| location.city = "Nijmegen".parse().unwrap(), &["PATCH locations/NL/ALF/L1"]),
        (
            &|location| location.evses[3].floor_level = Some("2".parse().unwrap()),
            &["PATCH locations/NL/ALF/L1/E4"],
        ),
        // A PATCH removes nothing.
        (&|location| location.evses[3].floor_level = None, &["PUT locations/NL/ALF/L1/E4"]),
        (
            &|location| {
                let mut connector = location.evses[0].connectors[0].clone();
                connector.max_amperage = 16;
                location.evses[0].connectors = ocpi_types::NonEmpty::of(connector);
            },
            &["PUT locations/NL/ALF/L1/E1"],
        ),
        (
            &|location| location.evses.iter_mut().for_each(|evse| evse.status = Status::Blocked),
            &["PUT locations/NL/ALF/L1"],
        ),
    ];
    for (number, (change, due)) in steps.into_iter().enumerate() {
        let mut location = world.cpo.all::<Location>().remove(0);
        change(&mut location);
        location.last_updated = time(&format!("11:00:0{number}"));
        location.evses.iter_mut().for_each(|evse| evse.last_updated = location.last_updated);
        pollster::block_on(world.cpo.platform.publish(location)).unwrap();
        world.live(5);
        assert_eq!(world.lines(), due, "step {number}");
    }
    let (ours, theirs) = (world.cpo.all::<Location>().remove(0), world.copy("L1").unwrap());
    assert_eq!(
        ours.evses.iter().map(|evse| &evse.status).collect::<Vec<_>>(),
        theirs.evses.iter().map(|evse| &evse.status).collect::<Vec<_>>()
    );
    assert_eq!(theirs.city.as_str(), "Nijmegen");
}

#[test]
fn what_changes_while_it_waits_is_sent_once_as_it_is_then() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(5);
    world.take_got();
    world.fault([Fault::Busy(30)]);
    for status in [Status::Charging, Status::Blocked, Status::Available, Status::Reserved] {
        world.status("L1", "E1", status);
        world.live(3);
    }
    world.live(60);
    let got = world.take_got();
    assert_eq!(got.len(), 2, "{got:?}");
    assert!(got[0].body.contains("CHARGING") && got[1].body.contains("RESERVED"), "{got:?}");
    assert!(
        got.iter().all(|got| got.method == http::Method::PATCH),
        "what was not taken is sent in the same form"
    );
    assert!(got[1].at - got[0].at >= 30, "{got:?}");
    assert!(world.is_same());
}

#[test]
fn periods_of_a_session_are_appended_and_never_twice() {
    let world = World::new();
    world.publish::<Session>(&session_json("NL/ALF", "S1", "10:00:00"));
    world.live(5);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S1"]);
    let at = world.cpo.all::<Session>().remove(0).identity();
    let add = |start: &str, kwh: &str| {
        let mut session = world.cpo.all::<Session>().remove(0);
        session.charging_periods.push(parse(&period_json(start, kwh)));
        session.kwh = kwh.parse().unwrap();
        session.last_updated = time(start);
        pollster::block_on(world.cpo.platform.publish(session)).unwrap();
    };
    add("10:01:00", "2.5");
    world.live(5);
    let got = world.take_got();
    assert_eq!((got.len(), got[0].method.as_str()), (1, "PATCH"));
    assert!(got[0].body.contains("2.5") && !got[0].body.contains("cdr_token"), "{got:?}");
    // The outcome of the second one is not known: the whole Session follows, and once more.
    world.fault([Fault::AnswerLost]);
    add("10:02:00", "3.5");
    add("10:03:00", "4.5");
    world.live(120);
    assert_eq!(
        world.lines(),
        ["PATCH sessions/NL/ALF/S1", "PUT sessions/NL/ALF/S1", "PUT sessions/NL/ALF/S1"]
    );
    let theirs = world.emsp.all::<Session>().remove(0);
    assert_eq!(theirs.charging_periods, world.cpo.all::<Session>().remove(0).charging_periods);
    // After a restart it is not known what the partner has.
    world.run(1, async {});
    world.lines();
    let patch =
        SessionPatch { kwh: "5".parse::<ocpi_types::Decimal>().unwrap().into(), ..SessionPatch::default() };
    pollster::block_on(world.cpo.platform.patch::<Session>(&at, patch)).unwrap();
    world.live(5);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S1"]);
}

#[test]
fn tariffs_are_put_and_deleted() {
    let world = World::new();
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
    world.live(5);
    assert_eq!(world.lines(), ["PUT tariffs/NL/ALF/T1"]);
    let at = world.cpo.all::<Tariff>().remove(0).identity();
    pollster::block_on(world.cpo.platform.withdraw::<Tariff>(&at)).unwrap();
    world.live(5);
    assert_eq!(world.lines(), ["DELETE tariffs/NL/ALF/T1"]);
    assert!(world.emsp.all::<Tariff>().is_empty());
    // It was never there: that is as it should be.
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T2", "10:00:00"));
    let at = world.cpo.all::<Tariff>().remove(0).identity();
    pollster::block_on(world.cpo.platform.withdraw::<Tariff>(&at)).unwrap();
    world.live(5);
    assert_eq!(world.lines(), ["DELETE tariffs/NL/ALF/T2"]);
    let dead = pollster::block_on(world.cpo.platform.deliveries("emsp").dead()).unwrap();
    assert!(dead.is_empty(), "{dead:?}");
}

#[test]
fn a_location_that_is_withdrawn_has_its_evses_removed() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(5);
    world.take_got();
    let at = world.cpo.all::<Location>().remove(0).identity();
    pollster::block_on(world.cpo.platform.withdraw::<Location>(&at)).unwrap();
    world.live(5);
    assert!(world.copy("L1").unwrap().evses.iter().all(|evse| evse.status == Status::Removed));
}

#[test]
fn drivers_tokens_go_to_those_who_may_have_them() {
    let setup = Setup { emsp_role: "CPO", cpo_roles: &[("EMSP", "NL", "ALF")], ..Setup::default() };
    let world = World::with(setup);
    world.publish::<Token>(&token_json("NL/ALF", "04A2", "10:00:00"));
    // A CPO is not sent Locations, and an eMSP has no Sessions to send to it.
    world.publish::<Location>(&location("L1", 1, "10:00:00"));
    world.live(5);
    assert_eq!(world.lines(), ["PUT tokens/NL/ALF/04A2?type=RFID"]);
    let at = world.cpo.all::<Token>().remove(0).identity();
    pollster::block_on(world.cpo.platform.withdraw::<Token>(&at)).unwrap();
    world.live(5);
    assert_eq!(world.lines(), ["PUT tokens/NL/ALF/04A2?type=RFID"]);
    assert!(!world.emsp.all::<Token>()[0].valid);
}

#[test]
fn a_navigation_provider_is_not_sent_who_charged() {
    let world = World::with(Setup { emsp_role: "NSP", ..Setup::default() });
    world.publish::<Location>(&location("L1", 1, "10:00:00"));
    world.publish::<Session>(&session_json("NL/ALF", "S1", "10:00:00"));
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
    world.live(5);
    let mut lines = world.lines();
    lines.sort();
    assert_eq!(lines, ["PUT locations/NL/ALF/L1", "PUT tariffs/NL/ALF/T1"]);
}

#[test]
fn a_session_is_for_the_emsp_of_its_driver() {
    let world = World::new();
    let foreign =
        session_json("NL/ALF", "S2", "10:00:00").replace("\"party_id\": \"EMP\"", "\"party_id\": \"ANY\"");
    world.publish::<Session>(&foreign);
    world.publish::<Session>(&session_json("NL/ALF", "S1", "10:00:00"));
    world.live(5);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S1"]);
}

#[test]
fn a_partner_of_an_older_version_gets_it_in_that() {
    for version in [Version::V2_1_1, Version::V2_2_1] {
        let world = World::with(Setup { versions: vec![version], ..Setup::default() });
        world.publish::<Location>(&location("L1", 2, "10:00:00"));
        world.live(5);
        world.take_got();
        world.status("L1", "E2", Status::Charging);
        world.publish::<Session>(&session_json("NL/ALF", "S1", "10:00:00"));
        world.live(5);
        world.lines();
        let mut session = world.cpo.all::<Session>().remove(0);
        session.charging_periods.push(parse(&period_json("10:01:00", "2.5")));
        session.last_updated = time("10:01:00");
        pollster::block_on(world.cpo.platform.publish(session)).unwrap();
        world.live(5);
        let method = if version == Version::V2_1_1 { "PUT" } else { "PATCH" };
        assert_eq!(world.lines(), [format!("{method} sessions/NL/ALF/S1")], "{version}");
        assert_eq!(world.copy("L1").unwrap().evse("E2").unwrap().status, Status::Charging, "{version}");
    }
}

#[test]
fn whole_objects_go_to_a_partner_without_patch() {
    let push = PartnerPush { patch: UsePatch::Never, ..PartnerPush::default() };
    let push = PushSettings::default().for_partner("emsp", push);
    let world = World::with(Setup { push, ..Setup::default() });
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(5);
    world.status("L1", "E2", Status::Charging);
    world.live(5);
    assert_eq!(world.lines(), ["PUT locations/NL/ALF/L1", "PUT locations/NL/ALF/L1"]);
}

#[test]
fn a_new_partner_is_sent_what_changes_from_then_on_or_everything() {
    for full_push in [false, true] {
        let push = PushSettings {
            general: PartnerPush { full_push, ..PartnerPush::default() },
            ..PushSettings::default()
        };
        let world = World::before(Setup { push, ..Setup::default() });
        world.publish::<Location>(&location("L1", 1, "10:00:00"));
        world.take_got();
        world.time.advance(std::time::Duration::from_secs(120));
        world.live(5);
        let due: &[&str] = if full_push { &["PUT locations/NL/ALF/L1"] } else { &[] };
        assert_eq!(world.lines(), due);
        // It has not fetched it yet: then a PATCH is of nothing, and the whole follows.
        world.status("L1", "E1", Status::Charging);
        world.live(5);
        let due: &[&str] = match full_push {
            true => &["PATCH locations/NL/ALF/L1/E1"],
            false => &["PATCH locations/NL/ALF/L1/E1", "PUT locations/NL/ALF/L1"],
        };
        assert_eq!(world.lines(), due, "{full_push}");
        assert!(world.is_same());
    }
}

#[test]
fn objects_of_others_are_not_published() {
    let world = World::new();
    let foreign = parse::<Location>(&ocpi_testkit::location_json("FR/VIC", "L1", "10:00:00"));
    assert!(pollster::block_on(world.cpo.platform.publish(foreign)).is_err());
    let missing = EvsePatch { status: Status::Charging.into(), ..EvsePatch::default() };
    assert!(pollster::block_on(world.cpo.platform.patch::<Evse>(&evse_at("L9", "E1"), missing)).is_err());
    world.publish::<Location>(&location("L1", 1, "10:00:00"));
    let at = world.cpo.all::<Location>().remove(0).identity();
    let renamed = LocationPatch {
        id: "L2".parse::<ocpi_types::CiString<36>>().unwrap().into(),
        ..LocationPatch::default()
    };
    assert!(pollster::block_on(world.cpo.platform.patch::<Location>(&at, renamed)).is_err());
    let other = Owned { owner: ocpi_testkit::party("FR/VIC"), key: at.key };
    assert!(pollster::block_on(world.cpo.platform.withdraw::<Location>(&other)).is_err());
}
