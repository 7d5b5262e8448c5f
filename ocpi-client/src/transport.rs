//! Transports, which carry requests to a partner and return the answers.

mod any;
mod by_host;
mod limit;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::observe::Chain;

pub use any::{AnyTransport, DynTransport};
pub use by_host::ByHost;
pub use limit::ResponseLimit;

/// Kind of a [`TransportError`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection could be opened: no server, or no such host name.
    Connect,
    /// TLS failed: a bad certificate, or a client without TLS.
    Tls,
    /// There was no answer in time.
    Timeout,
    /// The request had no turn before its deadline, because of our own rate or a pause that the partner asked for.
    /// Nothing was sent.
    NoTurn,
    /// The answer is larger than the limit.
    TooLarge,
    /// The URL, or the address that its host name resolves to, is not allowed. Nothing was sent.
    Refused,
    /// Any other failure: the connection broke, or the answer is not HTTP.
    Other,
}

/// Failure of a transport: the request did not reach the partner, or there was no answer.
///
/// ```
/// use std::error::Error;
/// use ocpi_client::{TransportError, TransportErrorKind};
/// let nobody = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// let error = TransportError::new(nobody).with_kind(TransportErrorKind::Connect);
/// assert!(error.is_connect());
/// assert!(error.source().is_some_and(|cause| cause.is::<std::io::Error>()));
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl TransportError {
    /// Wraps the error of an HTTP client. Its text must not contain headers, which hold the token, or URLs, which may name a
    /// driver.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: TransportErrorKind::Other, cause: error.into() }
    }

    /// Sets the kind of the failure, for the predicates.
    #[must_use]
    pub fn with_kind(self, kind: TransportErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// Returns its kind.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether no connection could be opened.
    pub fn is_connect(&self) -> bool {
        self.kind == TransportErrorKind::Connect
    }

    /// Whether TLS failed.
    pub fn is_tls(&self) -> bool {
        self.kind == TransportErrorKind::Tls
    }

    /// Whether the URL or its address is not allowed. Nothing was sent.
    pub fn is_refused(&self) -> bool {
        self.kind == TransportErrorKind::Refused
    }

    /// Whether the same request may succeed later: not if the URL is refused, the answer too large, or TLS at fault.
    pub fn is_retryable(&self) -> bool {
        use TransportErrorKind::{Connect, NoTurn, Other, Timeout};
        matches!(self.kind, Connect | Timeout | NoTurn | Other)
    }

    /// Whether there was no answer in time.
    pub fn is_timeout(&self) -> bool {
        self.kind == TransportErrorKind::Timeout
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            TransportErrorKind::Connect => "cannot connect",
            TransportErrorKind::Tls => "TLS failed",
            TransportErrorKind::Timeout => "timed out",
            TransportErrorKind::NoTurn
            | TransportErrorKind::TooLarge
            | TransportErrorKind::Refused
            | TransportErrorKind::Other => {
                return write!(f, "{}", self.cause);
            }
        };
        // The causes are few, and the last one says the most.
        write!(f, "{kind}: {}", Chain(&*self.cause))
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.cause)
    }
}

/// Carries a request to a partner and returns the answer. [`from_fn`] makes a transport from a closure.
///
/// An implementation must not follow redirects of writes, nor any to another origin: a redirected write loses its body,
/// and a redirected read discloses the token.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::transport::{Transport, TransportError, from_fn};
///
/// async fn twice(transport: &impl Transport) -> Result<u16, TransportError> {
///     let request = || http::Request::get("https://cpo.example/ocpi/versions").body(Bytes::new()).unwrap();
///     transport.send(request()).await?;
///     Ok(transport.send(request()).await?.status().as_u16())
/// }
///
/// let canned = from_fn(|_| async { Ok(http::Response::new(Bytes::from_static(b"{}"))) });
/// # let status = pollster::block_on(twice(&canned)).unwrap();
/// # assert_eq!(status, 200);
/// ```
pub trait Transport: Send + Sync {
    /// Sends a request and returns the answer, with its whole body.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send;
}

impl<T: Transport> Transport for &T {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        T::send(self, request)
    }
}

impl<T: Transport> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        T::send(self, request)
    }
}

/// Makes a transport from a closure.
pub fn from_fn<F, A>(send: F) -> FromFn<F>
where
    F: Fn(http::Request<Bytes>) -> A + Send + Sync,
    A: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send,
{
    FromFn(send)
}

/// Transport made from a closure: see [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

impl<F, A> Transport for FromFn<F>
where
    F: Fn(http::Request<Bytes>) -> A + Send + Sync,
    A: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send,
{
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        (self.0)(request)
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}
