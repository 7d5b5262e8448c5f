//! Filter of URLs and of resolved addresses.

use std::io;
use std::net::IpAddr;

use super::proxy::names;
use super::{Outbound, proxy};
use crate::url_policy::{host_of, literal};
use crate::{TransportError, TransportErrorKind, UrlPolicy, UrlRefused, UrlRule};

impl Outbound {
    /// Checks the text of a request's URL, and returns the parsed URL.
    ///
    /// ```
    /// use ocpi_client::{Outbound, UrlRule};
    /// let refused = Outbound::new().check(&"https://cpo.example:8443/".parse()?).unwrap_err();
    /// assert_eq!(refused.rule(), UrlRule::Port);
    /// # Ok::<(), http::uri::InvalidUri>(())
    /// ```
    ///
    /// # Errors
    /// When a rule refuses the URL; names the host and the rule.
    pub fn check(&self, uri: &http::Uri) -> Result<url::Url, UrlRefused> {
        let url = url::Url::parse(&uri.to_string());
        let url = url.map_err(|_| UrlRefused::new("", UrlRule::NoUrl))?;
        self.check_url(&url).map(|()| url)
    }

    /// Resolves a name (or parses an address) and returns the addresses to which connections may be opened. Connect to
    /// these: another look-up might return different ones.
    ///
    /// With a proxy, all addresses of the proxy's own host are allowed.
    ///
    /// # Errors
    /// When the look-up fails, or none of the addresses is allowed.
    pub fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, TransportError> {
        let name = proxy::plain(host);
        let found = match name.parse() {
            Ok(address) => vec![address],
            Err(_) => self.resolver.look_up(host).map_err(not_found)?,
        };
        if self.proxy.as_ref().is_some_and(|proxy| proxy.is_at(host)) {
            return Ok(found);
        }
        let mut refusal = None;
        let good: Vec<IpAddr> = found
            .into_iter()
            .filter(|address| match self.address(&name, *address) {
                Ok(()) => true,
                Err(refused) => {
                    refusal.get_or_insert(refused);
                    false
                }
            })
            .collect();
        match refusal {
            _ if !good.is_empty() => Ok(good),
            Some(refusal) => Err(refusal.into()),
            None => Err(not_found(io::Error::new(io::ErrorKind::NotFound, "the name has no address"))),
        }
    }

    pub(super) fn check_url(&self, url: &url::Url) -> Result<(), UrlRefused> {
        let Self { urls, hosts, ports, proxy, .. } = self;
        let refuse = |rule| Err(UrlRefused::new(host_of(url), rule));
        if let Some(rule) = urls.form(url) {
            return refuse(rule);
        }
        if let Some(proxy) = proxy {
            return if proxy.may_reach(url) { Ok(()) } else { refuse(UrlRule::NotOfProxy) };
        }
        let is_named = names(hosts, url);
        let is_port_good = url.port_or_known_default().is_some_and(|port| ports.contains(&port));
        if *urls == UrlPolicy::Public && !is_named && !is_port_good {
            return refuse(UrlRule::Port);
        }
        match literal(url) {
            Some(address) => self.address(&host_of(url), address),
            None if is_named => Ok(()),
            None => urls.host(url).map_or(Ok(()), refuse),
        }
    }

    fn address(&self, host: &str, address: IpAddr) -> Result<(), UrlRefused> {
        let is_in = self.networks.iter().any(|network| network.contains(address));
        match self.urls.address(address).filter(|_| !is_in) {
            Some(kind) => Err(UrlRefused::new(host, UrlRule::Address(kind))),
            None => Ok(()),
        }
    }
}

fn not_found(error: io::Error) -> TransportError {
    TransportError::new(error).with_kind(TransportErrorKind::Connect)
}
