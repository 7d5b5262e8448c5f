//! Reasons why there is no answer.

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

/// Reason why a request has no answer of its endpoint's type.
///
/// Its text says which endpoint was asked, what is wrong, and what to do. Neither the text nor `Debug` shows a body, a
/// token or a word of the partner, and of a URL at most the host: [`Error::body`] has the body, [`Error::partner_message`]
/// the partner's explanation, [`Error::excerpt`] the start of an answer that is no OCPI. [`source`](StdError::source) leads to the error of the transport, the reader or the conversion.
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

    /// Name of the endpoint that was asked: `Put<EVSE>`.
    pub fn endpoint(&self) -> &str {
        &self.0.endpoint
    }

    /// The partner's explanation (`status_message`), if it gave one. It is not in the text of the error, because anybody may
    /// write anything there: treat it as foreign text. At most 255 characters, without control characters; the token in
    /// use, and words that look like secrets, are replaced by `***`.
    pub fn partner_message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The start of a body that is no OCPI, for operators: what a gateway or a framework says, such as a list of the members
    /// that it does not like. On one line, of a web page the text, at most 300 characters; masked as
    /// [`partner_message`](Self::partner_message) is, and foreign text as well. `None` where the answer is OCPI, empty or
    /// no text.
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// The body of the answer, where one came.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// OCPI's status, where the answer had one.
    pub fn status_code(&self) -> Option<StatusCode> {
        match self.0.kind {
            Kind::Status { code, .. } => Some(code),
            _ => self.0.answered.and_then(|(_, code)| code),
        }
    }

    /// HTTP's status, where an answer came.
    pub fn http_status(&self) -> Option<http::StatusCode> {
        match self.0.kind {
            Kind::Status { http, .. } | Kind::Http { http, .. } | Kind::NotOcpi { http, .. } => Some(http),
            _ => self.0.answered.map(|(http, _)| http),
        }
    }

    /// Time after which the partner wants to be asked again: the header `Retry-After`, in seconds or as a date. A day at
    /// most. If the request [had no turn](Self::is_no_turn), the time until there is one.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether no answer came in time.
    pub fn is_timeout(&self) -> bool {
        self.is_transport(TransportErrorKind::Timeout)
    }

    /// Whether our own rate, or a pause that the partner asked for, left no turn to the request before its deadline: nothing
    /// was sent, and it says nothing about the partner.
    pub fn is_no_turn(&self) -> bool {
        self.is_transport(TransportErrorKind::NoTurn)
    }

    /// Whether no connection could be opened: nobody there, no such name.
    pub fn is_connect(&self) -> bool {
        self.is_transport(TransportErrorKind::Connect)
    }

    /// Whether TLS is at fault: a certificate, or a client without TLS.
    pub fn is_tls(&self) -> bool {
        self.is_transport(TransportErrorKind::Tls)
    }

    fn is_transport(&self, wanted: TransportErrorKind) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.kind() == wanted)
    }

    /// Whether the answer is larger than a limit of ours.
    pub fn is_too_large(&self) -> bool {
        self.is_transport(TransportErrorKind::TooLarge)
            || matches!(&self.0.kind, Kind::NotOcpi { cause, .. } | Kind::Data(cause) if cause.is_limit())
    }

    /// Whether the partner does not know the token. 403 is taken for 401, as some partners do.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.http_status(), Some(http::StatusCode::UNAUTHORIZED | http::StatusCode::FORBIDDEN))
    }

    /// Whether the partner answered, and its answer is no success.
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

    /// Whether the method is not allowed now: registered already, or not yet.
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

    /// Whether the answer is no OCPI, or its data is not that of the endpoint.
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

    /// Whether the message cannot be expressed in the version of the partner, or in that of the application's types.
    pub fn is_version(&self) -> bool {
        matches!(self.0.kind, Kind::Version(_))
    }

    /// Whether the same request may succeed later: there was no connection, no answer came in time or the line broke; 408,
    /// 429 or a 5xx that may pass; OCPI's 3000, a custom `3xxx` or 4002.
    ///
    /// Whether it may be *sent* again is another question: [`Endpoint::REPEAT`](ocpi_types::endpoint::Endpoint::REPEAT)
    /// says so, and [`Delivery`](crate::Delivery) decides.
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
