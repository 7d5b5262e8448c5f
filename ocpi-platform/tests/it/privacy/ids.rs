//! Drivers are told apart by their ids, of which one may be missing.

use ocpi_platform::{Driver, ErasureScope};
use ocpi_server_traits::storage::Address;
use ocpi_testkit::{cdr_json, party, session_json, token_json};
use pollster::block_on;

use super::World;

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];

impl World {
    fn found(&self, driver: Driver) -> Vec<Address> {
        let export = block_on(self.platform.driver(driver).export()).expect("a store");
        export.records.into_iter().map(|record| record.at).collect()
    }
}

/// A token as it is known of a partner of 2.1.1, which tells the contract only.
fn contract_only(json: &str) -> String {
    json.replace(r#""uid": "04A2", "type": "RFID""#, r##""uid": "#NA", "type": "OTHER""##)
}

#[test]
fn a_token_is_found_where_a_partner_tells_its_contract_only() {
    let world = World::in_memory(CPO);
    let of_other =
        |json: String| contract_only(&json).replace(r#""contract_id": "C1""#, r#""contract_id": "C2""#);
    let session = contract_only(&session_json("NL/ALF", "S1", "10:00:00"));
    let cdr = contract_only(&cdr_json("NL/ALF", "CDR1", "10:00:00"));
    // The contract is found behind those.
    let session = world.object("Session", "NL/ALF", "s1", &session);
    let cdr = world.object("CDR", "NL/ALF", "cdr1", &cdr);
    let token = world.object("Token", "DE/EMP", "04a2/rfid", &token_json("DE/EMP", "04A2", "10:00:00"));
    let foreign = contract_only(&session_json("NL/ALF", "S3", "10:00:00")).replace("EMP", "OTH");
    let others = [
        world.object("Session", "NL/ALF", "s2", &of_other(session_json("NL/ALF", "S2", "10:00:00"))),
        world.object("CDR", "NL/ALF", "cdr2", &of_other(cdr_json("NL/ALF", "CDR2", "10:00:00"))),
        world.object("Session", "NL/ALF", "s3", &foreign),
    ];
    let before = others.each_ref().map(|at| world.body(at));
    assert_eq!(world.found(Driver::token("04A2")), [cdr.clone(), session.clone(), token.clone()]);
    assert_eq!(world.found(Driver::token("#na").and_contract("#NA")), []);
    let report = block_on(world.platform.driver(Driver::token("04A2")).erase(ErasureScope::KeepCdrs))
        .expect("a store");
    assert!(report.is_done(), "{report:?}");
    assert_eq!((world.body(&session), world.body(&token)), (None, None));
    let cdr = world.body(&cdr).expect("the CDR");
    assert!(cdr.contains(r##""uid": "#NA""##) && cdr.contains(r#""contract_id": "erased-"#), "{cdr}");
    assert_eq!(others.map(|at| world.body(&at)), before);
}

#[test]
fn a_contract_is_known_from_a_cdr_when_its_token_has_gone() {
    let world = World::in_memory(CPO);
    let cdr = world.object("CDR", "NL/ALF", "cdr1", &cdr_json("NL/ALF", "CDR1", "10:00:00"));
    let session = contract_only(&session_json("NL/ALF", "S1", "10:00:00"));
    let session = world.object("Session", "NL/ALF", "s1", &session);
    assert_eq!(world.found(Driver::token("04A2")), [cdr, session]);
}

#[test]
fn another_driver_whose_token_has_the_same_uid_is_left_alone() {
    let world = World::in_memory(CPO);
    let of = |json: String, contract: &str| {
        json.replace("04A2", "1")
            .replace("EMP", if contract == "C1" { "EMP" } else { "OTH" })
            .replace(r#""contract_id": "C1""#, &format!(r#""contract_id": "{contract}""#))
    };
    let add = |contract: &str| {
        let owner = if contract == "C1" { "DE/EMP" } else { "DE/OTH" };
        let id = |of: &str| format!("{of}{contract}");
        [
            world.object(
                "CDR",
                "NL/ALF",
                &id("cdr"),
                &of(cdr_json("NL/ALF", &id("CDR"), "10:00:00"), contract),
            ),
            world.object(
                "Session",
                "NL/ALF",
                &id("s"),
                &of(session_json("NL/ALF", &id("S"), "10:00:00"), contract),
            ),
            world.object("Token", owner, "1/rfid", &of(token_json(owner, "04A2", "10:00:00"), contract)),
        ]
    };
    let (mine, others) = (add("C1"), add("C9"));
    // It stands alone, with another contract or none.
    let alone = of(session_json("NL/ALF", "S0", "10:00:00"), "C1")
        .replace(r#""contract_id": "C1""#, r#""contract_id": "C5""#);
    let alone = world.object("Session", "NL/ALF", "s0", &alone);
    let before = others.each_ref().map(|at| world.body(at));
    assert_eq!(
        world.found(Driver::contract("C1")),
        [mine[0].clone(), alone.clone(), mine[1].clone(), mine[2].clone()]
    );
    // Of the erasure that waits for somebody the other driver is not told either.
    world.silent("Reactor", "", "former", "1");
    block_on(world.platform.driver(Driver::contract("C1")).erase(ErasureScope::KeepCdrs)).expect("a store");
    assert_eq!((world.body(&alone), world.body(&mine[1]), world.body(&mine[2])), (None, None, None));
    assert_eq!(others.map(|at| world.body(&at)), before);
    let erasures =
        |driver: Driver| world.found(driver).iter().filter(|at| at.collection() == "Erasure").count();
    assert_eq!(
        [
            Driver::contract("C1"),
            Driver::token("1"),
            Driver::token("1").issued_by(party("DE/OTH")),
            Driver::contract("C9"),
        ]
        .map(erasures),
        [1, 1, 0, 0]
    );
}
