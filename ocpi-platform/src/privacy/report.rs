//! Result of an erasure.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::Address;

/// Result of a pass of an erasure: see [`DriverData::erase`](crate::DriverData::erase).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ErasureReport {
    /// Number of erased documents, by collection: `Token`, `Session`, `CDR`, `Letter` and so on.
    pub gone: BTreeMap<String, u64>,
    /// Number of documents kept without the driver, by collection.
    pub kept: BTreeMap<String, u64>,
    /// Documents that will be erased later.
    pub postponed: Vec<PostponedDocument>,
    /// Whether a pass ended before everything was done: others write about the driver at the same time.
    pub(super) has_more: bool,
}

/// A document that will be erased later.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PostponedDocument {
    /// Address of the document. The key may identify the driver.
    pub at: Address,
    /// Reason for the postponement.
    pub reason: WaitsFor,
}

/// Reason why a document will be erased later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum WaitsFor {
    /// Partners do not yet know that the Token is invalid.
    Partners,
    /// A guard refuses the change of the Token to invalid.
    Guard,
    /// The CDR has not reached its eMSP. A refused one may be corrected and sent again.
    Delivery,
    /// A reactor has not yet seen the deletion of the object.
    Reactors,
}

impl ErasureReport {
    /// Whether the erasure is complete.
    pub fn is_done(&self) -> bool {
        self.postponed.is_empty() && !self.has_more
    }

    /// Returns the number of erased documents.
    pub fn erased(&self) -> u64 {
        self.gone.values().sum()
    }

    /// Returns the number of documents kept without the driver.
    pub fn pseudonymised(&self) -> u64 {
        self.kept.values().sum()
    }

    pub(super) fn went(&mut self, at: &Address) {
        *self.gone.entry(at.collection().to_owned()).or_default() += 1;
    }

    pub(super) fn stayed(&mut self, at: &Address) {
        *self.kept.entry(at.collection().to_owned()).or_default() += 1;
    }

    pub(super) fn waits(&mut self, at: &Address, reason: WaitsFor) {
        self.postponed.push(PostponedDocument { at: at.clone(), reason });
    }
}
