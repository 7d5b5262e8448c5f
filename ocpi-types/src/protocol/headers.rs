//! Names of OCPI's headers, and functions to read and write them.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::Party;

/// Id of a request, repeated in its answer.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Id that hubs pass on unchanged.
pub const X_CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
/// Total number of matching objects of a list.
pub const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
/// Maximum number of objects that the server puts on a page.
pub const X_LIMIT: HeaderName = HeaderName::from_static("x-limit");
/// Party id of the receiver.
pub const TO_PARTY_ID: HeaderName = HeaderName::from_static("ocpi-to-party-id");
/// Country code of the receiver.
pub const TO_COUNTRY_CODE: HeaderName = HeaderName::from_static("ocpi-to-country-code");
/// Party id of the sender.
pub const FROM_PARTY_ID: HeaderName = HeaderName::from_static("ocpi-from-party-id");
/// Country code of the sender.
pub const FROM_COUNTRY_CODE: HeaderName = HeaderName::from_static("ocpi-from-country-code");

/// Writes the headers that name the receiver and the sender of a message.
pub fn write_routing(headers: &mut HeaderMap, to: Option<&Party>, from: Option<&Party>) {
    write_party(headers, &TO_COUNTRY_CODE, &TO_PARTY_ID, to);
    write_party(headers, &FROM_COUNTRY_CODE, &FROM_PARTY_ID, from);
}

/// Returns the receiver of a message.
pub fn to_party(headers: &HeaderMap) -> Option<Party> {
    read_party(headers, &TO_COUNTRY_CODE, &TO_PARTY_ID)
}

/// Returns the sender of a message.
pub fn from_party(headers: &HeaderMap) -> Option<Party> {
    read_party(headers, &FROM_COUNTRY_CODE, &FROM_PARTY_ID)
}

/// Returns the id in a header of a partner's request if it can be repeated: 1 to 128 visible ASCII characters.
pub fn message_id<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    text(headers, name).filter(|id| is_message_id(id))
}

/// Returns a request id as a header value if it is valid: 1 to 128 visible ASCII characters.
pub fn message_id_value(id: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(id).ok().filter(|_| is_message_id(id))
}

/// Returns the text of a header.
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
