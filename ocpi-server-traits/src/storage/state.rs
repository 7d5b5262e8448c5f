//! Edits of a group, run one after the other on documents in memory, shared by all stores.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ocpi_types::DateTime;

use super::slot::{Loaded, Persist, Rows, Slot, Touched};
use super::{Address, Edit, StoreError, StoreErrorKind, Transaction};

/// Most addresses of a write.
const MOST_ADDRESSES: usize = 1_000;

/// Locked and loaded documents of a group of writes. A store loads them, [runs](Self::run) the edits, and stores the
/// [result](Self::finish).
#[derive(Debug)]
pub struct State {
    rows: Rows,
    highest: u64,
    /// Bytes that edits wrote.
    bytes: usize,
}

impl State {
    /// Creates a state without documents, at a time of the store's clock.
    pub fn new(now: DateTime) -> Self {
        let now = now.to_unix_micros();
        let least = u64::try_from(now).unwrap_or(0);
        let rows = Rows { now, least, slots: BTreeMap::new(), steps: 0, check_text: |_| Ok(()) };
        Self { rows, highest: 0, bytes: 0 }
    }

    /// Gives out only revisions above this one. A store that remembers the [highest](Self::highest) revision given out
    /// repeats none for documents that left no trace, even if its clock stands still or goes back.
    #[must_use]
    pub fn above(mut self, revision: u64) -> Self {
        self.rows.least = self.rows.least.max(revision.saturating_add(1));
        self
    }

    /// Returns the highest revision that was given out; 0 if none was.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// Refuses documents with texts that the store cannot hold. The check is called with the format, the list, the
    /// terms and the parts of each document that is put; its error fails the write.
    #[must_use]
    pub fn with_text_check(mut self, check_text: fn(&str) -> Result<(), StoreError>) -> Self {
        self.rows.check_text = check_text;
        self
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

    /// Adds a stored row. Addresses without one need not be added.
    pub fn load(&mut self, at: Address, loaded: Loaded) {
        self.rows.slots.insert(at, Slot::of(loaded));
    }

    /// Runs an edit on the result of the previous ones. Returns `false` if it was aborted, without effect.
    ///
    /// # Errors
    /// When it touched an address that is not among `declared`, wrote too much, or panicked; it then has no effect
    /// either.
    pub fn run(&mut self, declared: &[Address], edit: &mut Edit) -> Result<bool, StoreError> {
        let mut transaction = Transaction::new(&self.rows, declared);
        // The overlay is dropped after a panic, and nothing else was changed.
        let ended = catch_unwind(AssertUnwindSafe(|| edit(&mut transaction)));
        let Ok(verdict) = ended else {
            return Err(StoreError::new(StoreErrorKind::Panicked, "an edit panicked"));
        };
        let Touched { slots, steps, bytes } = transaction.finish()?;
        if verdict.is_err() {
            return Ok(false);
        }
        self.rows.steps = steps;
        self.bytes = self.bytes.saturating_add(bytes);
        for (at, slot) in slots.into_iter().filter(|(_, slot)| slot.is_changed) {
            self.highest = self.highest.max(slot.revision);
            self.rows.slots.insert(at, slot);
        }
        Ok(true)
    }

    /// Returns the approximate number of bytes written by the edits so far, by which a store may limit a group.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the changed rows, in the order in which the edits created them or, for existing rows, first changed
    /// them. A store assigns places and positions in this order.
    pub fn finish(self) -> Vec<Persist> {
        let mut changed: Vec<_> = self.rows.slots.into_iter().filter(|(_, slot)| slot.is_changed).collect();
        changed.sort_by_key(|(_, slot)| slot.step);
        changed.into_iter().filter_map(|(at, slot)| slot.finish(at)).collect()
    }
}

#[cfg(test)]
mod tests;
