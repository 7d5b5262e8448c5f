//! Answers of a router.

use bytes::Bytes;
use http::{HeaderMap, header};
use ocpi_types::Object;
use ocpi_types::protocol::Envelope;

use crate::{NOW, parse, parse_list};

/// Answer of a router with a [`fixed_clock`](crate::fixed_clock), its envelope opened.
#[derive(Debug)]
pub struct Answer {
    /// Status of HTTP.
    pub status: u16,
    /// Status of OCPI.
    pub code: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The `status_message`.
    pub message: Option<String>,
    /// The text of `data`.
    pub data: Option<String>,
}

impl Answer {
    /// Opens an answer, and checks it for the parts that all answers have in common.
    pub fn of(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let shown = || String::from_utf8_lossy(&body).into_owned();
        let envelope = Envelope::read(&body).unwrap_or_else(|error| panic!("{error}: {}", shown()));
        assert!(envelope.head.findings.is_empty(), "{:?}: {}", envelope.head.findings, shown());
        assert_eq!(envelope.head.timestamp, NOW.parse().ok(), "{}", shown());
        let code = envelope.head.status_code.expect("an envelope has a status").get();
        assert_eq!(parts.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(
            code >= 2000,
            envelope.head.status_message.is_some(),
            "an error has a message: {}",
            shown()
        );
        assert!(code < 2000 || envelope.data.is_none(), "an error has no data: {}", shown());
        Self {
            status: parts.status.as_u16(),
            code,
            headers: parts.headers,
            message: envelope.head.status_message,
            data: envelope.data.map(str::to_owned),
        }
    }

    /// Whether the answer has these statuses of HTTP and OCPI.
    pub fn is(&self, status: u16, code: u16) -> bool {
        (self.status, self.code) == (status, code)
    }

    /// Returns the answer, which must have these statuses of HTTP and OCPI.
    #[track_caller]
    pub fn expect(self, status: u16, code: u16) -> Self {
        assert!(self.is(status, code), "not HTTP {status} and {code}: {self:?}");
        self
    }

    /// Returns the text of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    /// Reads the object in `data`.
    pub fn object<T: Object>(&self) -> T {
        parse(self.data.as_deref().expect("data"))
    }

    /// Reads the list in `data`.
    pub fn list<T: Object>(&self) -> Vec<T> {
        parse_list(self.data.as_deref().expect("data"))
    }
}
