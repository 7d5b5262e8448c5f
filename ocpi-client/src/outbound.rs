//! Rules for connections to partners, which the built-in transports follow.

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

/// Rules for connections to partners: allowed addresses, time limits and size limits.
///
/// The transports `Reqwest` and `Ureq` follow them. The defaults suit partners on the internet; a partner with other
/// needs, such as a client certificate, gets an `Outbound` and a transport of its own
/// ([`ByHost`](crate::transport::ByHost) selects the transport).
///
/// | Rule | Default |
/// |---|---|
/// | URLs | https, port 443, no user, public names and addresses; every address is checked when a connection is opened |
/// | proxy | none; environment variables are ignored |
/// | redirects | GET only, at most 3, to the same origin |
/// | look-up of the name, connection and TLS | 10 s |
/// | head of the answer | 30 s |
/// | body of the answer | at least 1 KiB in every 10 s, at most 64 MiB, decompressed at most 100 times its compressed size |
/// | whole request | 5 min |
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
    /// Creates rules for partners on the internet.
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

    /// Sets the rule for URLs: [`UrlPolicy::Any`] disables the filter, for tests.
    #[must_use]
    pub fn with_urls(self, urls: UrlPolicy) -> Self {
        Self { urls, ..self }
    }

    /// Sets the allowed ports, instead of 443.
    #[must_use]
    pub fn with_ports(self, ports: impl IntoIterator<Item = u16>) -> Self {
        Self { ports: ports.into_iter().collect(), ..self }
    }

    /// Allows the names and ports of these hosts in any case: `ocpi.partner.internal`, `cpo.example:8443`. Their
    /// addresses are still checked.
    #[must_use]
    pub fn with_hosts<H: Into<String>>(self, hosts: impl IntoIterator<Item = H>) -> Self {
        let hosts = hosts.into_iter().map(|host| proxy::plain(&host.into())).collect();
        Self { hosts, ..self }
    }

    /// Allows private networks in which partners are, such as those behind a VPN.
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

    /// Sets the resolver. The addresses that it returns are filtered as usual.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { resolver, ..self }
    }

    /// Sets a proxy for all requests. The proxy opens the connections, so addresses are not filtered here: requests go
    /// only to the hosts given with the proxy.
    #[must_use]
    pub fn with_proxy(self, proxy: Proxy) -> Self {
        Self { proxy: Some(proxy), ..self }
    }

    /// Sets the time limit for name resolution, connection and TLS. Default: 10 s.
    #[must_use]
    pub fn with_connect_time(mut self, time: Duration) -> Self {
        self.times.connect = time;
        self
    }

    /// Sets the time limit for the head of an answer, from the start of the request. Default: 30 s.
    #[must_use]
    pub fn with_head_time(mut self, time: Duration) -> Self {
        self.times.head = time;
        self
    }

    /// Sets the number of bytes of a body that must arrive in each `time`. Default: 1 KiB in 10 s.
    #[must_use]
    pub fn with_body_rate(mut self, bytes: usize, time: Duration) -> Self {
        (self.times.rate, self.times.window) = (bytes, time);
        self
    }

    /// Sets the time limit for a request, including redirects and the whole answer. Default: 5 minutes.
    #[must_use]
    pub fn with_whole_time(mut self, time: Duration) -> Self {
        self.times.whole = time;
        self
    }

    /// Sets the maximum size of an answer in bytes, decompressed. Default: 64 MiB. A request may have a smaller
    /// [`ResponseLimit`](crate::transport::ResponseLimit).
    #[must_use]
    pub fn with_body_limit(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }

    /// Sets the maximum ratio of an answer's decompressed to its compressed size. Default: 100. The first MiB of an
    /// answer does not count.
    #[must_use]
    pub fn with_gzip_ratio(self, ratio: usize) -> Self {
        Self { ratio, ..self }
    }

    /// Sets the certificates (PEM) of the trusted authorities, replacing the default ones.
    ///
    /// The defaults are those of Mozilla with rustls, and those of the operating system with native-tls.
    #[must_use]
    pub fn with_root_certificates(self, pem: impl AsRef<[u8]>) -> Self {
        Self { roots: Some(pem.as_ref().into()), ..self }
    }

    /// Sets a client certificate and its key (PEM), for partners that require one.
    #[must_use]
    pub fn with_client_certificate(self, chain_pem: impl AsRef<[u8]>, key_pem: impl AsRef<[u8]>) -> Self {
        let identity = Identity { chain: chain_pem.as_ref().into(), key: key_pem.as_ref().into() };
        Self { identity: Some(Arc::new(identity)), ..self }
    }

    /// Sets the timer of asynchronous transports.
    #[must_use]
    pub fn with_timer(self, timer: Timer) -> Self {
        Self { timer, ..self }
    }

    /// Sets the clock with which blocking transports measure the speed of a body.
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
