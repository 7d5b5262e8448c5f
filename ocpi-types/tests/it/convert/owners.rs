//! Owners of objects: 2.1.1 leaves them to the connection, but some partners name the owner as later versions do.

use ocpi_types::convert::{Context, ConversionRule, Ledger, V2_1_1, V2_2_1, V2_3_0, convert, kind};
use ocpi_types::protocol::Party;

use super::{converted, read, refusal, told};

const OWNER: &str = r#""country_code": "SE", "party_id": "VIN","#;

const LOCATION: &str = r#"{OWNER "id": "L1", "type": "ON_STREET", "address": "A", "city": "Lund", "postal_code": "22100",
    "country": "SWE", "coordinates": {"latitude": "55.704660", "longitude": "13.191007"},
    "time_zone": "Europe/Stockholm", "last_updated": "2026-03-01T00:00:00Z"}"#;

const TARIFF: &str = r#"{OWNER "id": "T1", "currency": "SEK", "elements": [
    {"price_components": [{"type": "ENERGY", "price": 3.5, "step_size": 1}]}],
    "last_updated": "2026-03-01T00:00:00Z"}"#;

const TOKEN: &str = r#"{OWNER "uid": "04B7", "type": "RFID", "auth_id": "SE8VIN001", "issuer": "V", "valid": true,
    "whitelist": "NEVER", "last_updated": "2026-03-01T00:00:00Z"}"#;

fn session(owner: &str, location: &str) -> String {
    let location = LOCATION.replace("OWNER", location);
    format!(
        r#"{{{owner} "id": "S1", "start_datetime": "2026-03-01T00:00:00Z", "kwh": 1, "auth_id": "SE8VIN001",
            "auth_method": "WHITELIST", "location": {location}, "currency": "SEK", "total_cost": 1,
            "status": "ACTIVE", "last_updated": "2026-03-01T00:00:00Z"}}"#
    )
}

fn cdr(owner: &str, tariff: &str) -> String {
    let (location, tariff) = (LOCATION.replace("OWNER", ""), TARIFF.replace("OWNER", tariff));
    format!(
        r#"{{{owner} "id": "C1", "start_date_time": "2026-03-01T00:00:00Z", "stop_date_time": "2026-03-01T01:00:00Z",
            "auth_id": "SE8VIN001", "auth_method": "WHITELIST", "location": {location}, "currency": "SEK",
            "tariffs": [{tariff}],
            "charging_periods": [{{"start_date_time": "2026-03-01T00:00:00Z", "dimensions": [
                {{"type": "ENERGY", "volume": 1}}]}}],
            "total_cost": 3.5, "total_energy": 1, "total_time": 1, "last_updated": "2026-03-01T01:00:00Z"}}"#
    )
}

/// A connection of which only the eMSP is known.
fn emsp() -> Context<'static> {
    Context { emsp: Party::new("SE", "VIN").ok(), ..Context::default() }
}

/// Converts a document by a context; the result, and the places and rules of the ledger.
macro_rules! converts {
    ($kind:ident => $to:ident by $context:expr, $text:expr) => {{
        let mut ledger = Ledger::new();
        let value = convert::<kind::$kind, V2_1_1, $to>(read($text), $context, &mut ledger);
        (value.unwrap_or_else(|refused| panic!("{refused}")), told(&ledger))
    }};
}

/// The owner that is named is kept, without any context; nothing is assumed of it.
#[test]
fn an_object_that_names_its_owner_keeps_it() {
    let nothing = Context::default();
    let (location, told) = converts!(Location => V2_3_0 by &nothing, &LOCATION.replace("OWNER", OWNER));
    assert_eq!((location.country_code.as_str(), location.party_id.as_str()), ("SE", "VIN"));
    assert!(location.extra.is_empty());
    assert!(!told.iter().any(|entry| entry.contains("owner")), "{told:?}");
    let (tariff, told) = converts!(Tariff => V2_2_1 by &nothing, &TARIFF.replace("OWNER", OWNER));
    assert_eq!((tariff.party_id.as_str(), told), ("VIN", vec!["/elements conv.vat".to_owned()]));
    let (token, told) = converts!(Token => V2_2_1 by &nothing, &TOKEN.replace("OWNER", OWNER));
    assert_eq!((token.party_id.as_str(), told), ("VIN", vec![]));
    let (session, _) = converts!(Session => V2_3_0 by &emsp(), &session(OWNER, ""));
    assert_eq!((session.party_id.as_str(), session.extra.get("party_id")), ("VIN", None));
    let (cdr, _) = converts!(Cdr => V2_3_0 by &emsp(), &cdr(OWNER, ""));
    assert_eq!(cdr.party_id.as_str(), "VIN");
    let text = format!(
        r#"{{"response_url": "https://example.com/1", "token": {}, "location_id": "L1"}}"#,
        TOKEN.replace("OWNER", OWNER)
    );
    let (command, _) = converts!(StartSession => V2_3_0 by &nothing, &text);
    assert_eq!(command.token.party_id.as_str(), "VIN");
}

/// The owner is named in whatever spelling; the name as later versions have it is believed first.
#[test]
fn an_owner_in_another_spelling_is_one() {
    let nothing = Context::default();
    for owner in [
        r#""countryCode": "SE", "partyId": "VIN","#,
        r#""Country-Code": "SE", "PARTY_ID": "VIN","#,
        r##""countryCode": "#NA", "partyId": "VIN", "country-code": "SE","##,
    ] {
        let (location, told) = converts!(Location => V2_2_1 by &nothing, &LOCATION.replace("OWNER", owner));
        assert_eq!((location.country_code.as_str(), location.party_id.as_str()), ("SE", "VIN"), "{owner}");
        assert!(!location.extra.iter().any(|(_, raw)| raw.contains("SE") || raw.contains("VIN")), "{owner}");
        assert!(!told.iter().any(|entry| entry.contains("owner")), "{told:?}");
        let refused = refusal::<kind::Tariff, V2_1_1, V2_2_1>(&TARIFF.replace("OWNER", owner));
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::OwnerDiffers, "/country_code"));
        let refused = refusal::<kind::Session, V2_1_1, V2_2_1>(&session("", owner));
        assert_eq!(refused.pointer(), "/location/country_code");
    }
    let both = format!(r#"{OWNER} "countryCode": "NL","#);
    let (location, _) = converts!(Location => V2_2_1 by &nothing, &LOCATION.replace("OWNER", &both));
    assert_eq!((location.country_code.as_str(), location.extra.get("countryCode")), ("SE", Some("\"NL\"")));
}

/// A Session has the owner of its Location, and a tariff that of its CDR, if it names none of its own.
#[test]
fn a_part_has_the_owner_of_the_whole() {
    let (session, told) = converts!(Session => V2_2_1 by &emsp(), &session("", OWNER));
    assert_eq!(session.party_id.as_str(), "VIN");
    assert!(told.contains(&"/party_id conv.owner_assumed".to_owned()), "{told:?}");
    let (whole, told) = converts!(Cdr => V2_2_1 by &emsp(), &cdr(OWNER, ""));
    assert_eq!(whole.tariffs[0].party_id.as_str(), "VIN");
    assert!(told.contains(&"/tariffs/0/party_id conv.owner_assumed".to_owned()), "{told:?}");
    let (whole, _) = converts!(Cdr => V2_2_1 by &emsp(), &cdr(OWNER, &OWNER.replace("VIN", "KRA")));
    assert_eq!(whole.tariffs[0].party_id.as_str(), "KRA");
}

/// An object of another owner than that of the connection is not taken for one of its own, whatever the kind.
#[test]
fn an_owner_that_differs_from_the_context_is_refused() {
    let location = LOCATION.replace("OWNER", OWNER);
    for refused in [
        refusal::<kind::Location, V2_1_1, V2_2_1>(&location),
        refusal::<kind::Tariff, V2_1_1, V2_3_0>(&TARIFF.replace("OWNER", OWNER)),
        refusal::<kind::Token, V2_1_1, V2_3_0>(&TOKEN.replace("OWNER", OWNER)),
        refusal::<kind::Session, V2_1_1, V2_2_1>(&session(OWNER, "")),
        refusal::<kind::Cdr, V2_1_1, V2_2_1>(&cdr(OWNER, "")),
    ] {
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::OwnerDiffers, "/country_code"));
    }
    let refused = refusal::<kind::Session, V2_1_1, V2_2_1>(&session("", OWNER));
    assert_eq!(refused.pointer(), "/location/country_code");
    let refused = refusal::<kind::Cdr, V2_1_1, V2_2_1>(&cdr("", OWNER));
    assert_eq!(refused.pointer(), "/tariffs/0/country_code");
    let same = location.replace("SE\"", "nl\"").replace("VIN", "alf");
    let (same, _) = converted::<kind::Location, V2_1_1, V2_2_1>(&same);
    assert_eq!(same.party_id.as_str(), "alf");
}

/// Half an owner, a placeholder, or one that is said twice is none.
#[test]
fn half_an_owner_needs_the_context() {
    let half = LOCATION.replace("OWNER", r#""country_code": "NL","#);
    let (location, told) = converted::<kind::Location, V2_1_1, V2_2_1>(&half);
    assert_eq!((location.country_code.as_str(), location.party_id.as_str()), ("NL", "ALF"));
    assert!(told.contains(&"/party_id conv.owner_assumed".to_owned()), "{told:?}");
    let none = Context::default();
    for (owner, place) in [
        (r#""country_code": "NL","#, "/party_id"),
        (r#""party_id": "ALF","#, "/country_code"),
        (r##""country_code": "#NA", "party_id": "ALF","##, "/country_code"),
        (r#""country_code": null, "party_id": "ALF","#, "/country_code"),
        (r#""country_code": "NL", "party_id": "","#, "/party_id"),
    ] {
        let text = LOCATION.replace("OWNER", owner);
        let refused = convert::<kind::Location, V2_1_1, V2_2_1>(read(&text), &none, &mut Ledger::new());
        let refused = refused.expect_err("nobody says whose it is");
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::OwnerUnknown, place), "{owner}");
    }
    let twice = LOCATION.replace("OWNER", r#""party_id": "ALF", "country_code": "NL", "party_id": "XXX","#);
    let refused = convert::<kind::Location, V2_1_1, V2_2_1>(read(&twice), &none, &mut Ledger::new());
    assert_eq!(refused.expect_err("two owners").rule(), ConversionRule::Duplicate);
}

/// The token of a Session that says it as later versions do.
#[test]
fn the_token_that_is_named_is_kept() {
    let token = r#""cdr_token": {"country_code": "SE", "party_id": "VIN", "uid": "04B7", "type": "RFID",
        "contract_id": "SE8VIN001"},"#;
    let none = Context::default();
    let (session, told) = converts!(Session => V2_2_1 by &none, &session(&format!("{OWNER}{token}"), ""));
    assert_eq!(session.cdr_token.uid.as_str(), "04B7");
    assert!(!told.iter().any(|entry| entry.contains("token")), "{told:?}");
}
