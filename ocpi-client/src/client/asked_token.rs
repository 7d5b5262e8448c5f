//! The token that a request asks about, which an answer of 2.1.1 does not repeat.

use ocpi_types::DateTime;
use ocpi_types::convert::Lookup;
use ocpi_types::endpoint::{Endpoint, TokenKey};
use ocpi_types::v2_2_1::tokens::{Token, TokenInit, WhitelistType};

use super::Client;

/// Placeholder for a text that nobody said.
const UNKNOWN: &str = "#NA";

impl<T> Client<T> {
    /// The token that was asked about, as it can be looked up; else what the question says of it.
    pub(super) fn token_asked_about<E: Endpoint>(
        &self,
        key: &TokenKey,
        lookup: &dyn Lookup,
    ) -> Option<Token> {
        let owner = self.relation_at::<E>().emsp.as_ref()?;
        lookup.token_of(owner, key).or_else(|| {
            let init = TokenInit {
                country_code: owner.country_code.clone(),
                party_id: owner.party_id.clone(),
                uid: key.uid.clone(),
                r#type: key.r#type.clone(),
                contract_id: UNKNOWN.parse().ok()?,
                issuer: UNKNOWN.parse().ok()?,
                valid: true,
                whitelist: WhitelistType::Never,
                last_updated: DateTime::UNIX_EPOCH,
            };
            Some(init.into())
        })
    }
}
