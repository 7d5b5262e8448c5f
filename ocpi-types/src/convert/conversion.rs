//! A conversion in progress: its two versions and its ledger.

use super::{Ledger, Unsupported};
use crate::Version;

/// A conversion in progress, passed to [`Value::downgrade`](crate::Value::downgrade).
///
/// It does not track places: each entry and each failure collects the names of the values around it while the calls
/// return, so places cost nothing where nothing is lost.
#[derive(Debug)]
pub struct Conversion<'a> {
    pub(super) ledger: &'a mut Ledger,
    pub(super) from: Version,
    pub(super) to: Version,
}

impl<'a> Conversion<'a> {
    pub(super) fn new(ledger: &'a mut Ledger, from: Version, to: Version) -> Self {
        Self { ledger, from, to }
    }

    /// Returns the source version.
    pub fn from(&self) -> Version {
        self.from
    }

    /// Returns the target version.
    pub fn to(&self) -> Version {
        self.to
    }

    /// Whether the target version is the newer one.
    pub fn is_upward(&self) -> bool {
        self.from < self.to
    }

    /// Number of entries in the ledger.
    #[inline]
    pub(super) fn told(&self) -> usize {
        self.ledger.len()
    }

    /// Takes entries back, from `first` on.
    pub(super) fn forget(&mut self, first: usize) {
        self.ledger.truncate(first);
    }

    /// Runs `act` for a member, and adds the member's name to its entries and its failure.
    #[inline]
    pub fn member<R>(
        &mut self,
        name: &'static str,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.ledger.len();
        let result = act(self);
        self.in_member(first, name, result)
    }

    /// Runs `act` for an element of a list, and adds the index to its entries and its failure.
    #[inline]
    pub fn element<R>(
        &mut self,
        index: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.ledger.len();
        let result = act(self);
        self.in_element(first, index, result)
    }

    /// Gives the entries from `first` on, and the failure, the name of a member.
    #[inline]
    pub(super) fn in_member<R>(
        &mut self,
        first: usize,
        name: &str,
        result: Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        if self.ledger.len() > first {
            self.ledger.name(first, name);
        }
        match result {
            Ok(value) => Ok(value),
            Err(unsupported) => Err(unsupported.within(name)),
        }
    }

    /// Gives the entries from `first` on, and the failure, the index of an element.
    #[inline]
    pub(super) fn in_element<R>(
        &mut self,
        first: usize,
        index: usize,
        result: Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        if self.ledger.len() > first {
            self.name_element(first, index);
        }
        match result {
            Ok(value) => Ok(value),
            Err(unsupported) => Err(unsupported.within_element(index)),
        }
    }

    #[cold]
    fn name_element(&mut self, first: usize, index: usize) {
        self.ledger.name(first, &index.to_string());
    }
}
