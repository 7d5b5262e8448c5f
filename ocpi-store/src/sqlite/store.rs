//! The store: requests, and the threads that do them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_timer::Delay;
use futures_util::future::select;
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, Store, StoreError, WriteOutcome,
};
use ocpi_types::DateTime;

use super::kept::Kept;
use super::readers::Readers;
use super::wake::{Poller, Wake};
use super::writer::Writer;
use super::{feed, load, page, schema};

/// Keeps documents in an SQLite file.
///
/// A write is answered when it is on the disk: it outlives a crash of the program and a loss of power. One thread writes;
/// the writes that wait for it share one transaction and one trip to the disk. A few threads read, each request in a
/// snapshot of its own: readers and the writer do not wait for one another. The futures only wait for answers, on any
/// runtime or none, and a write whose future is dropped is done all the same. Dropping the store blocks until everything
/// that was asked of it is done. To share a store, put it in an [`Arc`].
///
/// A file of schema version 1, which the former store of this library wrote, is brought forward when it is opened, in one
/// transaction. Owner and list become `NL/ALF` (`NL/ALF>DE/EMP` for a document that only one party was to see), and the
/// records of partners go to the collection `Partner/1`; keys, bodies, times and the order of creation stay. Documents
/// have no terms until they are written again. Those that cannot be understood are [kept apart](Self::unmigrated).
///
/// Several stores, of one process or of many, may have the same file open. A write that has waited five seconds for those
/// of other stores fails, and so does one that finds too many others in the queue; both are
/// [busy](ocpi_server_traits::storage::StoreErrorKind::Busy).
///
/// ```
/// use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
/// use ocpi_store::Sqlite;
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("ocpi.db");
/// # pollster::block_on(async {
/// let store = Sqlite::open(path)?;
/// let at = Address::new("Location", "NL/ALF", "loc1");
/// let now = "2026-11-22T10:00:00Z".parse()?;
/// let new = NewDocument::new(r#"{"id":"LOC1"}"#, "2.3.0", now).in_list("NL/ALF").with_part("");
/// let address = at.clone();
/// store.update(vec![at], move |tx| Ok::<_, Rejected<()>>(tx.put(&address, new.clone())?)).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sqlite {
    // In the order in which they are dropped: the writer finishes first.
    pub(super) writer: Writer,
    pub(super) readers: Readers,
    pub(super) kept: Kept,
    pub(super) wake: Arc<Wake>,
    pub(super) _poller: Poller,
}

impl Sqlite {
    /// Forgets tombstones of deletions before a time, to the microsecond, and returns their number. A reader of the change
    /// feed that has not come to one of them learns it by the [purge position](Changes::purged), and begins again.
    ///
    /// ```
    /// use ocpi_store::Sqlite;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("ocpi.db");
    /// # pollster::block_on(async {
    /// let store = Sqlite::open(path)?;
    /// let purged = store.purge("2026-10-22T00:00:00Z".parse()?).await?;
    /// assert_eq!(purged, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the file cannot be written. Tombstones that were purged before that are gone.
    pub async fn purge(&self, before: DateTime) -> Result<u64, StoreError> {
        let mut purged = 0;
        loop {
            let (more, is_unfinished) = self.writer.purge(before).await?;
            purged += more;
            if !is_unfinished {
                return Ok(purged);
            }
        }
    }
}

impl Sqlite {
    /// Rewrites the whole file, so that no byte is left in it of what was deleted or
    /// [erased](ocpi_server_traits::storage::Transaction::erase). Call it after erasures, when there is time: every write waits
    /// for it, some seconds for a gigabyte, and the disk has to have room for a second file.
    ///
    /// Without it, no document of an erasure can be read, freed bytes are overwritten, and the log is emptied behind the answer,
    /// as soon as nobody reads an older state of the file; but SQLite moves rows from page to page, and may leave copies of
    /// them in places of a page that are not in use.
    ///
    /// ```
    /// use ocpi_store::Sqlite;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("ocpi.db");
    /// # pollster::block_on(async {
    /// let store = Sqlite::open(path)?;
    /// store.scrub().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the file cannot be written, or another process writes to it all the time. The file is as it was then.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        self.writer.scrub().await
    }
}

impl Sqlite {
    /// Returns the number of documents that could not be taken over when the file was brought forward from the schema of
    /// the former store. They are in its table `unmigrated`, each with the reason; nothing reads it, and it may be dropped.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unmigrated(&self) -> Result<u64, StoreError> {
        self.readers.read(schema::count_unmigrated).await
    }
}

impl Store for Sqlite {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        let at = at.to_vec();
        self.readers.read(move |connection| load::read(connection, &at)).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        let (query, kept) = (query.clone(), self.kept.clone());
        self.readers.read(move |connection| page::page(connection, &kept, &query, &start, limit)).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.writer.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.readers.read(move |connection| feed::changes(connection, after, limit)).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        // Whoever listens before it looks misses nothing.
        let (moved, _waiting) = self.wake.listen();
        let timeout = Delay::new(timeout);
        if let Ok(head) = self.readers.read(feed::head).await {
            self.wake.saw(head);
            if head > after {
                return;
            }
        }
        select(moved, timeout).await;
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}
