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
    pub(crate) fn told(&self) -> usize {
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
        let first = self.told();
        match act(self) {
            Ok(value) => {
                self.name_member(first, name);
                Ok(value)
            }
            Err(unsupported) => Err(self.failed_member(first, name, unsupported)),
        }
    }

    /// Runs `act` for an element of a list, and adds the index to its entries and its failure.
    #[inline]
    pub fn element<R>(
        &mut self,
        index: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.told();
        match act(self) {
            Ok(value) => {
                self.name_element(first, index);
                Ok(value)
            }
            Err(unsupported) => Err(self.failed_element(first, index, unsupported)),
        }
    }

    /// Gives the entries from `first` on the name of a member.
    #[inline]
    pub(super) fn name_member(&mut self, first: usize, name: &str) {
        if self.ledger.len() > first {
            self.ledger.name(first, name);
        }
    }

    /// Gives the entries from `first` on, and the failure, the name of a member.
    #[cold]
    pub(super) fn failed_member(
        &mut self,
        first: usize,
        name: &str,
        unsupported: Unsupported,
    ) -> Unsupported {
        self.name_member(first, name);
        unsupported.within(name)
    }

    /// Ends the conversion of an element of a list: if it cannot stay, its place is one of those that are `gone`.
    #[inline]
    pub(crate) fn end_element(
        &mut self,
        first: usize,
        index: usize,
        result: Result<(), Unsupported>,
        gone: &mut Vec<(usize, Unsupported)>,
    ) {
        match result {
            Ok(()) => self.name_element(first, index),
            Err(unsupported) => {
                let unsupported = self.failed_element(first, index, unsupported);
                gone.push((index, unsupported));
            }
        }
    }

    /// Gives the entries from `first` on the index of an element.
    #[inline]
    pub(super) fn name_element(&mut self, first: usize, index: usize) {
        if self.ledger.len() > first {
            self.name_new_element(first, index);
        }
    }

    #[cold]
    fn name_new_element(&mut self, first: usize, index: usize) {
        self.ledger.name(first, &index.to_string());
    }

    /// Gives the entries from `first` on, and the failure, the index of an element.
    #[cold]
    pub(super) fn failed_element(
        &mut self,
        first: usize,
        index: usize,
        unsupported: Unsupported,
    ) -> Unsupported {
        self.name_element(first, index);
        unsupported.within_element(index)
    }
}
