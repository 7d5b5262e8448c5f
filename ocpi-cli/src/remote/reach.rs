//! Connections to partners.

use std::hash::{BuildHasher, RandomState};

use clap::Args;
use ocpi_client::blocking::Blocking;
use ocpi_client::{Outbound, RequestIds, Ureq, UrlPolicy};
use ocpi_types::Url;

use crate::remote::Failure;

/// Transport of all verbs.
pub(crate) type Http = Blocking<Ureq>;

#[derive(Clone, Debug, Args)]
pub(crate) struct Reach {
    /// Allow http, and addresses of this machine and of private networks, for development
    ///
    /// By default requests go to public https URLs only, and the names of hosts must lead to public addresses.
    #[arg(long)]
    allow_private: bool,
}

impl Reach {
    pub(crate) fn urls(&self) -> UrlPolicy {
        if self.allow_private { UrlPolicy::Any } else { UrlPolicy::Public }
    }

    /// A transport; the port of `named`, a URL that the user wrote, is good whatever it is.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn transport(&self, named: Option<&Url>) -> Result<Http, Failure> {
        let hosts = named.and_then(host_with_port).filter(|_| self.urls() == UrlPolicy::Public);
        let outbound = Outbound::new().with_urls(self.urls());
        // A name in this list would pass without a look at its form: only public ones come into it.
        let is_public = named.is_some_and(|url| self.urls().allows(url));
        let outbound = outbound.with_hosts(hosts.filter(|_| is_public));
        Ok(Blocking(Ureq::new(outbound)?))
    }
}

/// The host and port of a URL whose port is not 443.
fn host_with_port(url: &Url) -> Option<String> {
    let uri: http::Uri = url.as_str().parse().ok()?;
    let port = uri.port_u16().filter(|port| *port != 443)?;
    Some(format!("{}:{port}", uri.host()?))
}

/// Ids of the requests of this run.
pub(crate) fn request_ids() -> RequestIds {
    RequestIds::new(&format!("ocpi-{:016x}", RandomState::new().hash_one(0_u8)))
}
