//! Erasures that go on later, and what is too old.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_platform::{ErasureReport, ErasureScope, Reaction, Retention, Seal, WaitsFor};
use ocpi_server_traits::storage::{Address, NewDocument, Query, Start, Store};
use ocpi_testkit::tariff_json;
use ocpi_types::DateTime;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use super::{UID, World, driver, my_booking, my_cdr, my_session, my_token};

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl World {
    fn erase(&self) -> ErasureReport {
        block_on(self.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store")
    }

    fn tick(&self) -> u64 {
        self.time.run(self.platform.tick()).expect("no hang").expect("a tick").forgotten
    }

    fn react(&self) {
        self.time.run(self.platform.reactions_due()).expect("no hang").expect("a store");
    }

    /// Lets time pass until the next pass of erasures.
    fn later(&self) {
        self.time.advance(Duration::from_secs(61));
    }

    fn erasures(&self) -> Vec<String> {
        let page = block_on(self.store.page(&Query::all("Erasure"), Start::First, 10)).expect("a store");
        page.rows.iter().map(|(_, document)| String::from_utf8_lossy(&document.body).into_owned()).collect()
    }
}

fn token_at() -> Address {
    Address::new("Token", "DE/EMP", format!("{}/rfid", UID.to_lowercase()))
}

#[test]
fn reactors_are_told_of_a_deletion_once_and_nothing_begins_again() {
    let world = World::in_memory(CPO);
    let at = world.object("Token", "DE/EMP", token_at().key(), &my_token("DE/EMP"));
    for number in 0..50 {
        let id = format!("T{number}");
        world.object("Tariff", "NL/ALF", &id.to_lowercase(), &tariff_json("NL/ALF", &id, "10:00:00"));
    }
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    world.platform.react::<Token, _>("tokens", move |change| {
        notes.lock().expect("no panic").push(if change.now.is_some() { "token" } else { "token gone" });
        async { Ok(()) }
    });
    let notes = Arc::clone(&told);
    world.platform.react::<Tariff, _>("tariffs", move |_| {
        notes.lock().expect("no panic").push("tariff");
        async { Ok(()) }
    });
    world.react();
    let before = told.lock().expect("no panic").len();
    assert_eq!(before, 51);
    let report = world.erase();
    assert_eq!(report.postponed.len(), 1, "{report:?}");
    assert_eq!((&report.postponed[0].at, report.postponed[0].reason), (&at, WaitsFor::Reactors));
    assert!(world.body(&at).is_none() && !world.is_gone(&at));
    // The erasure is there after a restart, too, and goes on when all have been told.
    world.later();
    world.react();
    world.tick();
    assert!(world.is_gone(&at));
    assert_eq!(world.erasures(), [""; 0]);
    // Nobody has a gap: what was told is told once.
    world.object("Tariff", "NL/ALF", "last", &tariff_json("NL/ALF", "LAST", "10:00:00"));
    world.react();
    assert_eq!(told.lock().expect("no panic")[before..], ["token gone", "tariff"]);
}

#[test]
fn nothing_is_waited_for_longer_than_seven_days() {
    let world = World::in_memory(CPO);
    let at = world.object("Token", "DE/EMP", token_at().key(), &my_token("DE/EMP"));
    // A reactor that nobody has any more.
    world.silent("Reactor", "", "former", "1");
    assert!(!world.erase().is_done());
    world.time.advance(6 * DAY);
    world.tick();
    assert!(!world.is_gone(&at));
    world.time.advance(DAY);
    world.tick();
    assert!(world.is_gone(&at));
    assert_eq!(world.erasures(), [""; 0]);
}

/// A reactor behind the tombstone begins again: it is told of all that there is, and misses no deletion.
#[test]
fn a_reactor_that_was_not_waited_for_begins_again() {
    let world = World::in_memory(CPO);
    world.object("Token", "DE/EMP", token_at().key(), &my_token("DE/EMP"));
    world.object("Session", "NL/ALF", "s1", &ocpi_testkit::session_json("NL/ALF", "S1", "10:00:00"));
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    world.platform.react_with::<Session, _>("billing", Reaction::default(), move |change| {
        notes.lock().expect("no panic").push(change.at.key.session_id.as_str().to_owned());
        async { Ok(()) }
    });
    world.react();
    assert!(!world.erase().is_done());
    world.time.advance(7 * DAY);
    world.tick();
    world.react();
    world.react();
    assert_eq!(*told.lock().expect("no panic"), ["S1", "S1"]);
}

struct Backwards;

impl Seal for Backwards {
    fn seal(&self, _: &str, secret: &str) -> Option<String> {
        Some(secret.chars().rev().collect())
    }

    fn open(&self, _: &str, sealed: &str) -> Option<String> {
        Some(sealed.chars().rev().collect())
    }
}

#[test]
fn an_erasure_goes_on_in_another_process_and_is_sealed() {
    let world = World::in_memory(CPO);
    let at = world.object("Token", "DE/EMP", token_at().key(), &my_token("DE/EMP"));
    world.silent("Reactor", "", "former", "1");
    let open = || {
        let roles = ocpi_testkit::parse_list(&ocpi_testkit::roles_json(CPO)).remove(0);
        let settings = ocpi_platform::Settings {
            clock: world.time.clock(),
            timer: world.time.timer(),
            secrets: ocpi_testkit::counted_random("again"),
            spawn: ocpi_platform::Spawn::new(drop),
            seal: Some(Arc::new(Backwards)),
            ..ocpi_platform::Settings::new("https://we.example/ocpi".parse().expect("a URL"), roles)
        };
        let opened =
            ocpi_platform::Platform::open(settings, world.store.clone(), ocpi_testkit::Network::default());
        Arc::new(block_on(opened).expect("a platform"))
    };
    let first = open();
    assert!(!block_on(first.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store").is_done());
    let stored = world.erasures().concat();
    assert!(
        stored.starts_with("sealed ") && !stored.to_lowercase().contains(&UID.to_lowercase()),
        "{stored}"
    );
    // The erasure itself is data of the driver.
    let export = block_on(first.driver(driver()).export()).expect("a store");
    assert!(export.records.iter().any(|record| record.at.collection() == "Erasure"));
    drop(first);
    let second = open();
    world.silent("Reactor", "", "former", "1000000");
    world.later();
    world.time.run(second.tick()).expect("no hang").expect("a tick");
    assert!(world.is_gone(&at));
    assert_eq!(world.erasures(), [""; 0]);
    // With an older key only an operator can help: it stays, and disturbs nothing.
    world.silent("Erasure", "", "lost", "sealed ???");
    world.tick();
    assert_eq!(world.erasures().len(), 1);
}

#[test]
fn what_is_too_old_goes_and_nothing_else() {
    let world = World::in_memory(CPO);
    let aged = |json: &str, year: &str| {
        json.replace(r#""last_updated": "2026"#, &format!(r#""last_updated": "{year}"#))
    };
    let put = |collection: &'static str, key: &str, body: &str, year: &str| {
        let at = Address::new(collection, "NL/ALF", key);
        let time = format!("{year}-11-22T10:00:00Z").parse().expect("a time");
        let new = NewDocument::new(aged(body, year), "2.3.0", time);
        // A CDR is for one eMSP.
        let list = if collection == "CDR" { "NL/ALF>DE/EMP" } else { "NL/ALF" };
        world.put(&at, new.in_list(list).with_part(""));
        at
    };
    let old: Vec<_> = ["1990", "2026"]
        .map(|year| {
            [
                put("Session", &format!("s{year}"), &my_session("S"), year),
                put("CDR", &format!("c{year}"), &my_cdr("C"), year),
                put("Booking", &format!("b{year}"), &my_booking("B"), year),
                put("Tariff", &format!("t{year}"), &tariff_json("NL/ALF", "T", "10:00:00"), year),
            ]
        })
        .concat();
    let there = || -> Vec<String> {
        old.iter().filter(|at| world.body(at).is_some()).map(|at| at.key().to_owned()).collect()
    };
    assert_eq!(world.tick(), 0);
    assert_eq!(there().len(), 8);
    // The message of a CDR has not arrived.
    let letter = r#"{"collection": "CDR", "owner": "NL/ALF", "key": "c1990", "since": "1990-11-22T10:00:00Z", "attempts": 0}"#;
    world.silent("Letter", "NL/ALF", "CDR/c1990/DE/EMP", letter);
    world.platform.retain(Retention::default().sessions(365 * DAY).cdrs(365 * DAY));
    world.tick();
    assert_eq!(there(), ["c1990", "b1990", "t1990", "s2026", "c2026", "b2026", "t2026"]);
    let letter = Address::new("Letter", "NL/ALF", "CDR/c1990/DE/EMP");
    block_on(world.platform.objects().dispose(vec![letter], |_, _| ocpi_server_traits::Disposal::Delete))
        .expect("a store");
    assert_eq!(world.tick(), 1);
    assert_eq!(there(), ["b1990", "t1990", "s2026", "c2026", "b2026", "t2026"]);
    world.platform.retain(Retention::default().bookings(365 * DAY));
    world.tick();
    assert_eq!(there(), ["t1990", "s2026", "c2026", "b2026", "t2026"]);
}

/// CDRs that nobody takes stay, and hold up no other.
#[test]
fn cdrs_that_have_to_stay_hold_up_no_other() {
    let world = World::in_memory(CPO);
    let put = |number: usize| {
        let at = Address::new("CDR", "NL/ALF", format!("c{number}"));
        let time = DateTime::from_unix_micros(i64::try_from(number).expect("a number")).expect("a time");
        world.put(&at, NewDocument::new("{}", "2.3.0", time).in_list("NL/ALF>DE/EMP").with_part(""));
        at
    };
    for number in 0..1_200 {
        put(number);
        world.silent("Letter", "NL/ALF", &format!("CDR/c{number}/DE/EMP"), "{}");
    }
    let (behind, first) = (put(1_200), put(0));
    world.platform.retain(Retention::default().cdrs(DAY));
    assert_eq!((0..3).map(|_| world.tick()).sum::<u64>(), 1);
    assert!(world.body(&behind).is_none() && world.body(&first).is_some());
    // It begins at the first again.
    let letter = Address::new("Letter", "NL/ALF", "CDR/c0/DE/EMP");
    block_on(world.platform.objects().dispose(vec![letter], |_, _| ocpi_server_traits::Disposal::Delete))
        .expect("a store");
    assert_eq!((0..3).map(|_| world.tick()).sum::<u64>(), 1);
    assert!(world.body(&first).is_none());
}

#[test]
fn an_open_position_of_a_reader_is_no_gap_after_an_erasure() {
    let world = World::in_memory(CPO);
    world.object("Token", "DE/EMP", token_at().key(), &my_token("DE/EMP"));
    let behind = world.head();
    assert!(world.erase().is_done());
    // It came after this reader, which has to begin again; one at the end has not.
    assert!(block_on(world.store.changes(behind, 10)).expect("a store").is_gap(behind));
    let head = world.head();
    assert!(!block_on(world.store.changes(head, 10)).expect("a store").is_gap(head));
}
