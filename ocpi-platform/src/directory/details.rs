//! Parties and endpoints of a partner, which may be many.

use std::collections::BTreeSet;

use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{Role, Text};

use super::allow::{Allow, StoredAllow, parties_of, party_texts};

use crate::party_of;

/// The part of a partner's record that is as large as the partner likes. It is written together with the record, which
/// has its number: two of the same number are the same.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Details {
    pub(crate) allow: Allow,
    /// For whom it speaks.
    pub(crate) roles: Vec<CredentialsRole>,
    /// Parties that it spoke for once, and that nobody else gets before the operator releases them.
    pub(crate) reserved: Vec<Party>,
    /// Roles that it asked for beyond those allowed; they wait for approval.
    pub(crate) asked: Vec<CredentialsRole>,
    pub(crate) endpoints: Vec<Endpoint>,
    /// Whether it says that it is a hub.
    pub(crate) is_hub: bool,
}

impl Details {
    /// The parties that it speaks for, in order.
    pub(crate) fn parties(&self) -> Vec<Party> {
        let parties: BTreeSet<Party> = self.roles.iter().map(party_of).collect();
        parties.into_iter().collect()
    }

    /// The parties that are its own, or reserved for it.
    pub(crate) fn held(&self) -> BTreeSet<Party> {
        self.roles.iter().map(party_of).chain(self.reserved.iter().cloned()).collect()
    }

    /// Once the partner has left: its parties stay reserved.
    pub(crate) fn left(&self) -> Self {
        Self { asked: Vec::new(), endpoints: Vec::new(), ..self.with_roles(Vec::new()) }
    }

    /// Those of some roles that are not the partner's, to the last letter.
    pub(crate) fn without_its_roles(&self, roles: Vec<CredentialsRole>) -> Vec<CredentialsRole> {
        let its: BTreeSet<Vec<u8>> = self.roles.iter().map(json::to_vec).collect();
        roles.into_iter().filter(|role| !its.contains(&json::to_vec(role))).collect()
    }

    /// Whether it says that it is a hub, and the operator has named no roles: that has to be approved. The role `HUB` (of
    /// 2.2.1) is asked for as other roles are.
    pub(crate) fn asks_for_hub(&self) -> bool {
        let mut roles = self.roles.iter().chain(&self.asked);
        self.is_hub && self.allow.roles.is_empty() && !roles.any(|role| role.role == Role::Hub)
    }

    /// The roles, each once, by which it may use our modules. It is a hub only if the operator named or approved that.
    pub(crate) fn distinct_roles(&self) -> Vec<Role> {
        let mut all: Vec<Role> = Vec::new();
        let hub = (self.is_hub && self.allow.roles.contains(&Role::Hub)).then_some(Role::Hub);
        // A role that is not known may do what OTHER may: so there are few, whatever the partner makes up.
        let known = |role: &Role| if matches!(role, Role::Custom(_)) { Role::Other } else { role.clone() };
        for role in self.roles.iter().map(|role| known(&role.role)).chain(hub) {
            if !all.contains(&role) {
                all.push(role);
            }
        }
        all
    }

    /// With the roles that it has as those that are allowed, that of a hub included: others have to be approved.
    pub(crate) fn bound_to_its_roles(mut self) -> Self {
        if self.asks_for_hub() {
            self.allow = self.allow.role(Role::Hub);
        }
        let roles = self.distinct_roles();
        Self { allow: roles.into_iter().fold(self.allow.clone(), Allow::role), ..self }
    }

    /// With other roles: parties that are gone stay reserved, parties that came back are so no more.
    pub(crate) fn with_roles(&self, roles: Vec<CredentialsRole>) -> Self {
        let now: BTreeSet<Party> = roles.iter().map(party_of).collect();
        let before = self.parties().into_iter().chain(self.reserved.iter().cloned());
        let reserved: BTreeSet<Party> = before.filter(|party| !now.contains(party)).collect();
        Self { roles, reserved: reserved.into_iter().collect(), ..self.clone() }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let stored = StoredDetails {
            roles: self.roles.clone(),
            reserved: party_texts(&self.reserved),
            asked: self.asked.clone(),
            endpoints: self.endpoints.clone(),
            ..StoredDetailsInit { allow: self.allow.stored(), is_hub: self.is_hub }.into()
        };
        json::to_vec(&stored)
    }

    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let stored: StoredDetails = json::read_within(body, Limits::trusted()).ok()?.value;
        Some(Self {
            allow: Allow::of_stored(stored.allow)?,
            reserved: parties_of(&stored.reserved)?,
            roles: stored.roles,
            asked: stored.asked,
            endpoints: stored.endpoints,
            is_hub: stored.is_hub,
        })
    }
}

ocpi_types::object! {
    /// Details as they are stored.
    pub struct StoredDetails = "PartnerDetails", init StoredDetailsInit {
        /// Parties, hosts and roles that are allowed.
        pub allow: StoredAllow,
        /// For whom it speaks.
        pub roles: Vec<CredentialsRole>,
        /// Parties that are reserved, as `CC/PID`.
        pub reserved: Vec<Text<0>>,
        /// Roles that wait for approval.
        pub asked: Vec<CredentialsRole>,
        /// Its endpoints.
        pub endpoints: Vec<Endpoint>,
        /// Whether it says that it is a hub.
        pub is_hub: bool,
    }
}
