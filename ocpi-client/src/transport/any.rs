//! Transports as trait objects.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use super::{Transport, TransportError};

/// Answer that is on its way.
type Answering<'a> = Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, TransportError>> + Send + 'a>>;

/// Object-safe form of [`Transport`]. Implemented for every transport.
pub trait DynTransport: Send + Sync {
    /// Sends a request and returns the answer.
    fn send_boxed(&self, request: http::Request<Bytes>) -> Answering<'_>;
}

impl<T: Transport> DynTransport for T {
    fn send_boxed(&self, request: http::Request<Bytes>) -> Answering<'_> {
        Box::pin(self.send(request))
    }
}

/// Transport of any type, so that a program does not have to name the type. Clones share it.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::transport::{AnyTransport, Transport, TransportError, from_fn};
/// let canned = from_fn(|_| async { Ok(http::Response::new(Bytes::from_static(b"{}"))) });
/// let broken = from_fn(|_| async { Err(TransportError::new("cable cut")) });
/// let all = [AnyTransport::new(canned), AnyTransport::new(broken)];
/// # pollster::block_on(async {
/// for (transport, is_good) in all.iter().zip([true, false]) {
///     let request = http::Request::get("https://cpo.example/ocpi/versions").body(Bytes::new())?;
///     assert_eq!(transport.send(request).await.is_ok(), is_good);
/// }
/// # Ok::<(), http::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct AnyTransport(Arc<dyn DynTransport>);

impl AnyTransport {
    /// Wraps a transport.
    pub fn new(transport: impl Transport + 'static) -> Self {
        Self(Arc::new(transport))
    }
}

impl From<Arc<dyn DynTransport>> for AnyTransport {
    fn from(transport: Arc<dyn DynTransport>) -> Self {
        Self(transport)
    }
}

impl Transport for AnyTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        self.0.send_boxed(request)
    }
}

impl fmt::Debug for AnyTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyTransport")
    }
}
