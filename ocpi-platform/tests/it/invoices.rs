//! Invoice reconciliation records that are fetched: each partner sees those about its own CDRs.

use std::sync::Arc;

use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, cdr_json, parse};
use ocpi_types::endpoint::{GetOwn, InvoiceReconciliationKey, List, RootResource};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord as Record;
use pollster::block_on;

struct World {
    cpo: TestPlatform,
    emsp: TestPlatform,
    other: TestPlatform,
}

impl World {
    /// A CPO, and two eMSPs whose drivers have a CDR each.
    fn new() -> Self {
        let network = Network::default();
        let cpo = PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")]).open(&network);
        let platform = Arc::clone(&cpo.platform);
        let router = platform.router(|routes| {
            let objects = platform.objects();
            routes.cpo(objects).sender::<Record>(objects).on::<GetOwn<Record>, _>(objects)
        });
        network.add_router("cpo.example", router.expect("a router"));
        let emsp = PlatformSetup::emsp().open(&network);
        let other = PlatformSetup::new("other", &[("EMSP", "BE", "OTH")]).open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        other.register_with(&cpo, "cpo", "other").expect("registered");
        cpo.put::<Cdr>(&cdr_json("NL/ALF", "C1", "10:00:00"));
        let ours = r#""country_code": "DE", "party_id": "EMP", "uid""#;
        let theirs = r#""country_code": "BE", "party_id": "OTH", "uid""#;
        let json = cdr_json("NL/ALF", "C2", "10:00:00");
        assert!(json.contains(ours), "{json}");
        cpo.put::<Cdr>(&json.replace(ours, theirs));
        Self { cpo, emsp, other }
    }

    fn publish(&self, id: &str, cdrs: &[&str]) {
        block_on(self.cpo.platform.publish(record(id, cdrs))).expect("published");
    }
}

fn record(id: &str, cdrs: &[&str]) -> Record {
    parse(&format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "{id}", "invoice_id": "I-{id}", "cdrs": {cdrs:?},
        "last_updated": "2026-11-22T10:00:00Z"}}"#
    ))
}

/// The records that a partner is shown in the list, if it is shown the same ones one by one.
fn seen_by(partner: &TestPlatform) -> Vec<String> {
    let page = block_on(partner.platform.send("cpo", &List::<Record>::all())).expect("a page").value;
    let listed: Vec<String> = page.items.iter().map(|record| record.id.to_string()).collect();
    for id in ["R1", "R2", "R3"] {
        let key = InvoiceReconciliationKey { id: id.parse().expect("an id") };
        let found = block_on(partner.platform.send("cpo", &GetOwn::<Record> { key })).is_ok();
        assert_eq!(found, listed.iter().any(|it| it == id), "{id}");
    }
    listed
}

#[test]
fn a_partner_sees_the_records_of_its_own_cdrs_only() {
    let world = World::new();
    world.publish("R1", &["C1"]);
    world.publish("R2", &["C2"]);
    // Each would see the CDR of the other.
    world.publish("R3", &["C1", "C2"]);
    assert_eq!((seen_by(&world.emsp), seen_by(&world.other)), (vec!["R1".into()], vec!["R2".into()]));
    assert_eq!(world.cpo.all::<Record>().len(), 3);
}

/// As records were kept before, and as an application keeps one of which it does not say whom it is for.
#[test]
fn a_record_that_does_not_say_whom_it_is_for_is_ours_alone() {
    let world = World::new();
    block_on(world.cpo.platform.objects().put_all([record("R1", &["C1"])])).expect("a store");
    let (at, json) = (Address::of::<Record>(&record("R2", &["C1"]).identity()), record("R2", &["C1"]));
    let old = NewDocument::new(ocpi_types::json::to_vec(&json), "2.3.0", json.last_updated);
    let old = old.in_list("NL/ALF").with_part("");
    let written = world.cpo.platform.objects().store().update(vec![at.clone()], move |tx| {
        tx.put(&at, old.clone())?;
        Ok::<_, Rejected<()>>(())
    });
    block_on(written).expect("a store");
    assert_eq!((seen_by(&world.emsp), seen_by(&world.other)), (vec![], vec![]));
    // Published again, they are for the eMSP of their CDRs.
    world.publish("R1", &["C1"]);
    world.publish("R2", &["C1"]);
    assert_eq!((seen_by(&world.emsp), seen_by(&world.other)), (vec!["R1".into(), "R2".into()], vec![]));
}

/// A record that is changed is for the eMSP of the CDRs that it has now.
#[test]
fn a_changed_record_changes_hands() {
    let world = World::new();
    world.publish("R1", &["C1"]);
    world.publish("R1", &["C2"]);
    assert_eq!((seen_by(&world.emsp), seen_by(&world.other)), (vec![], vec!["R1".into()]));
    let at = record("R1", &["C2"]).identity();
    block_on(world.cpo.platform.withdraw::<Record>(&at)).expect("withdrawn");
    assert_eq!((seen_by(&world.emsp), seen_by(&world.other)), (vec![], vec![]));
}
