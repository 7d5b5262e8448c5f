//! Objects that name drivers, by ids that are in no other text.

use ocpi_testkit::{cdr_json, location_json, parse, session_json, token_json};
use ocpi_types::Object;
use ocpi_types::endpoint::TokenKey;
use ocpi_types::v2_3_0::tokens::{Token, TokenType};
use serde_json::{Value, json};

/// Token of a card: with letters that a URL has to encode.
pub(crate) const UID: &str = "QZX7 KVW/93:UJHN~4M";
/// Another one, which the partner does not know.
pub(crate) const UNKNOWN_UID: &str = "WWX8KVQ3UJH55MRTB2";
pub(crate) const CONTRACT: &str = "DE-QKX-J7Z3VX9W2HQ4-8";
pub(crate) const VISUAL_NUMBER: &str = "Kz 7HX 4QJ WV 88 ZQX 3";
pub(crate) const GROUP: &str = "GRP-ZJ4QX7VW9KH2-B";
/// Name that the supplier of energy has for the driver.
pub(crate) const ENERGY_CONTRACT: &str = "SUP-9XWQ7ZK4VJH3-11";
/// A licence plate, in a member that OCPI does not have.
pub(crate) const PLATE: &str = "UT-ZQ-8847-XKJW";

/// All ids of drivers.
pub(crate) fn ids() -> Vec<String> {
    let ids = [UID, UNKNOWN_UID, CONTRACT, VISUAL_NUMBER, GROUP, ENERGY_CONTRACT, PLATE];
    ids.map(str::to_owned).to_vec()
}

fn changed<T: Object>(json: &str, change: impl Fn(&mut Value)) -> T {
    let mut value: Value = serde_json::from_str(json).expect("JSON");
    change(&mut value);
    value["x_licence_plate"] = json!(PLATE);
    parse(&value.to_string())
}

/// A token of a driver, that names everything.
pub(crate) fn token(of: &str, updated: &str) -> Token {
    changed(&token_json(of, UID, updated), |token| {
        token["contract_id"] = json!(CONTRACT);
        token["visual_number"] = json!(VISUAL_NUMBER);
        token["group_id"] = json!(GROUP);
        token["energy_contract"] = json!({"supplier_name": "Domstad", "contract_id": ENERGY_CONTRACT});
    })
}

pub(crate) fn token_key(uid: &str) -> TokenKey {
    TokenKey { uid: uid.parse().expect("a uid"), r#type: TokenType::Rfid }
}

fn with_driver(object: &mut Value) {
    object["cdr_token"]["uid"] = json!(UID);
    object["cdr_token"]["contract_id"] = json!(CONTRACT);
    object["cdr_token"]["x_licence_plate"] = json!(PLATE);
}

pub(crate) fn session<T: Object>(of: &str, id: &str, updated: &str) -> T {
    changed(&session_json(of, id, updated), with_driver)
}

pub(crate) fn cdr<T: Object>(of: &str, id: &str) -> T {
    changed(&cdr_json(of, id, "10:00:00"), with_driver)
}

/// A Location that only some drivers may see.
pub(crate) fn location<T: Object>(of: &str, id: &str) -> T {
    changed(&location_json(of, id, "10:00:00"), |location| {
        location["publish_allowed_to"] = json!([
            {"uid": UID, "type": "RFID"},
            {"visual_number": VISUAL_NUMBER, "issuer": "EM"},
            {"group_id": GROUP},
        ]);
    })
}
