//! 2.2, the first edition of 2.2.1, in the types of 2.2.1.

use ocpi_types::convert::{AnyVersion, Context, ConversionRule, Ledger, OfKind, kind};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::cdrs::Cdr;
use ocpi_types::v2_2_1::commands::StartSession;
use ocpi_types::v2_2_1::locations::{ConnectorType, Location, PowerType};
use ocpi_types::v2_2_1::sessions::Session;
use ocpi_types::{Rule, Version, Versions, json};
use serde_json::{Value, json};

fn context() -> Context<'static> {
    Context { emsp: Party::new("DE", "EMP").ok(), ..Context::default() }
}

/// A fixture of 2.2.1 as a document.
fn document(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/2.2.1/{name}.full.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a fixture");
    serde_json::from_str(&text).expect("JSON")
}

fn without_owner(mut document: Value) -> Value {
    let token = document["cdr_token"].as_object_mut().expect("a token");
    token.remove("country_code");
    token.remove("party_id");
    document
}

/// Converts an object of 2.2.1 to 2.2.
fn down<T: OfKind>(value: T) -> (Result<AnyVersion<T::Kind>, ConversionRule>, Vec<String>) {
    let mut ledger = Ledger::new();
    let converted = value.into_any().convert(Version::V2_2, &Context::default(), &mut ledger);
    let told = ledger.entries().iter().map(ToString::to_string).collect();
    (converted.map_err(|error| error.rule()), told)
}

#[test]
fn a_token_without_an_owner_is_that_of_the_emsp_of_the_connection() {
    for document in [document("session"), document("cdr")] {
        let text = without_owner(document).to_string();
        let mut ledger = Ledger::new();
        let is_cdr = text.contains("cdr_location");
        let (party, findings) = if is_cdr {
            let read =
                AnyVersion::<kind::Cdr>::read_in(Version::V2_2, text.as_bytes(), &context(), &mut ledger);
            let read = read.expect("a CDR");
            let AnyVersion::V2_2_1(cdr) = read.value else { panic!("another version") };
            (cdr.cdr_token.party_id, read.findings)
        } else {
            let read =
                AnyVersion::<kind::Session>::read_in(Version::V2_2, text.as_bytes(), &context(), &mut ledger);
            let read = read.expect("a Session");
            let AnyVersion::V2_2_1(session) = read.value else { panic!("another version") };
            (session.cdr_token.party_id, read.findings)
        };
        assert_eq!(party.as_str(), "EMP");
        assert!(!findings.iter().any(|finding| finding.rule == Rule::Missing), "{findings:?}");
        let told: Vec<_> = ledger.entries().iter().map(|entry| (entry.pointer(), entry.rule)).collect();
        let assumed = ConversionRule::OwnerAssumed;
        assert_eq!(told, [("/cdr_token/country_code", assumed), ("/cdr_token/party_id", assumed)]);
    }
}

#[test]
fn without_an_emsp_or_of_2_2_1_it_is_missing() {
    let text = without_owner(document("session")).to_string();
    for (version, context) in [(Version::V2_2, Context::default()), (Version::V2_2_1, context())] {
        let mut ledger = Ledger::new();
        let read = AnyVersion::<kind::Session>::read_in(version, text.as_bytes(), &context, &mut ledger);
        let error = read.expect_err("incomplete");
        assert_eq!((error.rule(), error.pointer()), (Rule::Missing, "/cdr_token/country_code"));
        assert!(ledger.is_empty());
    }
}

#[test]
fn what_else_is_missing_is_missing() {
    let mut document = without_owner(document("session"));
    document.as_object_mut().expect("an object").remove("currency");
    let text = document.to_string();
    let read =
        AnyVersion::<kind::Session>::read_in(Version::V2_2, text.as_bytes(), &context(), &mut Ledger::new());
    assert_eq!(read.expect_err("incomplete").rule(), Rule::Missing);
}

#[test]
fn an_owner_that_is_named_is_kept() {
    let text = document("session").to_string();
    let session: Session = json::from_str(&text).expect("a Session");
    let mut ledger = Ledger::new();
    let context = Context { emsp: Party::new("XX", "YYY").ok(), ..Context::default() };
    let read = AnyVersion::<kind::Session>::read_in(Version::V2_2, text.as_bytes(), &context, &mut ledger);
    assert_eq!(read.expect("a Session").value, AnyVersion::V2_2_1(session));
    assert!(ledger.is_empty());
}

#[test]
fn values_that_2_2_1_has_added_are_not_sent() {
    let location: Location = json::from_str(&document("location").to_string()).expect("a Location");
    let mut plain = location;
    let mut evse = plain.evses.remove(0);
    evse.capabilities.clear();
    for connector in evse.connectors.iter_mut() {
        connector.power_type = PowerType::Ac3Phase;
        connector.standard = ConnectorType::Iec62196T2;
    }
    plain.evses = vec![evse];
    let (kept, told) = down(plain.clone());
    assert_eq!(kept, Ok(AnyVersion::V2_2_1(plain.clone())), "{told:?}");
    assert!(told.is_empty(), "{told:?}");
    let mut odd = plain;
    for connector in odd.evses[0].connectors.iter_mut() {
        connector.power_type = PowerType::Ac2PhaseSplit;
    }
    let (converted, told) = down(odd);
    // As on the way to 2.1.1: a Connector of another kind costs its place, and an EVSE without one its own.
    assert!(
        converted.is_ok()
            && told.iter().any(|told| told.starts_with("/evses/0: ") && told.contains("conv.enum_value")),
        "{converted:?} {told:?}"
    );
    let text = String::from_utf8(converted.expect("the rest").to_vec()).expect("text");
    assert!(!text.contains("AC_2_PHASE_SPLIT"), "{text}");
}

#[test]
fn members_that_2_2_1_has_added_are_kept_and_told() {
    let start: StartSession = json::from_str(
        &json!({"response_url": "https://emsp.example/1", "location_id": "L1", "evse_uid": "E1", "connector_id": "2",
            "token": document("token")})
        .to_string(),
    )
    .expect("a command");
    let (converted, told) = down(start.clone());
    assert_eq!(converted, Ok(AnyVersion::V2_2_1(start)));
    let known = |told: &&String| told.starts_with("/connector_id: ") && told.contains("conv.member_kept");
    assert_eq!(told.iter().filter(known).count(), 1, "{told:?}");
}

#[test]
fn a_cdr_has_a_postal_code() {
    let mut document = document("cdr");
    document["home_charging_compensation"] = json!(true);
    document["cdr_location"]["state"] = json!("Gelderland");
    document["cdr_location"].as_object_mut().expect("a place").remove("postal_code");
    let cdr: Cdr = json::from_str(&document.to_string()).expect("a CDR");
    let (converted, told) = down(cdr.clone());
    let text = converted.expect("a CDR").to_vec();
    let written: Value = serde_json::from_slice(&text).expect("JSON");
    assert_eq!(written["cdr_location"]["postal_code"], "");
    for place in ["/cdr_location/postal_code: ", "/home_charging_compensation: ", "/cdr_location/state: "] {
        assert!(told.iter().any(|told| told.starts_with(place)), "{told:?}");
    }
    let read = AnyVersion::<kind::Cdr>::read_in(Version::V2_2, &text, &context(), &mut Ledger::new());
    assert_eq!(read.expect("a CDR").value, AnyVersion::V2_2_1(cdr), "and back: none");
}

#[test]
fn sets_of_versions_tell_the_editions_apart() {
    assert!(Versions::V2_2_UP.contains(Version::V2_2) && Versions::V2_2_UP.contains(Version::V2_2_1));
    assert!(!Versions::V2_2_1_UP.contains(Version::V2_2) && !Versions::V2_2_UP.contains(Version::V2_1_1));
    assert!(Version::V2_1_1 < Version::V2_2 && Version::V2_2 < Version::V2_2_1);
    assert_eq!("2.2".parse(), Ok(Version::V2_2));
    assert!(Version::ALL.iter().all(|version| version.edition_of() == *version));
}
