//! Settings of a store.

use std::path::PathBuf;
use std::sync::Arc;

use ocpi_server_traits::Clock;
use ocpi_server_traits::storage::{StoreError, StoreErrorKind};

use super::kept::Kept;
use super::readers::Readers;
use super::store::Sqlite;
use super::wake::{Poller, Wake};
use super::writer::Writer;
use super::{file, schema};

impl Sqlite {
    /// Opens a file, or creates it, so that only its owner may read it. Beside it there will be two more, with `-wal` and
    /// `-shm` after the name.
    ///
    /// Reads and writes the file before it returns: call it where blocking is allowed.
    ///
    /// # Errors
    /// When the file cannot be opened or created, is no database, belongs to another program, or was written by a newer
    /// version of this library; when the path is `:memory:` or begins with `file:`, which SQLite takes for something else.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::builder(path).open()
    }

    /// Settings of a store in a file.
    ///
    /// ```
    /// use ocpi_store::Sqlite;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("ocpi.db");
    /// let store = Sqlite::builder(path).readers(4).open()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(path: impl Into<PathBuf>) -> Builder {
        Builder::new(path.into())
    }
}

/// Settings of a [`Sqlite`] store.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    path: PathBuf,
    readers: usize,
    queue_bytes: usize,
    cache_bytes: usize,
    clock: Clock,
}

impl Builder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, readers: 2, queue_bytes: 64 << 20, cache_bytes: 16 << 20, clock: Clock::system() }
    }

    /// Sets the number of threads that read, at least 1. [default: 2]
    pub fn readers(self, readers: usize) -> Self {
        Self { readers: readers.max(1), ..self }
    }

    /// Sets the number of bytes that waiting writes may take, about: more are refused as
    /// [busy](StoreErrorKind::Busy). What an edit holds is not counted, except for a KiB each. [default: 64 MiB]
    pub fn queue_bytes(self, queue_bytes: usize) -> Self {
        Self { queue_bytes, ..self }
    }

    /// Sets the number of bytes that documents of pages may take in memory, about, beside SQLite's own cache of 8 MiB for
    /// each thread. A document that many partners are sent is read once for all of them, until it changes. 0 keeps none.
    /// [default: 16 MiB]
    pub fn cache_bytes(self, cache_bytes: usize) -> Self {
        Self { cache_bytes, ..self }
    }

    /// Sets the clock, from which edits and revisions have their time. [default: the system's]
    ///
    /// ```
    /// use ocpi_server_traits::Clock;
    /// use ocpi_store::Sqlite;
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("ocpi.db");
    /// let noon = "2026-11-22T12:00:00Z".parse()?;
    /// let store = Sqlite::builder(path).clock(Clock::new(move || noon)).queue_bytes(1 << 20).open()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Opens the file, or creates it. See [`Sqlite::open`].
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn open(self) -> Result<Sqlite, StoreError> {
        file::create(&self.path)?;
        let mut connection = file::connect(&self.path)?;
        schema::prepare(&mut connection)?;
        let readers: Result<_, _> = (0..self.readers).map(|_| file::connect_to_read(&self.path)).collect();
        let (readers, poller) = (readers?, file::connect_to_read(&self.path)?);
        let wake = Arc::new(Wake::default());
        Ok(Sqlite {
            writer: Writer::start(connection, self.queue_bytes, self.clock, Arc::clone(&wake))
                .map_err(no_thread)?,
            readers: Readers::start(readers).map_err(no_thread)?,
            kept: Kept::new(self.cache_bytes),
            _poller: Poller::start(poller, Arc::clone(&wake)).map_err(no_thread)?,
            wake,
        })
    }
}

fn no_thread(error: std::io::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, "a thread of the store cannot be started").with_source(error)
}
