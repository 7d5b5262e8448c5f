//! Parties of credentials.

use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;

/// The party of a role.
pub(crate) fn party_of(role: &CredentialsRole) -> Party {
    Party { country_code: role.country_code.clone(), party_id: role.party_id.clone() }
}
