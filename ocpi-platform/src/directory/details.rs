//! Parties and endpoints of a partner, which may be many.

use std::collections::BTreeSet;

use ocpi_types::Text;
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;

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
    /// What it asked for beyond what is allowed; it waits for approval.
    pub(crate) asked: Vec<CredentialsRole>,
    pub(crate) endpoints: Vec<Endpoint>,
}

impl Details {
    /// The parties that it speaks for, in order.
    pub(crate) fn parties(&self) -> Vec<Party> {
        let parties: BTreeSet<Party> = self.roles.iter().map(party_of).collect();
        parties.into_iter().collect()
    }

    /// Whether a party is its own, or reserved for it.
    pub(crate) fn holds(&self, party: &Party) -> bool {
        self.reserved.contains(party) || self.roles.iter().any(|role| party_of(role) == *party)
    }

    /// Once the partner has left: its parties stay reserved.
    pub(crate) fn left(&self) -> Self {
        Self { roles: Vec::new(), asked: Vec::new(), endpoints: Vec::new(), ..self.with_roles(Vec::new()) }
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
            ..StoredDetailsInit { allow: self.allow.stored() }.into()
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
        })
    }
}

ocpi_types::object! {
    /// Details as they are stored.
    pub struct StoredDetails = "PartnerDetails", init StoredDetailsInit {
        /// What is allowed.
        pub allow: StoredAllow,
        /// For whom it speaks.
        pub roles: Vec<CredentialsRole>,
        /// Parties that are reserved, as `CC/PID`.
        pub reserved: Vec<Text<0>>,
        /// What waits for approval.
        pub asked: Vec<CredentialsRole>,
        /// Its endpoints.
        pub endpoints: Vec<Endpoint>,
    }
}
