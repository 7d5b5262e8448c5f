//! Credentials of 2.1.1, which have one party, and of 2.2.1.

use crate::convert::convert_to::convert_members;
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::v2_1_1::credentials as old;
use crate::v2_2_1::credentials as new;
use crate::v2_2_1::types::Role;
use crate::{Extra, NonEmpty};

convert_members! {
    |this, run| old::Credentials => new::Credentials;
    same { token url }
    converted {}
    lost {}
    first {
        let role = run.context().role.clone().ok_or_else(|| Unsupported::at("roles", ConversionRule::RoleUnknown))?;
        run.note(ConversionRule::RoleAssumed, "roles", &role);
        let business_details = run.member("business_details", |run| this.business_details.turn(run))?;
        let (party_id, country_code) = (this.party_id, this.country_code);
    }
    made {
        roles: NonEmpty::of(new::CredentialsRole {
            role, business_details, party_id, country_code, extra: Extra::new(),
        });
    }
}

convert_members! {
    |this, run| new::Credentials => old::Credentials;
    same { token url }
    converted {}
    lost {}
    first {
        let party = run.member("roles", |run| one_of(this.roles, run))?;
    }
    made {
        business_details: run.member("roles", |run| party.business_details.turn(run))?;
        party_id: party.party_id;
        country_code: party.country_code;
    }
}

/// The one party of a connection of 2.1.1: the only one, or the one that the context names.
fn one_of(
    roles: NonEmpty<new::CredentialsRole>,
    run: &mut Step<'_>,
) -> Result<new::CredentialsRole, Unsupported> {
    let context = run.context();
    let party = match context.role {
        Some(Role::Emsp) => context.emsp.as_ref(),
        _ => context.cpo.as_ref(),
    };
    let is_wanted = |role: &new::CredentialsRole| {
        context.role.as_ref().is_none_or(|wanted| role.role == *wanted)
            && party.is_none_or(|party| {
                party.country_code == role.country_code && party.party_id == role.party_id
            })
    };
    let wanted: Vec<usize> =
        roles.iter().enumerate().filter(|(_, role)| is_wanted(role)).map(|(index, _)| index).collect();
    let chosen = match (roles.len(), wanted.as_slice()) {
        (1, _) => 0,
        (_, [only]) => *only,
        _ => return Err(Unsupported::new(ConversionRule::Party)),
    };
    let mut found = None;
    for (index, role) in roles.into_iter().enumerate() {
        if index == chosen {
            found = Some(role);
        } else {
            run.note(ConversionRule::OnlyOne, &index.to_string(), &role);
        }
    }
    let role = found.ok_or_else(|| Unsupported::new(ConversionRule::Party))?;
    run.element(chosen, |run| {
        if context.role.as_ref() != Some(&role.role) {
            run.note(ConversionRule::NoMember, "role", &role.role);
        }
        run.lose_extra(&role.extra);
        Ok(())
    })?;
    Ok(role)
}
