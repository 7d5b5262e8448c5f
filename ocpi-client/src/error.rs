//! Reasons why there is no answer.

use bytes::Bytes;
use ocpi_types::CredentialsToken;
use ocpi_types::convert::ConversionError;
use ocpi_types::json;
use ocpi_types::protocol::StatusCode;

use crate::TransportError;

/// Reason why a request has no answer of its endpoint's type.
///
/// It never shows the body, the partner's words, a token or a URL in its text; [`Error::body`] and
/// [`Error::status_message`] have them.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::{RequestIds, Peer};
/// use ocpi_types::Version;
/// use ocpi_types::endpoint::GetVersions;
///
/// let peer = Peer::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"));
/// let body = br#"{"status_code": 2003, "status_message": "never heard of it", "timestamp": "2026-11-22T10:00:00Z"}"#;
/// let mut answer = http::Response::new(Bytes::from_static(body));
/// *answer.status_mut() = http::StatusCode::NOT_FOUND;
/// let error = peer.response::<GetVersions>(answer).unwrap_err();
/// assert!(error.is_not_found());
/// assert_eq!(error.to_string(), "GetVersions: 2003 unknown location (HTTP 404)");
/// assert_eq!(error.status_message(), Some("never heard of it"));
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", .0.endpoint, .0.kind)]
pub struct Error(Box<Inner>);

struct Inner {
    endpoint: String,
    kind: Kind,
    body: Bytes,
}

/// The body may hold a token or a driver's data: its size is shown, not the text.
impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Inner");
        shown.field("endpoint", &self.endpoint).field("kind", &self.kind);
        shown.field("body", &format_args!("{} bytes", self.body.len())).finish()
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("the partner does not offer this endpoint")]
    NoEndpoint,
    #[error("an id or a URL that no request can carry")]
    Unsendable,
    #[error("the URL leads to a host that the partner did not register")]
    ForeignUrl,
    #[error("{code} (HTTP {})", http.as_u16())]
    Status { code: StatusCode, http: http::StatusCode, message: Option<Message> },
    #[error("HTTP {}", .0.as_u16())]
    Http(http::StatusCode),
    #[error("the answer is not OCPI (HTTP {}): {cause}", http.as_u16())]
    NotOcpi {
        http: http::StatusCode,
        #[source]
        cause: json::Error,
    },
    #[error("data: {0}")]
    Data(#[source] json::Error),
    #[error("{0}")]
    Version(#[source] ConversionError),
    #[error("no answer: {0}")]
    Transport(#[source] TransportError),
    #[error("the platforms have no version in common")]
    NoCommonVersion,
    #[error("{0}")]
    Handshake(&'static str),
    #[error("the list does not end within the budget")]
    Budget,
}

/// A partner's message: cut, and without control characters. It is somebody else's text, which may quote a token or a
/// driver's id: `Debug` shows its length.
pub(crate) struct Message(String);

impl Message {
    /// The message, without the token that the request was sent with.
    pub(crate) fn new(message: &str, token: &CredentialsToken) -> Self {
        const MAX: usize = 255;
        let message =
            if token.is_empty() { message.to_owned() } else { message.replace(token.expose(), "***") };
        Self(message.chars().take(MAX).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect())
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Error {
    pub(crate) fn new(endpoint: String, kind: Kind) -> Self {
        Self(Box::new(Inner { endpoint, kind, body: Bytes::new() }))
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.body = body;
        self
    }

    /// The body of the answer, where one came.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// OCPI's status, where the answer had one.
    pub fn status_code(&self) -> Option<StatusCode> {
        match self.0.kind {
            Kind::Status { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The partner's own words, where the answer had any: at most 255 characters, without control characters and without
    /// our token. They may name a driver, so they are in no other text of the error.
    pub fn status_message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Status { message, .. } => message.as_ref().map(|message| message.0.as_str()),
            _ => None,
        }
    }

    /// HTTP's status, where an answer came.
    pub fn http_status(&self) -> Option<http::StatusCode> {
        match self.0.kind {
            Kind::Status { http, .. } | Kind::Http(http) | Kind::NotOcpi { http, .. } => Some(http),
            _ => None,
        }
    }

    /// The partner does not know the token. 403 is taken for 401, as some partners do.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.http_status(), Some(http::StatusCode::UNAUTHORIZED | http::StatusCode::FORBIDDEN))
    }

    /// The partner does not know the object: HTTP 404, or an unknown location or token.
    pub fn is_not_found(&self) -> bool {
        self.http_status() == Some(http::StatusCode::NOT_FOUND)
            || matches!(self.status_code(), Some(StatusCode::UNKNOWN_LOCATION | StatusCode::UNKNOWN_TOKEN))
    }

    /// The method is not allowed now: registered already, or not yet.
    pub fn is_method_not_allowed(&self) -> bool {
        self.http_status() == Some(http::StatusCode::METHOD_NOT_ALLOWED)
    }

    /// The platforms have no version in common.
    pub fn is_no_common_version(&self) -> bool {
        matches!(self.0.kind, Kind::NoCommonVersion)
    }

    /// The partner does not offer the endpoint.
    pub fn is_not_offered(&self) -> bool {
        matches!(self.0.kind, Kind::NoEndpoint)
    }

    /// The message cannot be expressed in the version of the partner, or in that of the application's types.
    pub fn is_version(&self) -> bool {
        matches!(self.0.kind, Kind::Version(_))
    }

    /// The same request may succeed later: no answer, 5xx, 429, or OCPI's 3000.
    ///
    /// Whether it may be *sent* again is another question: only what changes nothing twice.
    pub fn is_retryable(&self) -> bool {
        let http = self.http_status();
        matches!(self.0.kind, Kind::Transport(_))
            || http.is_some_and(|http| http.is_server_error() || http == http::StatusCode::TOO_MANY_REQUESTS)
            || self.status_code() == Some(StatusCode::SERVER_ERROR)
    }
}
