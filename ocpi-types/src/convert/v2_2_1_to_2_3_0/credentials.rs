//! Credentials of 2.2.1, in which a hub is a role, and of 2.3.0, which name the hub outside of the roles.

use crate::convert::convert_to::{convert_members, step};
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::json::{self, RawJson};
use crate::protocol::Party;
use crate::v2_2_1::credentials as old;
use crate::v2_2_1::credentials::{CredentialsRole, CredentialsRoleInit};
use crate::v2_2_1::locations::BusinessDetailsInit;
use crate::v2_2_1::types::Role;
use crate::v2_3_0::credentials as new;
use crate::{CiString, Extra, NonEmpty};

convert_members! {
    |this, run| old::Credentials => new::Credentials;
    same { token url roles }
    converted {}
    lost {}
    made { hub_party_id: None; }
}

convert_members! {
    |this, run| new::Credentials => old::Credentials;
    same { token url roles }
    converted {}
    lost {}
    prepare { merge_others(&mut this.roles, run); }
    first { give_role(this.hub_party_id, &mut this.roles, &mut this.extra, run); }
}

/// Under this name the role of a hub is carried along whose party has another role beside it.
const HUB_ROLE: &str = "hub_role";

/// Credentials of 2.3.0. The hub moves out of the roles: its party stays there as one of no other role, because a list of
/// roles needs one. If it has that role already, the role of the hub is carried along. A second hub has no other place
/// than its role.
pub(in crate::convert) fn of_2_2_1(
    mut credentials: old::Credentials,
    run: &mut Step<'_>,
) -> Result<new::Credentials, Unsupported> {
    let before = run.told();
    let hub_party_id = take_hub(&mut credentials, run);
    let credentials: new::Credentials = run.after(before, |run| step(credentials, run))?;
    Ok(new::Credentials { hub_party_id, ..credentials })
}

fn take_hub(credentials: &mut old::Credentials, run: &mut Step<'_>) -> Option<CiString<5>> {
    let place = credentials.roles.iter().position(|role| role.role == Role::Hub)?;
    let hub = credentials.roles.get(place)?.clone();
    let hub_party_id: CiString<5> = format!("{}{}", hub.country_code, hub.party_id).parse().ok()?;
    let is_taken = |other: &CredentialsRole| other.role == Role::Other && is_same_party(other, &hub);
    if credentials.roles.iter().any(is_taken) {
        let _ = run.member("roles", |run| {
            run.note_element(ConversionRule::MemberKept, place, &hub);
            Ok(())
        });
        credentials.extra.insert(HUB_ROLE, RawJson::walked(&json::to_string(&hub)));
        without(&mut credentials.roles, &[place]);
    } else if let Some(role) = credentials.roles.iter_mut().nth(place) {
        role.role = Role::Other;
    }
    run.note(ConversionRule::HubAssumed, "hub_party_id", &hub_party_id);
    Some(hub_party_id)
}

/// Takes roles out of the list.
fn without(roles: &mut NonEmpty<CredentialsRole>, places: &[usize]) {
    let mut place = 0;
    roles.elements_mut().retain(|_| {
        let stays = !places.contains(&place);
        place += 1;
        stays
    });
}

/// In 2.2.1 a PTP is a party of no other role: one that is listed as such already is not listed twice.
fn merge_others(roles: &mut NonEmpty<CredentialsRole>, run: &mut Step<'_>) {
    let is_repeated = |place: usize, role: &CredentialsRole| {
        let is_other = |(at, other): (usize, &CredentialsRole)| {
            is_same_party(other, role)
                && (other.role == Role::Other || (other.role == Role::Ptp && at < place))
        };
        role.role == Role::Ptp && roles.iter().enumerate().any(is_other)
    };
    let repeated: Vec<usize> = roles
        .iter()
        .enumerate()
        .filter(|(place, role)| is_repeated(*place, role))
        .map(|(place, _)| place)
        .collect();
    if repeated.is_empty() {
        return;
    }
    let _ = run.member("roles", |run| {
        for (place, role) in roles.iter().enumerate().filter(|(place, _)| repeated.contains(place)) {
            run.note_element(ConversionRule::EnumValue, place, role);
        }
        Ok(())
    });
    without(roles, &repeated);
}

/// Gives the hub its role: the one that was carried along, the place of its entry of no other role, or one of its own.
fn give_role(
    hub_party_id: Option<CiString<5>>,
    roles: &mut NonEmpty<CredentialsRole>,
    extra: &mut Extra,
    run: &mut Step<'_>,
) {
    let carried = extra.get(HUB_ROLE).and_then(|raw| json::read::<CredentialsRole>(raw.as_bytes()).ok());
    let carried = carried.map(|read| read.value).filter(|role| {
        let hub = format!("{}{}", role.country_code, role.party_id);
        role.role == Role::Hub
            && hub_party_id.as_ref().is_some_and(|id| id.as_str().eq_ignore_ascii_case(&hub))
    });
    if let Some(role) = carried {
        extra.remove(HUB_ROLE);
        return roles.push(role);
    }
    run.outdate(HUB_ROLE, extra);
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
