//! Proxy for our connections.

use std::fmt;

use crate::url_policy::host_of;

/// Proxy for requests, with the hosts to which it may connect for us.
///
/// This is the only way to use a proxy: environment variables (`HTTPS_PROXY`) are ignored.
///
/// ```
/// use ocpi_client::Outbound;
/// use ocpi_client::outbound::Proxy;
/// let proxy = Proxy::new("http://user:password@proxy.lan:3128", ["cpo.example", "emsp.example:8443"])?;
/// assert_eq!(format!("{proxy:?}"), r#"Proxy { host: "proxy.lan", hosts: ["cpo.example", "emsp.example:8443"] }"#);
/// let outbound = Outbound::new().with_proxy(proxy);
/// # Ok::<(), ocpi_client::outbound::ProxyError>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    url: url::Url,
    hosts: Vec<String>,
}

/// Error: a text is not the http or https URL of a proxy.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the URL of a proxy is that of an http or https server, such as `http://proxy.lan:3128`")]
pub struct ProxyError;

impl Proxy {
    /// Creates a proxy with an http or https URL, which may contain a user and a password. Hosts with a non-default
    /// port are given with it: `emsp.example:8443`.
    ///
    /// # Errors
    /// When the URL is invalid.
    pub fn new<H: Into<String>>(url: &str, hosts: impl IntoIterator<Item = H>) -> Result<Self, ProxyError> {
        let url = url::Url::parse(url).map_err(|_| ProxyError)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(ProxyError);
        }
        Ok(Self { url, hosts: hosts.into_iter().map(|host| plain(&host.into())).collect() })
    }

    #[cfg(any(feature = "reqwest-no-tls", feature = "ureq-no-tls"))]
    pub(crate) fn url(&self) -> &url::Url {
        &self.url
    }

    /// Whether it may connect to the host of a URL.
    pub(super) fn may_reach(&self, url: &url::Url) -> bool {
        names(&self.hosts, url)
    }

    /// Whether this is its own host.
    pub(super) fn is_at(&self, host: &str) -> bool {
        host_of(&self.url) == plain(host)
    }
}

/// The URL may hold a password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        f.debug_struct("Proxy").field("host", &host).field("hosts", &self.hosts).finish()
    }
}

/// A host as it is compared.
pub(super) fn plain(host: &str) -> String {
    host.trim().trim_end_matches('.').replace(['[', ']'], "").to_ascii_lowercase()
}

/// Whether hosts name the host of a URL: with its port, unless that is the scheme's.
pub(super) fn names(hosts: &[String], url: &url::Url) -> bool {
    let host = host_of(url);
    let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}"));
    url.port().is_none() && hosts.contains(&host) || with_port.is_some_and(|host| hosts.contains(&host))
}
