//! Credentials in an answer that is no whole object.

use ocpi_types::json;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::BusinessDetailsInit;
use ocpi_types::{CountryCode, CredentialsToken, PartyId, Role, Url};

use crate::Error;

/// Credentials in an answer that is no whole object. The partner has committed, and from now on knows us by this token
/// only: it must not be lost because something else is missing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartialCredentials {
    /// The token.
    pub token: CredentialsToken,
    /// The URL of the versions, if it can be read.
    pub url: Option<Url>,
    /// The roles that can be read. Names of businesses may be missing: then they are empty.
    pub roles: Vec<CredentialsRole>,
}

impl Error {
    /// Reads credentials from the answer to a POST or PUT that says success, but is not what the endpoint answers with.
    pub fn credentials(&self) -> Option<PartialCredentials> {
        let is_success = self.http_status().is_none_or(|status| status.is_success());
        let answer = Envelope::read(self.body()).ok().filter(|_| is_success)?;
        if answer.head.status_code.is_some_and(|code| !code.is_success()) {
            return None;
        }
        let data = answer.data?;
        // Each is read by itself, whatever the others are. A token that cannot be sent is none.
        let said: SaidToken = json::from_str(data).ok()?;
        let token: CredentialsToken = said.token.as_ref()?.expose().parse().ok()?;
        let url = json::from_str::<SaidUrl>(data).ok().and_then(|said| said.url);
        let roles = json::from_str::<SaidRoles>(data).map(|said| said.roles).unwrap_or_default();
        Some(PartialCredentials { token, url, roles: roles.iter().filter_map(SaidRole::read).collect() })
    }
}

impl SaidRole {
    fn read(&self) -> Option<CredentialsRole> {
        let init = CredentialsRoleInit {
            role: self.role.clone()?,
            business_details: BusinessDetailsInit { name: "-".parse().ok()? }.into(),
            party_id: self.party_id.clone()?,
            country_code: self.country_code.clone()?,
        };
        Some(init.into())
    }
}

ocpi_types::object! {
    /// Credentials of which only the token is read.
    pub struct SaidToken = "Credentials", init SaidTokenInit {
        /// The token.
        pub token: Option<CredentialsToken>,
    }
}

ocpi_types::object! {
    /// Credentials of which only the URL is read.
    pub struct SaidUrl = "Credentials", init SaidUrlInit {
        /// The URL of the versions.
        pub url: Option<Url>,
    }
}

ocpi_types::object! {
    /// Credentials of which only the roles are read.
    pub struct SaidRoles = "Credentials", init SaidRolesInit {
        /// The roles.
        pub roles: Vec<SaidRole>,
    }
}

ocpi_types::object! {
    /// A role of which everything may be missing.
    pub struct SaidRole = "CredentialsRole", init SaidRoleInit {
        /// The role.
        pub role: Option<Role>,
        /// The id of the party.
        pub party_id: Option<PartyId>,
        /// Its country.
        pub country_code: Option<CountryCode>,
    }
}
