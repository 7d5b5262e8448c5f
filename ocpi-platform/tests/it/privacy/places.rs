//! Every place where a driver's ids may stand: what is exported, and what an erasure leaves.

use std::collections::BTreeSet;

use ocpi_platform::{Driver, ErasureScope};
use ocpi_server_traits::AnyStore;
use ocpi_server_traits::storage::{Address, Rejected, StoreExt};
use ocpi_store::Sqlite;
use ocpi_testkit::{SimulatedTime, cdr_json, party, session_json, tariff_json, token_json};
use pollster::block_on;

use super::{CONTRACT, UID, World, driver, my_booking, my_cdr, my_location, my_session, my_token};

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];

/// Places of a driver in a store.
struct Places {
    /// Documents that name the driver or are about an object that does.
    all: BTreeSet<Address>,
    cdr: Address,
    location: Address,
    custom: Address,
    /// Documents of others.
    others: Vec<Address>,
}

fn fill(world: &World) -> Places {
    let key = format!("{}/rfid", UID.to_lowercase());
    let token = world.object("Token", "DE/EMP", &key, &my_token("DE/EMP"));
    let session = world.object("Session", "NL/ALF", "s1", &my_session("S1"));
    let cdr = world.object("CDR", "NL/ALF", "cdr1", &my_cdr("CDR1"));
    let booking = world.object("Booking", "NL/ALF", "b1", &my_booking("B1"));
    let location = world.object("Location", "NL/ALF", "l1", &my_location("L1"));
    let custom =
        format!(r#"{{"id": "W1", "who": {{"uid": "{UID}", "contract_id": "{CONTRACT}"}}, "kwh": 1.50}}"#);
    let custom = world.object("WaitingList", "NL/ALF", "w1", &custom);
    // What the platform keeps about those.
    let letter = format!(
        r#"{{"collection": "Token", "owner": "DE/EMP", "key": "{key}", "since": "2026-11-22T10:00:00Z", "attempts": 9}}"#
    );
    let mut all: BTreeSet<Address> =
        [token, session, cdr.clone(), booking, location.clone(), custom.clone()].into();
    all.extend([
        world.silent("DeadPush", "", &format!("Token/DE/EMP/{key}/cpo"), &letter),
        world.object("PushBell", "", &format!("Token/DE/EMP/{key}/cpo"), &letter),
        world.silent("Doubt", "DE/EMP", &format!("Token:{key}"), "2026-11-22T10:00:00Z"),
        world.silent(
            "SetAside",
            "billing",
            "Session NL/ALF s1",
            &format!("9 1 waits Session NL/ALF s1 driver%20{UID}"),
        ),
        world.silent(
            "SetAside",
            "billing",
            "CDR NL/ALF cdr1",
            &format!("9 1 waits CDR NL/ALF cdr1 driver%20{UID}"),
        ),
        world.silent("Reactor", "", "tokens", &format!("99999999\n1 1 Token DE/EMP {key}")),
        world.silent("Delivered", "", "Session/NL/ALF/s1/emsp", "https://emsp.example/s1"),
        world.silent("BookingRequest", "DE/EMP", "r1", "NL/ALF\nB1\nBL1"),
    ]);
    // A Token that was deleted before.
    let former = Address::new("Token", "DE/EMP", format!("{}/app_user", UID.to_lowercase()));
    world.object("Token", "DE/EMP", former.key(), &my_token("DE/EMP").replace("RFID", "APP_USER"));
    let (at, declared) = (former.clone(), vec![former.clone()]);
    let delete = world.store.update(declared, move |tx| {
        let now = tx.now();
        Ok::<_, Rejected<()>>(tx.delete(&at, now)?)
    });
    assert!(block_on(delete).expect("a store"));
    all.insert(former);
    let others = vec![
        world.object("Token", "DE/EMP", "04a2/rfid", &token_json("DE/EMP", "04A2", "10:00:00")),
        world.object("Session", "NL/ALF", "s2", &session_json("NL/ALF", "S2", "10:00:00")),
        world.object("CDR", "NL/ALF", "cdr2", &cdr_json("NL/ALF", "CDR2", "10:00:00")),
        world.object("Tariff", "NL/ALF", "t1", &tariff_json("NL/ALF", "T1", "10:00:00")),
        world.silent("Doubt", "DE/EMP", "Token:04a2/rfid", "2026-11-22T10:00:00Z"),
        world.silent("SetAside", "billing", "Session NL/ALF s2", "9 1 waits Session NL/ALF s2 reason"),
        world.silent("BookingRequest", "DE/EMP", "r2", "NL/ALF\nB2\nBL1"),
    ];
    Places { all, cdr, location, custom, others }
}

#[test]
fn an_export_has_every_place_and_no_other() {
    let world = World::in_memory(CPO);
    let places = fill(&world);
    for driver in [driver(), Driver::token(&UID.to_uppercase()), Driver::contract(CONTRACT)] {
        let export = block_on(world.platform.driver(driver).export()).expect("a store");
        let found: BTreeSet<Address> = export.records.iter().map(|record| record.at.clone()).collect();
        assert_eq!(found, places.all);
        let json: serde_json::Value = serde_json::from_str(&export.to_json()).expect("JSON");
        assert_eq!(json.as_array().map(Vec::len), Some(export.records.len()));
        let record = export.records.iter().find(|record| record.at == places.location).expect("the Location");
        assert_eq!(record.body.as_deref(), Some(&*format!(r#"[{{"uid": "{UID}", "type": "RFID"}}]"#)));
    }
    let nobody = block_on(world.platform.driver(Driver::token("canary7f3a9")).export()).expect("a store");
    assert_eq!(nobody.records.len(), 0);
    let foreign = driver().issued_by(party("FR/OTH"));
    let foreign = block_on(world.platform.driver(foreign).export()).expect("a store");
    // Those that do not say who issued the token.
    let found: BTreeSet<&str> = foreign.records.iter().map(|record| record.at.collection()).collect();
    assert_eq!(found, ["Location", "WaitingList"].into());
}

#[test]
fn an_erasure_leaves_what_it_says_and_nothing_else() {
    for scope in [ErasureScope::KeepCdrs, ErasureScope::Everything] {
        let world = World::in_memory(CPO);
        let places = fill(&world);
        let before: Vec<_> = places.others.iter().map(|at| world.body(at)).collect();
        let report = block_on(world.platform.driver(driver()).erase(scope)).expect("a store");
        assert!(report.is_done(), "{report:?}");
        let export = block_on(world.platform.driver(driver()).export()).expect("a store");
        assert_eq!(export.records, [], "{scope:?}");
        let after: Vec<_> = places.others.iter().map(|at| world.body(at)).collect();
        assert_eq!(after, before);
        for at in &places.all {
            let body = world.body(at);
            let stays = match at.collection() {
                "CDR" => scope == ErasureScope::KeepCdrs,
                "Location" | "WaitingList" | "Reactor" => true,
                _ => false,
            };
            assert_eq!(body.is_some(), stays, "{at:?}");
            let text = body.unwrap_or_default().to_ascii_lowercase();
            assert!(!text.contains("canary"), "{text}");
        }
        if scope == ErasureScope::KeepCdrs {
            let cdr: ocpi_types::v2_3_0::cdrs::Cdr =
                ocpi_testkit::parse(&world.body(&places.cdr).expect("the CDR"));
            assert!(cdr.cdr_token.uid.as_str().starts_with("erased-"));
            assert_eq!(cdr.cdr_token.uid.as_str(), cdr.cdr_token.contract_id.as_str());
            assert!(cdr.signed_data.is_none());
            assert_eq!(cdr.total_cost.before_taxes.to_string(), "4.50");
        }
        let location = world.body(&places.location).expect("the Location");
        assert!(location.contains("OTHER") && location.contains("52.089450"), "{location}");
        assert!(world.body(&places.custom).expect("the object").contains("1.50"));
        assert_eq!(world.body(&Address::new("Reactor", "", "tokens")).as_deref(), Some("99999999"));
        // Tombstones whose address names the driver are gone, too.
        for at in places.all.iter().filter(|at| at.key().to_ascii_lowercase().contains("canary")) {
            assert!(world.is_gone(at), "{at:?}");
        }
        // Nothing was done twice.
        let again = block_on(world.platform.driver(driver()).erase(scope)).expect("a store");
        assert_eq!((again.erased(), again.pseudonymised(), again.is_done()), (0, 0, true));
    }
}

#[test]
fn no_byte_of_the_driver_is_left_in_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("store.sqlite");
    let bytes = || {
        let read = |end: &str| std::fs::read(format!("{}{end}", path.display())).expect("a file");
        let text = [read(""), read("-wal")].concat().to_ascii_lowercase();
        let count = |word: &str| text.windows(word.len()).filter(|found| *found == word.as_bytes()).count();
        count(&UID.to_lowercase()) + count(&CONTRACT.to_lowercase())
    };
    let time = SimulatedTime::default();
    let sqlite = std::sync::Arc::new(Sqlite::builder(&path).clock(time.clock()).open().expect("a file"));
    let world = World::on(AnyStore::new(std::sync::Arc::clone(&sqlite)), time, CPO);
    fill(&world);
    for number in 0..400 {
        let id = format!("S{number}");
        world.object("Session", "NL/ALF", &id.to_lowercase(), &my_session(&id));
        world.object("CDR", "NL/ALF", &format!("c{number}"), &my_cdr(&format!("C{number}")));
    }
    assert!(bytes() > 800);
    let report = block_on(world.platform.driver(Driver::contract(CONTRACT)).erase(ErasureScope::KeepCdrs))
        .expect("a store");
    assert!(report.is_done(), "{report:?}");
    assert_eq!(block_on(world.platform.driver(driver()).export()).expect("a store").records, []);
    block_on(sqlite.scrub()).expect("scrubbed");
    assert_eq!(bytes(), 0);
}

#[test]
fn nothing_shows_the_driver() {
    let world = World::in_memory(CPO);
    fill(&world);
    let data = world.platform.driver(driver().and_contract(CONTRACT));
    let export = block_on(data.export()).expect("a store");
    let report = block_on(data.erase(ErasureScope::KeepCdrs)).expect("a store");
    let shown = format!("{data:?} {:?} {export:?} {:?} {report:?}", driver(), export.records);
    assert!(!shown.to_ascii_lowercase().contains("canary"), "{shown}");
}
