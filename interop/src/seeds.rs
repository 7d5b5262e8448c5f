//! Objects of our own, with every member that some version requires.

use ocpi_types::json;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;
use serde_json::json;

use crate::dialog::Failure;

/// Number of objects of a kind, for three pages of 50 at least.
const SEEDS: usize = 120;

/// Ids of the seeds, such as `L000`.
pub(crate) fn ids(letter: char) -> impl Iterator<Item = String> {
    (0..SEEDS).map(move |number| format!("{letter}{number:03}"))
}

/// A Location with one EVSE, `E1`, and its Connector.
pub(crate) fn location(of: &Party, id: &str) -> Result<Location, Failure> {
    let updated = "2026-11-22T10:00:00Z";
    let location = json!({
        "country_code": of.country_code.as_str(), "party_id": of.party_id.as_str(), "id": id, "publish": true,
        "name": format!("Charging at {id}"), "address": "Stationsplein 1", "city": "Utrecht",
        "postal_code": "3511 CE", "country": "NLD",
        "coordinates": { "latitude": "52.089450", "longitude": "5.110270" },
        "parking_type": "ON_STREET", "time_zone": "Europe/Amsterdam",
        "evses": [{
            "uid": "E1", "evse_id": format!("NL*OUR*E{id}"), "status": "AVAILABLE",
            "connectors": [{
                "id": "C1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
                "max_voltage": 230, "max_amperage": 32, "tariff_ids": ["T1"], "last_updated": updated,
            }],
            "last_updated": updated,
        }],
        "last_updated": updated,
    });
    Ok(json::from_str(&location.to_string())?)
}

/// A valid token of a card.
pub(crate) fn token(of: &Party, uid: &str) -> Result<Token, Failure> {
    let token = json!({
        "country_code": of.country_code.as_str(), "party_id": of.party_id.as_str(), "uid": uid, "type": "RFID",
        "contract_id": format!("{}-{}-C{uid}", of.country_code, of.party_id), "visual_number": format!("No. {uid}"),
        "issuer": "Interop", "valid": true, "whitelist": "ALLOWED", "last_updated": "2026-11-22T10:00:00Z",
    });
    Ok(json::from_str(&token.to_string())?)
}
