//! Rows before and after a group of edits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::DateTime;

use super::document::time_of;
use super::{Address, Document, NewDocument, StoreError};

/// A stored row.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The document or tombstone.
    pub document: Document,
    /// Position in the order of creation.
    pub place: u64,
    /// Whether the change feed has rows for it.
    pub is_in_feed: bool,
}

/// A row that a group of edits changed.
#[derive(Debug)]
pub struct Persist {
    /// The address.
    pub at: Address,
    /// The row before.
    pub before: Option<Loaded>,
    /// The row after.
    pub after: After,
}

/// State of a row after a group of edits.
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
    /// No row: it is removed without a trace, and was not in the feed.
    Gone,
    /// No row: it was [erased](super::Transaction::erase). If the feed has rows for it, they are removed too, and the
    /// purge position is raised: for a tombstone to the position of its row, for a document to a new position. Copies
    /// of its bytes within reach of the store (a log, free pages) are overwritten.
    Erased,
}

/// Documents as the edits of a group left them so far, and what new edits of it go by.
#[derive(Debug)]
pub(super) struct Rows {
    /// The time, in microseconds.
    pub(super) now: i64,
    /// Least revision of a document that has none yet.
    pub(super) least: u64,
    pub(super) slots: BTreeMap<Address, Slot>,
    /// Number of changes, by which rows are put in order.
    pub(super) steps: u64,
    pub(super) check_text: fn(&str) -> Result<(), StoreError>,
}

impl Rows {
    pub(super) fn now(&self) -> DateTime {
        time_of(self.now)
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

/// An address, and the changes that a group of edits made there. Each edit looks at a copy, so documents are shared.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    before: Option<Before>,
    row: Option<Arc<Document>>,
    pub(super) is_changed: bool,
    /// Whether the row is another one than the loaded one.
    is_new: bool,
    is_in_feed: bool,
    is_erased: bool,
    parts: BTreeSet<String>,
    /// When the row was created or, if it is older, first changed.
    pub(super) step: u64,
    /// The highest revision that was given out.
    pub(super) revision: u64,
}

/// The row that was loaded.
#[derive(Clone, Debug)]
struct Before {
    document: Arc<Document>,
    place: u64,
    is_in_feed: bool,
}

impl From<Before> for Loaded {
    fn from(Before { document, place, is_in_feed }: Before) -> Self {
        Self { document: Arc::unwrap_or_clone(document), place, is_in_feed }
    }
}

impl Slot {
    pub(super) fn of(Loaded { document, place, is_in_feed }: Loaded) -> Self {
        let (revision, document) = (document.revision, Arc::new(document));
        let row = Some(Arc::clone(&document));
        let before = Some(Before { document, place, is_in_feed });
        Self { before, row, is_in_feed, revision, ..Self::default() }
    }

    pub(super) fn row(&self) -> Option<&Document> {
        self.row.as_deref()
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
            self.is_in_feed = self.before.as_ref().is_some_and(|before| before.is_in_feed);
            if self.is_in_feed {
                // The row of before goes with its rows in the feed: a reader who has not come to the deletion learns here
                // that the document is another one.
                self.parts.insert(String::new());
            }
        }
        self.parts.extend(document.parts.iter().cloned());
        self.is_in_feed |= !self.parts.is_empty();
        self.row = Some(Arc::new(Document::written(document, revision)));
        revision
    }

    pub(super) fn delete(&mut self, time: DateTime, stamps: Bytes, least: u64, step: u64) -> bool {
        let Some(row) = self.row.take_if(|row| !row.is_deleted) else { return false };
        let revision = self.next_revision(least, step);
        self.parts.clear();
        if self.is_in_feed {
            self.parts.insert(String::new());
            self.row = Some(Arc::new(Document::tombstone(row.list.clone(), time, revision, stamps)));
        }
        true
    }

    /// Takes a document or a tombstone out without a trace. `true`: there was one.
    pub(super) fn erase(&mut self, least: u64, step: u64) -> bool {
        if self.row.take().is_none() {
            return false;
        }
        self.next_revision(least, step);
        self.parts.clear();
        (self.is_in_feed, self.is_erased) = (false, true);
        true
    }

    pub(super) fn finish(self, at: Address) -> Option<Persist> {
        let after = match self.row {
            Some(document) => After::Row {
                document: Arc::unwrap_or_clone(document),
                is_new: self.is_new,
                parts: self.parts.into_iter().collect(),
            },
            // It came and went within the group.
            None if self.before.is_none() => return None,
            None if self.is_erased => After::Erased,
            None => After::Gone,
        };
        Some(Persist { at, before: self.before.map(Loaded::from), after })
    }
}
