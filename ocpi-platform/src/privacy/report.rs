//! Result of an erasure.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::Address;

/// Result of a pass of an erasure: see [`DriverData::erase`](crate::DriverData::erase).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ErasureReport {
    /// Number of documents that are gone, by collection: `Token`, `Session`, `CDR`, `Letter` and so on.
    pub gone: BTreeMap<String, u64>,
    /// Number of documents that stay without the driver, by collection.
    pub kept: BTreeMap<String, u64>,
    /// Documents that go later.
    pub postponed: Vec<PostponedDocument>,
    /// Whether a pass ended before everything was done: others write about the driver at the same time.
    pub(super) has_more: bool,
}

/// A document that goes later.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PostponedDocument {
    /// Where it is kept. The key may name the driver.
    pub at: Address,
    /// The event that it waits for.
    pub reason: WaitsFor,
}

/// Reason why a document goes later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum WaitsFor {
    /// Partners have not yet been told that the Token is not valid any more.
    Partners,
    /// A guard refuses that the Token becomes not valid.
    Guard,
    /// The CDR has not reached its eMSP. One that was refused may be mended and sent again.
    Delivery,
    /// A reactor has not yet been told that the object is deleted.
    Reactors,
}

impl ErasureReport {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.postponed.is_empty() && !self.has_more
    }

    /// Returns the number of documents that are gone.
    pub fn erased(&self) -> u64 {
        self.gone.values().sum()
    }

    /// Returns the number of documents that stay without the driver.
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
