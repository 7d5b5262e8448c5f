//! Selection of transports by host.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

use bytes::Bytes;

use super::{AnyTransport, Transport, TransportError};

/// Selects a transport by the host of a request: for partners that require a client certificate, have their own
/// certificate authority, or are reached through a proxy. Clones share the transports.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::transport::{ByHost, Transport, from_fn};
/// let answer = |text: &'static str| from_fn(move |_| async move { Ok(http::Response::new(Bytes::from(text))) });
/// let transport = ByHost::new(answer("everybody")).with("cpo.example", answer("one"));
/// let send = |url: &str| transport.send(http::Request::get(url).body(Bytes::new()).unwrap());
/// # pollster::block_on(async {
/// assert_eq!(send("https://CPO.example/ocpi").await?.body(), "one");
/// assert_eq!(send("https://emsp.example/ocpi").await?.body(), "everybody");
/// # Ok::<(), ocpi_client::TransportError>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct ByHost {
    hosts: BTreeMap<String, AnyTransport>,
    others: AnyTransport,
}

impl ByHost {
    /// Uses one transport for every host.
    pub fn new(others: impl Transport + 'static) -> Self {
        Self { hosts: BTreeMap::new(), others: AnyTransport::new(others) }
    }

    /// Sets the transport for a host: a name without a port, or an address.
    #[must_use]
    pub fn with(mut self, host: &str, transport: impl Transport + 'static) -> Self {
        self.hosts.insert(plain(host), AnyTransport::new(transport));
        self
    }
}

fn plain(host: &str) -> String {
    host.trim_end_matches('.').trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

impl Transport for ByHost {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        let host = request.uri().host().map(plain);
        host.and_then(|host| self.hosts.get(&host)).unwrap_or(&self.others).send(request)
    }
}

impl fmt::Debug for ByHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByHost").field("hosts", &self.hosts.keys()).finish_non_exhaustive()
    }
}
