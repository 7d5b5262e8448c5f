//! Words by which a partner refuses something, and which may name the driver.

use std::time::Duration;

use ocpi_platform::{ErasureReport, ErasureScope, Retention, WaitsFor};
use ocpi_server_traits::storage::Address;
use ocpi_testkit::{failure, parse, respond};
use ocpi_types::endpoint::{Owned, SessionKey};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use pollster::block_on;

use super::waiting::{live, pair};
use super::{UID, World, driver, my_cdr, my_location, my_session};

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl World {
    /// Something about an object that a partner refused in these words.
    fn refused(&self, collection: &'static str, owner: &str, key: &str, words: &str) -> Address {
        let of: Vec<&str> = key.split('/').collect();
        let ([kind, _, _, id, _] | [kind, id, ..]) = of.as_slice() else { panic!("a key") };
        let body = format!(
            r#"{{"collection": "{kind}", "owner": "NL/ALF", "key": "{id}", "since": "2026-11-22T10:00:00Z",
            "attempts": 1, "http": 400, "status": 2001, "text": "{words}"}}"#
        );
        self.silent(collection, owner, key, &body)
    }

    fn erased(&self) -> ErasureReport {
        block_on(self.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store")
    }
}

#[test]
fn words_of_a_refusal_are_stored_without_what_may_be_an_id() {
    let (time, network, cpo, _) = pair();
    live(&time, &cpo, 1);
    network.add_host("emsp.example", |_| {
        let body = format!(
            r#"{{"status_code": 2001, "status_message": "token {UID} unknown", "timestamp": "2026-11-22T10:00:00Z"}}"#
        );
        respond(400, &[], &body)
    });
    block_on(cpo.platform.publish(parse::<Cdr>(&my_cdr("CDR1")))).expect("published");
    block_on(cpo.platform.publish(parse::<Location>(&my_location("L1")))).expect("published");
    live(&time, &cpo, 30);
    let dead = block_on(cpo.platform.deliveries("emsp").dead()).expect("a store");
    let words: Vec<_> =
        dead.iter().filter_map(|dead| dead.refusal.as_ref()).map(|refusal| &*refusal.text).collect();
    assert_eq!(words, ["token *** unknown"; 2]);
}

#[test]
fn words_about_an_object_go_with_the_driver_in_it() {
    let world = World::in_memory(CPO);
    world.object("CDR", "NL/ALF", "cdr1", &my_cdr("CDR1"));
    world.object("Location", "NL/ALF", "l1", &my_location("L1"));
    world.object("Location", "NL/ALF", "l2", &my_location("L2").replace(UID, "ANOTHER"));
    let letter = world.refused("Letter", "NL/ALF", "CDR/cdr1/DE/EMP", "his card is unknown");
    let location = world.refused("DeadPush", "", "Location/NL/ALF/l1/emsp", "his card is unknown");
    let other = world.refused("DeadPush", "", "Location/NL/ALF/l2/emsp", "no canary here");
    let body = |at: &Address| world.body(at).expect("a document");
    let other_body = body(&other);
    let report = world.erased();
    let waits: Vec<_> = report.postponed.iter().map(|waits| waits.reason).collect();
    assert_eq!(waits, [WaitsFor::Delivery]);
    assert!(!body(&location).contains("card") && body(&location).contains("400"), "{}", body(&location));
    // It may still be mended.
    assert!(body(&letter).contains("his card"), "{}", body(&letter));
    world.time.advance(7 * DAY);
    world.time.run(world.platform.tick()).expect("no hang").expect("a tick");
    assert!(!body(&letter).contains("card") && body(&letter).contains("2001"), "{}", body(&letter));
    assert_eq!(body(&other), other_body);
    assert!(world.erased().is_done());
}

/// A text that an earlier version stored may name the driver.
#[test]
fn words_that_name_the_driver_go_also_when_their_object_is_gone() {
    let world = World::in_memory(CPO);
    let refusal = format!("token {} unknown", UID.to_uppercase());
    let at = world.refused("DeadPush", "", "Session/NL/ALF/s9/emsp", &refusal);
    let other = world.refused("DeadPush", "", "Session/NL/ALF/s8/emsp", "token unknown");
    let export = block_on(world.platform.driver(driver()).export()).expect("a store");
    assert_eq!(export.records.iter().map(|record| &record.at).collect::<Vec<_>>(), [&at]);
    let before = (world.body(&other), world.head());
    let report = world.erased();
    assert_eq!((report.is_done(), report.pseudonymised()), (true, 1));
    assert!(!world.body(&at).expect("a document").contains("unknown"));
    // Nobody is told of it.
    assert_eq!((world.body(&other), world.head()), before);
    // Of an object that goes, all goes.
    world.object("Session", "NL/ALF", "s9", &my_session("S9"));
    assert!(world.erased().is_done());
    assert_eq!(world.body(&at), None);
}

/// Nobody could tell any more whose it was.
#[test]
fn a_refusal_goes_with_its_object() {
    let (time, network, cpo, _) = pair();
    live(&time, &cpo, 1);
    network.add_host("emsp.example", |_| failure(400, 2001));
    for id in ["S1", "S2"] {
        block_on(cpo.platform.publish(parse::<Session>(&my_session(id)))).expect("published");
    }
    live(&time, &cpo, 30);
    let dead = || block_on(cpo.platform.deliveries("emsp").dead()).expect("a store").len();
    assert_eq!(dead(), 2);
    let key = SessionKey { session_id: "S1".parse().expect("an id") };
    let at = Owned { owner: ocpi_testkit::party("NL/ALF"), key };
    block_on(cpo.platform.withdraw::<Session>(&at)).expect("withdrawn");
    live(&time, &cpo, 5);
    assert_eq!(dead(), 1);
    cpo.platform.retain(Retention::default().sessions(DAY));
    time.advance(30 * DAY);
    live(&time, &cpo, 30);
    assert_eq!((cpo.all::<Session>().len(), dead()), (0, 0));
}
