//! Messages of another version than the application's.

use http::{HeaderMap, StatusCode};
use ocpi_types::convert::{Context, Found, OfKind, Relation};
use ocpi_types::endpoint::{DecodedResponse, Encoding, Endpoint, Outgoing, Page, Put, RawResponse, Reply};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Object, Role, Version, json, v2_1_1, v2_2_1};

fn relation() -> Relation {
    let party = |country, id| Party::new(country, id).expect("a party");
    Relation::of(Role::Emsp, Some(party("DE", "EMP")), Some(party("NL", "ALF")))
}

fn page<T: OfKind>(version: Version, data: &str) -> DecodedResponse<Page<T>> {
    let relation = relation();
    let (context, headers) = (relation.received(), HeaderMap::new());
    let body = format!(r#"{{"data":{data},"status_code":1000,"timestamp":"2026-11-22T10:00:00Z"}}"#);
    let wire = Encoding { version: Some(version), context: &context, ..Encoding::PLAIN };
    let received = RawResponse { status: StatusCode::OK, headers: &headers, body: body.as_bytes(), wire };
    Page::read(&received).expect("it is JSON")
}

fn minimal<T: Object>(text: &str) -> T {
    json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

const TARIFF_2_1_1: &str = r#"{"id":"T1","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY",
    "price":0.25,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}"#;

#[test]
fn a_page_of_2_1_1_is_read_as_one_of_2_3_0() {
    let data = format!(r#"[{TARIFF_2_1_1}, null, {{"id": 1}}, {TARIFF_2_1_1}]"#);
    let DecodedResponse { head, value, ledger } = page::<Tariff>(Version::V2_1_1, &data);
    let read = value.expect("a page");
    assert_eq!((read.items.len(), read.partial.len(), read.rejected.len()), (2, 0, 1));
    assert_eq!((read.items[0].party_id.as_str(), read.items[0].tax_included.as_str()), ("ALF", "NO"));
    assert_eq!(read.rejected[0].index, 2, "places are those of the page as it was sent");
    let places: Vec<&str> = ledger.entries().iter().map(|entry| entry.pointer()).collect();
    assert!(places.contains(&"/0/country_code") && places.contains(&"/3/country_code"), "{places:?}");
    assert!(head.findings.iter().any(|finding| finding.pointer == "/1"), "{:?}", head.findings);
}

/// Of a Session of 2.2 the owner of the token is that of the connection.
#[test]
fn sessions_of_a_page_of_2_2_get_the_owners_of_their_tokens() {
    let whole: serde_json::Value =
        serde_json::from_str(include_str!("../../fixtures/2.2.1/session.minimal.json")).expect("JSON");
    let mut ownerless = whole;
    let token = ownerless["cdr_token"].as_object_mut().expect("a token");
    token.retain(|name, _| !["country_code", "party_id"].contains(&name.as_str()));
    let mut broken = ownerless.clone();
    broken.as_object_mut().expect("an object").remove("currency");
    let data = format!("[{ownerless}, {broken}, {ownerless}]");
    let DecodedResponse { head, value, ledger } = page::<v2_2_1::sessions::Session>(Version::V2_2, &data);
    let read = value.expect("a page");
    assert_eq!((read.items.len(), read.rejected.len() + read.partial.len()), (2, 1));
    assert!(read.items.iter().all(|session| session.cdr_token.party_id.as_str() == "EMP"));
    let places: Vec<&str> = ledger.entries().iter().map(|entry| entry.pointer()).collect();
    let owner = |index: usize| ["country_code", "party_id"].map(|name| format!("/{index}/cdr_token/{name}"));
    assert_eq!(places, [owner(0), owner(2)].concat());
    let told: Vec<&str> = head.findings.iter().map(|finding| finding.pointer.as_str()).collect();
    assert!(!told.iter().any(|told| told.starts_with("/0") || told.starts_with("/2")), "{told:?}");
    assert!(told.contains(&"/1/currency"), "{told:?}");
}

#[test]
fn what_cannot_be_expressed_costs_itself_only() {
    // Without a CPO in the relation nobody knows whose the tariffs are.
    let context = Context::NONE;
    let headers = HeaderMap::new();
    let body =
        format!(r#"{{"data":[{TARIFF_2_1_1}],"status_code":1000,"timestamp":"2026-11-22T10:00:00Z"}}"#);
    let wire = Encoding { version: Some(Version::V2_1_1), context: &context, ..Encoding::PLAIN };
    let received = RawResponse { status: StatusCode::OK, headers: &headers, body: body.as_bytes(), wire };
    let answered = Page::<Tariff>::read(&received).expect("it is JSON");
    let read = answered.value.expect("a page");
    assert_eq!((read.items.len(), read.rejected.len()), (0, 1));
    assert_eq!(read.rejected[0].raw.as_str(), TARIFF_2_1_1, "its text is kept");
    let finding = &answered.head.findings[0];
    assert_eq!((finding.pointer.as_str(), finding.rule.id()), ("/0/country_code", "env.version"));
    assert!(answered.ledger.is_empty());
}

#[test]
fn a_page_of_2_3_0_is_written_in_2_2_1() {
    let plain: Location = minimal(include_str!("../../fixtures/2.3.0/location.minimal.json"));
    let with_phone =
        Location { help_phone: Some("+31 20 1234567".parse().expect("a text")), ..plain.clone() };
    let wire = Encoding { version: Some(Version::V2_2_1), ..Encoding::PLAIN };
    let parts = Page::whole(vec![plain, with_phone]).write(&wire).expect("it can be expressed");
    let body = parts.data.expect("data");
    let sent = json::read_list::<v2_2_1::locations::Location>(&body).expect("a list");
    assert_eq!((sent.items.len(), sent.findings.len(), parts.left_out.len()), (2, 0, 0));
    let lost: Vec<&str> = parts.ledger.entries().iter().map(|entry| entry.pointer()).collect();
    assert_eq!(lost, ["/1/help_phone"]);
    assert!(!String::from_utf8_lossy(&body).contains("help_phone"));
}

#[test]
fn an_object_that_cannot_be_expressed_is_left_out_of_its_page() {
    let tariff: Tariff = minimal(include_str!("../../fixtures/2.3.0/tariff.minimal.json"));
    let gross = Tariff { tax_included: ocpi_types::v2_3_0::tariffs::TaxIncluded::Yes, ..tariff.clone() };
    let wire = Encoding { version: Some(Version::V2_2_1), ..Encoding::PLAIN };
    let parts = Page::whole(vec![tariff, gross.clone()]).write(&wire).expect("a page");
    let sent = json::read_list::<v2_2_1::tariffs::Tariff>(&parts.data.expect("data")).expect("a list");
    assert_eq!(sent.items.len(), 1, "a price with tax is never sent as one without");
    assert_eq!((parts.left_out.len(), parts.left_out[0].0), (1, 1));
    assert_eq!(parts.left_out[0].1.rule().id(), "conv.gross_price");
    assert!(gross.write(&wire).is_err(), "alone it is an error");
}

#[test]
fn a_request_goes_out_in_the_version_of_the_wire() {
    let session: Session = minimal(include_str!("../../fixtures/2.3.0/session.minimal.json"));
    let put = Put::of(session.clone());
    let native = Outgoing::over(&put, Encoding { version: Some(Version::V2_3_0), ..Encoding::PLAIN })
        .expect("its own");
    assert_eq!(native.body.as_deref(), Outgoing::of(&put).body.as_deref());
    assert!(native.ledger.is_empty());

    // A Session of 2.1.1 embeds its Location: it has to be looked up.
    let relation = relation();
    let unknown = relation.sent();
    let wire = Encoding { version: Some(Version::V2_1_1), context: &unknown, ..Encoding::PLAIN };
    assert!(Outgoing::over(&put, wire).is_err(), "nobody knows the location");
    let mut location: v2_2_1::locations::Location =
        minimal(include_str!("../../fixtures/2.2.1/location.full.json"));
    let at = put.embeds().expect("a session names its location");
    (location.country_code, location.party_id) = (at.owner.country_code.clone(), at.owner.party_id.clone());
    location.id = at.location_id.clone();
    location.evses[0].uid = session.evse_uid.clone();
    let mut connectors = location.evses[0].connectors.clone().into_vec();
    connectors[0].id = session.connector_id.clone();
    location.evses[0].connectors = connectors.try_into().expect("one or more");
    let mut found = Found::default();
    found.add(at, location);
    let context = Context { lookup: Some(&found), ..relation.sent() };
    let wire = Encoding { version: Some(Version::V2_1_1), context: &context, ..Encoding::PLAIN };
    let sent = Outgoing::over(&put, wire).expect("now it is known");
    let body = sent.body.expect("a body");
    let old: v2_1_1::sessions::Session = json::from_slice(&body).expect("a session of 2.1.1");
    assert!(old.location.id.as_str().eq_ignore_ascii_case(session.location_id.as_str()));
    assert!(!sent.ledger.is_empty());
}
