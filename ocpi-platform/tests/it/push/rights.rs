//! Rights of partners that change while something is on its way to them.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use ocpi_server_traits::Permissions;
use ocpi_testkit::{NetworkedPlatform, cdr_json, failure, parse, session_json, success};
use ocpi_types::v2_2_1::hub_client_info::ConnectionStatus;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{InterfaceRole, ModuleId};

use super::world::{Setup, World, client_of_hub, location, of_any, set_status};

/// The partner may not see Locations any more.
async fn hide_locations(cpo: &NetworkedPlatform) {
    let hidden = Permissions::default().deny(ModuleId::Locations, InterfaceRole::Sender);
    cpo.set_permissions("emsp", hidden).await.expect("a store");
}

#[test]
fn what_a_partner_may_see_is_looked_at_before_it_is_sent() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    let (cpo, timer) = (Arc::clone(&world.cpo.platform), world.time.timer());
    world.run(5, async {
        timer.wait(Duration::from_millis(2_500)).await;
        hide_locations(&cpo).await;
        set_status(&cpo, "L1", "E1", Status::Charging).await;
    });
    assert_eq!(world.lines(), ["PUT locations/NL/ALF/L1"]);
}

#[test]
fn what_a_partner_may_see_is_looked_at_again_before_a_put_cures() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(3);
    world.take_got();
    let cpo = Arc::clone(&world.cpo.platform);
    world.network.add_host("emsp.example", move |request| match *request.method() {
        Method::PATCH => failure(400, 2001),
        Method::GET => {
            pollster::block_on(hide_locations(&cpo));
            failure(404, 2003)
        }
        _ => success("{}"),
    });
    world.status("L1", "E1", Status::Charging);
    world.live(5);
    assert_eq!(world.lines(), ["PATCH locations/NL/ALF/L1/E1", "GET locations/NL/ALF/L1"]);
}

#[test]
fn who_is_behind_a_hub_is_looked_at_before_it_is_sent() {
    let world = World::with(Setup { emsp_role: "HUB", ..Setup::default() });
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:00");
    let (cpo, timer) = (&world.cpo.platform, world.time.timer());
    world.run(5, async {
        timer.wait(Duration::from_millis(2_500)).await;
        client_of_hub(&world, ConnectionStatus::Suspended, "10:00:01");
        let cdr = parse::<Cdr>(&of_any(&cdr_json("NL/ALF", "CDR1", "10:00:00")));
        cpo.publish(cdr).await.expect("published");
        let session = parse::<Session>(&of_any(&session_json("NL/ALF", "S1", "10:00:00")));
        cpo.publish(session).await.expect("published");
    });
    assert_eq!(world.lines(), [""; 0]);
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:02");
    world.run(10, async {});
    let mut lines = world.lines();
    lines.sort();
    assert_eq!(lines[0], "POST cdrs", "it waited: {lines:?}");
}
