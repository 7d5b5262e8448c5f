//! Partners in the store: their records, tokens and parties.
//!
//! | Document | Key | Contents |
//! |---|---|---|
//! | `Partner` | id | the [`Record`](crate::trust::Record): state, hashes of tokens, connection settings; read in each
//! request |
//! | `PartnerDetails` | id, number | roles, reserved parties, endpoints, permitted parties and hosts; may be large |
//! | `PartnerDeviations` | id | deviations from the specification, with counts, for the operator |
//! | `PartnerToken` | hash of a token | the partner's id; never changed |
//! | `PartnerParty` | `CC/PID` | the id of the partner that claimed it last; never deleted |
//!
//! The record changes by compare and swap only. Its details are written in the same transaction, under a new number.

mod allow;
mod cache;
mod claims;
mod details;
mod deviations;
mod find;
mod former;
mod permissions;
mod records;
mod seals;
mod stored;

use ocpi_server_traits::storage::StoreError;

pub use allow::Allow;
pub(crate) use allow::{host_of, party_from};
pub(crate) use details::Details;
pub(crate) use records::{Also, CHANGES, Kept};
pub use seals::Seal;
pub(crate) use seals::Seals;

use crate::Error;
use crate::trust::Hasher;

/// Partners in a store.
#[derive(Debug)]
pub(crate) struct Partners {
    forms: stored::Forms,
    cache: cache::Cache,
}

impl Partners {
    /// Partners whose tokens are hashed and sealed so.
    pub(crate) fn new(hasher: Hasher, seals: Seals) -> Self {
        Self { forms: stored::Forms { hasher, seals }, cache: cache::Cache::default() }
    }

    /// Returns the hasher of tokens.
    pub(crate) fn hasher(&self) -> &Hasher {
        &self.forms.hasher
    }
}

fn failure(error: StoreError) -> Error {
    error.into()
}

#[cfg(test)]
mod tests;
