//! Limits on the URLs that a partner names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ocpi_types::Url;

/// Which URLs of partners requests may go to.
///
/// The text of a URL is looked at. The address that a name resolves to is for the transport to look at, which opens the
/// connection: a name may lead anywhere.
///
/// ```
/// use ocpi_platform::UrlPolicy;
/// let allows = |url: &str| UrlPolicy::Public.allows(&url.parse().unwrap());
/// assert!(allows("https://cpo.example/ocpi/versions"));
/// for url in [
///     "http://cpo.example/",
///     "https://127.0.0.1/",
///     "https://[::ffff:10.0.0.1]/",
///     "https://localhost/",
///     "https://printer.local/",
///     "https://user@cpo.example/",
///     "https://cpo.example/#part",
/// ] {
///     assert!(!allows(url), "{url}");
/// }
/// assert!(UrlPolicy::Any.allows(&"http://127.0.0.1:8080/".parse()?));
/// # Ok::<(), ocpi_types::UrlError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum UrlPolicy {
    /// https only, no user, no fragment, no address of a private or local network, and none of the names that lead there.
    /// Ports other than 443 only for hosts that the operator named with the port.
    Public,
    /// Any, for tests and closed networks.
    Any,
}

/// Names that lead into a private network, and all below them.
const PRIVATE_NAMES: &[&str] = &[
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "svc",
    "cluster.local",
];

impl UrlPolicy {
    /// Whether requests may go there. The port is not looked at.
    pub fn allows(self, url: &Url) -> bool {
        let Ok(parts) = url.parse() else { return false };
        if self == Self::Any {
            return true;
        }
        // The parser has turned every spelling of an address into one.
        let host = parts.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let has_user = !parts.username().is_empty() || parts.password().is_some();
        parts.scheme() == "https"
            && !has_user
            && parts.fragment().is_none()
            && address.map_or_else(|_| is_public_name(&host), is_public)
    }
}

fn is_public_name(host: &str) -> bool {
    let is_below =
        |name: &&str| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    host.contains('.') && !host.starts_with("metadata.") && !PRIVATE_NAMES.iter().any(is_below)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_public_v6(v6), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarks = a == 198 && (18..20).contains(&b);
    let protocols = a == 192 && b == 0 && c == 0;
    let relays = a == 192 && b == 88 && c == 99;
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || shared
        || benchmarks
        || protocols
        || relays
        || a == 0
        || a >= 240)
}

/// Global unicast only, and none of the ranges that stand for IPv4 addresses or are for documents and protocols.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_6to4 = first == 0x2002;
    // Teredo, benchmarks and other protocols: 2001::/23.
    let is_protocol = first == 0x2001 && second < 0x0200;
    let is_documentation = first == 0x2001 && second == 0x0db8 || first == 0x3fff && second < 0x1000;
    first & 0xe000 == 0x2000 && !is_6to4 && !is_protocol && !is_documentation
}

#[cfg(test)]
mod tests {
    use super::UrlPolicy;

    #[test]
    fn what_is_not_public_is_refused() {
        for host in [
            "localhost.localdomain",
            "a.localhost",
            "printer.local",
            "db.internal",
            "metadata.google.internal",
            "metadata.example",
            "api.default.svc.cluster.local",
            "api.default.svc",
            "single",
            "198.18.0.1",
            "192.0.0.8",
            "192.88.99.1",
            "100.64.0.1",
            "0x7f.1",
            "[3fff::1]",
            "[2001:20::1]",
            "[64:ff9b::1]",
            "[2002:7f00:1::]",
            "[::1]",
            "[fd00::1]",
        ] {
            let url = format!("https://{host}/ocpi").parse().expect("a URL");
            assert!(!UrlPolicy::Public.allows(&url), "{host}");
        }
        for host in ["cpo.example", "notlocal.example", "1.1.1.1", "[2a00:1450::1]", "internal.example"] {
            let url = format!("https://{host}/ocpi").parse().expect("a URL");
            assert!(UrlPolicy::Public.allows(&url), "{host}");
        }
    }
}
