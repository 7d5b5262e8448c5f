//! Records of invoice reconciliation that are posted.

use std::sync::Arc;

use http::Method;
use ocpi_server_traits::{Memory, Objects, Quota, Routes};
use ocpi_testkit::parse;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord as Record;

use super::{World, objects};
use crate::site::{CPO, OTHER};

const RECORDS: &str = "/receiver/invoicereconciliation";
const AT: &str = "/receiver/invoicereconciliation/NL/ALF/R1";

fn record(id: &str, cdr: &str, updated: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "{id}", "invoice_id": "I1", "cdrs": ["{cdr}"],
            "last_updated": "2026-11-22T{updated}Z"}}"#
    )
}

fn mount(objects: &Arc<Objects<Memory>>, routes: Routes) -> Routes {
    routes.receiver::<Record>(objects)
}

fn kept(world: &World) -> Record {
    world.ask(CPO, Method::GET, AT, "").expect(200, 1000).object()
}

#[test]
fn the_same_record_again_is_answered_as_the_first_time() {
    let world = World::of(objects(Quota::default()), mount);
    let json = record("R1", "D1", "10:00:00");
    for _ in 0..3 {
        world.ask(CPO, Method::POST, RECORDS, &json).expect(201, 1000);
    }
    assert_eq!((kept(&world), world.usage("cpo").objects()), (parse(&json), 1));
    // Nor do deviations make it another one.
    let odd = record("R2", "D1", "10:00:00").replace(r#"["D1"]"#, r#""D1", "x": {"y": 1}"#);
    for _ in 0..3 {
        world.ask(CPO, Method::POST, RECORDS, &odd).expect(201, 1000);
    }
}

#[test]
fn another_record_of_the_same_id_is_2001_and_changes_nothing() {
    let world = World::of(objects(Quota::default()), mount);
    let json = record("R1", "D1", "10:00:00");
    world.ask(CPO, Method::POST, RECORDS, &json).expect(201, 1000);
    for other in
        [record("R1", "D2", "11:00:00"), record("r1", "D2", "09:00:00"), record("R1", "D1", "11:00:00")]
    {
        world.ask(CPO, Method::POST, RECORDS, &other).expect(200, 2001);
    }
    assert_eq!(kept(&world), parse(&json));
    // A PUT is the way to change it.
    let newer = record("R1", "D2", "11:00:00");
    world.ask(CPO, Method::PUT, AT, &newer).expect(200, 1000);
    assert_eq!(kept(&world), parse(&newer));
}

#[test]
fn records_count_and_belong_to_the_partner_that_speaks_for_their_owner() {
    let world = World::of(objects(Quota::default().with_objects(1)), mount);
    world.ask(OTHER, Method::POST, RECORDS, &record("R1", "D1", "10:00:00")).expect(404, 2000);
    world.ask(CPO, Method::POST, RECORDS, &record("R1", "D1", "10:00:00")).expect(201, 1000);
    world.ask(CPO, Method::POST, RECORDS, &record("R2", "D1", "10:00:00")).expect(403, 2000);
    world.ask(CPO, Method::POST, RECORDS, &record("R1", "D1", "10:00:00")).expect(201, 1000);
    assert_eq!(world.usage("cpo").objects(), 1);
    world.ask(CPO, Method::DELETE, AT, "").expect(200, 1000);
    assert_eq!(world.usage("cpo").objects(), 0);
}

/// A POST that comes again after the DELETE does not bring the record back.
#[test]
fn a_deleted_record_stays_deleted() {
    let world = World::of(objects(Quota::default()), mount);
    let json = record("R1", "D1", "10:00:00");
    world.ask(CPO, Method::POST, RECORDS, &json).expect(201, 1000);
    world.ask(CPO, Method::DELETE, AT, "").expect(200, 1000);
    world.ask(CPO, Method::POST, RECORDS, &json).expect(200, 1000);
    world.ask(CPO, Method::GET, AT, "").expect(404, 2000);
}
