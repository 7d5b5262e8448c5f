//! Limits on the URLs, endpoints and parties that a partner names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ocpi_client::{Peer, Transport};
use ocpi_server_traits::Store;
use ocpi_types::Url;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;

use crate::partner::party_of;
use crate::{Error, Platform};

/// Which URLs of partners requests may go to.
///
/// The text of a URL is looked at. What a name resolves to is for the transport to look at, which opens the
/// connection.
///
/// ```
/// use ocpi_platform::UrlPolicy;
/// let allows = |url: &str| UrlPolicy::Public.allows(&url.parse().unwrap());
/// assert!(allows("https://cpo.example/ocpi/versions"));
/// for url in ["http://cpo.example/", "https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://localhost/"] {
///     assert!(!allows(url), "{url}");
/// }
/// assert!(UrlPolicy::Any.allows(&"http://127.0.0.1:8080/".parse()?));
/// # Ok::<(), ocpi_types::UrlError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UrlPolicy {
    /// https only, and no address of a private or local network.
    Public,
    /// Any, for tests and closed networks.
    Any,
}

impl UrlPolicy {
    /// Whether requests may go there.
    pub fn allows(self, url: &Url) -> bool {
        let Ok(parts) = url.parse() else { return false };
        if self == Self::Any {
            return true;
        }
        // The parser has turned every spelling of an address into one.
        let host = parts.host_str().unwrap_or_default().trim_end_matches('.');
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let is_local_name = host == "localhost" || host.ends_with(".localhost") || !host.contains(['.', ':']);
        parts.scheme() == "https" && address.map_or(!is_local_name, is_public)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_public_v6(v6), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || shared
        || a == 0
        || a >= 240)
}

/// Global unicast only, and none of the ranges that stand for IPv4 addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_6to4 = first == 0x2002;
    let is_teredo = first == 0x2001 && second == 0;
    let is_documentation = first == 0x2001 && second == 0x0db8;
    first & 0xe000 == 0x2000 && !is_6to4 && !is_teredo && !is_documentation
}

/// The most roles that a partner may have.
const MAX_ROLES: usize = 10_000;

impl<S: Store, T: Transport> Platform<S, T> {
    pub(crate) fn allow(&self, url: &Url) -> Result<(), Error> {
        if self.settings.urls.allows(url) { Ok(()) } else { Err(Error::UrlRefused) }
    }

    /// A partner must offer what is required, at URLs that requests may go to.
    pub(crate) fn accept_endpoints(&self, peer: &Peer) -> Result<(), Error> {
        let missing =
            self.settings.required.iter().filter(|(module, role)| peer.endpoint(module, role).is_none());
        let names: Vec<_> = missing.map(|(module, role)| format!("{module} {role}")).collect();
        if !names.is_empty() {
            return Err(Error::LacksEndpoints(names.join(", ")));
        }
        peer.endpoints().iter().try_for_each(|endpoint| self.allow(&endpoint.url))
    }

    /// A partner may not speak for our parties, nor for those of another partner: whoever came first keeps them.
    pub(crate) fn accept_roles(&self, id: &str, roles: &[CredentialsRole]) -> Result<(), Error> {
        if roles.is_empty() || roles.len() > MAX_ROLES {
            return Err(Error::NoRoles);
        }
        let others = self.partners.all().into_iter().filter(|partner| partner.id.as_str() != id);
        let mut taken: Vec<Party> = others.flat_map(|partner| partner.parties()).collect();
        taken.extend_from_slice(self.parties());
        taken.sort();
        match roles.iter().map(party_of).find(|party| taken.binary_search(party).is_ok()) {
            Some(party) => Err(Error::PartyTaken(party)),
            None => Ok(()),
        }
    }
}
