//! Values from their texts.

use ocpi_types::protocol::{PartnerId, Party};
use ocpi_types::{CredentialsToken, Object, json};

/// Reads an object.
pub fn parse<T: Object>(text: &str) -> T {
    json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Reads an array of objects; all of them must be readable.
pub fn parse_list<T: Object>(text: &str) -> Vec<T> {
    let list = json::read_list(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(list.rejected.is_empty() && list.findings.is_empty(), "{:?}: {text}", list.findings);
    list.items
}

/// Reads a party such as `NL/ALF`.
pub fn party(text: &str) -> Party {
    let (country_code, party_id) = text.split_once('/').expect("a country and a party");
    Party::new(country_code, party_id).expect("a party")
}

/// Reads a token.
pub fn token(text: &str) -> CredentialsToken {
    text.parse().expect("a token")
}

/// Reads the id of a partner.
pub fn partner_id(text: &str) -> PartnerId {
    text.parse().expect("the id of a partner")
}
