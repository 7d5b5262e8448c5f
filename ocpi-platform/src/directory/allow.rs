//! Parties, hosts and roles that a partner may have.

use std::collections::BTreeSet;

use ocpi_types::protocol::Party;
use ocpi_types::{Role, Text, Url};

/// Parties, hosts and roles that the operator expects of a partner. It comes from the operator, never from the partner:
/// anything else in a partner's credentials needs approval.
///
/// ```
/// use ocpi_platform::Allow;
/// use ocpi_types::{Role, protocol::Party};
/// let allow = Allow::default().party(Party::new("DE", "EMP")?).host("emsp.example").role(Role::Emsp);
/// assert_eq!(allow.hosts, ["emsp.example"]);
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Allow {
    /// Parties that the partner may speak for.
    pub parties: BTreeSet<Party>,
    /// Hosts of the partner's URLs, with the port if it is not 443: `ocpi.example`, `ocpi.example:8443`.
    pub hosts: Vec<String>,
    /// Roles of the partner. Empty: any.
    pub roles: Vec<Role>,
}

impl Allow {
    /// Adds a party. A party with a code that is empty, or contains `/`, `>` or a control character, is refused anyway
    /// when the partner registers with it.
    #[must_use]
    pub fn party(mut self, party: Party) -> Self {
        self.parties.insert(party);
        self
    }

    /// Adds a host.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        let host = folded(&host.into());
        if !self.hosts.contains(&host) {
            self.hosts.push(host);
        }
        self
    }

    /// Adds a role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        if !self.roles.contains(&role) {
            self.roles.push(role);
        }
        self
    }

    /// Whether nothing is allowed explicitly.
    pub fn is_empty(&self) -> bool {
        self.parties.is_empty() && self.hosts.is_empty() && self.roles.is_empty()
    }

    /// Whether the host of a URL is named.
    pub(crate) fn has_host_of(&self, url: &Url) -> bool {
        host_of(url).is_some_and(|host| self.hosts.iter().any(|known| folded(known) == host))
    }

    /// Whether a role is named, or any is good.
    pub(crate) fn has_role(&self, role: &Role) -> bool {
        self.roles.is_empty() || self.roles.contains(role)
    }
}

/// The host of a URL, with its port if that is not the usual one.
pub(crate) fn host_of(url: &Url) -> Option<String> {
    let parts = url.parse().ok()?;
    let host = folded(parts.host_str()?);
    Some(match parts.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

fn folded(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

ocpi_types::object! {
    /// [`Allow`] as it is stored.
    pub struct StoredAllow = "Allow", init StoredAllowInit {
        /// Parties, as `CC/PID`.
        pub parties: Vec<Text<0>>,
        /// Hosts.
        pub hosts: Vec<Text<0>>,
        /// Roles.
        pub roles: Vec<Role>,
    }
}

impl Allow {
    pub(super) fn stored(&self) -> StoredAllow {
        let texts = |texts: &[String]| texts.iter().filter_map(|text| text.parse().ok()).collect();
        StoredAllow {
            parties: party_texts(&self.parties),
            hosts: texts(&self.hosts),
            roles: self.roles.clone(),
            ..StoredAllowInit {}.into()
        }
    }

    pub(super) fn of_stored(stored: StoredAllow) -> Option<Self> {
        let hosts = stored.hosts.iter().map(|host| host.as_str().to_owned()).collect();
        Some(Self { parties: parties_of(&stored.parties)?.into_iter().collect(), hosts, roles: stored.roles })
    }
}

pub(super) fn party_texts<'a>(parties: impl IntoIterator<Item = &'a Party>) -> Vec<Text<0>> {
    parties.into_iter().filter_map(|party| party.to_string().parse().ok()).collect()
}

pub(super) fn parties_of(texts: &[Text<0>]) -> Option<Vec<Party>> {
    texts.iter().map(|text| party_from(text.as_str())).collect()
}

/// Reads a party as it is written.
pub(crate) fn party_from(text: &str) -> Option<Party> {
    let (country, party) = text.split_once('/')?;
    // Partners have ids of other forms; those that were stored must be read.
    Party::lenient(country, party)
}
