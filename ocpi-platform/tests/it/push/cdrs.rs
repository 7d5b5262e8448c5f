//! Messages that arrive once.

use std::sync::{Arc, Mutex};

use ocpi_platform::Seal;
use ocpi_testkit::{PlatformSetup, cdr_json, failure, parse, respond, success};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_2_1::hub_client_info::ConnectionStatus;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;

use super::world::{Fault, Setup, World, cdrs, client_of_hub, of_any, on};

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
    let other = parse::<Cdr>(&cdr_json("NL/ALF", "CDR1", "11:00:00"));
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

/// Seals everything but the places of CDRs.
struct NoPlaces;

impl Seal for NoPlaces {
    fn seal(&self, context: &str, secret: &str) -> Option<String> {
        (!context.starts_with("place/")).then(|| secret.to_owned())
    }

    fn open(&self, _: &str, sealed: &str) -> Option<String> {
        Some(sealed.to_owned())
    }
}

#[test]
fn a_cdr_whose_place_cannot_be_sealed_arrives_once_all_the_same() {
    let world = World::with(Setup { seal: Some(Arc::new(NoPlaces)), ..Setup::default() });
    publish(&world, "CDR1");
    world.live(30);
    assert_eq!(world.lines(), ["POST cdrs"]);
    let at = world.cpo.all::<Cdr>().remove(0).identity();
    let deliveries = world.cpo.platform.deliveries("emsp");
    assert_eq!(pollster::block_on(deliveries.place_of::<Cdr>(&at)).unwrap(), None);
    assert_eq!(pollster::block_on(deliveries.waiting()).unwrap(), []);
    assert_eq!(world.take_told(), ["the URL at which a partner has a CDR is not kept"]);
}

#[test]
fn a_refusal_of_a_part_of_a_cdr_is_no_delivery() {
    for (text, is_there) in [
        ("duplicate charging period", false),
        ("CDR1: duplicate charging period", false),
        ("the tariff of this CDR already exists", false),
        ("CDR12 already exists", false),
        ("CDR with id cdr1 already exists", true),
        ("Duplicate CDR.", true),
    ] {
        let world = World::new();
        let body = format!(
            r#"{{"status_code": 2001, "status_message": "{text}", "timestamp": "2026-11-22T10:00:00Z"}}"#
        );
        world.network.add_host("emsp.example", move |_| respond(400, &[], &body));
        publish(&world, "CDR1");
        world.live(3);
        let due = if is_there { "push.delivered_before CDR" } else { "push.dead CDR" };
        assert_eq!(world.take_told(), [due], "{text}");
    }
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
    world.publish::<Cdr>(&of_any(&cdr_json("NL/ALF", "CDR1", "10:00:00")));
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
    let world = World::with(Setup { emsp_role: "HUB", ..Setup::default() });
    world.publish::<Cdr>(&of_any(&cdr_json("NL/ALF", "CDR1", "10:00:00")));
    world.live(5);
    assert_eq!(world.lines(), [""; 0], "nobody is known to be behind the hub");
    client_of_hub(&world, ConnectionStatus::Planned, "10:00:00");
    world.live(5);
    assert_eq!(world.lines(), [""; 0], "it is not connected yet");
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:01");
    world.live(5);
    assert_eq!(world.lines(), ["POST cdrs"]);
}

#[test]
fn a_cdr_of_a_party_that_another_partner_has_does_not_go_to_a_hub() {
    let world = World::with(Setup { emsp_role: "HUB", ..Setup::default() });
    let any = PlatformSetup::new("any", &[("EMSP", "DE", "ANY")]);
    let any = on(&world.time, any).open(&world.network);
    any.register_with(&world.cpo, "cpo", "any").unwrap();
    pollster::block_on(any.platform.unregister("cpo")).unwrap();
    client_of_hub(&world, ConnectionStatus::Connected, "10:00:00");
    world.publish::<Cdr>(&of_any(&cdr_json("NL/ALF", "CDR1", "10:00:00")));
    world.live(30);
    assert!(!world.lines().contains(&"POST cdrs".to_owned()), "it is kept for the partner that left");
}

fn invoice(id: &str, number: &str, updated: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "{id}", "invoice_id": "{number}",
        "cdrs": ["CDR1"], "last_updated": "2026-11-22T{updated}Z"}}"#
    )
}

#[test]
fn messages_that_a_partner_has_no_place_for_hold_up_no_others() {
    let world = World::new();
    publish(&world, "CDR1");
    world.live(5);
    for number in 0..520 {
        world.publish::<InvoiceReconciliationRecord>(&invoice(&format!("R{number}"), "I1", "10:00:00"));
    }
    publish(&world, "CDR2");
    world.live(10);
    assert_eq!(cdrs(&world.emsp), ["CDR1", "CDR2"]);
    assert_eq!(world.lines(), ["POST cdrs"; 2]);
}

#[test]
fn a_message_that_is_replaced_while_it_is_sent_is_sent_too() {
    let setup = Setup { takes_invoices: true, ..Setup::default() };
    let world = World::with(setup);
    publish(&world, "CDR1");
    world.live(5);
    for (id, answer) in [("R1", failure(400, 2001)), ("R2", success("{}"))] {
        world.take_got();
        let (cpo, at) = (Arc::clone(&world.cpo.platform), id.to_owned());
        let sent = Arc::new(Mutex::new(Vec::new()));
        let got = Arc::clone(&sent);
        world.network.add_host("emsp.example", move |request| {
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            got.lock().unwrap().push(format!(
                "{} {}",
                request.method(),
                body["invoice_id"].as_str().unwrap()
            ));
            if got.lock().unwrap().len() > 1 {
                return success("{}");
            }
            let newer = parse::<InvoiceReconciliationRecord>(&invoice(&at, "I2", "10:00:05"));
            pollster::block_on(cpo.publish(newer)).unwrap();
            answer.clone()
        });
        world.publish::<InvoiceReconciliationRecord>(&invoice(id, "I1", "10:00:00"));
        world.live(10);
        let sent = sent.lock().unwrap();
        assert_eq!((sent.len(), &sent[0][..]), (2, "POST I1"), "{sent:?}");
        assert!(sent[1].ends_with(" I2"), "{sent:?}");
        assert_eq!(pollster::block_on(world.cpo.platform.deliveries("emsp").dead()).unwrap(), []);
    }
}
