//! Edits of documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bytes::Bytes;
use ocpi_types::DateTime;

use super::slot::{Rows, Slot, Touched};
use super::{Address, Document, NewDocument, StoreError, StoreErrorKind};

/// Edits the declared documents. It may run more than once, after a conflict with another node: it must have no effect
/// outside of the transaction, and must not block.
pub type Edit = Box<dyn FnMut(&mut Transaction<'_>) -> Result<(), Abort> + Send>;

/// Largest write, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// Signal that an edit is aborted: none of it is stored.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Abort;

impl Abort {
    /// Aborts an edit.
    pub fn new() -> Self {
        Self
    }
}

/// A transaction over the addresses that a write declared.
pub struct Transaction<'a> {
    rows: &'a Rows,
    declared: BTreeSet<&'a Address>,
    /// Documents that the edit looked at or changed.
    touched: BTreeMap<Address, Slot>,
    /// Number of changes in the group so far.
    steps: u64,
    bytes: usize,
    /// Reason why the write fails, whatever the edit returns.
    fault: Option<StoreError>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(rows: &'a Rows, declared: &'a [Address]) -> Self {
        let declared = declared.iter().collect();
        Self { rows, declared, touched: BTreeMap::new(), steps: rows.steps, bytes: 0, fault: None }
    }

    /// Returns the time of the store's clock, which is the same for all nodes.
    pub fn now(&self) -> DateTime {
        self.rows.now()
    }

    /// Returns the document, if there is one.
    ///
    /// # Errors
    /// When the write did not declare the address; it then fails with [`StoreErrorKind::Undeclared`].
    pub fn get(&mut self, at: &Address) -> Result<Option<&Document>, Abort> {
        Ok(self.slot(at)?.row().filter(|row| !row.is_deleted))
    }

    /// Returns the tombstone of a deletion, with its time and stamps.
    ///
    /// # Errors
    /// When the write did not declare the address.
    pub fn tombstone(&mut self, at: &Address) -> Result<Option<&Document>, Abort> {
        Ok(self.slot(at)?.row().filter(|row| row.is_deleted))
    }

    /// Creates or replaces a document, and returns its new revision.
    ///
    /// # Errors
    /// When the write did not declare the address, exceeds 16 MiB, or has a text that the store cannot hold.
    pub fn put(&mut self, at: &Address, document: NewDocument) -> Result<u64, Abort> {
        self.weigh(document.size())?;
        if let Err(refused) = self.rows.check(&document) {
            self.fault.get_or_insert(refused);
            return Err(Abort);
        }
        let (least, step) = (self.rows.least, self.next_step());
        Ok(self.slot(at)?.put(document, least, step))
    }

    /// Deletes a document; returns `false` if there was none. Its tombstone has no stamps.
    ///
    /// # Errors
    /// When the write did not declare the address.
    pub fn delete(&mut self, at: &Address, time: DateTime) -> Result<bool, Abort> {
        self.delete_with(at, time, Bytes::new())
    }

    /// Deletes a document, and leaves stamps in its [tombstone](Self::tombstone), by which a late, older change is
    /// recognized; returns `false`, without effect, if there was none. A document that was never in the feed is removed
    /// without a trace, whatever the stamps.
    ///
    /// ```
    /// use ocpi_server_traits::storage::{Address, Memory, NewDocument, Rejected, StoreExt};
    /// # pollster::block_on(async {
    /// let store = Memory::new();
    /// let at = Address::new("Tariff", "NL/ALF", "t1");
    /// let now = "2026-11-22T10:00:00Z".parse()?;
    /// let stamps = store
    ///     .update(vec![at.clone()], move |tx| {
    ///         tx.put(&at, NewDocument::new("{}", "2.3.0", now).with_part("").with_stamps("09:00"))?;
    ///         tx.delete_with(&at, now, "10:00")?;
    ///         Ok::<_, Rejected<()>>(tx.tombstone(&at)?.map(|tombstone| tombstone.stamps.clone()))
    ///     })
    ///     .await?;
    /// assert_eq!(stamps, Some("10:00".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// When the write did not declare the address, or exceeds 16 MiB.
    pub fn delete_with(
        &mut self,
        at: &Address,
        time: DateTime,
        stamps: impl Into<Bytes>,
    ) -> Result<bool, Abort> {
        let stamps = stamps.into();
        self.weigh(stamps.len())?;
        let (least, step) = (self.rows.least, self.next_step());
        Ok(self.slot(at)?.delete(time, stamps, least, step))
    }

    /// Removes a document or a tombstone, whose address may identify a driver, without leaving a tombstone. Returns
    /// `false` if there was neither.
    ///
    /// If the change feed has rows for it, the [purge position](super::Changes::purged) is raised, so that no reader of
    /// the feed misses the deletion. A tombstone raises it to its own position, as if it were purged: only readers that
    /// have not reached it start again. A document raises it to a new position: **every** reader starts again, and
    /// reads everything. So [delete](Self::delete) documents that are in the feed, and erase the tombstone when its
    /// readers have passed it.
    ///
    /// ```
    /// use ocpi_server_traits::storage::{Address, Memory, NewDocument, Rejected, Store, StoreExt};
    /// # pollster::block_on(async {
    /// let store = Memory::new();
    /// let at = Address::new("Token", "DE/EMP", "012345678");
    /// let now = "2026-12-02T10:00:00Z".parse()?;
    /// let address = at.clone();
    /// let put = move |tx: &mut ocpi_server_traits::storage::Transaction<'_>| {
    ///     tx.put(&address, NewDocument::new("{}", "2.3.0", now).with_part(""))?;
    ///     tx.delete(&address, now)?;
    ///     Ok::<_, Rejected<()>>(())
    /// };
    /// store.update(vec![at.clone()], put).await?;
    /// // A reader that has come to the end knows of the deletion, and has no gap.
    /// let end = store.changes(Default::default(), 10).await?.upto;
    /// let address = at.clone();
    /// let erased = store.update(vec![at], move |tx| Ok::<_, Rejected<()>>(tx.erase(&address)?)).await?;
    /// assert!(erased);
    /// assert!(!store.changes(end, 10).await?.is_gap(end));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// When the write did not declare the address.
    pub fn erase(&mut self, at: &Address) -> Result<bool, Abort> {
        let (least, step) = (self.rows.least, self.next_step());
        Ok(self.slot(at)?.erase(least, step))
    }

    /// Returns the size of the write so far.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds to the size of the write.
    fn weigh(&mut self, bytes: usize) -> Result<(), Abort> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES {
            return Err(self.fail(StoreErrorKind::Refused, "a write is larger than 16 MiB"));
        }
        Ok(())
    }

    fn next_step(&mut self) -> u64 {
        self.steps = self.steps.saturating_add(1);
        self.steps
    }

    fn slot(&mut self, at: &Address) -> Result<&mut Slot, Abort> {
        if !self.touched.contains_key(at) {
            if !self.declared.contains(at) {
                return Err(self.fail(
                    StoreErrorKind::Undeclared,
                    "an edit touched an address that its write did not declare",
                ));
            }
            self.touched.insert(at.clone(), self.rows.slot(at));
        }
        self.touched.get_mut(at).ok_or(Abort)
    }

    fn fail(&mut self, kind: StoreErrorKind, message: &str) -> Abort {
        self.fault.get_or_insert_with(|| StoreError::new(kind, message));
        Abort
    }

    /// Returns the documents that the edit left, or the reason why the write fails.
    pub(super) fn finish(self) -> Result<Touched, StoreError> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(Touched { slots: self.touched, steps: self.steps, bytes: self.bytes }),
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("declared", &self.declared).finish_non_exhaustive()
    }
}
