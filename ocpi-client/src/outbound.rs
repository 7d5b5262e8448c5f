//! Rules for connections to partners, which the ready transports keep to.

#[cfg(any(feature = "reqwest-no-tls", feature = "ureq-no-tls"))]
mod body;
#[cfg(any(feature = "reqwest-no-tls", feature = "ureq-no-tls"))]
mod failure;
mod filter;
mod network;
mod pem;
mod proxy;
#[cfg(any(feature = "reqwest-no-tls", feature = "ureq-no-tls"))]
mod redirect;
mod resolver;
#[cfg(all(feature = "rustls", feature = "reqwest-no-tls"))]
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ocpi_types::{Clock, Timer};

use crate::UrlPolicy;

pub use network::{Network, NetworkError};
pub use pem::PemError;
pub use proxy::{Proxy, ProxyError};
pub use resolver::Resolver;

#[cfg(any(feature = "reqwest-no-tls", feature = "ureq-no-tls"))]
pub(crate) use {
    body::{BodyReader, says_gzip},
    failure::{is_about_tls, no_tls, timeout},
    redirect::Hops,
};

/// Rules for connections to partners: where they may lead, and how long and how much may come.
///
/// The transports `Reqwest` and `Ureq` keep to them. The defaults are for partners on the internet; what differs for one
/// partner, such as a client certificate, goes into an `Outbound` and a transport of its own
/// ([`ByHost`](crate::transport::ByHost) chooses among them).
///
/// | Rule | Default |
/// |---|---|
/// | URLs | https, port 443, no user, public names and addresses; every address is looked at when a connection is opened |
/// | proxy | none, whatever the environment says |
/// | redirects | GET only, at most 3, to the same origin |
/// | look-up of the name, connection and TLS | 10 s |
/// | head of the answer | 30 s |
/// | body of the answer | at least 1 KiB in every 10 s, 64 MiB, unpacked 100 times as large as packed |
/// | all of it | 5 min |
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::{Outbound, UrlPolicy};
///
/// let partners = Outbound::new().with_head_time(Duration::from_secs(60));
/// // For tests on this machine.
/// let development = Outbound::new().with_urls(UrlPolicy::Any);
/// # assert_ne!(format!("{partners:?}"), format!("{development:?}"));
/// ```
#[derive(Clone)]
pub struct Outbound {
    pub(crate) urls: UrlPolicy,
    pub(crate) ports: Vec<u16>,
    pub(crate) hosts: Vec<String>,
    pub(crate) networks: Vec<Network>,
    pub(crate) resolver: Resolver,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) times: Times,
    pub(crate) body_limit: usize,
    pub(crate) ratio: usize,
    pub(crate) roots: Option<Arc<[u8]>>,
    pub(crate) identity: Option<Arc<Identity>>,
    pub(crate) timer: Timer,
    pub(crate) clock: Clock,
}

/// Times that are waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) connect: Duration,
    pub(crate) head: Duration,
    pub(crate) whole: Duration,
    /// The body has to bring `rate` bytes in each of these.
    pub(crate) window: Duration,
    pub(crate) rate: usize,
}

/// Certificate of ours and its key, in PEM.
#[cfg_attr(
    not(any(feature = "rustls", feature = "native-tls")),
    expect(dead_code, reason = "there is no TLS")
)]
pub(crate) struct Identity {
    pub(crate) chain: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self::new()
    }
}

impl Outbound {
    /// Rules for partners on the internet.
    pub fn new() -> Self {
        let seconds = Duration::from_secs;
        Self {
            urls: UrlPolicy::Public,
            ports: vec![443],
            hosts: Vec::new(),
            networks: Vec::new(),
            resolver: Resolver::system(),
            proxy: None,
            times: Times {
                connect: seconds(10),
                head: seconds(30),
                whole: seconds(300),
                window: seconds(10),
                rate: 1 << 10,
            },
            body_limit: 64 << 20,
            ratio: 100,
            roots: None,
            identity: None,
            timer: Timer::system(),
            clock: Clock::system(),
        }
    }

    /// With another rule for URLs: [`UrlPolicy::Any`] switches the filter off, for tests.
    #[must_use]
    pub fn with_urls(self, urls: UrlPolicy) -> Self {
        Self { urls, ..self }
    }

    /// With these ports, in the place of 443 alone.
    #[must_use]
    pub fn with_ports(self, ports: impl IntoIterator<Item = u16>) -> Self {
        Self { ports: ports.into_iter().collect(), ..self }
    }

    /// With hosts whose names and ports are good in any case: `ocpi.partner.internal`, `cpo.example:8443`. The addresses that
    /// they lead to are looked at all the same.
    #[must_use]
    pub fn with_hosts<H: Into<String>>(self, hosts: impl IntoIterator<Item = H>) -> Self {
        let hosts = hosts.into_iter().map(|host| proxy::plain(&host.into())).collect();
        Self { hosts, ..self }
    }

    /// With private networks in which partners are, such as those behind a VPN.
    ///
    /// ```
    /// use ocpi_client::Outbound;
    /// let outbound = Outbound::new().with_networks(["10.20.0.0/16".parse()?]);
    /// # Ok::<(), ocpi_client::outbound::NetworkError>(())
    /// ```
    #[must_use]
    pub fn with_networks(self, networks: impl IntoIterator<Item = Network>) -> Self {
        Self { networks: networks.into_iter().collect(), ..self }
    }

    /// With another way to look names up. The addresses that it finds are filtered like any others.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { resolver, ..self }
    }

    /// With a proxy that all requests go through. It opens the connections, so our filter of addresses sees none: requests
    /// go only to the hosts that the proxy is named with.
    #[must_use]
    pub fn with_proxy(self, proxy: Proxy) -> Self {
        Self { proxy: Some(proxy), ..self }
    }

    /// With a time for looking up a name, connecting and TLS, in the place of 10 s.
    #[must_use]
    pub fn with_connect_time(mut self, time: Duration) -> Self {
        self.times.connect = time;
        self
    }

    /// With a time in which the head of an answer has to come, in the place of 30 s. It begins with the request.
    #[must_use]
    pub fn with_head_time(mut self, time: Duration) -> Self {
        self.times.head = time;
        self
    }

    /// With a number of bytes that a body has to bring in each `time`, in the place of 1 KiB in 10 s.
    #[must_use]
    pub fn with_body_rate(mut self, bytes: usize, time: Duration) -> Self {
        (self.times.rate, self.times.window) = (bytes, time);
        self
    }

    /// With a time for a request, its redirects and the whole answer, in the place of 5 minutes.
    #[must_use]
    pub fn with_whole_time(mut self, time: Duration) -> Self {
        self.times.whole = time;
        self
    }

    /// With answers of at most this many bytes, unpacked, in the place of 64 MiB. A request may have a smaller
    /// [`ResponseLimit`](crate::transport::ResponseLimit).
    #[must_use]
    pub fn with_body_limit(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }

    /// With answers that are at most this many times as large as they were packed, in the place of 100. The first MiB of an
    /// answer does not count.
    #[must_use]
    pub fn with_gzip_ratio(self, ratio: usize) -> Self {
        Self { ratio, ..self }
    }

    /// With certificates (PEM) of the authorities that are trusted, and of no others.
    ///
    /// By default they are Mozilla's with rustls, and those of the operating system with native-tls.
    #[must_use]
    pub fn with_root_certificates(self, pem: impl AsRef<[u8]>) -> Self {
        Self { roots: Some(pem.as_ref().into()), ..self }
    }

    /// With a certificate of ours and its key (PEM), for partners that ask for one.
    #[must_use]
    pub fn with_client_certificate(self, chain_pem: impl AsRef<[u8]>, key_pem: impl AsRef<[u8]>) -> Self {
        let identity = Identity { chain: chain_pem.as_ref().into(), key: key_pem.as_ref().into() };
        Self { identity: Some(Arc::new(identity)), ..self }
    }

    /// With another timer, by which asynchronous transports wait.
    #[must_use]
    pub fn with_timer(self, timer: Timer) -> Self {
        Self { timer, ..self }
    }

    /// With another clock, by which blocking transports tell how fast a body comes.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }
}

/// Proxy and key may hold secrets.
impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("urls", &self.urls)
            .field("ports", &self.ports)
            .field("hosts", &self.hosts)
            .field("networks", &self.networks)
            .field("proxy", &self.proxy)
            .field("times", &self.times)
            .field("timer", &self.timer)
            .field("clock", &self.clock)
            .field("body_limit", &self.body_limit)
            .field("ratio", &self.ratio)
            .field("has_roots", &self.roots.is_some())
            .field("has_client_certificate", &self.identity.is_some())
            .finish_non_exhaustive()
    }
}
