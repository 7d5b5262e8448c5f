//! Sessions and CDRs: the Location that 2.1.1 embeds, and the token that it names by its contract.

use ocpi_types::convert::{Context, ConversionRule, Ledger, Lookup, V2_1_1, V2_2_1, convert, kind};
use ocpi_types::json;
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::locations::Location;
use ocpi_types::v2_2_1::tokens::Token;

use super::{context, converted, read, refusal, told};

const EMBEDDED: &str = r#"{"id": "L1", "type": "ON_STREET", "address": "A", "city": "Gent", "postal_code": "9000",
    "country": "BEL", "coordinates": {"latitude": "51.047590", "longitude": "3.729990"},
    "evses": [{"uid": "E1", "evse_id": "BE*ALF*E1", "status": "CHARGING", "connectors": [{"id": "C1",
        "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE", "voltage": 230, "amperage": 32,
        "last_updated": "2026-01-01T00:00:00Z"}], "last_updated": "2026-01-01T00:00:00Z"}],
    "last_updated": "2026-01-01T00:00:00Z"}"#;

fn old_session() -> String {
    format!(
        r#"{{"id": "S1", "start_datetime": "2026-01-01T00:00:00Z", "kwh": 4.5, "auth_id": "DE8AA001",
            "auth_method": "WHITELIST", "location": {EMBEDDED}, "currency": "EUR", "total_cost": 1.50,
            "status": "ACTIVE", "last_updated": "2026-01-01T00:00:00Z"}}"#
    )
}

fn session(more: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "S1", "start_date_time": "2026-01-01T00:00:00Z", "kwh": 1,
            "cdr_token": {{"country_code": "DE", "party_id": "MSP", "uid": "U", "type": "RFID", "contract_id": "C"}},
            "auth_method": "WHITELIST", "location_id": "L1", "evse_uid": "E1", "connector_id": "C1", {more}
            "currency": "EUR", "status": "ACTIVE", "last_updated": "2026-01-01T00:00:00Z"}}"#
    )
}

/// Knows one Location, with two EVSEs, and one token.
struct Known;

impl Lookup for Known {
    fn location(&self, owner: &Party, id: &str) -> Option<Location> {
        let text = r#"{"country_code": "NL", "party_id": "ALF", "id": "L1", "publish": false, "address": "A",
            "city": "Gent", "country": "BEL", "coordinates": {"latitude": "51.04759", "longitude": "3.72999"},
            "time_zone": "Europe/Brussels", "evses": [EVSE, OTHER], "last_updated": "2026-01-01T00:00:00Z"}"#;
        let evse = r#"{"uid": "E1", "status": "CHARGING", "connectors": [{"id": "C1", "standard": "IEC_62196_T2",
            "format": "SOCKET", "power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32,
            "last_updated": "2026-01-01T00:00:00Z"}], "last_updated": "2026-01-01T00:00:00Z"}"#;
        let text = text.replace("EVSE", evse).replace("OTHER", &evse.replace("E1", "E2"));
        (*owner == Party::new("NL", "ALF").ok()? && id == "L1").then(|| read(&text))
    }

    fn token(&self, auth_id: &str) -> Option<Token> {
        let token = r#"{"country_code": "FR", "party_id": "MOB", "uid": "04A2", "type": "RFID", "contract_id": "DE8AA001",
            "issuer": "Mob", "valid": true, "whitelist": "NEVER", "last_updated": "2026-01-01T00:00:00Z"}"#;
        (auth_id == "DE8AA001").then(|| read(token))
    }
}

/// Ids take the place of the embedded Location, which is carried along; of the token only the contract is known.
#[test]
fn a_session_of_2_1_1_refers_to_its_location() {
    let (session, told) = converted::<kind::Session, V2_1_1, V2_2_1>(&old_session());
    let ids = [&session.location_id, &session.evse_uid, &session.connector_id].map(|id| id.as_str());
    assert_eq!(ids, ["L1", "E1", "C1"]);
    assert_eq!(session.cdr_token.contract_id.as_str(), "DE8AA001");
    assert_eq!((session.cdr_token.uid.as_str(), session.cdr_token.r#type.as_str()), ("#NA", "OTHER"));
    assert_eq!(session.total_cost.expect("there is a cost").excl_vat.to_string(), "1.50");
    assert_eq!(
        told,
        [
            "/country_code conv.owner_assumed",
            "/party_id conv.owner_assumed",
            "/location conv.member_kept",
            "/cdr_token conv.token_assumed",
        ]
    );
}

/// Only the EVSE and connector in use should be there; if there are more, the first is taken, and told.
#[test]
fn the_first_of_several_is_told() {
    let connector = EMBEDDED.split("\"connectors\": [").nth(1).and_then(|rest| rest.split("}]").next());
    let connector = format!("{}}}", connector.expect("there is one"));
    let text = old_session().replace(&connector, &format!("{connector},{}", connector.replace("C1", "C2")));
    let (session, told) = converted::<kind::Session, V2_1_1, V2_2_1>(&text);
    assert_eq!(session.connector_id.as_str(), "C1");
    assert!(told.contains(&"/connector_id conv.first_assumed".to_owned()), "{told:?}");
}

/// The token is the one that the context finds by its contract.
#[test]
fn a_token_can_be_looked_up() {
    let context = Context { lookup: Some(&Known), ..context() };
    let session =
        convert::<kind::Session, V2_1_1, V2_2_1>(read(&old_session()), &context, &mut Ledger::new());
    let token = session.expect("it is converted").cdr_token;
    assert_eq!((token.party_id.as_str(), token.uid.as_str(), token.r#type.as_str()), ("MOB", "04A2", "RFID"));
}

/// 2.1.1 embeds the whole Location: ids alone do not do.
#[test]
fn a_session_of_ids_alone_is_refused() {
    let refused = refusal::<kind::Session, V2_2_1, V2_1_1>(&session(""));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::LocationUnknown, "/location_id"));
}

/// The Location is the one that the context finds, with the EVSE and connector in use only; that it is not published
/// is no obstacle to the one who charges there.
#[test]
fn a_location_can_be_looked_up() {
    let context = Context { lookup: Some(&Known), ..context() };
    let mut ledger = Ledger::new();
    let session = convert::<kind::Session, V2_2_1, V2_1_1>(read(&session("")), &context, &mut ledger);
    let location = session.expect("it is converted").location;
    assert_eq!(location.evses.iter().map(|evse| evse.uid.as_str()).collect::<Vec<_>>(), ["E1"]);
    assert_eq!(told(&ledger), ["/cdr_token conv.token", "/location conv.location_assumed"]);
}

/// An EVSE that the Location does not have leads nowhere.
#[test]
fn an_unknown_evse_is_refused() {
    let context = Context { lookup: Some(&Known), ..context() };
    let text = session("").replace(r#""E1""#, r#""E9""#);
    let refused = convert::<kind::Session, V2_2_1, V2_1_1>(read(&text), &context, &mut Ledger::new());
    assert_eq!(refused.expect_err("no such EVSE").pointer(), "/evse_uid");
}

/// The Location that was embedded before is taken only if it is still the one that is meant.
#[test]
fn an_embedded_location_that_is_out_of_date_is_not_taken() {
    let (mut session, _) = converted::<kind::Session, V2_1_1, V2_2_1>(&old_session());
    session.location_id = "L2".parse().expect("an id");
    let refused = convert::<kind::Session, V2_2_1, V2_1_1>(session, &context(), &mut Ledger::new());
    assert_eq!(refused.expect_err("another location").rule(), ConversionRule::LocationUnknown);
}

/// States and ways of authorisation that 2.1.1 lacks have a stand-in of nearly the same meaning.
#[test]
fn values_of_nearly_the_same_meaning_stand_in() {
    let text = session("").replace("ACTIVE", "RESERVATION").replace("WHITELIST", "COMMAND");
    let context = Context { lookup: Some(&Known), ..context() };
    let mut ledger = Ledger::new();
    let session = convert::<kind::Session, V2_2_1, V2_1_1>(read(&text), &context, &mut ledger);
    let session = session.expect("it is converted");
    assert_eq!((session.status.as_str(), session.auth_method.as_str()), ("PENDING", "AUTH_REQUEST"));
    assert_eq!(told(&ledger)[..2], ["/auth_method conv.enum_replaced", "/status conv.enum_replaced"]);
}

/// No output shows a driver's data; a caller that asks for the value gets it.
#[test]
fn values_of_drivers_are_not_shown() {
    let mut ledger = Ledger::new();
    let context = Context { lookup: Some(&Known), ..context() };
    convert::<kind::Session, V2_2_1, V2_1_1>(read(&session("")), &context, &mut ledger)
        .expect("it is converted");
    let shown = format!("{ledger:?} {:#?} {}", ledger.entries(), ledger.entries()[0]);
    assert!(!shown.contains("contract_id") && !shown.contains(r#""U""#), "{shown}");
    assert!(ledger.entries()[0].value().contains(r#""uid":"U""#));
}

fn cdr(more: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "CDR1", "start_date_time": "2026-01-01T00:00:00Z",
            "end_date_time": "2026-01-01T01:00:00Z", {more} "auth_method": "WHITELIST",
            "cdr_token": {{"country_code": "DE", "party_id": "MSP", "uid": "U", "type": "RFID", "contract_id": "C"}},
            "cdr_location": {{"id": "L1", "address": "A", "city": "Gent", "state": "OVL", "country": "BEL",
                "coordinates": {{"latitude": "51.04759", "longitude": "3.72999"}}, "evse_uid": "E1",
                "evse_id": "BE*ALF*E1", "connector_id": "C1", "connector_standard": "IEC_62196_T2",
                "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"}},
            "currency": "EUR", "charging_periods": [{{"start_date_time": "2026-01-01T00:00:00Z",
                "dimensions": [{{"type": "ENERGY", "volume": 4.5}}]}}],
            "total_cost": {{"excl_vat": 1.50}}, "total_energy": 4.5, "total_time": 1,
            "last_updated": "2026-01-01T01:00:00Z"}}"#
    )
}

/// A CDR holds enough of its Location to embed one; facts that it lacks about the connector are assumed, or found.
#[test]
fn a_cdr_embeds_what_it_knows_of_its_location() {
    let (old, told) = converted::<kind::Cdr, V2_2_1, V2_1_1>(&cdr(""));
    let connector = &old.location.evses[0].connectors[0];
    assert_eq!((connector.standard.as_str(), connector.voltage), ("IEC_62196_T2", 0));
    assert_eq!(old.location.coordinates.latitude.as_str(), "51.047590");
    assert_eq!(
        told,
        ["/cdr_token conv.token", "/cdr_location/state conv.no_member", "/location conv.connector_assumed",]
    );

    let context = Context { lookup: Some(&Known), ..context() };
    let old = convert::<kind::Cdr, V2_2_1, V2_1_1>(read(&cdr("")), &context, &mut Ledger::new());
    assert_eq!(old.expect("it is converted").location.evses[0].connectors[0].voltage, 230);
}

/// A credit CDR pays back; 2.1.1 has none, so it would be taken for a bill.
#[test]
fn a_credit_cdr_is_refused() {
    let refused =
        refusal::<kind::Cdr, V2_2_1, V2_1_1>(&cdr(r#""credit": true, "credit_reference_id": "CDR0","#));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Credit, "/credit"));
}

/// The id of a CDR has 36 characters in 2.1.1.
#[test]
fn an_id_of_a_cdr_is_not_cut() {
    let refused = refusal::<kind::Cdr, V2_2_1, V2_1_1>(&cdr("").replace("CDR1", &"C".repeat(39)));
    // Only credit CDRs have such ids, so it does not conform before either.
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::IdLength, "/id"));
}

/// A flat fee is no dimension any more; it is carried along, and told.
#[test]
fn a_dimension_that_is_gone_is_kept() {
    let old = format!(
        r#"{{"id": "CDR1", "start_date_time": "2026-01-01T00:00:00Z", "stop_date_time": "2026-01-01T01:00:00Z",
            "auth_id": "DE8AA001", "auth_method": "WHITELIST", "location": {EMBEDDED}, "currency": "EUR",
            "charging_periods": [{{"start_date_time": "2026-01-01T00:00:00Z", "dimensions": [
                {{"type": "FLAT", "volume": 1}}]}}],
            "total_cost": 1.50, "total_energy": 4.5, "total_time": 1, "last_updated": "2026-01-01T01:00:00Z"}}"#
    );
    let (cdr, told) = converted::<kind::Cdr, V2_1_1, V2_2_1>(&old);
    assert_eq!(cdr.charging_periods[0].dimensions[0].r#type.as_str(), "FLAT");
    assert_eq!(told[0], "/charging_periods/0/dimensions/0/type conv.enum_kept");
    assert_eq!(cdr.cdr_location.evse_id.as_str(), "BE*ALF*E1");
    let back = convert::<kind::Cdr, V2_2_1, V2_1_1>(cdr, &context(), &mut Ledger::new());
    assert_eq!(back, Ok(json::from_str(&old).expect("it is a CDR")));
}

fn old_cdr() -> String {
    format!(
        r#"{{"id": "CDR1", "start_date_time": "2026-01-01T00:00:00Z", "stop_date_time": "2026-01-01T01:00:00Z",
            "auth_id": "DE8AA001", "auth_method": "WHITELIST", "location": {EMBEDDED}, "currency": "EUR",
            "charging_periods": [{{"start_date_time": "2026-01-01T00:00:00Z", "dimensions": [
                {{"type": "ENERGY", "volume": 1}}]}}],
            "total_cost": 1.50, "total_energy": 4.5, "total_time": 1, "last_updated": "2026-01-01T01:00:00Z"}}"#
    )
}

/// The Location that a CDR embedded before is taken as long as the CDR says the same of its place, not by its ids alone.
#[test]
fn a_place_of_a_cdr_that_was_changed_is_not_overruled() {
    let (same, _) = converted::<kind::Cdr, V2_1_1, V2_2_1>(&old_cdr());
    let mut moved = same.clone();
    moved.cdr_location.address = "B".parse().expect("a text");
    let mut replugged = same.clone();
    replugged.cdr_location.connector_standard = "IEC_62196_T2_COMBO".into();
    for (changed, address, plug) in [(moved, "B", "IEC_62196_T2"), (replugged, "A", "IEC_62196_T2_COMBO")] {
        let mut ledger = Ledger::new();
        let old = convert::<kind::Cdr, V2_2_1, V2_1_1>(changed, &context(), &mut ledger);
        let location = old.expect("it is converted").location;
        assert_eq!(location.address.as_str(), address);
        assert_eq!(location.evses[0].connectors[0].standard.as_str(), plug);
        assert!(told(&ledger).contains(&"/location conv.outdated".to_owned()), "{ledger:?}");
    }
    let old = convert::<kind::Cdr, V2_2_1, V2_1_1>(same, &context(), &mut Ledger::new());
    assert_eq!(old, Ok(json::from_str(&old_cdr()).expect("it is a CDR")));
}

/// A value that is carried along may have been written by anybody: it is fitted like the rest.
#[test]
fn a_location_that_was_carried_along_is_fitted() {
    let embedded = EMBEDDED.replace(r#""facilities": [],"#, "").replace(
        r#""coordinates": {"latitude": "51.047590","#,
        r#""facilities": ["BIKE_SHARING", "HOTEL"], "coordinates": {"latitude": "51.0475901","#,
    );
    let text = session(&format!(r#""location": {embedded},"#));
    let mut ledger = Ledger::new();
    let old = convert::<kind::Session, V2_2_1, V2_1_1>(read(&text), &context(), &mut ledger);
    let location = old.expect("it is converted").location;
    assert_eq!(location.coordinates.latitude.as_str(), "51.047590");
    assert_eq!(location.facilities.len(), 1);
    let told = told(&ledger);
    assert!(told.contains(&"/location/facilities/0 conv.enum_value".to_owned()), "{told:?}");
    assert!(told.contains(&"/location/coordinates/latitude conv.coordinate".to_owned()), "{told:?}");
}

/// A connector that is not there has no kind, so none is embedded.
#[test]
fn a_connector_that_is_not_available_is_not_embedded() {
    let text = cdr("").replace(r#""connector_id": "C1""#, r##""connector_id": "#NA""##);
    let (old, told) = converted::<kind::Cdr, V2_2_1, V2_1_1>(&text);
    assert!(old.location.evses.is_empty());
    for place in ["evse_uid", "evse_id", "connector_standard"] {
        assert!(told.contains(&format!("/cdr_location/{place} conv.no_member")), "{told:?}");
    }
    let text = cdr("").replace(r#""contract_id": "C""#, r##""contract_id": "#NA""##);
    let refused = refusal::<kind::Cdr, V2_2_1, V2_1_1>(&text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Placeholder, "/cdr_token/contract_id"));
}
