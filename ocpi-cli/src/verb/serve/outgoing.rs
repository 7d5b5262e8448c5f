//! Requests to partners, on threads of their own, so that a slow partner holds up nobody else.

use bytes::Bytes;
use ocpi_client::blocking::BlockingTransport;
use ocpi_client::{Outbound, Transport, TransportError, Ureq, UrlPolicy};

use crate::remote::Failure;

/// Transport of a sandbox.
#[derive(Clone, Debug)]
pub(super) struct Outgoing(Ureq);

impl Outgoing {
    /// A transport to URLs of this policy.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(super) fn new(urls: UrlPolicy) -> Result<Self, Failure> {
        Ok(Self(Ureq::new(Outbound::new().with_urls(urls))?))
    }
}

impl Transport for Outgoing {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let http = self.0.clone();
        let sent = tokio::task::spawn_blocking(move || http.send(request)).await;
        sent.unwrap_or_else(|_| Err(TransportError::new("the request was broken off")))
    }
}
