//! Credentials of 2.2.1, in which a hub is a role, and of 2.3.0, in which it is named beside the roles.

use crate::convert::kinds::step;
use crate::convert::turn::turns;
use crate::convert::{Conversion, ConversionRule, Misfit};
use crate::transport::Party;
use crate::v2_2_1::credentials as old;
use crate::v2_2_1::credentials::{CredentialsRole, CredentialsRoleInit};
use crate::v2_2_1::locations::BusinessDetailsInit;
use crate::v2_2_1::types::Role;
use crate::v2_3_0::credentials as new;
use crate::{CiString, NonEmpty};

turns! {
    |this, run| old::Credentials => new::Credentials;
    same { token url roles }
    turned {}
    lost {}
    made { hub_party_id: None; }
}

turns! {
    |this, run| new::Credentials => old::Credentials;
    same { token url roles }
    turned {}
    lost {}
    first { give_role(this.hub_party_id, &mut this.roles, run); }
}

/// Credentials of 2.3.0. The hub moves out of the roles: its party stays there as one of no other role, because a list of
/// roles needs one. A second hub has no other place than its role.
pub(in crate::convert) fn of_2_2_1(
    mut credentials: old::Credentials,
    run: &mut Conversion<'_>,
) -> Result<new::Credentials, Misfit> {
    let place = credentials.roles.iter().position(|role| {
        let is_taken = |other: &CredentialsRole| other.role == Role::Other && is_same_party(other, role);
        role.role == Role::Hub && !credentials.roles.iter().any(is_taken)
    });
    let mut hub_party_id = None;
    if let Some(role) = place.and_then(|place| credentials.roles.iter_mut().nth(place)) {
        hub_party_id = format!("{}{}", role.country_code, role.party_id).parse().ok();
        if hub_party_id.is_some() {
            role.role = Role::Other;
            run.note(ConversionRule::HubAssumed, "hub_party_id", &hub_party_id);
        }
    }
    let credentials: new::Credentials = step(credentials, run)?;
    Ok(new::Credentials { hub_party_id, ..credentials })
}

/// Gives the hub its role: in the place of its entry of no other role, or in one of its own.
fn give_role(
    hub_party_id: Option<CiString<5>>,
    roles: &mut NonEmpty<CredentialsRole>,
    run: &mut Conversion<'_>,
) {
    let Some(hub) = hub_party_id else { return };
    let Some(party) = party(&hub) else { return run.note(ConversionRule::NoMember, "hub_party_id", &hub) };
    let is_hub =
        |role: &CredentialsRole| role.country_code == party.country_code && role.party_id == party.party_id;
    if let Some(role) = roles.iter_mut().find(|role| role.role == Role::Other && is_hub(role)) {
        role.role = Role::Hub;
        return;
    }
    let known = roles.iter().find(|role| is_hub(role)).map(|role| role.business_details.clone());
    let role: CredentialsRole = CredentialsRoleInit {
        role: Role::Hub,
        // A name is required, and nothing else is known of it.
        business_details: known.unwrap_or_else(|| BusinessDetailsInit { name: hub.into_text() }.into()),
        party_id: party.party_id,
        country_code: party.country_code,
    }
    .into();
    let index = roles.len();
    // It is at its place in the result.
    run.note_at(ConversionRule::HubAssumed, ["roles", &index.to_string()], &role);
    roles.push(role);
}

fn is_same_party(one: &CredentialsRole, other: &CredentialsRole) -> bool {
    one.country_code == other.country_code && one.party_id == other.party_id
}

/// Two letters of country and three characters of party.
fn party(hub: &CiString<5>) -> Option<Party> {
    let (country_code, party_id) = hub.as_str().split_at_checked(2)?;
    Party::new(country_code, party_id).ok()
}
