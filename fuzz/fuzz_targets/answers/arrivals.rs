//! Answers of a partner, from the bytes of an input.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use ocpi_client::{TransportError, TransportErrorKind};

use crate::TOKEN;
use crate::choice::Choose;

/// Between the texts of an input.
const SEPARATOR: u8 = 0x1e;
/// Most answers of an input.
const MOST: usize = 6;

const STATUSES: [u16; 24] = [
    200, 200, 200, 200, 200, 201, 202, 204, 206, 301, 307, 400, 401, 403, 404, 405, 409, 422, 429, 500, 501,
    502, 503, 504,
];
const CODES: [&str; 14] = [
    "1000", "1000", "1000", "1001", "1999", "2000", "2001", "2003", "2004", "3000", "3001", "4002",
    "\"1000\"", "null",
];
const NAMES: [&str; 8] =
    ["content-type", "link", "x-total-count", "x-limit", "location", "retry-after", "date", "x-request-id"];
const VALUES: [&str; 14] = [
    "application/json",
    "text/html; charset=latin1",
    "<https://cpo.example/ocpi/x?offset=2>; rel=\"next\"",
    "https://cpo.example/ocpi/cdrs/1",
    "https://other.example/$T",
    "/ocpi/cdrs/1/",
    "0",
    "1",
    "100000",
    "-1",
    "18446744073709551616",
    "Sun, 22 Nov 2026 12:00:05 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "$T $B",
];
const FAILURES: [TransportErrorKind; 4] = [
    TransportErrorKind::Connect,
    TransportErrorKind::Timeout,
    TransportErrorKind::TooLarge,
    TransportErrorKind::Other,
];

/// An answer, or the reason why none comes.
#[derive(Clone)]
pub(crate) enum Answer {
    Response(http::Response<Bytes>),
    Nothing(TransportErrorKind),
}

impl Answer {
    /// A success of HTTP with this body.
    pub(crate) fn bare(text: &[u8]) -> Self {
        Self::Response(http::Response::new(quoting(text).into()))
    }

    /// A success with this data.
    pub(crate) fn enveloped(text: &[u8]) -> Self {
        Self::bare(&envelope(text, "1000"))
    }

    fn chosen(text: &[u8], choices: &mut impl Choose) -> Self {
        if choices.one_in(16) {
            return Self::Nothing(choices.of(&FAILURES));
        }
        let body = match choices.below(4) {
            0 => text.to_vec(),
            1 => [b"[", text, b"]"].concat(),
            _ => text.to_vec(),
        };
        let body = if choices.one_in(3) { body } else { envelope(&body, choices.of(&CODES)) };
        let mut response = http::Response::new(quoting(&body).into());
        *response.status_mut() = StatusCode::from_u16(choices.of(&STATUSES)).expect("a status");
        for _ in 0..choices.below(4) {
            let name = HeaderName::from_static(choices.of(&NAMES));
            let value = match choices.below(4) {
                0 => quoting(text),
                _ => quoting(choices.of(&VALUES).as_bytes()),
            };
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                response.headers_mut().append(name, value);
            }
        }
        Self::Response(response)
    }

    /// Returns it as a transport does.
    pub(crate) fn arrived(self) -> Result<http::Response<Bytes>, TransportError> {
        match self {
            Self::Response(response) => Ok(response),
            Self::Nothing(kind) => Err(TransportError::new("nothing").with_kind(kind)),
        }
    }
}

/// Returns the answers to one request: a few, as the texts and the choices say.
pub(crate) fn answers(texts: &[u8], choices: &mut impl Choose) -> Vec<Answer> {
    let texts = texts.split(|byte| *byte == SEPARATOR).take(MOST);
    texts.map(|text| Answer::chosen(text, choices)).collect()
}

fn envelope(data: &[u8], code: &str) -> Vec<u8> {
    let head = format!(
        r#"{{"status_code": {code}, "status_message": "for $T", "timestamp": "2026-11-22T12:00:00Z", "data": "#
    );
    [head.as_bytes(), data, b"}"].concat()
}

/// The text with the token in the places that are left for it.
fn quoting(text: &[u8]) -> Vec<u8> {
    if !text.contains(&b'$') {
        return text.to_vec();
    }
    let encoded = encoded();
    let mut quoting = Vec::with_capacity(text.len() + TOKEN.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        match (first, behind.first()) {
            (b'$', Some(b'T')) => (quoting.extend_from_slice(TOKEN.as_bytes()), rest = &behind[1..]).1,
            (b'$', Some(b'B')) => (quoting.extend_from_slice(encoded.as_bytes()), rest = &behind[1..]).1,
            _ => {
                quoting.push(*first);
                rest = behind;
            }
        }
    }
    quoting
}

/// The token as it stands in a header.
pub(crate) fn encoded() -> String {
    let header = ocpi_testkit::token(TOKEN).to_header(true);
    header.trim_start_matches("Token ").to_owned()
}
