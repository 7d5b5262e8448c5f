//! Edits of a group, one after the other, over documents in memory: the same for all stores.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ocpi_types::DateTime;

use super::slot::{Loaded, Persist, Slot};
use super::{Address, Edit, StoreError, StoreErrorKind, Transaction};

/// Most addresses of a write.
const MOST_ADDRESSES: usize = 1_000;

/// Documents of a group of writes, locked and loaded. A store loads them, [runs](Self::run) the edits, and stores what is
/// [left](Self::finish).
#[derive(Debug)]
pub struct State {
    now: i64,
    /// Least revision of a document that has none yet.
    least: u64,
    highest: u64,
    slots: BTreeMap<Address, Slot>,
}

impl State {
    /// A state without documents, at a time of the store's clock.
    pub fn new(now: DateTime) -> Self {
        let now = now.to_unix_micros();
        Self { now, least: u64::try_from(now).unwrap_or(0), highest: 0, slots: BTreeMap::new() }
    }

    /// Gives out revisions above one only. A store that remembers the [highest](Self::highest) that it gave out repeats
    /// none where nothing is left of a document, also when its clock stands still or goes back.
    #[must_use]
    pub fn above(self, revision: u64) -> Self {
        Self { least: self.least.max(revision.saturating_add(1)), ..self }
    }

    /// Returns the highest revision that was given out; 0 if none was.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// Checks the addresses of a write.
    ///
    /// # Errors
    /// When there are too many.
    pub fn admit(at: &[Address]) -> Result<(), StoreError> {
        if at.len() > MOST_ADDRESSES {
            return Err(StoreError::new(StoreErrorKind::Refused, "a write has more than 1,000 addresses"));
        }
        Ok(())
    }

    /// Adds a row of the store. Addresses without one need not be added.
    pub fn load(&mut self, at: Address, loaded: Loaded) {
        self.slots.insert(at, Slot::of(loaded));
    }

    /// Runs an edit on what the ones before left. `false`: it gave up, and left nothing.
    ///
    /// # Errors
    /// When it touched an address that is not among `declared`, wrote too much, or panicked; it left nothing then, either.
    pub fn run(&mut self, declared: &[Address], edit: &mut Edit) -> Result<bool, StoreError> {
        let mut transaction = Transaction::new(&self.slots, self.now, self.least, declared);
        // The overlay is dropped after a panic, and nothing else was changed.
        let ended = catch_unwind(AssertUnwindSafe(|| edit(&mut transaction)));
        let Ok(verdict) = ended else {
            return Err(StoreError::new(StoreErrorKind::Panicked, "an edit panicked"));
        };
        let touched = transaction.finish()?;
        if verdict.is_err() {
            return Ok(false);
        }
        for (at, slot) in touched.into_iter().filter(|(_, slot)| slot.is_changed) {
            self.highest = self.highest.max(slot.revision);
            self.slots.insert(at, slot);
        }
        Ok(true)
    }

    /// Returns the rows that changed, in the order of their addresses.
    pub fn finish(self) -> Vec<Persist> {
        let changed = self.slots.into_iter().filter(|(_, slot)| slot.is_changed);
        changed.filter_map(|(at, slot)| slot.finish(at)).collect()
    }
}

#[cfg(test)]
mod tests;
