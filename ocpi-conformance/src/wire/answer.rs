//! An answer of the server.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use ocpi_types::DateTime;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Sent;
use crate::check::{Failure, Stop};
use crate::redact::Redactor;

/// Headers that a report shows.
const SHOWN: [&str; 6] = ["content-type", "link", "x-total-count", "x-limit", "location", "allow"];

/// A request and its answer, without secrets, and the facts that every answer is checked for.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) request: String,
    pub(crate) answer: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) sent: Sent,
    /// Time at which it came.
    pub(crate) at: DateTime,
    pub(crate) has_body: bool,
    /// The envelope without its data; the reason why there is none.
    pub(crate) head: Result<Head, String>,
}

/// Envelope without its data.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) status_code: Option<Value>,
    pub(crate) timestamp: Option<Value>,
}

/// An answer of the server.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) status: u16,
    body: Bytes,
}

/// Envelope of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    pub(crate) code: i64,
    /// The data as it was written, and as a value.
    pub(crate) text: Option<String>,
    pub(crate) data: Option<Value>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    status_code: Option<Value>,
    #[serde(default)]
    timestamp: Option<Value>,
}

impl Answer {
    pub(super) fn of(
        response: http::Response<Bytes>,
        request: String,
        sent: Sent,
        redactor: &Redactor,
        at: DateTime,
    ) -> Self {
        let (parts, body) = response.into_parts();
        let status = parts.status.as_u16();
        let head = read(&body).map(|raw| Head { status_code: raw.status_code, timestamp: raw.timestamp });
        let mut shown = format!("HTTP {status}");
        for name in SHOWN {
            if let Some(value) = parts.headers.get(name) {
                let value = redactor.mask(&String::from_utf8_lossy(value.as_bytes()));
                shown.push_str(&format!("\n{name}: {value}"));
            }
        }
        if !body.is_empty() {
            shown.push_str(&format!("\n{}", redactor.body(&body)));
        }
        let has_body = !body.is_empty();
        let request = redactor.mask(&request);
        let headers = parts.headers;
        let exchange = Exchange { request, answer: shown, status, headers, sent, at, has_body, head };
        Self { exchange: Arc::new(exchange), status, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.exchange.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A failure of a check that looked at this answer.
    pub(crate) fn fail(&self, expected: impl Into<String>, found: impl Into<String>) -> Stop {
        self.exchange.fail(expected, found)
    }

    /// Reads the envelope.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn envelope(&self) -> Result<Envelope, Stop> {
        const EXPECTED: &str = "an envelope with status_code and timestamp, as JSON";
        let raw = read(&self.body).map_err(|why| self.fail(EXPECTED, why))?;
        let code = raw.status_code.as_ref().and_then(Value::as_i64);
        let code = code.ok_or_else(|| self.fail("an integer as status_code", "none"))?;
        let text = raw.data.map(|data| data.get().to_owned());
        let data = raw.data.and_then(|data| serde_json::from_str(data.get()).ok());
        Ok(Envelope { code, text, data: data.filter(|data: &Value| !data.is_null()) })
    }

    /// Reads the envelope of a success.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn success(&self) -> Result<Envelope, Stop> {
        if !(200..300).contains(&self.status) {
            return Err(self.fail("HTTP 200 and OCPI status 1000", format!("HTTP {}", self.status)));
        }
        let envelope = self.envelope()?;
        if !(1000..2000).contains(&envelope.code) {
            let found = format!("HTTP {} and OCPI status {}", self.status, envelope.code);
            return Err(self.fail("HTTP 200 and OCPI status 1000", found));
        }
        Ok(envelope)
    }

    /// Whether the answer says that the request was done.
    pub(crate) fn is_success(&self) -> bool {
        let is_good = |envelope: Envelope| (1000..2000).contains(&envelope.code);
        // Without an envelope, the status of HTTP is all there is.
        (200..300).contains(&self.status) && self.envelope().map_or(true, is_good)
    }

    /// Looks that the request was refused, by HTTP or in the envelope, by a fault of the caller and not of the server.
    ///
    /// # Errors
    /// When it was not.
    pub(crate) fn refused(&self, why: &str) -> Result<(), Stop> {
        let expected = format!("a refusal (HTTP 4xx or OCPI status 2xxx): {why}");
        if self.is_success() || self.status >= 500 || (300..400).contains(&self.status) {
            let code = self.envelope().map(|it| format!(" and OCPI status {}", it.code)).unwrap_or_default();
            return Err(self.fail(expected, format!("HTTP {}{code}", self.status)));
        }
        Ok(())
    }

    /// Looks for this status of HTTP.
    ///
    /// # Errors
    /// When it is another one.
    pub(crate) fn expect_http(&self, status: u16) -> Result<(), Stop> {
        if self.status == status {
            return Ok(());
        }
        Err(self.fail(format!("HTTP {status}"), format!("HTTP {}", self.status)))
    }
}

impl Exchange {
    pub(crate) fn fail(&self, expected: impl Into<String>, found: impl Into<String>) -> Stop {
        let mut failure = Failure::new(expected, found);
        failure.request = Some(self.request.clone());
        failure.answer = Some(self.answer.clone());
        Stop::Failed(Box::new(failure))
    }
}

fn read(body: &[u8]) -> Result<Raw<'_>, String> {
    if body.is_empty() {
        return Err("no body".to_owned());
    }
    let raw: Raw<'_> = serde_json::from_slice(body).map_err(|_| "no JSON object".to_owned())?;
    if raw.status_code.is_none() && raw.timestamp.is_none() {
        return Err("JSON without an envelope".to_owned());
    }
    Ok(raw)
}
