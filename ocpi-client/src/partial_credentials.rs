//! Credentials in an answer that is no whole object.

use ocpi_types::json;
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
        let answer: Answer = json::from_slice(self.body()).ok().filter(|_| is_success)?;
        if answer.status_code.is_some_and(|code| !(1000..2000).contains(&code)) {
            return None;
        }
        let said = answer.data?;
        // A token that cannot be sent is none.
        let token: CredentialsToken = said.token.as_ref()?.expose().parse().ok()?;
        let roles = said.roles.iter().filter_map(SaidRole::read).collect();
        Some(PartialCredentials { token, url: said.url.clone(), roles })
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
    /// An envelope.
    pub struct Answer = "Answer", init AnswerInit {
        /// The credentials.
        pub data: Option<Box<Said>>,
        /// The status.
        pub status_code: Option<i64>,
    }
}

ocpi_types::object! {
    /// Credentials of which everything may be missing.
    pub struct Said = "Credentials", init SaidInit {
        /// The token.
        pub token: Option<CredentialsToken>,
        /// The URL of the versions.
        pub url: Option<Url>,
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
