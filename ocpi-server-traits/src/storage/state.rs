//! Edits of a group, one after the other, over documents in memory: the same for all stores.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use ocpi_types::DateTime;

use super::document::time_of;
use super::{Address, Document, Edit, NewDocument, StoreError, StoreErrorKind, Transaction};

/// Most addresses of a write.
const MOST_ADDRESSES: usize = 1_000;

/// A row as a store has it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The document or tombstone.
    pub document: Document,
    /// Its place in the order of creation.
    pub place: u64,
    /// Whether the change feed has rows of it.
    pub is_in_feed: bool,
}

/// A row that a group of edits changed.
#[derive(Debug)]
pub struct Persist {
    /// The address.
    pub at: Address,
    /// The row that the store has.
    pub before: Option<Loaded>,
    /// The row that it is to have.
    pub after: After,
}

/// The row that a store is to have.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all of them are rows")]
pub enum After {
    /// A document or a tombstone.
    Row {
        /// The document or tombstone.
        document: Document,
        /// Whether it gets a new place, and the row of before goes with its rows in the feed.
        is_new: bool,
        /// Parts to be told in the feed.
        parts: Vec<String>,
    },
    /// None: the row goes without a trace.
    Gone,
}

/// Documents of a group of writes, locked and loaded. A store loads them, [runs](Self::run) the edits, and stores what is
/// [left](Self::finish).
#[derive(Debug)]
pub struct State {
    now: i64,
    /// Least revision of a document that has none yet.
    least: u64,
    highest: u64,
    slots: BTreeMap<Address, Slot>,
    /// Number of changes, by which rows are put in order.
    steps: u64,
    /// Bytes that edits wrote.
    bytes: usize,
    check_text: fn(&str) -> Result<(), StoreError>,
}

impl State {
    /// A state without documents, at a time of the store's clock.
    pub fn new(now: DateTime) -> Self {
        let now = now.to_unix_micros();
        let least = u64::try_from(now).unwrap_or(0);
        Self { now, least, highest: 0, slots: BTreeMap::new(), steps: 0, bytes: 0, check_text: |_| Ok(()) }
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

    /// Refuses documents with texts that the store cannot hold. The check sees the format, the list, the terms and the
    /// parts of each document that is put; its error fails the write.
    #[must_use]
    pub fn with_text_check(self, check_text: fn(&str) -> Result<(), StoreError>) -> Self {
        Self { check_text, ..self }
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
        let mut transaction = Transaction::new(self, declared);
        // The overlay is dropped after a panic, and nothing else was changed.
        let ended = catch_unwind(AssertUnwindSafe(|| edit(&mut transaction)));
        let Ok(verdict) = ended else {
            return Err(StoreError::new(StoreErrorKind::Panicked, "an edit panicked"));
        };
        let Touched { slots, steps, bytes } = transaction.finish()?;
        if verdict.is_err() {
            return Ok(false);
        }
        self.steps = steps;
        self.bytes = self.bytes.saturating_add(bytes);
        for (at, slot) in slots.into_iter().filter(|(_, slot)| slot.is_changed) {
            self.highest = self.highest.max(slot.revision);
            self.slots.insert(at, slot);
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
        let mut changed: Vec<_> = self.slots.into_iter().filter(|(_, slot)| slot.is_changed).collect();
        changed.sort_by_key(|(_, slot)| slot.step);
        changed.into_iter().filter_map(|(at, slot)| slot.finish(at)).collect()
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    pub(super) fn now(&self) -> DateTime {
        time_of(self.now)
    }

    pub(super) fn least_revision(&self) -> u64 {
        self.least
    }

    pub(super) fn check(&self, document: &NewDocument) -> Result<(), StoreError> {
        document.texts().try_for_each(self.check_text)
    }

    pub(super) fn slot(&self, at: &Address) -> Slot {
        self.slots.get(at).cloned().unwrap_or_default()
    }
}

/// Documents that an edit looked at or changed.
pub(super) struct Touched {
    pub(super) slots: BTreeMap<Address, Slot>,
    /// Number of changes in the group so far.
    pub(super) steps: u64,
    /// Bytes that the edit wrote.
    pub(super) bytes: usize,
}

/// An address, and the changes that a group of edits made there.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    loaded: Option<Loaded>,
    row: Option<Document>,
    is_changed: bool,
    /// Whether the row is another one than the loaded one.
    is_new: bool,
    is_in_feed: bool,
    parts: BTreeSet<String>,
    /// When the row was created or, if it is older, first changed.
    step: u64,
    /// The highest revision that was given out.
    revision: u64,
}

impl Slot {
    fn of(loaded: Loaded) -> Self {
        Self {
            row: Some(loaded.document.clone()),
            is_in_feed: loaded.is_in_feed,
            revision: loaded.document.revision,
            loaded: Some(loaded),
            ..Self::default()
        }
    }

    pub(super) fn row(&self) -> Option<&Document> {
        self.row.as_ref()
    }

    /// The next revision: of a clock, so that it does not repeat when nothing is left of earlier ones.
    fn next_revision(&mut self, least: u64, step: u64) -> u64 {
        if !self.is_changed {
            self.step = step;
        }
        self.is_changed = true;
        self.revision = least.max(self.revision.saturating_add(1));
        self.revision
    }

    pub(super) fn put(&mut self, document: NewDocument, least: u64, step: u64) -> u64 {
        let revision = self.next_revision(least, step);
        if self.row.as_ref().is_none_or(|row| row.is_deleted) {
            self.is_new = true;
            self.step = step;
            self.parts.clear();
            self.is_in_feed = self.loaded.as_ref().is_some_and(|loaded| loaded.is_in_feed);
            if self.is_in_feed {
                // The row of before goes with its rows in the feed: a reader who has not come to the deletion learns here
                // that the document is another one.
                self.parts.insert(String::new());
            }
        }
        self.parts.extend(document.parts.iter().cloned());
        self.is_in_feed |= !self.parts.is_empty();
        self.row = Some(Document::written(document, revision));
        revision
    }

    pub(super) fn delete(&mut self, time: DateTime, least: u64, step: u64) -> bool {
        let Some(row) = self.row.take_if(|row| !row.is_deleted) else { return false };
        let revision = self.next_revision(least, step);
        self.parts.clear();
        if self.is_in_feed {
            self.parts.insert(String::new());
            self.row = Some(Document::tombstone(row.list, time, revision));
        }
        true
    }

    fn finish(self, at: Address) -> Option<Persist> {
        let after = match self.row {
            Some(document) => {
                After::Row { document, is_new: self.is_new, parts: self.parts.into_iter().collect() }
            }
            // It came and went within the group.
            None if self.loaded.is_none() => return None,
            None => After::Gone,
        };
        Some(Persist { at, before: self.loaded, after })
    }
}

#[cfg(test)]
mod tests;
