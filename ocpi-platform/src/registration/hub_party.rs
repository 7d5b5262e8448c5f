//! The party of a hub, which its credentials of 2.3.0 name outside of the roles.

use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::BusinessDetailsInit;
use ocpi_types::{CiString, Role};

use crate::directory::Details;
use crate::party_of;

/// The roles that credentials name, with one for the party of the hub, if that has none. It is judged as the others are: the
/// hub speaks for it, and nobody else does. A platform that the operator named other roles for is no hub. One that was
/// registered before the operator named the party goes on without it.
pub(super) fn with_hub_party(theirs: &Credentials, known: &Details) -> Vec<CredentialsRole> {
    let mut roles = theirs.roles.to_vec();
    let id = theirs.hub_party_id.as_ref().filter(|_| known.allow.has_role(&Role::Hub));
    let Some((id, hub)) = id.and_then(|id| Some((id, party(id)?))) else { return roles };
    let has_role = roles.iter().any(|role| party_of(role) == hub);
    let may_have =
        known.roles.is_empty() || known.allow.parties.contains(&hub) || known.held().contains(&hub);
    if !has_role && may_have {
        roles.extend(role(id, hub));
    }
    roles
}

/// Two letters of country and three characters of party.
fn party(id: &CiString<5>) -> Option<Party> {
    let (country_code, party_id) = id.as_str().split_at_checked(2)?;
    Party::new(country_code, party_id).ok()
}

fn role(id: &CiString<5>, hub: Party) -> Option<CredentialsRole> {
    // A name is required, and nothing else is known of it.
    let name = id.as_str().parse().ok()?;
    let role = CredentialsRoleInit {
        role: Role::Hub,
        business_details: BusinessDetailsInit { name }.into(),
        party_id: hub.party_id,
        country_code: hub.country_code,
    };
    Some(role.into())
}
