//! Errors of requests.

mod excerpt;
mod kind;
mod message;
mod setback;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use ocpi_types::protocol::StatusCode;

use crate::TransportErrorKind;

pub use kind::ErrorKind;

pub(crate) use excerpt::{BodyForm, excerpt};
pub(crate) use kind::Kind;
pub(crate) use message::masked;
pub(crate) use setback::Setback;

/// Error of a request that has no answer of its endpoint's type.
///
/// Its text names the endpoint, the problem, and what to do. Neither the text nor `Debug` shows a body, a token or text
/// of the partner, and of a URL at most the host: [`Error::body`] returns the body, [`Error::partner_message`] the
/// partner's explanation, [`Error::excerpt`] the start of an answer that is not OCPI. [`source`](StdError::source)
/// leads to the error of the transport, the reader or the conversion.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::{Client, ErrorKind, RequestIds};
/// use ocpi_types::Version;
/// use ocpi_types::endpoint::GetVersions;
///
/// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"));
/// let body = br#"{"status_code": 2003, "status_message": "never heard of it", "timestamp": "2026-11-22T10:00:00Z"}"#;
/// let mut answer = http::Response::new(Bytes::from_static(body));
/// *answer.status_mut() = http::StatusCode::NOT_FOUND;
/// let error = client.response::<GetVersions>(answer).unwrap_err();
/// assert!(error.is_not_found() && error.is_refused_by_partner());
/// assert_eq!((error.kind(), error.endpoint()), (ErrorKind::Refused, "GetVersions"));
/// assert_eq!(error.to_string(), "GetVersions: the partner answered 2003 unknown location (HTTP 404)");
/// assert_eq!(error.partner_message(), Some("never heard of it"));
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    endpoint: String,
    kind: Kind,
    /// HTTP's status and OCPI's, of an answer that was a success but for its data.
    answered: Option<(http::StatusCode, Option<StatusCode>)>,
    message: Option<String>,
    excerpt: Option<String>,
    retry_after: Option<Duration>,
    body: Bytes,
}

impl Error {
    pub(crate) fn new(endpoint: String, kind: Kind) -> Self {
        Self(Box::new(Inner {
            endpoint,
            kind,
            answered: None,
            message: None,
            excerpt: None,
            retry_after: None,
            body: Bytes::new(),
        }))
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.body = body;
        self
    }

    /// Of an answer that was a success but for its data.
    pub(crate) fn of_answer(mut self, http: http::StatusCode, code: Option<StatusCode>) -> Self {
        self.0.answered = Some((http, code));
        self
    }

    /// With the partner's explanation, which must be [`masked`].
    pub(crate) fn with_message(mut self, message: Option<String>) -> Self {
        self.0.message = message;
        self
    }

    /// With an excerpt of the body, which must be masked.
    pub(crate) fn with_excerpt(mut self, excerpt: Option<String>) -> Self {
        self.0.excerpt = excerpt;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// Returns its kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.public()
    }

    /// Returns the name of the endpoint: `Put<EVSE>`.
    pub fn endpoint(&self) -> &str {
        &self.0.endpoint
    }

    /// Returns the partner's explanation (`status_message`), if there is one. It is untrusted text and therefore not
    /// part of the error's text. At most 255 characters, without control characters; the token in use, and words that
    /// look like secrets, are replaced by `***`.
    pub fn partner_message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Returns the start of a body that is not OCPI, for operators: the message of a gateway or a framework, such as a
    /// list of members that it rejects. On one line, for a web page only the text, at most 300 characters; masked like
    /// [`partner_message`](Self::partner_message), and just as untrusted. `None` if the answer is OCPI, empty or not
    /// text.
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// Returns the body of the answer, if there is one.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Returns the OCPI status, if the answer has one.
    pub fn status_code(&self) -> Option<StatusCode> {
        match self.0.kind {
            Kind::Status { code, .. } => Some(code),
            _ => self.0.answered.and_then(|(_, code)| code),
        }
    }

    /// Returns the HTTP status, if there is an answer.
    pub fn http_status(&self) -> Option<http::StatusCode> {
        match self.0.kind {
            Kind::Status { http, .. } | Kind::Http { http, .. } | Kind::NotOcpi { http, .. } => Some(http),
            _ => self.0.answered.map(|(http, _)| http),
        }
    }

    /// Returns the time after which the partner wants the next request: the header `Retry-After`, in seconds or as a
    /// date; at most a day. If the request [had no turn](Self::is_no_turn), it is the time until the next turn.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether there was no answer in time.
    pub fn is_timeout(&self) -> bool {
        self.is_transport(TransportErrorKind::Timeout)
    }

    /// Whether the request had no turn before its deadline, because of our own rate or a pause that the partner asked
    /// for: nothing was sent, so the error says nothing about the partner.
    pub fn is_no_turn(&self) -> bool {
        self.is_transport(TransportErrorKind::NoTurn)
    }

    /// Whether no connection could be opened: no server, or no such host name.
    pub fn is_connect(&self) -> bool {
        self.is_transport(TransportErrorKind::Connect)
    }

    /// Whether TLS failed: a bad certificate, or a client without TLS.
    pub fn is_tls(&self) -> bool {
        self.is_transport(TransportErrorKind::Tls)
    }

    fn is_transport(&self, wanted: TransportErrorKind) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.kind() == wanted)
    }

    /// Whether the answer exceeds a limit of ours.
    pub fn is_too_large(&self) -> bool {
        self.is_transport(TransportErrorKind::TooLarge)
            || matches!(&self.0.kind, Kind::NotOcpi { cause, .. } | Kind::Data(cause) if cause.is_limit())
    }

    /// Whether the partner does not know the token. 403 counts as 401, because some partners use it that way.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.http_status(), Some(http::StatusCode::UNAUTHORIZED | http::StatusCode::FORBIDDEN))
    }

    /// Whether the partner answered, but not with a success.
    pub fn is_refused_by_partner(&self) -> bool {
        matches!(self.0.kind, Kind::Status { .. } | Kind::Http { .. })
    }

    /// Whether the partner does not know the object: HTTP 404, or an unknown location or token.
    pub fn is_not_found(&self) -> bool {
        self.is_no_such_place() || self.is_about_object()
    }

    /// Whether the request contradicts what the partner has: HTTP 409.
    pub fn is_conflict(&self) -> bool {
        self.http_status() == Some(http::StatusCode::CONFLICT)
    }

    /// Whether the method is not allowed at the moment: already registered, or not registered yet.
    pub fn is_method_not_allowed(&self) -> bool {
        self.http_status() == Some(http::StatusCode::METHOD_NOT_ALLOWED)
    }

    /// Whether there may be nothing like the endpoint at the URL: HTTP 405, or 404 that does not speak of an object.
    pub(crate) fn is_wrong_place(&self) -> bool {
        self.is_clear_refusal()
            && (self.is_method_not_allowed() || (self.is_no_such_place() && !self.is_about_object()))
    }

    fn is_about_object(&self) -> bool {
        matches!(self.status_code(), Some(StatusCode::UNKNOWN_LOCATION | StatusCode::UNKNOWN_TOKEN))
    }

    /// Whether the HTTP status is 404.
    pub(crate) fn is_no_such_place(&self) -> bool {
        self.http_status() == Some(http::StatusCode::NOT_FOUND)
    }

    /// Whether the partner answered that it did not do what was asked, so that asking again does nothing twice.
    pub(crate) fn is_clear_refusal(&self) -> bool {
        self.http_status().is_some_and(|http| http.is_client_error())
            && self.status_code().is_none_or(|code| !code.is_success())
            && self.credentials().is_none()
    }

    /// Whether the answer is not OCPI, or its data does not have the endpoint's type.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.kind, Kind::NotOcpi { .. } | Kind::Data(_))
    }

    /// Whether the platforms have no version in common.
    pub fn is_no_common_version(&self) -> bool {
        matches!(self.0.kind, Kind::NoCommonVersion(_))
    }

    /// Whether the partner does not offer the endpoint.
    pub fn is_not_offered(&self) -> bool {
        matches!(self.0.kind, Kind::NoEndpoint)
    }

    /// Whether the partner's version, or that of the application's types, cannot express the message.
    pub fn is_version(&self) -> bool {
        matches!(self.0.kind, Kind::Version(_))
    }

    /// Whether the same request may succeed later: no connection could be opened, no answer arrived in time, the
    /// connection broke, the HTTP status is 408, 429 or a temporary 5xx, or the OCPI status is 3000, a custom `3xxx` or
    /// 4002.
    ///
    /// Whether it may be *sent* again is a separate question: see
    /// [`Endpoint::REPEAT`](ocpi_types::endpoint::Endpoint::REPEAT) and [`Delivery`](crate::Delivery).
    pub fn is_retryable(&self) -> bool {
        self.setback().is_some()
    }

    /// The failure as one that may pass; `None`: it stays.
    pub(crate) fn setback(&self) -> Option<Setback> {
        Setback::of(&self.0.kind)
    }

    /// The step to take, where one is clear.
    fn advice(&self) -> Option<&'static str> {
        if self.is_unauthorized() {
            return Some("the token is not good: try its other form, else register again");
        }
        self.0.kind.advice()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.endpoint, self.0.kind)?;
        self.advice().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error as &(dyn StdError + 'static)),
            Kind::NotOcpi { cause, .. } | Kind::Data(cause) => Some(cause),
            Kind::Version(cause) => Some(cause),
            _ => None,
        }
    }
}

/// Body and message may hold a token or a driver's data: their sizes are shown, not their texts.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { endpoint, kind, answered, message, excerpt, retry_after, body } = &*self.0;
        let mut shown = f.debug_struct("Error");
        shown.field("endpoint", endpoint).field("kind", kind);
        if let Some((http, code)) = answered {
            shown.field("http", http).field("status_code", code);
        }
        if let Some(message) = message {
            shown.field("partner_message", &format_args!("{} bytes", message.len()));
        }
        if let Some(excerpt) = excerpt {
            shown.field("excerpt", &format_args!("{} bytes", excerpt.len()));
        }
        if let Some(wait) = retry_after {
            shown.field("retry_after", wait);
        }
        shown.field("body", &format_args!("{} bytes", body.len())).finish()
    }
}
