//! Kinds of objects and parties that a partner lost for a time: it gets what changed meanwhile.

use ocpi_server_traits::Permissions;
use ocpi_testkit::{session_json, time};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_2_1::hub_client_info::ConnectionStatus;
use ocpi_types::v2_2_1::sessions::SessionStatus;
use ocpi_types::v2_3_0::locations::{Location, LocationPatch, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{InterfaceRole, ModuleId, Text};

use super::world::{Fault, Setup, World, client_of_hub, location, of_any};

fn permit(world: &World, permissions: Permissions) {
    pollster::block_on(world.cpo.platform.set_permissions("emsp", permissions)).expect("a store");
}

fn hide(world: &World) {
    permit(world, Permissions::default().deny(ModuleId::Locations, InterfaceRole::Sender));
}

fn show(world: &World) {
    permit(world, Permissions::default());
}

fn move_to_gouda(world: &World) {
    let at = world.cpo.all::<Location>().remove(0).identity();
    let patch = LocationPatch {
        city: "Gouda".parse::<Text<45>>().expect("a city").into(),
        ..LocationPatch::default()
    };
    pollster::block_on(world.cpo.platform.patch::<Location>(&at, patch)).expect("patched");
}

/// A partner has a Location, and a new process of ours does not know any more how it has it.
fn published() -> World {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.publish::<Tariff>(&ocpi_testkit::tariff_json("NL/ALF", "T1", "10:00:00"));
    world.live(3);
    world.run(1, async {});
    world.live(90);
    world.take_got();
    world
}

#[test]
fn what_changed_while_a_module_was_away_is_sent_when_it_is_back() {
    // The process that sees it come back is the one that saw it go, or another one, which may not have seen that.
    for (before, between) in [(false, false), (false, true), (true, true)] {
        let world = published();
        if before {
            world.run(1, async {});
        }
        hide(&world);
        world.live(10);
        move_to_gouda(&world);
        world.live(90);
        if between {
            world.run(1, async {});
            world.live(10);
        }
        assert_eq!(world.lines(), [""; 0]);
        show(&world);
        world.live(10);
        assert!(world.is_same(), "{before} {between}");
        assert_eq!(world.lines(), ["PUT locations/NL/ALF/L1"], "{before} {between}");
        world.status("L1", "E1", Status::Charging);
        world.live(10);
        assert!(world.is_same(), "{before} {between}");
        assert_eq!(world.lines(), ["PATCH locations/NL/ALF/L1/E1"], "{before} {between}");
    }
}

#[test]
fn a_change_of_what_changed_before_is_sent_with_it() {
    let world = published();
    hide(&world);
    world.live(10);
    move_to_gouda(&world);
    world.live(90);
    show(&world);
    let at = world.cpo.all::<Location>().remove(0).identity();
    let patch = LocationPatch {
        address: "Station 2".parse::<Text<255>>().expect("a text").into(),
        ..LocationPatch::default()
    };
    pollster::block_on(world.cpo.platform.patch::<Location>(&at, patch)).expect("patched");
    world.live(10);
    assert!(world.is_same());
}

#[test]
fn what_a_partner_missed_outlives_an_outage() {
    let world = published();
    hide(&world);
    world.live(10);
    move_to_gouda(&world);
    world.live(90);
    world.always(Fault::Refused(503, 3000));
    show(&world);
    world.live(60);
    assert!(world.take_told().contains(&"push.breaker_opened partner".to_owned()));
    world.always(Fault::None);
    world.live(700);
    assert!(world.is_same());
}

#[test]
fn a_session_that_ended_while_its_party_was_away_ends_at_the_hub_too() {
    let world = World::with(Setup { emsp_role: "HUB", ..Setup::default() });
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:00");
    world.live(3);
    world.publish::<Session>(&of_any(&session_json("NL/ALF", "S1", "10:00:00")));
    world.live(5);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S1"]);
    client_of_hub(&world, ConnectionStatus::Suspended, "10:00:01");
    world.live(5);
    let at = world.cpo.all::<Session>().remove(0).identity();
    let patch = SessionPatch {
        status: SessionStatus::Completed.into(),
        last_updated: time("13:00:00").into(),
        ..SessionPatch::default()
    };
    pollster::block_on(world.cpo.platform.patch::<Session>(&at, patch)).expect("patched");
    world.publish::<Session>(&session_json("NL/ALF", "S2", "10:00:00"));
    world.live(90);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S2"], "that one is of another party");
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:02");
    world.live(10);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S1"]);
}

#[test]
fn what_was_for_a_party_nobody_had_is_sent_when_a_hub_has_it() {
    let world = World::with(Setup { emsp_role: "HUB", ..Setup::default() });
    world.publish::<Session>(&of_any(&session_json("NL/ALF", "S1", "10:00:00")));
    world.live(90);
    assert_eq!(world.lines(), [""; 0]);
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:00");
    world.live(10);
    assert_eq!(world.lines(), ["PUT sessions/NL/ALF/S1"]);
}
