//! Ids that are words of the object, too, and those that are written otherwise.

use ocpi_platform::{Driver, ErasureScope};
use ocpi_testkit::{cdr_json, parse};
use ocpi_types::v2_3_0::cdrs::Cdr;
use pollster::block_on;

use super::World;

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];

/// Erases the driver of this token, and returns the CDR that stays.
fn pseudonymised(uid: &str, cdr: &str) -> String {
    let world = World::in_memory(CPO);
    let at = world.object("CDR", "NL/ALF", "cdr1", cdr);
    block_on(world.platform.driver(Driver::token(uid)).erase(ErasureScope::KeepCdrs)).expect("a store");
    world.body(&at).expect("the CDR")
}

#[test]
fn a_short_or_common_id_changes_nothing_else() {
    for uid in
        ["1", "E1", "L1", "NL", "NLD", "RFID", "EUR", "WHITELIST", "ENERGY", "Utrecht", "AC_3_PHASE", "M1"]
    {
        let json = cdr_json("NL/ALF", "CDR1", "10:00:00")
            .replace("04A2", uid)
            .replace(r#""connector_id": "C1""#, r#""connector_id": "1""#)
            .replace(r#""total_cost""#, &format!(r#""meter_id": "M1", "remark": "{uid}", "total_cost""#));
        let (before, now): (Cdr, Cdr) = (parse(&json), parse(&pseudonymised(uid, &json)));
        let name = now.cdr_token.uid.clone();
        assert!(name.as_str().starts_with("erased-"), "{uid}");
        assert_eq!(now.remark.as_ref().map(|text| text.as_str()), Some(name.as_str()), "{uid}");
        let mut expected = before;
        expected.remark = now.remark.clone();
        expected.cdr_token.contract_id = name.clone();
        expected.cdr_token.uid = name;
        assert!(now == expected, "{uid}");
    }
}

#[test]
fn an_id_in_an_extension_goes_however_it_is_written() {
    let extension = r#""x_card": 12345678, "x_by_card": {"12345678": [12345678, 1.50], "of 012345678": {}},
        "x_12345678": null, "total_cost""#;
    for uid in ["12345678", "012345678"] {
        let json =
            cdr_json("NL/ALF", "CDR1", "10:00:00").replace("04A2", uid).replace(r#""total_cost""#, extension);
        let now = pseudonymised(uid, &json.replace("of 012345678", &format!("of {uid}")));
        let left = if uid.starts_with('0') { 2 } else { 0 };
        assert_eq!(now.matches("12345678").count(), left, "{now}");
        assert!(now.contains("1.50") && serde_json::from_str::<serde_json::Value>(&now).is_ok(), "{now}");
    }
}
