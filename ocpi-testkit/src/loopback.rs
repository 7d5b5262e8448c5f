//! Transport from a client to a router in the same process.

use bytes::Bytes;
use ocpi_client::{Transport, TransportError};
use ocpi_server_traits::Router;

/// A transport that hands each request to a router in the same process, whatever its host.
#[derive(Clone, Debug)]
pub struct Loopback(pub Router);

impl Transport for Loopback {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Ok(self.0.call(request).await)
    }
}
