//! Rules for URLs that a partner gives.

use std::fmt;
use std::net::IpAddr;

use ocpi_types::Url;

use crate::{AddressKind, TransportError, TransportErrorKind};

/// Rule for URLs given by partners, which decides whether requests may go there.
///
/// A URL is judged by its text. The transport that opens the connection checks the resolved addresses (`Outbound`),
/// because a name may resolve differently a moment later.
///
/// ```
/// use ocpi_client::UrlPolicy;
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
///
/// let refusal = UrlPolicy::Public.check(&"https://127.1/".parse()?).unwrap_err();
/// assert_eq!(
///     refusal.to_string(),
///     "`127.0.0.1` is refused by `UrlPolicy::Public`: loopback address. Allow it with `UrlPolicy::Any` in tests",
/// );
/// # Ok::<(), ocpi_types::UrlError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum UrlPolicy {
    /// https only, without user or fragment; no address of a private or local network, and no name that leads to one.
    /// The port is not checked: the transport that opens the connection decides about ports other than 443.
    #[default]
    Public,
    /// Any, for tests and closed networks.
    Any,
}

/// Refusal of a URL, or of an address that its host resolves to. Nothing was sent there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UrlRefused {
    host: String,
    rule: UrlRule,
}

/// Rule by which a URL is refused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum UrlRule {
    /// The URL is not an absolute http or https URL.
    NoUrl,
    /// The URL is not https.
    Scheme,
    /// The URL contains a user name or a password.
    User,
    /// The URL has a fragment.
    Fragment,
    /// The port is not 443 and not otherwise allowed.
    Port,
    /// The host is not a valid DNS name.
    NoName,
    /// The host is a name of a private network.
    PrivateName,
    /// The host is, or resolves to, a non-public address.
    Address(AddressKind),
    /// The host is not one of those to which the proxy may connect.
    NotOfProxy,
    /// The host is the platform's own.
    Own,
}

/// Names that lead into a private network or nowhere, and all below them.
const PRIVATE_NAMES: &[&str] = &[
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "intra",
    "private",
    "corp",
    "home",
    "lan",
    "arpa",
    "svc",
    "cluster.local",
    "consul",
    "onion",
    "alt",
    "invalid",
    "test",
];

/// Most characters of a host that a refusal shows: those that a name may have.
const SHOWN: usize = 253;

impl UrlPolicy {
    /// Whether requests may go to the URL. The port is not checked.
    pub fn allows(self, url: &Url) -> bool {
        self.check(url).is_ok()
    }

    /// Checks whether requests may go to the URL. The port is not checked.
    ///
    /// # Errors
    /// When a rule refuses the URL; names the host and the rule.
    pub fn check(self, url: &Url) -> Result<(), UrlRefused> {
        let parts = url.parse().map_err(|_| UrlRefused::new("", UrlRule::NoUrl))?;
        let refuse = |rule| Err(UrlRefused::new(host_of(&parts), rule));
        self.form(&parts).or_else(|| self.host(&parts)).map_or(Ok(()), refuse)
    }

    /// The rule against the URL, its host aside.
    pub(crate) fn form(self, url: &url::Url) -> Option<UrlRule> {
        let is_any = self == Self::Any;
        let has_user = !url.username().is_empty() || url.password().is_some();
        match url.scheme() {
            "https" => {}
            "http" if is_any => {}
            "http" => return Some(UrlRule::Scheme),
            _ => return Some(UrlRule::NoUrl),
        }
        match () {
            () if is_any => None,
            () if has_user => Some(UrlRule::User),
            () if url.fragment().is_some() => Some(UrlRule::Fragment),
            () => None,
        }
    }

    /// The rule against its host, as far as its text tells.
    pub(crate) fn host(self, url: &url::Url) -> Option<UrlRule> {
        if self == Self::Any {
            return None;
        }
        match literal(url) {
            Some(address) => self.address(address).map(UrlRule::Address),
            None => name_rule(&host_of(url)),
        }
    }

    /// The kind of an address, if no connection may be opened to it.
    pub(crate) fn address(self, address: IpAddr) -> Option<AddressKind> {
        match AddressKind::of(address) {
            AddressKind::Public => None,
            kind => Some(kind).filter(|_| self == Self::Public),
        }
    }
}

impl UrlRefused {
    pub(crate) fn new(host: impl Into<String>, rule: UrlRule) -> Self {
        Self { host: host.into(), rule }
    }

    /// Creates the refusal of a URL under a rule, for example one of your own that goes beyond [`UrlPolicy`].
    pub fn of(url: &Url, rule: UrlRule) -> Self {
        Self::new(url.parse().map(|parts| host_of(&parts)).unwrap_or_default(), rule)
    }

    /// Returns the host, in lower case, without a final dot.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the rule that refused the URL.
    pub fn rule(&self) -> UrlRule {
        self.rule
    }
}

impl fmt::Display for UrlRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = match self.rule {
            UrlRule::NoUrl => return f.write_str("no absolute http or https URL"),
            UrlRule::NotOfProxy => {
                let host = &self.host;
                return write!(f, "`{host:.SHOWN$}` is refused: {}. Name it in `Proxy::new`", self.rule);
            }
            UrlRule::Own => return write!(f, "`{:.SHOWN$}` is refused: it is our own host", self.host),
            UrlRule::Port => {
                "Name the host with its port where you allow its hosts, or use `UrlPolicy::Any` in tests"
            }
            _ => "Allow it with `UrlPolicy::Any` in tests",
        };
        write!(f, "`{:.SHOWN$}` is refused by `UrlPolicy::Public`: {}. {advice}", self.host, self.rule)
    }
}

impl std::error::Error for UrlRefused {}

impl From<UrlRefused> for TransportError {
    fn from(refused: UrlRefused) -> Self {
        Self::new(refused).with_kind(TransportErrorKind::Refused)
    }
}

impl fmt::Display for UrlRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUrl => "no absolute http or https URL",
            Self::Scheme => "not https",
            Self::User => "a user or a password in the URL",
            Self::Fragment => "a fragment in the URL",
            Self::Port => "a port other than 443",
            Self::NoName => "no name of the DNS",
            Self::PrivateName => "a name that leads into a private network",
            Self::Address(kind) => return kind.fmt(f),
            Self::NotOfProxy => "not a host to which the proxy may connect",
            Self::Own => "our own host",
        })
    }
}

/// The host in lower case, without brackets, and without dots at its end. The parser has turned every spelling of an
/// address into one, and other alphabets into ASCII.
pub(crate) fn host_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

/// The address that the host is, if it is no name.
pub(crate) fn literal(url: &url::Url) -> Option<IpAddr> {
    host_of(url).parse().ok()
}

fn name_rule(host: &str) -> Option<UrlRule> {
    let is_label = |label: &str| !label.is_empty() && label.len() <= 63;
    if !host.contains('.') && !PRIVATE_NAMES.contains(&host) {
        return Some(if host.is_empty() { UrlRule::NoName } else { UrlRule::PrivateName });
    }
    if !host.split('.').all(is_label) || host.len() > SHOWN {
        return Some(UrlRule::NoName);
    }
    // Names that end in a number are addresses, to some readers.
    if host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit())) {
        return Some(UrlRule::NoName);
    }
    let is_below =
        |name: &&str| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    let is_private = host.starts_with("metadata.") || PRIVATE_NAMES.iter().any(is_below);
    is_private.then_some(UrlRule::PrivateName)
}

#[cfg(test)]
mod tests {
    use super::UrlPolicy;

    #[test]
    fn names_and_addresses_that_are_not_public_are_refused() {
        for host in [
            "localhost.localdomain",
            "a.localhost",
            "LOCALHOST.",
            "printer.local",
            "db.internal",
            "metadata.google.internal",
            "metadata.example",
            "api.default.svc.cluster.local",
            "api.default.svc",
            "1.0.0.127.in-addr.arpa",
            "single",
            "a..example",
            "127.0.0.1..",
            "198.18.0.1",
            "192.0.0.8",
            "0x7f.1",
            "①②⑦.⓪.⓪.①",
            "[3fff::1]",
            "[64:ff9b::1]",
            "[::1]",
        ] {
            let url = format!("https://{host}/ocpi").parse().expect("a URL");
            assert!(!UrlPolicy::Public.allows(&url), "{host}");
        }
        for host in [
            "cpo.example",
            "notlocal.example",
            "1.1.1.1",
            "[2a00:1450::1]",
            "internal.example",
            "cpo.example.",
        ] {
            let url = format!("https://{host}/ocpi").parse().expect("a URL");
            assert!(UrlPolicy::Public.allows(&url), "{host}");
        }
    }
}
