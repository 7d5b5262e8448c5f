//! Small objects of 2.3.0, as JSON: of an owner such as `NL/ALF`, with an id, updated at a time such as `10:00:00`.

use crate::party;

/// Writes a Connector that was updated at a time such as `10:00:00`.
pub fn connector_json(id: &str, updated: &str) -> String {
    format!(
        r#"{{"id": "{id}", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "max_voltage": 230, "max_amperage": 32, "last_updated": "2026-11-22T{updated}Z"}}"#
    )
}

/// Writes an EVSE with the Connector `C1`.
pub fn evse_json(uid: &str, updated: &str) -> String {
    format!(
        r#"{{"uid": "{uid}", "status": "AVAILABLE", "connectors": [{}], "last_updated": "2026-11-22T{updated}Z"}}"#,
        connector_json("C1", updated)
    )
}

/// Writes a Location with the EVSE `E1`, which has the Connector `C1`.
pub fn location_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "publish": true, "address": "Stationsplein 1", "city": "Utrecht",
        "country": "NLD", "coordinates": {{"latitude": "52.089450", "longitude": "5.110270"}},
        "time_zone": "Europe/Amsterdam", "evses": [{}], "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of),
        evse_json("E1", updated)
    )
}

/// Writes a Tariff of 0.45 EUR/kWh.
pub fn tariff_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "currency": "EUR", "tax_included": "NO", "elements": [{{"price_components":
        [{{"type": "ENERGY", "price": 0.45, "step_size": 1}}]}}], "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of)
    )
}

/// Writes a valid RFID token.
pub fn token_json(of: &str, uid: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "uid": "{uid}", "type": "RFID", "contract_id": "C1", "issuer": "EM", "valid": true,
        "whitelist": "ALLOWED", "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of)
    )
}

const CDR_TOKEN: &str =
    r#"{"country_code": "DE", "party_id": "EMP", "uid": "04A2", "type": "RFID", "contract_id": "C1"}"#;

/// Writes an active Session at the Location `L1`, by a driver of `DE/EMP`.
pub fn session_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "start_date_time": "2026-11-22T08:00:00Z", "kwh": 1.5, "cdr_token": {CDR_TOKEN},
        "auth_method": "WHITELIST", "location_id": "L1", "evse_uid": "E1", "connector_id": "C1",
        "currency": "EUR", "status": "ACTIVE", "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of)
    )
}

/// Writes a period in which this energy flowed.
pub fn period_json(start: &str, kwh: &str) -> String {
    format!(
        r#"{{"start_date_time": "2026-11-22T{start}Z", "dimensions": [{{"type": "ENERGY", "volume": {kwh}}}]}}"#
    )
}

/// Writes a CDR of 10 kWh in one hour, by a driver of `DE/EMP`.
pub fn cdr_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "start_date_time": "2026-11-22T08:00:00Z",
        "end_date_time": "2026-11-22T09:00:00Z", "cdr_token": {CDR_TOKEN}, "auth_method": "WHITELIST",
        "cdr_location": {{"id": "L1", "address": "Stationsplein 1", "city": "Utrecht", "country": "NLD",
        "coordinates": {{"latitude": "52.089450", "longitude": "5.110270"}}, "evse_uid": "E1", "evse_id": "E1",
        "connector_id": "C1", "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
        "connector_power_type": "AC_3_PHASE"}}, "currency": "EUR", "charging_periods": [{}],
        "total_cost": {{"before_taxes": 4.50}}, "total_energy": 10.0, "total_time": 1.0,
        "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of),
        period_json("08:00:00", "10.0")
    )
}

/// Writes the roles of credentials, each a role, a country and a party.
pub fn roles_json(roles: &[(&str, &str, &str)]) -> String {
    let role = |(role, country, party): &(&str, &str, &str)| {
        format!(
            r#"{{"role": "{role}", "business_details": {{"name": "{party}"}}, "country_code": "{country}",
            "party_id": "{party}"}}"#
        )
    };
    format!("[{}]", roles.iter().map(role).collect::<Vec<_>>().join(","))
}

/// Writes credentials as a partner at this host sends them.
pub fn credentials_json(token: &str, host: &str, roles: &[(&str, &str, &str)]) -> String {
    let roles = roles_json(roles);
    format!(r#"{{"token": "{token}", "url": "https://{host}/ocpi/versions", "roles": {roles}}}"#)
}

fn owner(text: &str) -> String {
    let party = party(text);
    format!(r#""country_code": "{}", "party_id": "{}""#, party.country_code, party.party_id)
}
