//! Credentials in an answer with missing members.

use ocpi_types::json;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::BusinessDetailsInit;
use ocpi_types::{CountryCode, CredentialsToken, PartyId, Role, Url};

use crate::Error;

/// Credentials in an answer with missing members. The partner has committed the registration, and from now on accepts
/// only this token: it must not be lost because something else is missing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartialCredentials {
    /// The token.
    pub token: CredentialsToken,
    /// The URL of the versions, if it can be read.
    pub url: Option<Url>,
    /// The readable roles. Missing business names are empty.
    pub roles: Vec<CredentialsRole>,
}

impl Error {
    /// Reads credentials from the answer to a POST or PUT that reports success but cannot be read as the endpoint's
    /// answer.
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
    /// Credentials with only the token.
    pub struct SaidToken = "Credentials", init SaidTokenInit {
        /// The token.
        pub token: Option<CredentialsToken>,
    }
}

ocpi_types::object! {
    /// Credentials with only the URL.
    pub struct SaidUrl = "Credentials", init SaidUrlInit {
        /// The URL of the versions.
        pub url: Option<Url>,
    }
}

ocpi_types::object! {
    /// Credentials with only the roles.
    pub struct SaidRoles = "Credentials", init SaidRolesInit {
        /// The roles.
        pub roles: Vec<SaidRole>,
    }
}

ocpi_types::object! {
    /// A role in which every member is optional.
    pub struct SaidRole = "CredentialsRole", init SaidRoleInit {
        /// The role.
        pub role: Option<Role>,
        /// The id of the party.
        pub party_id: Option<PartyId>,
        /// Its country.
        pub country_code: Option<CountryCode>,
    }
}
