//! Transport that carries a request to a partner and brings the answer.

use std::future::Future;

use bytes::Bytes;

/// A request did not reach the partner, or no answer came.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl TransportError {
    /// From the error of an HTTP client. Its text must not hold headers: they carry the token.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Sends a request and brings the answer. Implemented for closures.
///
/// An implementation must not follow redirects: a redirected write loses its body or sends it to somebody else.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::{Transport, TransportError};
///
/// async fn twice(transport: &impl Transport) -> Result<u16, TransportError> {
///     let request = || http::Request::get("https://cpo.example/ocpi/versions").body(Bytes::new()).unwrap();
///     transport.send(request()).await?;
///     Ok(transport.send(request()).await?.status().as_u16())
/// }
///
/// let canned = |_: http::Request<Bytes>| async { Ok(http::Response::new(Bytes::from_static(b"{}"))) };
/// # let status = pollster::block_on(twice(&canned)).unwrap();
/// # assert_eq!(status, 200);
/// ```
pub trait Transport: Send + Sync {
    /// Sends a request and brings the answer.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send;
}

impl<F, A> Transport for F
where
    F: Fn(http::Request<Bytes>) -> A + Send + Sync,
    A: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send,
{
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        self(request)
    }
}
