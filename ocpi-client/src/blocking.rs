//! Client without an async runtime.
//!
//! [`Client`] is the client of a partner over a blocking transport: `Ureq` with the feature `ureq`, or a closure, made
//! by [`from_fn`]. [`wait`] runs the other asynchronous functions of this crate.
//!
//! ```
//! use bytes::Bytes;
//! use ocpi_client::{RequestIds, blocking};
//! use ocpi_types::Version;
//! use ocpi_types::endpoint::GetVersions;
//!
//! // With the feature `ureq`: `let http = Ureq::new(Outbound::new())?`.
//! let body = br#"{"data": [], "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
//! let http = blocking::from_fn(|_| Ok(http::Response::new(Bytes::from_static(body))));
//! let client = ocpi_client::Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"))
//!     .with_versions_url("https://cpo.example/ocpi/versions".parse()?);
//! let client = blocking::Client::new(client, http);
//! assert!(client.send(&GetVersions)?.value.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::endpoint::{Endpoint, Resource};

use crate::paging::BlockingPages;
use crate::transport::{Transport, TransportError};
use crate::{Answer, Error, RequestOptions};

pub use crate::wait::wait;

/// Client of one partner that blocks the thread until the answer arrives. It needs no async runtime.
#[derive(Clone, Debug)]
pub struct Client<T>(crate::Client<Blocking<T>>);

impl<T: BlockingTransport> Client<T> {
    /// Makes a client of the same partner as another client, over a blocking transport.
    pub fn new<U>(client: crate::Client<U>, transport: T) -> Self {
        Self(client.over(Blocking(transport)))
    }

    pub(crate) fn of(client: crate::Client<Blocking<T>>) -> Self {
        Self(client)
    }

    /// Returns the pages of a list of the partner: as [`Client::pages`](crate::Client::pages) of the asynchronous
    /// client.
    ///
    /// ```
    /// use ocpi_client::{Error, blocking::{BlockingTransport, Client}};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    /// fn tariffs(cpo: &Client<impl BlockingTransport + Clone>) -> Result<Vec<Tariff>, Error> {
    ///     Ok(cpo.pages().collect_items()?.items)
    /// }
    /// ```
    pub fn pages<R: Resource>(&self) -> BlockingPages<R, Blocking<T>>
    where
        T: Clone,
    {
        self.0.pages().blocking()
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// As [`Client::send`](crate::Client::send) of the asynchronous client.
    pub fn send<E: Endpoint + Sync>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        wait(self.0.send(endpoint))
    }

    /// [`Client::send`], with options for this request. A deadline ends the wait before a request and between repeats, but not a
    /// read that is in progress on the socket: the time limits of the transport do that.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_with<E: Endpoint + Sync>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<Answer<E::Response>, Error> {
        wait(self.0.send_with(endpoint, options))
    }

    /// Returns the underlying asynchronous client, for [`wait`]: `wait(client.asynchronous().…)`.
    pub fn asynchronous(&self) -> &crate::Client<Blocking<T>> {
        &self.0
    }
}

/// Carries a request to a partner and returns the answer, blocking the thread meanwhile. `Ureq` implements it;
/// [`from_fn`] makes an implementation from a closure.
pub trait BlockingTransport: Send + Sync {
    /// Sends a request and returns the answer.
    ///
    /// # Errors
    /// When there is no answer.
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;
}

/// Blocking transport as a [`Transport`]: its future blocks when polled, so do not poll it on an async runtime.
#[derive(Clone)]
pub struct Blocking<T>(pub T);

impl<T: BlockingTransport> Transport for Blocking<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.0.send(request)
    }
}

impl<T: BlockingTransport> BlockingTransport for &T {
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        T::send(self, request)
    }
}

impl<T: BlockingTransport> BlockingTransport for Arc<T> {
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        T::send(self, request)
    }
}

/// Makes a blocking transport from a closure.
pub fn from_fn<F>(send: F) -> FromFn<F>
where
    F: Fn(http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> + Send + Sync,
{
    FromFn(send)
}

/// Blocking transport made from a closure: see [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

impl<F> BlockingTransport for FromFn<F>
where
    F: Fn(http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> + Send + Sync,
{
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        (self.0)(request)
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}

impl<T> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocking")
    }
}
