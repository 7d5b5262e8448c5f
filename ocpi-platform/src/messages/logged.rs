//! Messages as they are logged.

use std::time::Duration;

use ocpi_types::DateTime;
use ocpi_types::observe::Direction;
use serde_json::{Map, Value, json};

/// A logged request with its answer, without tokens and anything that identifies a driver: these are replaced by `***`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LoggedMessage {
    /// Start of the request.
    pub at: DateTime,
    /// Time from the request to the answer.
    pub duration: Duration,
    /// `Inbound`: the partner sent the request; `Outbound`: we did.
    pub direction: Direction,
    /// Id of the partner.
    pub partner: String,
    /// The version in use, such as `2.2.1`.
    pub version: Option<String>,
    /// The module, such as `tokens`; `versions` for the list of versions and version details; `None` if the URL is
    /// unknown.
    pub module: Option<String>,
    /// Name of the endpoint, such as `Put<Token>`.
    pub endpoint: Option<String>,
    /// The header `X-Request-ID`.
    pub request_id: Option<String>,
    /// The header `X-Correlation-ID`.
    pub correlation_id: Option<String>,
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
    /// Body of the request.
    pub body: LoggedBody,
    /// The answer, if there is one.
    pub response: Option<LoggedResponse>,
    /// The reason why a request of ours got no answer.
    pub error: Option<String>,
}

/// A logged answer.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LoggedResponse {
    /// HTTP status.
    pub http: u16,
    /// OCPI status, if the answer has one.
    pub ocpi: Option<u16>,
    /// Headers of the answer.
    pub headers: Vec<(String, String)>,
    /// Body of the answer.
    pub body: LoggedBody,
}

/// A logged body.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct LoggedBody {
    /// JSON without blanks; `None` if there is no body, it is too long to be masked or has too many secrets, or it is
    /// not JSON, so that it is unknown what has to be masked.
    pub text: Option<String>,
    /// Size of the original body in bytes.
    pub bytes: u64,
    /// Whether the text was truncated.
    pub is_cut: bool,
}

impl LoggedMessage {
    pub(super) fn to_json(&self) -> String {
        let response = self.response.as_ref().map(|response| {
            json!({
                "http": response.http,
                "ocpi": response.ocpi,
                "headers": response.headers,
                "body": response.body.to_json(),
            })
        });
        json!({
            "at": self.at.to_unix_micros(),
            "duration": u64::try_from(self.duration.as_micros()).unwrap_or(u64::MAX),
            "inbound": self.direction == Direction::Inbound,
            "partner": self.partner,
            "version": self.version,
            "module": self.module,
            "endpoint": self.endpoint,
            "request_id": self.request_id,
            "correlation_id": self.correlation_id,
            "method": self.method,
            "url": self.url,
            "headers": self.headers,
            "body": self.body.to_json(),
            "response": response,
            "error": self.error,
        })
        .to_string()
    }

    pub(super) fn read(json: &[u8]) -> Option<Self> {
        let json: Value = serde_json::from_slice(json).ok()?;
        let json = json.as_object()?;
        let response = match json.get("response").and_then(Value::as_object) {
            None => None,
            Some(response) => Some(LoggedResponse {
                http: number(response, "http")?.try_into().ok()?,
                ocpi: number(response, "ocpi").and_then(|code| code.try_into().ok()),
                headers: headers(response)?,
                body: LoggedBody::read(response)?,
            }),
        };
        let is_inbound = json.get("inbound").and_then(Value::as_bool)?;
        Some(Self {
            at: DateTime::from_unix_micros(json.get("at").and_then(Value::as_i64)?)?,
            duration: Duration::from_micros(number(json, "duration")?),
            direction: if is_inbound { Direction::Inbound } else { Direction::Outbound },
            partner: text(json, "partner")?,
            version: text(json, "version"),
            module: text(json, "module"),
            endpoint: text(json, "endpoint"),
            request_id: text(json, "request_id"),
            correlation_id: text(json, "correlation_id"),
            method: text(json, "method")?,
            url: text(json, "url")?,
            headers: headers(json)?,
            body: LoggedBody::read(json)?,
            response,
            error: text(json, "error"),
        })
    }
}

impl LoggedBody {
    fn to_json(&self) -> Value {
        json!({ "text": self.text, "bytes": self.bytes, "cut": self.is_cut })
    }

    fn read(json: &Map<String, Value>) -> Option<Self> {
        let body = json.get("body")?.as_object()?;
        let is_cut = body.get("cut").and_then(Value::as_bool)?;
        Some(Self { text: text(body, "text"), bytes: number(body, "bytes")?, is_cut })
    }
}

fn text(json: &Map<String, Value>, name: &str) -> Option<String> {
    json.get(name)?.as_str().map(str::to_owned)
}

fn number(json: &Map<String, Value>, name: &str) -> Option<u64> {
    json.get(name)?.as_u64()
}

fn headers(json: &Map<String, Value>) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| {
        let pair = pair.as_array()?;
        Some((pair.first()?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()))
    };
    json.get("headers")?.as_array()?.iter().map(pair).collect()
}
