//! Failures of stores.

use std::error::Error;
use std::fmt;

/// Kind of a failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The resource is locked, or too many writes are waiting: try again later.
    Busy,
    /// There is no space left.
    Full,
    /// Stored data is damaged, or was written by other software.
    Corrupt,
    /// The database cannot be reached, or the store is closed.
    Unavailable,
    /// An edit touched an address that its write did not declare.
    Undeclared,
    /// An edit panicked; none of it was stored.
    Panicked,
    /// The write exceeds what a store accepts: too many addresses, too many bytes, or a text that the database cannot
    /// hold.
    Refused,
    /// Any other failure.
    Other,
}

/// A failure of a store. It never quotes a document or a key.
///
/// ```
/// use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
/// let error = StoreError::new(StoreErrorKind::Full, "the disk is full; nothing was changed: free some room")
///     .with_source(std::io::Error::from(std::io::ErrorKind::StorageFull));
/// assert!(error.is_full() && error.is_temporary());
/// assert!(std::error::Error::source(&error).is_some());
/// ```
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// Creates a failure with a message, which must not quote a document or a key.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Sets the cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// Returns the kind.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether the resource is locked, or too many writes are waiting.
    pub fn is_busy(&self) -> bool {
        self.kind == StoreErrorKind::Busy
    }

    /// Whether there is no space left: nothing was changed.
    pub fn is_full(&self) -> bool {
        self.kind == StoreErrorKind::Full
    }

    /// Whether stored data is damaged, or was written by other software.
    pub fn is_corrupt(&self) -> bool {
        self.kind == StoreErrorKind::Corrupt
    }

    /// Whether the database cannot be reached, or the store is closed.
    pub fn is_unavailable(&self) -> bool {
        self.kind == StoreErrorKind::Unavailable
    }

    /// Whether the write exceeds what a store accepts.
    pub fn is_refused(&self) -> bool {
        self.kind == StoreErrorKind::Refused
    }

    /// Whether an edit is at fault: it panicked, or touched an address that its write did not declare.
    pub fn is_bug(&self) -> bool {
        matches!(self.kind, StoreErrorKind::Undeclared | StoreErrorKind::Panicked)
    }

    /// Whether the same operation may succeed later.
    pub fn is_temporary(&self) -> bool {
        matches!(self.kind, StoreErrorKind::Busy | StoreErrorKind::Unavailable | StoreErrorKind::Full)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "storage: {}", self.message)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
