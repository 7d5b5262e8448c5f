//! Edits of documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ocpi_types::DateTime;

use super::document::time_of;
use super::slot::Slot;
use super::{Address, Document, NewDocument, StoreError, StoreErrorKind};

/// Edits the declared documents. May run more than once, after a conflict with another node: it has no effect but the
/// transaction's, and does not block.
pub type Edit = Box<dyn FnMut(&mut Transaction<'_>) -> Result<(), Abort> + Send>;

/// Largest write, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// Sign that an edit gave up: nothing of it is stored.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Abort;

impl Abort {
    /// Gives up an edit.
    pub fn new() -> Self {
        Self
    }
}

/// A transaction over the addresses that a write declared.
pub struct Transaction<'a> {
    /// Documents as the edits before left them.
    slots: &'a BTreeMap<Address, Slot>,
    /// The time, in microseconds.
    now: i64,
    /// Least revision of a document that has none yet.
    least: u64,
    declared: BTreeSet<&'a Address>,
    /// Documents that the edit looked at or changed.
    touched: BTreeMap<Address, Slot>,
    bytes: usize,
    /// Reason why the write fails, whatever the edit returns.
    fault: Option<StoreError>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(
        slots: &'a BTreeMap<Address, Slot>,
        now: i64,
        least: u64,
        declared: &'a [Address],
    ) -> Self {
        Self {
            slots,
            now,
            least,
            declared: declared.iter().collect(),
            touched: BTreeMap::new(),
            bytes: 0,
            fault: None,
        }
    }

    /// Returns the time of the store's clock, which is the same for all nodes.
    pub fn now(&self) -> DateTime {
        time_of(self.now)
    }

    /// Returns the document, if there is one.
    ///
    /// # Errors
    /// When the write did not declare the address; it then fails with [`StoreErrorKind::Undeclared`].
    pub fn get(&mut self, at: &Address) -> Result<Option<&Document>, Abort> {
        Ok(self.slot(at)?.row().filter(|row| !row.is_deleted))
    }

    /// Returns the tombstone that a deletion left.
    ///
    /// # Errors
    /// When the write did not declare the address.
    pub fn tombstone(&mut self, at: &Address) -> Result<Option<&Document>, Abort> {
        Ok(self.slot(at)?.row().filter(|row| row.is_deleted))
    }

    /// Creates or replaces a document, and returns its new revision.
    ///
    /// # Errors
    /// When the write did not declare the address, or becomes larger than 16 MiB.
    pub fn put(&mut self, at: &Address, document: NewDocument) -> Result<u64, Abort> {
        self.bytes = self.bytes.saturating_add(document.size());
        if self.bytes > MOST_BYTES {
            return Err(self.fail(StoreErrorKind::Refused, "a write is larger than 16 MiB"));
        }
        let least = self.least;
        Ok(self.slot(at)?.put(document, least))
    }

    /// Deletes a document; `false` if there was none.
    ///
    /// # Errors
    /// When the write did not declare the address.
    pub fn delete(&mut self, at: &Address, time: DateTime) -> Result<bool, Abort> {
        let least = self.least;
        Ok(self.slot(at)?.delete(time, least))
    }

    fn slot(&mut self, at: &Address) -> Result<&mut Slot, Abort> {
        if !self.touched.contains_key(at) {
            if !self.declared.contains(at) {
                return Err(self.fail(
                    StoreErrorKind::Undeclared,
                    "an edit touched an address that its write did not declare",
                ));
            }
            self.touched.insert(at.clone(), self.slots.get(at).cloned().unwrap_or_default());
        }
        self.touched.get_mut(at).ok_or(Abort)
    }

    fn fail(&mut self, kind: StoreErrorKind, message: &str) -> Abort {
        self.fault.get_or_insert_with(|| StoreError::new(kind, message));
        Abort
    }

    /// Returns the documents that the edit left, or the reason why the write fails.
    pub(super) fn finish(self) -> Result<BTreeMap<Address, Slot>, StoreError> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self.touched),
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("declared", &self.declared).finish_non_exhaustive()
    }
}
