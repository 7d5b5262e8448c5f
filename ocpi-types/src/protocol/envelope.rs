//! The envelope around every answer.

use super::StatusCode;
use crate::json::{self, Error, Head};
use crate::{DateTime, Value};

/// The envelope of an answer, with `data` as text.
///
/// Spec: 2.2.1 transport_and_format §response_format
///
/// ```
/// use ocpi_types::protocol::{Envelope, StatusCode};
/// let body = br#"{"data": [1, 2], "status_code": "1000", "timestamp": "2026-11-22T10:00:00Z"}"#;
/// let envelope = Envelope::read(body)?;
/// assert_eq!(envelope.data, Some("[1, 2]"));
/// assert_eq!(envelope.head.status_code, Some(StatusCode::SUCCESS));
/// assert_eq!(envelope.head.findings[0].pointer, "/status_code");
/// # Ok::<(), ocpi_types::json::Error>(())
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Envelope<'a> {
    /// The text of `data`; `None` if absent or null.
    pub data: Option<&'a str>,
    /// The other members of the envelope.
    pub head: Head,
}

/// The data may be a driver's: its size is shown.
impl std::fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").field("data", &self.data.map(str::len)).field("head", &self.head).finish()
    }
}

impl<'a> Envelope<'a> {
    /// Reads an envelope. A bare list, or an object without members of the envelope, is taken as `data`.
    ///
    /// # Errors
    /// When the text is not JSON, or breaks a limit.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let (head, data) = json::read_envelope(body)?;
        Ok(Self { data: data.filter(|_| head.data != json::Data::Null), head })
    }
}

/// Writes an envelope around `data`, which must be JSON.
pub fn write_envelope(
    data: Option<&[u8]>,
    status_code: StatusCode,
    status_message: Option<&str>,
    timestamp: DateTime,
) -> Vec<u8> {
    let mut w = json::Writer::new();
    w.raw("{");
    if let Some(data) = data {
        w.raw("\"data\":");
        w.raw_bytes(data);
        w.raw(",");
    }
    w.raw("\"status_code\":");
    w.display(&status_code.get());
    if let Some(message) = status_message {
        w.raw(",\"status_message\":");
        w.string(message);
    }
    w.raw(",\"timestamp\":");
    timestamp.write(&mut w);
    w.raw("}");
    w.into_bytes()
}
