//! The envelope around every answer.

use super::StatusCode;
use crate::json::{self, Error, Limits, Reader, Seen, Stop};
use crate::{DateTime, Extra, Finding, Rule, Text, Value};

/// The envelope of an answer, its `data` still as text.
///
/// Spec: 2.2.1 transport_and_format §response_format
///
/// ```
/// use ocpi_types::transport::{Envelope, StatusCode};
/// let body = br#"{"data": [1, 2], "status_code": "1000", "timestamp": "2026-11-22T10:00:00Z"}"#;
/// let envelope = Envelope::read(body)?;
/// assert_eq!(envelope.data, Some("[1, 2]"));
/// assert_eq!(envelope.status_code, Some(StatusCode::SUCCESS));
/// assert_eq!(envelope.findings[0].pointer, "/status_code");
/// # Ok::<(), ocpi_types::json::Error>(())
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Envelope<'a> {
    /// The text of `data`; `None` if absent or null.
    pub data: Option<&'a str>,
    /// OCPI's status; `None` if the partner sent none, and 0, which is no success, if it cannot be read.
    pub status_code: Option<StatusCode>,
    /// A message for developers.
    pub status_message: Option<String>,
    /// When the answer was made, by the partner's clock.
    pub timestamp: Option<DateTime>,
    /// What was odd about the envelope.
    pub findings: Vec<Finding>,
}

/// The data may be a driver's: its size is shown.
impl std::fmt::Debug for Envelope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope")
            .field("data", &self.data.map(str::len))
            .field("status_code", &self.status_code)
            .field("timestamp", &self.timestamp)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl<'a> Envelope<'a> {
    /// Reads an envelope. A bare list, or an object without any of the envelope's members, is taken as `data`.
    ///
    /// # Errors
    /// When the text is not JSON, or a member of the envelope cannot be read.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::tolerant(body, Limits::default())?;
        let mut envelope = Self::default();
        envelope.walk(&mut reader).map_err(|stop| reader.error(stop))?;
        envelope.findings = reader.into_findings();
        Ok(envelope)
    }

    fn walk(&mut self, r: &mut Reader<'a>) -> Result<(), Stop> {
        r.skip_blanks();
        let whole = r.clone().raw_value()?;
        let start = r.offset();
        let mut seen = Seen::default();
        let mut status: Option<i64> = None;
        let mut has_status = false;
        let mut message: Option<Text<0>> = None;
        let mut extra = Extra::new();
        if r.peek() == Some(b'{') {
            let mut more = r.open_object()?;
            while more {
                let name = r.key_text()?;
                match &*name {
                    "data" => self.data = Some(r.raw_value()?).filter(|data| *data != "null"),
                    "status_code" => {
                        r.member("status_code", &mut status, 1, &mut seen)?;
                        has_status = true;
                    }
                    "status_message" => _ = r.member("status_message", &mut message, 2, &mut seen)?,
                    "timestamp" => _ = r.member("timestamp", &mut self.timestamp, 4, &mut seen)?,
                    other => r.unknown_member(other, &mut extra)?,
                }
                more = r.next_member()?;
            }
        } else {
            r.raw_value()?;
        }
        r.finish()?;
        if !has_status && self.data.is_none() {
            self.data = Some(whole);
        }
        if !has_status || self.timestamp.is_none() {
            r.note(Rule::Envelope, start);
        }
        let code = status.and_then(|code| u16::try_from(code).ok()).unwrap_or_default();
        self.status_code = has_status.then(|| StatusCode::new(code));
        self.status_message = message.map(|text| text.as_str().to_owned());
        Ok(())
    }
}

/// Writes an envelope around `data`, which is JSON already.
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
