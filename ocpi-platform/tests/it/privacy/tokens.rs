//! Tokens that are named otherwise than by their `uid` in a list.

use ocpi_platform::{Driver, ErasureScope};
use ocpi_server_traits::storage::{Address, NewDocument};
use ocpi_testkit::{location_json, token_json};
use pollster::block_on;

use super::{CONTRACT, UID, World, driver, my_token};

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];

impl World {
    /// Erases a driver once for all, and returns the number of documents that stay without it.
    fn forget(&self, driver: Driver) -> u64 {
        let report =
            block_on(self.platform.driver(driver.clone()).erase(ErasureScope::KeepCdrs)).expect("a store");
        assert!(report.is_done(), "{report:?}");
        let again = block_on(self.platform.driver(driver).erase(ErasureScope::KeepCdrs)).expect("a store");
        assert_eq!((again.erased(), again.pseudonymised(), again.is_done()), (0, 0, true));
        report.pseudonymised()
    }

    /// A Location with these members more.
    fn location(&self, id: &str, more: &str) -> Address {
        let json = location_json("NL/ALF", id, "10:00:00");
        let json = json.replace("\"publish\": true", &format!("\"publish\": false, {more}"));
        self.object("Location", "NL/ALF", &id.to_lowercase(), &json)
    }

    fn has(&self, at: &Address, text: &str) -> bool {
        self.body(at).expect("a document").to_lowercase().contains(&text.to_lowercase())
    }
}

#[test]
fn a_token_in_no_list_of_a_location_gets_a_pseudonym() {
    let world = World::in_memory(CPO);
    let owner = format!(r#""x_owner": {{"uid": "{UID}", "type": "RFID"}}, "x_note": "of {UID}""#);
    let at = world.location("L1", &owner);
    assert_eq!(world.forget(driver()), 1);
    assert!(
        !world.has(&at, UID) && world.has(&at, r#""x_owner": {"uid": "erased-"#),
        "{:?}",
        world.body(&at)
    );
    assert!(world.has(&at, r#""uid": "E1""#) && world.has(&at, "of erased-"));
}

#[test]
fn an_entry_by_the_number_on_the_card_goes_with_the_driver() {
    let world = World::in_memory(CPO);
    let numbered = |uid: &str, number: &str| {
        token_json("DE/EMP", uid, "10:00:00")
            .replace(r#""issuer""#, &format!(r#""visual_number": "{number}", "issuer""#))
    };
    world.object("Token", "DE/EMP", "aa/rfid", &numbered("AA", "DF 1"));
    world.object("Token", "DE/EMP", "bb/rfid", &numbered("BB", "DF 2"));
    let at = world.location(
        "L1",
        r#""publish_allowed_to": [{"visual_number": "df 1", "issuer": "em"}, {"visual_number": "DF 1", "issuer": ""},
        {"visual_number": "DF 1", "issuer": "Other"}, {"visual_number": "DF 2", "issuer": "EM"},
        {"uid": "CC", "visual_number": "DF 1", "issuer": "EM"}, {"uid": "AA"}]"#,
    );
    world.forget(Driver::token("AA"));
    let left = r#"[{"visual_number": "DF 1", "issuer": "Other"},{"visual_number": "DF 2", "issuer": "EM"},{"uid": "CC", "visual_number": "DF 1", "issuer": "EM"}]"#;
    assert!(world.has(&at, left), "{:?}", world.body(&at));
}

/// Others may see the place by their group, too.
#[test]
fn an_entry_by_a_group_goes_with_its_last_driver() {
    let world = World::in_memory(CPO);
    let grouped = |of: &str, uid: &str| {
        token_json(of, uid, "10:00:00")
            .replace(r#""contract_id": "C1""#, &format!(r#""contract_id": "C-{uid}""#))
            .replace(r#""issuer""#, r#""group_id": "G1", "issuer""#)
    };
    world.object("Token", "DE/EMP", "aa/rfid", &grouped("DE/EMP", "AA"));
    world.object("Token", "FR/OTH", "bb/rfid", &grouped("FR/OTH", "BB"));
    let at = world.location(
        "L1",
        r#""x_group": {"group_id": "G1"}, "publish_allowed_to": [{"group_id": "g1"}, {"uid": "BB", "group_id": "G1"},
        {"uid": "AA", "group_id": "G1"}]"#,
    );
    world.forget(Driver::token("AA"));
    assert!(
        world.has(&at, r#"[{"group_id": "g1"},{"uid": "BB", "group_id": "G1"}]"#),
        "{:?}",
        world.body(&at)
    );
    world.forget(Driver::contract("C-BB"));
    assert!(world.has(&at, r#""publish_allowed_to": []"#), "{:?}", world.body(&at));
    // A group of something else is none of tokens.
    assert!(world.has(&at, r#""x_group": {"group_id""#), "{:?}", world.body(&at));
}

#[test]
fn objects_of_2_1_1_name_the_driver_by_auth_id() {
    let world = World::in_memory(CPO);
    let put = |collection: &'static str, owner: &str, key: &str, body: String| {
        let at = Address::new(collection, owner, key);
        let time = "2026-11-22T10:00:00Z".parse().expect("a time");
        world.put(&at, NewDocument::new(body, "2.1.1", time).in_list(owner).with_part(""));
        at
    };
    // The party in them is the CPO.
    let object = |id: &str, contract: &str| {
        format!(
            r#"{{"id": "{id}", "country_code": "NL", "party_id": "ALF", "auth_id": "{contract}", "auth_method":
            "WHITELIST", "location": {{"id": "L1", "evses": [{{"uid": "{contract}", "connectors": []}}]}}}}"#
        )
    };
    let session = put("Session", "NL/ALF", "s1", object("S1", CONTRACT));
    let cdr = put("CDR", "NL/ALF", "cdr1", object("CDR1", &CONTRACT.to_lowercase()));
    let others = [
        put("Session", "NL/ALF", "s2", object("S2", "C2")),
        put("CDR", "NL/ALF", "cdr2", object("CDR2", "C2")),
    ];
    let before = others.each_ref().map(|at| world.body(at));
    // Behind them: its address alone says who issued it.
    let token = format!(
        r#"{{"uid": "{UID}", "type": "RFID", "auth_id": "{CONTRACT}", "issuer": "EM", "valid": true}}"#
    );
    let key = format!("{}/rfid", UID.to_lowercase());
    let token = put("Token", "DE/EMP", &key, token);
    let foreign = put(
        "Token",
        "FR/OTH",
        &key,
        format!(r#"{{"uid": "{UID}", "type": "RFID", "auth_id": "C9", "issuer": "EM", "valid": true}}"#),
    );
    world.forget(driver().issued_by(ocpi_testkit::party("DE/EMP")));
    assert_eq!((world.body(&session), world.body(&token)), (None, None));
    assert!(world.body(&foreign).is_some());
    assert!(world.has(&cdr, r#""auth_id": "erased-"#), "{:?}", world.body(&cdr));
    // Of the EVSE nothing changes.
    assert!(world.has(&cdr, &format!(r#"{{"uid": "{CONTRACT}", "connectors""#)), "{:?}", world.body(&cdr));
    assert_eq!(others.map(|at| world.body(&at)), before);
}

#[test]
fn a_number_of_a_card_is_learnt_from_a_token_that_is_gone_meanwhile() {
    let world = World::in_memory(CPO);
    let token = my_token("DE/EMP").replace(r#""issuer""#, r#""visual_number": "V1", "issuer""#);
    world.object("Token", "DE/EMP", &format!("{}/rfid", UID.to_lowercase()), &token);
    // The erasure waits for somebody, and so knows what it has learnt.
    world.silent("Reactor", "", "former", "1");
    assert!(
        !block_on(world.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store").is_done()
    );
    let at = world.location("L1", r#""publish_allowed_to": [{"visual_number": "V1", "issuer": "EM"}]"#);
    world.time.advance(std::time::Duration::from_secs(61));
    world.time.run(world.platform.tick()).expect("no hang").expect("a tick");
    assert!(world.has(&at, r#""publish_allowed_to": []"#), "{:?}", world.body(&at));
}
