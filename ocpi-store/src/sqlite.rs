//! Documents in an SQLite file.

mod failure;
mod schema;
mod statements;
mod timestamp;
mod worker;

use std::fmt;
use std::path::Path;

use ocpi_server_traits::{
    Address, Document, Listing, NewDocument, Precondition, PutOutcome, Query, Store, StoreError,
};
use rusqlite::{Connection, OpenFlags};

use failure::explain;
use worker::Worker;

/// Keeps documents in an SQLite file, or in memory.
///
/// A write is answered when it is on the disk: it outlives a crash of the program and a loss of power. Writes
/// that wait for one another share one trip to the disk, so many small writes at the same time are fast.
///
/// One thread owns the file; the async functions send it what to do and wait for its answer, so they never
/// block. Dropping the store does block: until that thread has finished what was asked of it. To share a store,
/// put it in an [`Arc`](std::sync::Arc).
///
/// Several stores, of one process or of many, may have the same file open. A write that has waited five seconds
/// for those of another store fails.
///
/// Errors never quote a document or a key.
pub struct Sqlite {
    worker: Worker,
}

impl Sqlite {
    /// Opens a file, or creates it. Beside it there will be two more, with `-wal` and `-shm` after the name.
    ///
    /// Reads and writes the file before it returns: call it where blocking is allowed.
    ///
    /// # Errors
    /// When the file cannot be opened or created, is no database, belongs to another program, or was written by
    /// a newer version of this library.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if path.as_os_str().is_empty() {
            // SQLite would take it for a temporary file that is deleted at the end.
            return Err(StoreError::new("the path of the file is empty"));
        }
        // Without the flag that takes a path for a URI, and without a lock that one thread does not need.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::start(Connection::open_with_flags(path, flags).map_err(explain)?)
    }

    /// A store in memory, which is gone when it is dropped.
    ///
    /// # Errors
    /// When memory or a thread is not to be had.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::start(Connection::open_in_memory().map_err(explain)?)
    }

    fn start(mut connection: Connection) -> Result<Self, StoreError> {
        schema::prepare(&mut connection)?;
        let worker = Worker::start(connection)
            .map_err(|error| StoreError::with_source("cannot start the thread of the store", error))?;
        Ok(Self { worker })
    }
}

impl Store for Sqlite {
    async fn get(&self, at: &Address) -> Result<Option<Document>, StoreError> {
        let at = at.clone();
        self.worker.read(move |connection| statements::get(connection, &at)).await
    }

    async fn put(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> Result<PutOutcome, StoreError> {
        let at = at.clone();
        self.worker.write(move |connection| statements::put(connection, &at, &document, expect)).await
    }

    async fn delete(&self, at: &Address) -> Result<bool, StoreError> {
        let at = at.clone();
        self.worker.write(move |connection| statements::delete(connection, &at)).await
    }

    async fn list(&self, query: &Query) -> Result<Listing, StoreError> {
        let query = query.clone();
        self.worker.read(move |connection| statements::list(connection, &query)).await
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}
