//! Messages that arrive once.

use ocpi_testkit::cdr_json;
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::cdrs::Cdr;

use super::world::{Fault, World, cdrs};

fn publish(world: &World, id: &str) {
    world.publish::<Cdr>(&cdr_json("NL/ALF", id, "10:00:00"));
}

#[test]
fn a_cdr_arrives_once_and_its_place_is_kept() {
    let world = World::new();
    publish(&world, "CDR1");
    publish(&world, "CDR1");
    world.live(120);
    assert_eq!(world.lines(), ["POST cdrs"]);
    assert_eq!(cdrs(&world.emsp), ["CDR1"]);
    let at = world.cpo.all::<Cdr>().remove(0).identity();
    let deliveries = world.cpo.platform.deliveries("emsp");
    let place = pollster::block_on(deliveries.place_of::<Cdr>(&at)).unwrap();
    assert_eq!(place.as_deref(), Some("https://emsp.example/ocpi/2.3.0/receiver/cdrs/NL/ALF/CDR1"));
    assert_eq!(pollster::block_on(deliveries.waiting()).unwrap(), []);
}

#[test]
fn a_cdr_does_not_change_and_is_not_withdrawn() {
    let world = World::new();
    publish(&world, "CDR1");
    let other = ocpi_testkit::parse::<Cdr>(&cdr_json("NL/ALF", "CDR1", "11:00:00"));
    let at = other.identity();
    assert!(pollster::block_on(world.cpo.platform.publish(other)).is_err());
    assert!(pollster::block_on(world.cpo.platform.withdraw::<Cdr>(&at)).is_err());
}

#[test]
fn a_cdr_is_repeated_until_it_is_answered() {
    let world = World::new();
    world.fault([Fault::Lost, Fault::AnswerLost, Fault::Refused(503, 3000), Fault::Busy(5)]);
    publish(&world, "CDR1");
    world.live(1);
    let waiting = pollster::block_on(world.cpo.platform.deliveries("emsp").waiting()).unwrap();
    assert!(waiting.len() == 1 && waiting[0].is_message);
    world.live(120);
    assert_eq!(world.lines(), ["POST cdrs"; 5]);
    assert_eq!(cdrs(&world.emsp), ["CDR1"]);
}

#[test]
fn a_cdr_that_is_there_already_counts_as_delivered() {
    let world = World::new();
    world.fault([Fault::Refused(409, 2000)]);
    publish(&world, "CDR1");
    world.live(30);
    assert_eq!(world.lines(), ["POST cdrs"]);
    assert_eq!(world.take_told(), ["push.delivered_before CDR"]);
}

#[test]
fn a_cdr_that_is_refused_is_dead_until_it_is_sent_again() {
    let world = World::new();
    world.fault([Fault::Refused(400, 2001)]);
    publish(&world, "CDR1");
    publish(&world, "CDR2");
    world.live(30);
    assert_eq!(world.lines(), ["POST cdrs"; 2]);
    assert_eq!(world.take_told(), ["push.dead CDR"]);
    let deliveries = world.cpo.platform.deliveries("emsp");
    let dead = pollster::block_on(deliveries.dead()).unwrap();
    assert!(dead.len() == 1 && dead[0].is_message);
    assert!(pollster::block_on(deliveries.retry(&dead[0].id)).unwrap());
    world.live(5);
    assert_eq!(cdrs(&world.emsp), ["CDR1", "CDR2"]);
    assert_eq!(pollster::block_on(deliveries.dead()).unwrap(), []);
}

#[test]
fn a_cdr_of_another_driver_waits_for_its_emsp() {
    let world = World::new();
    let foreign =
        cdr_json("NL/ALF", "CDR1", "10:00:00").replace("\"party_id\": \"EMP\"", "\"party_id\": \"ANY\"");
    world.publish::<Cdr>(&foreign);
    world.live(30);
    assert_eq!(world.lines(), [""; 0]);
}

#[test]
fn a_cdr_outlives_the_process_that_published_it() {
    let world = World::new();
    world.always(Fault::Lost);
    publish(&world, "CDR1");
    world.run(3, async {});
    world.always(Fault::None);
    world.run(20, async {});
    assert_eq!(cdrs(&world.emsp), ["CDR1"]);
}

#[test]
fn a_cdr_goes_to_the_hub_that_the_emsp_is_behind() {
    use ocpi_types::v2_2_1::hub_client_info::{ClientInfo, ClientInfoInit, ConnectionStatus};
    let world = World::with(super::world::Setup { emsp_role: "HUB", ..super::world::Setup::default() });
    let foreign =
        cdr_json("NL/ALF", "CDR1", "10:00:00").replace("\"party_id\": \"EMP\"", "\"party_id\": \"ANY\"");
    world.publish::<Cdr>(&foreign);
    world.live(5);
    assert_eq!(world.lines(), [""; 0], "nobody is known to be behind the hub");
    let info: ClientInfo = ClientInfoInit {
        party_id: "ANY".parse().unwrap(),
        country_code: "DE".parse().unwrap(),
        role: ocpi_types::Role::Emsp,
        status: ConnectionStatus::Connected,
        last_updated: ocpi_testkit::time("10:00:00"),
    }
    .into();
    let hub = "emsp".parse().unwrap();
    pollster::block_on(world.cpo.platform.hub_clients().keep(&hub, info)).unwrap();
    world.live(5);
    assert_eq!(world.lines(), ["POST cdrs"]);
}
