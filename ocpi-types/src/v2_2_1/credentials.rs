//! Credentials: registration of two platforms with each other, and the tokens they authenticate with.
//!
//! One platform sends its credentials with POST, the other answers with its own. PUT renews tokens,
//! roles or the version in use, DELETE ends the connection. Any party can be on either side.
//!
//! Spec: 2.2.1 credentials

use super::locations::BusinessDetails;
use super::types::Role;

object! {
    /// Connection data of a platform for its partner: the token to use, the URL to start from and its parties.
    ///
    /// A hub lists itself only, with role `HUB`. The parties connected to it are published through the hub
    /// client info module.
    ///
    /// Spec: 2.2.1 credentials §credentials_object
    pub struct Credentials = "Credentials", init CredentialsInit, rules credentials_rules {
        /// The token the other side must send to the platform that made this object. Printable ASCII
        /// without blanks.
        pub token: CredentialsToken,
        /// Where the versions endpoint of the platform is.
        pub url: Url,
        /// The parties on this platform. No two may agree in role, country and party id together. The same
        /// role may occur for several parties.
        pub roles: NonEmpty<CredentialsRole>,
    }
}

object! {
    /// One party on a platform, in one role.
    ///
    /// Spec: 2.2.1 credentials §credentials_role_class
    pub struct CredentialsRole = "CredentialsRole", init CredentialsRoleInit {
        /// Role of the party.
        pub role: Role,
        /// Name, website and logo of the party.
        pub business_details: BusinessDetails,
        /// Id of the party, three characters; identifies it together with the country. Need not match the
        /// operator part of its EVSE ids.
        pub party_id: PartyId,
        /// Country of the party, as an ISO 3166-1 alpha-2 code. One that works in several countries may use
        /// its home country everywhere.
        pub country_code: CountryCode,
    }
}
use crate::macros::object;
use crate::{Check, CountryCode, CredentialsToken, NonEmpty, Object, PartyId, Rule, Url, rules};

fn credentials_rules(credentials: &Credentials, check: &mut Check) {
    let key = |role: &CredentialsRole| (role.role.clone(), role.country_code.clone(), role.party_id.clone());
    if credentials.roles.iter().all(|role| role.extra.is_read(CredentialsRole::INFO)) {
        rules::unique(check, "roles", &credentials.roles, key, Rule::DuplicateRole);
    }
}
