//! Edits of a group, one after the other, over documents in memory: the same for all stores.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ocpi_types::DateTime;

use super::slot::{Loaded, Persist, Rows, Slot, Touched};
use super::{Address, Edit, StoreError, StoreErrorKind, Transaction};

/// Most addresses of a write.
const MOST_ADDRESSES: usize = 1_000;

/// Documents of a group of writes, locked and loaded. A store loads them, [runs](Self::run) the edits, and stores what is
/// [left](Self::finish).
#[derive(Debug)]
pub struct State {
    rows: Rows,
    highest: u64,
    /// Bytes that edits wrote.
    bytes: usize,
}

impl State {
    /// A state without documents, at a time of the store's clock.
    pub fn new(now: DateTime) -> Self {
        let now = now.to_unix_micros();
        let least = u64::try_from(now).unwrap_or(0);
        let rows = Rows { now, least, slots: BTreeMap::new(), steps: 0, check_text: |_| Ok(()) };
        Self { rows, highest: 0, bytes: 0 }
    }

    /// Gives out revisions above one only. A store that remembers the [highest](Self::highest) that it gave out repeats
    /// none where nothing is left of a document, also when its clock stands still or goes back.
    #[must_use]
    pub fn above(mut self, revision: u64) -> Self {
        self.rows.least = self.rows.least.max(revision.saturating_add(1));
        self
    }

    /// Returns the highest revision that was given out; 0 if none was.
    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// Refuses documents with texts that the store cannot hold. The check sees the format, the list, the terms and the
    /// parts of each document that is put; its error fails the write.
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

    /// Adds a row of the store. Addresses without one need not be added.
    pub fn load(&mut self, at: Address, loaded: Loaded) {
        self.rows.slots.insert(at, Slot::of(loaded));
    }

    /// Runs an edit on what the ones before left. `false`: it gave up, and left nothing.
    ///
    /// # Errors
    /// When it touched an address that is not among `declared`, wrote too much, or panicked; it left nothing then, either.
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

    /// Returns the number of bytes that the edits wrote so far, about. A store may end a group by it.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the rows that changed, in the order in which the edits created them or, if they are older, first changed
    /// them. A store gives out places and positions in this order.
    pub fn finish(self) -> Vec<Persist> {
        let mut changed: Vec<_> = self.rows.slots.into_iter().filter(|(_, slot)| slot.is_changed).collect();
        changed.sort_by_key(|(_, slot)| slot.step);
        changed.into_iter().filter_map(|(at, slot)| slot.finish(at)).collect()
    }
}

#[cfg(test)]
mod tests;
