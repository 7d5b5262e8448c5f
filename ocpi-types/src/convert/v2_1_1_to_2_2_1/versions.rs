//! Version details of 2.1.1, which list one interface of each module, and of 2.2.1.

use crate::NonEmpty;
use crate::convert::convert_to::{convert_members, renamed};
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::v2_1_1::versions as old;
use crate::v2_2_1::types::Role;
use crate::v2_2_1::versions as new;
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};

convert_members! {
    |this, run| old::VersionDetails => new::VersionDetails;
    same { version }
    converted { endpoints: endpoints; }
    lost {}
}

convert_members! {
    |this, run| new::VersionDetails => old::VersionDetails;
    same { version }
    converted { endpoints: endpoints by one_side; }
    lost {}
}

convert_members! {
    |this, run| old::Endpoint => new::Endpoint;
    same { identifier url }
    converted {}
    lost {}
    first {
        let side = side(&this.identifier, run.context().role.as_ref());
        let side = side.ok_or_else(|| Unsupported::at("role", ConversionRule::RoleUnknown))?;
        run.note(ConversionRule::RoleAssumed, "role", &side);
    }
    made { role: side; }
}

convert_members! {
    |this, run| new::Endpoint => old::Endpoint;
    same { identifier }
    converted { url: url by renamed; }
    lost {}
    first {
        if side(&this.identifier, run.context().role.as_ref()).as_ref() != Some(&this.role) {
            run.lose("role", &this.role);
        }
    }
}

/// The side of a module that a platform of 2.1.1 serves, by its role.
fn side(module: &ModuleId, role: Option<&Role>) -> Option<InterfaceRole> {
    let Some(cpo_sends) = cpo_sends(module) else {
        // Of no meaning there; this is what 2.2.1 asks to be sent.
        return Some(InterfaceRole::Sender);
    };
    let sends = cpo_sends == (*role? == Role::Cpo);
    Some(if sends { InterfaceRole::Sender } else { InterfaceRole::Receiver })
}

/// Whether the CPO is the Sender of a module, of a CPO and an eMSP; `None` of a module of which each is both.
pub(in crate::convert) fn cpo_sends(module: &ModuleId) -> Option<bool> {
    match module {
        ModuleId::Credentials => None,
        ModuleId::Tokens | ModuleId::Commands => Some(false),
        _ => Some(true),
    }
}

/// One endpoint for each module: the only one, or the one of the side that the platform serves there.
fn one_side(
    endpoints: NonEmpty<new::Endpoint>,
    run: &mut Step<'_>,
) -> Result<NonEmpty<old::Endpoint>, Unsupported> {
    let endpoints = endpoints.into_vec();
    let is_wanted: Vec<bool> =
        endpoints.iter().map(|endpoint| is_wanted(endpoint, &endpoints, run)).collect();
    let mut converted = Vec::with_capacity(endpoints.len());
    for (index, (endpoint, is_wanted)) in endpoints.into_iter().zip(is_wanted).enumerate() {
        if is_wanted {
            converted.push(run.element(index, |run| crate::convert::convert_to::converted(endpoint, run))?);
        } else {
            run.note(ConversionRule::OnlyOne, &index.to_string(), &endpoint);
        }
    }
    NonEmpty::try_from(converted).map_err(|_| Unsupported::new(ConversionRule::Emptied))
}

fn is_wanted(endpoint: &new::Endpoint, all: &[new::Endpoint], run: &Step<'_>) -> bool {
    let of_module = |other: &&new::Endpoint| other.identifier == endpoint.identifier;
    let is_first = all.iter().find(of_module).is_some_and(|first| std::ptr::eq(first, endpoint));
    if endpoint.identifier == ModuleId::Credentials {
        return is_first;
    }
    match side(&endpoint.identifier, run.context().role.as_ref()) {
        Some(side) => endpoint.role == side,
        // The role of the platform is not known: the side that has the data.
        None => all.iter().filter(of_module).count() == 1 || endpoint.role == InterfaceRole::Sender,
    }
}
