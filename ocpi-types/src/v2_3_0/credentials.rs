//! Credentials: registration of two platforms with each other, and the tokens they authenticate with.
//!
//! One platform sends its credentials with POST, the other answers with its own. PUT renews tokens,
//! roles or the version in use, DELETE ends the connection. Any party can be on either side.
//!
//! Spec: 2.3.0 credentials

// The same as in 2.2.1.
pub use crate::v2_2_1::credentials::{CredentialsRole, CredentialsRoleInit};

use crate::macros::object;
use crate::{Check, CiString, CountryCode, CredentialsToken, NonEmpty, Object, Rule, Url, rules};

object! {
    /// Connection data of a platform for its partner: the token to use, the URL to start from and its parties.
    ///
    /// New against 2.2.1 is `hub_party_id`, in place of the role `HUB`. A hub is now expected to list in
    /// `roles` every party that can be reached through it, where in 2.2.1 it listed only itself.
    ///
    /// Spec: 2.3.0 credentials §credentials_object
    pub struct Credentials = "Credentials", init CredentialsInit, rules credentials_rules {
        /// The token the other side must send to the platform that made this object. Printable ASCII
        /// without blanks.
        pub token: CredentialsToken,
        /// Where the versions endpoint of the platform is.
        pub url: Url,
        /// The hub on this platform: two letters of country followed by three characters of party id.
        /// Required when the platform routes messages as a hub, absent otherwise.
        pub hub_party_id: Option<CiString<5>>,
        /// The parties on this platform. No two may agree in role, country and party id together. The same
        /// role may occur for several parties.
        pub roles: NonEmpty<CredentialsRole>,
    }
}

fn credentials_rules(credentials: &Credentials, check: &mut Check) {
    let hub = credentials.hub_party_id.as_ref().map(CiString::as_str);
    if let Some(country) = hub.and_then(|hub| hub.get(..2)?.parse::<CountryCode>().ok()) {
        check.expect_at("hub_party_id", country.is_known(), Rule::CountryUnknown);
    }
    let key = |role: &CredentialsRole| (role.role.clone(), role.country_code.clone(), role.party_id.clone());
    if credentials.roles.iter().all(|role| role.extra.is_read(CredentialsRole::INFO)) {
        rules::unique(check, "roles", &credentials.roles, key, Rule::DuplicateRole);
    }
}
