//! The headers of OCPI, by name.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::Party;

/// Identifies a request; its answer carries it too.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Stays the same through hubs.
pub const X_CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
/// Number of objects that match, on a page.
pub const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
/// The most objects the server puts on a page.
pub const X_LIMIT: HeaderName = HeaderName::from_static("x-limit");
/// The receiving party's id.
pub const TO_PARTY_ID: HeaderName = HeaderName::from_static("ocpi-to-party-id");
/// The receiving party's country.
pub const TO_COUNTRY_CODE: HeaderName = HeaderName::from_static("ocpi-to-country-code");
/// The sending party's id.
pub const FROM_PARTY_ID: HeaderName = HeaderName::from_static("ocpi-from-party-id");
/// The sending party's country.
pub const FROM_COUNTRY_CODE: HeaderName = HeaderName::from_static("ocpi-from-country-code");

/// Writes the headers that say for whom a message is and from whom.
pub fn write_routing(headers: &mut HeaderMap, to: Option<&Party>, from: Option<&Party>) {
    write_party(headers, &TO_COUNTRY_CODE, &TO_PARTY_ID, to);
    write_party(headers, &FROM_COUNTRY_CODE, &FROM_PARTY_ID, from);
}

/// For whom a message is.
pub fn to_party(headers: &HeaderMap) -> Option<Party> {
    read_party(headers, &TO_COUNTRY_CODE, &TO_PARTY_ID)
}

/// From whom a message is.
pub fn from_party(headers: &HeaderMap) -> Option<Party> {
    read_party(headers, &FROM_COUNTRY_CODE, &FROM_PARTY_ID)
}

/// The id that a partner put on a request, if it may be repeated: 1 to 128 visible ASCII characters.
pub fn message_id<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    text(headers, name).filter(|id| is_message_id(id))
}

/// The value of a header with an id of a request, if it can be one: 1 to 128 visible ASCII characters.
pub fn message_id_value(id: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(id).ok().filter(|_| is_message_id(id))
}

/// A header's text.
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_message_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn write_party(headers: &mut HeaderMap, country: &HeaderName, id: &HeaderName, party: Option<&Party>) {
    let Some(party) = party else { return };
    for (name, value) in [(country, party.country_code.as_str()), (id, party.party_id.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

fn read_party(headers: &HeaderMap, country: &HeaderName, id: &HeaderName) -> Option<Party> {
    Party::lenient(text(headers, country)?, text(headers, id)?)
}
