//! Accounts: a document for each partner, with its counters.

use ocpi_types::protocol::PartnerId;

use super::super::Objects;
use super::{Quotas, Usage};
use crate::Error;
use crate::storage::{Address, Document, Store, StoreExt};

/// Format of the documents. Those of the format before counted objects that have no mark now, and doubts.
pub(super) const FORMAT: &str = "account/2";

/// The address of a partner's account.
pub(super) fn account_at(partner: &PartnerId) -> Address {
    Address::new("Account", "", partner.as_str())
}

/// Reads an account. Of a partner that has none, everything is zero.
pub(super) fn read(document: Option<&Document>) -> Result<Usage, Error> {
    let Some(document) = document else { return Ok(Usage::default()) };
    let usage = Usage::read(&document.body);
    let usage = usage.ok_or_else(|| Error::internal("the account of a partner is broken"))?;
    let is_former = document.format != FORMAT;
    Ok(if is_former { Usage { doubts: usage.doubts, ..Usage::default() } } else { usage })
}

impl<S: Store> Objects<S> {
    /// Sets the quotas; the default is [`Quota::default`](super::Quota::default) for each partner.
    #[must_use]
    pub fn with_quotas(self, quotas: impl Into<Quotas>) -> Self {
        Self { quotas: quotas.into(), ..self }
    }

    /// Returns the usage of a partner, as counted for its [`Quota`](super::Quota). The counters are updated in the
    /// writes of the objects, and are exact across processes.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn usage(&self, partner: &PartnerId) -> Result<Usage, Error> {
        read(self.store.get(&account_at(partner)).await?.as_ref())
    }
}
