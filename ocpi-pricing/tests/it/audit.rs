//! Audits of CDRs.

mod bounds;
mod correct;
mod credit;
mod field;
mod hours;
mod laws;
mod parts;
mod rules;
mod sessions;
mod shown;
mod taxes;
mod tolerated;

use ocpi_pricing::audit::{Audit, Case, CdrClaims, Report, SessionClaims};
use ocpi_types::{Version, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json};

use crate::common::{read, tariff_text};

const VERSIONS: [Version; 3] = [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];

/// Energy, a fee without tax, and parking in quarters of an hour.
fn elements() -> Value {
    json!([{"price_components": [
        {"type": "ENERGY", "price": 0.45, "vat": 21, "step_size": 1},
        {"type": "PARKING_TIME", "price": 3.00, "vat": 21, "step_size": 900},
        {"type": "FLAT", "price": 0.50, "vat": 0, "step_size": 1}]}])
}

/// 20.5 kWh in 70 minutes and 40 minutes of parking: 9.225, 2.25 and 0.50.
fn cdr(version: Version) -> Value {
    let mut elements = elements();
    if version == Version::V2_1_1 {
        for component in elements[0]["price_components"].as_array_mut().unwrap() {
            component.as_object_mut().unwrap().remove("vat");
        }
    }
    let tariff: Value = serde_json::from_str(&tariff_text(version, &elements, &json!({}))).unwrap();
    let mut cdr = json!({
        "id": "C1", "currency": "EUR", "auth_method": "WHITELIST", "tariffs": [tariff],
        "start_date_time": "2026-05-04T16:00:00Z",
        "charging_periods": [
            {"start_date_time": "2026-05-04T16:00:00Z",
             "dimensions": [{"type": "ENERGY", "volume": 20.5}, {"type": "TIME", "volume": 1.1667}]},
            {"start_date_time": "2026-05-04T17:10:00Z",
             "dimensions": [{"type": "PARKING_TIME", "volume": 0.6667}]}],
        "total_energy": 20.5, "total_time": 1.8333, "total_parking_time": 0.6667,
        "last_updated": "2026-05-04T18:00:00Z",
    });
    let end = json!("2026-05-04T17:50:00Z");
    if version == Version::V2_1_1 {
        cdr["stop_date_time"] = end;
        cdr["auth_id"] = "D1".into();
        cdr["location"] = location();
        cdr["total_cost"] = json!(11.98);
        return cdr;
    }
    cdr["end_date_time"] = end;
    cdr["country_code"] = "NL".into();
    cdr["party_id"] = "ALF".into();
    cdr["session_id"] = "S1".into();
    cdr["authorization_reference"] = "R1".into();
    cdr["cdr_token"] = token();
    cdr["cdr_location"] = json!({
        "id": "L1", "address": "Kade 1", "city": "Gouda", "postal_code": "2801 AA", "country": "NLD",
        "coordinates": {"latitude": "52.01150", "longitude": "4.71040"}, "evse_uid": "E1",
        "evse_id": "NL*ALF*E000001", "connector_id": "1", "connector_standard": "IEC_62196_T2",
        "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"});
    for period in cdr["charging_periods"].as_array_mut().unwrap() {
        period["tariff_id"] = "T1".into();
    }
    let money = |net: f64, gross: f64, taxes: Value| match version {
        Version::V2_2_1 => json!({"excl_vat": net, "incl_vat": gross}),
        _ => json!({"before_taxes": net, "taxes": taxes}),
    };
    let tax = |rate: i64, amount: f64| json!({"name": "VAT", "percentage": rate, "amount": amount});
    cdr["total_cost"] = money(11.98, 14.38, json!([tax(0, 0.0), tax(21, 2.41)]));
    cdr["total_energy_cost"] = money(9.23, 11.16, json!([tax(21, 1.94)]));
    cdr["total_parking_cost"] = money(2.25, 2.72, json!([tax(21, 0.47)]));
    cdr["total_fixed_cost"] = money(0.5, 0.5, json!([tax(0, 0.0)]));
    cdr
}

fn token() -> Value {
    json!({"country_code": "NL", "party_id": "EMP", "uid": "U1", "type": "RFID", "contract_id": "NL-EMP-C1"})
}

fn location() -> Value {
    let at = "2026-05-04T16:00:00Z";
    json!({"id": "L1", "type": "ON_STREET", "address": "Kade 1", "city": "Gouda", "postal_code": "2801 AA",
        "country": "NLD", "coordinates": {"latitude": "52.011500", "longitude": "4.710400"},
        "time_zone": "Europe/Amsterdam", "last_updated": at,
        "evses": [{"uid": "E1", "status": "CHARGING", "last_updated": at, "connectors": [
            {"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
             "voltage": 230, "amperage": 32, "last_updated": at}]}]})
}

/// The session that the CDR is for.
fn session(version: Version) -> Value {
    let cdr = cdr(version);
    let mut session = json!({
        "id": "S1", "currency": "EUR", "kwh": 20.5, "auth_method": "WHITELIST", "status": "COMPLETED",
        "charging_periods": cdr["charging_periods"], "total_cost": cdr["total_cost"],
        "last_updated": "2026-05-04T17:51:00Z",
    });
    let (start, end) = (&cdr["start_date_time"], json!("2026-05-04T17:50:00Z"));
    if version == Version::V2_1_1 {
        session["start_datetime"] = start.clone();
        session["end_datetime"] = end;
        session["auth_id"] = "D1".into();
        session["location"] = location();
        return session;
    }
    session["start_date_time"] = start.clone();
    session["end_date_time"] = end;
    for name in ["country_code", "party_id", "cdr_token", "authorization_reference"] {
        session[name] = cdr[name].clone();
    }
    for (name, id) in [("location_id", "L1"), ("evse_uid", "E1"), ("connector_id", "1")] {
        session[name] = id.into();
    }
    session
}

fn cdr_claims(version: Version, cdr: &Value) -> CdrClaims {
    let text = cdr.to_string();
    match version {
        Version::V2_1_1 => CdrClaims::from(&read::<v2_1_1::cdrs::Cdr>(&text)),
        Version::V2_2_1 => CdrClaims::from(&read::<v2_2_1::cdrs::Cdr>(&text)),
        _ => CdrClaims::from(&read::<v2_3_0::cdrs::Cdr>(&text)),
    }
}

fn session_claims(version: Version, session: &Value) -> SessionClaims {
    let text = session.to_string();
    match version {
        Version::V2_1_1 => SessionClaims::from(&read::<v2_1_1::sessions::Session>(&text)),
        Version::V2_2_1 => SessionClaims::from(&read::<v2_2_1::sessions::Session>(&text)),
        _ => SessionClaims::from(&read::<v2_3_0::sessions::Session>(&text)),
    }
}

fn auditor() -> Audit {
    Audit::new().in_zone("Europe/Amsterdam".parse().unwrap())
}

fn audit(version: Version, cdr: &Value) -> Report {
    auditor().cdr(cdr_claims(version, cdr))
}

fn audit_in_zone(version: Version, cdr: &Value, zone: &str) -> Report {
    Audit::new().in_zone(zone.parse().unwrap()).cdr(cdr_claims(version, cdr))
}

fn case(version: Version, cdr: &Value) -> Case {
    Case::of(cdr_claims(version, cdr))
}

/// Replaces the value at a pointer; the last name may be new.
fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    match parent {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = new,
        parent => parent[name] = new,
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let removed = value.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|it| it.remove(name));
    assert!(removed.is_some(), "nothing at {pointer}");
}

/// Of every finding: rule and place.
fn shown(report: &Report) -> Vec<(&'static str, &str)> {
    report.findings.iter().map(|it| (it.rule.id(), it.pointer.as_str())).collect()
}

/// Shows every finding with the expected and the found value.
fn in_full(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}
