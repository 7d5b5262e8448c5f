//! Roles of a partner of 2.1.1, whose credentials state none.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{Role, Version};

use crate::Platform;
use crate::directory::Details;

impl<S: Store, T: Transport> Platform<S, T> {
    /// The roles that credentials name; those of 2.1.1, which name a party alone, with each role that it may have.
    ///
    /// The modules of the partner tell nothing: in 2.1.1 a CPO and an eMSP have the same ones, and whoever is both may name
    /// each once or twice.
    pub(super) fn with_unsaid_roles(
        &self,
        version: Version,
        said: Vec<CredentialsRole>,
        known: &Details,
    ) -> Vec<CredentialsRole> {
        if version > Version::V2_1_1 {
            return said;
        }
        let ours: Vec<Role> = self.settings.roles.iter().map(|role| role.role.clone()).collect();
        let may_have = unsaid_roles(&ours, known);
        // A party with two roles is one party.
        let of = |party: CredentialsRole| {
            may_have.iter().map(move |role| CredentialsRole { role: role.clone(), ..party.clone() })
        };
        said.into_iter().flat_map(of).collect()
    }
}

/// The roles that a partner has already; else those of a CPO and an eMSP that the operator named; else those to which
/// a platform with our roles is of use.
fn unsaid_roles(ours: &[Role], known: &Details) -> Vec<Role> {
    // Not those by which it has rights: they do not tell every role from others.
    let mut held: Vec<Role> = Vec::new();
    for role in known.roles.iter().map(|role| &role.role) {
        if !held.contains(role) {
            held.push(role.clone());
        }
    }
    if !held.is_empty() {
        return held;
    }
    let is_cpo_or_emsp = |role: &&Role| matches!(role, Role::Cpo | Role::Emsp);
    let named: Vec<Role> = known.allow.roles.iter().filter(is_cpo_or_emsp).cloned().collect();
    match (named.is_empty(), known.allow.roles.is_empty()) {
        (false, _) => named,
        // The operator knows what it is.
        (true, false) => known.allow.roles.clone(),
        (true, true) => {
            [Role::Cpo, Role::Emsp].into_iter().filter(|theirs| is_of_use(ours, theirs)).collect()
        }
    }
}

/// Whether a partner in a role has something to do with a platform in one of ours.
fn is_of_use(ours: &[Role], theirs: &Role) -> bool {
    ours.iter().any(|ours| match ours {
        Role::Cpo => *theirs == Role::Emsp,
        Role::Hub => true,
        _ => *theirs == Role::Cpo,
    })
}

#[cfg(test)]
mod tests {
    use ocpi_types::Role::{Cpo, Emsp, Hub, Nsp};

    use super::unsaid_roles;
    use crate::Allow;
    use crate::directory::Details;
    use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
    use ocpi_types::v2_3_0::locations::BusinessDetailsInit;

    fn named(roles: &[ocpi_types::Role]) -> Details {
        let allow = roles.iter().cloned().fold(Allow::default(), Allow::role);
        Details { allow, ..Details::default() }
    }

    #[test]
    fn it_is_the_other_side_unless_the_operator_named_it() {
        let anything = named(&[]);
        assert_eq!(unsaid_roles(&[Cpo], &anything), [Emsp]);
        assert_eq!(unsaid_roles(&[Emsp], &anything), [Cpo]);
        assert_eq!(unsaid_roles(&[Nsp], &anything), [Cpo]);
        assert_eq!(unsaid_roles(&[Cpo, Emsp], &anything), [Cpo, Emsp]);
        assert_eq!(unsaid_roles(&[Hub], &anything), [Cpo, Emsp]);
        assert_eq!(unsaid_roles(&[Cpo, Emsp], &named(&[Emsp])), [Emsp]);
        assert_eq!(unsaid_roles(&[Emsp], &named(&[Cpo, Emsp, Hub])), [Cpo, Emsp]);
        assert_eq!(unsaid_roles(&[Cpo], &named(&[Nsp])), [Nsp]);
    }

    #[test]
    fn it_keeps_the_roles_that_it_has() {
        let party = |role: &ocpi_types::Role| {
            let name = BusinessDetailsInit { name: "One of many".parse().expect("a name") };
            CredentialsRole::from(CredentialsRoleInit {
                role: role.clone(),
                business_details: name.into(),
                party_id: "TWO".parse().expect("a party"),
                country_code: "BE".parse().expect("a country"),
            })
        };
        let held = |roles: &[ocpi_types::Role], is_hub| Details {
            roles: roles.iter().map(party).collect(),
            is_hub,
            ..named(&[Nsp])
        };
        assert_eq!(unsaid_roles(&[Cpo, Emsp], &held(&[Cpo, Cpo], false)), [Cpo]);
        assert_eq!(unsaid_roles(&[Cpo, Emsp], &held(&[Emsp], true)), [Emsp]);
    }
}
