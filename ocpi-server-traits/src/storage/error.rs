//! Failures of stores.

use std::error::Error;
use std::fmt;

/// Kind of a failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Others hold what is asked for, or too much is waiting: try again later.
    Busy,
    /// There is no room left.
    Full,
    /// Stored data is damaged, or written by something else.
    Corrupt,
    /// The database cannot be reached, or the store is closed.
    Unavailable,
    /// An edit touched an address that its write did not declare.
    Undeclared,
    /// An edit panicked; nothing of it was stored.
    Panicked,
    /// The write asks for more than a store takes: too many addresses, too many bytes, a text that the database cannot
    /// hold.
    Refused,
    /// Something else.
    Other,
}

/// A failure of a store. Never quotes a document or a key.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// A failure in words, which must not quote a document or a key.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// The same failure, with its cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// Its kind.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether the same may succeed later.
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
