//! Limits on the URLs that a partner names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ocpi_types::Url;

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
