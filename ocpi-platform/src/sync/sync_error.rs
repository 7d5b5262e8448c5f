//! Failures of syncs.

use std::fmt;

use super::Synced;
use crate::Error;

/// Failure of a sync, with the result before it. The next sync of the same extent continues there.
#[derive(Debug)]
pub struct SyncError(Box<(Error, Synced)>);

impl SyncError {
    pub(super) fn new(error: Error, synced: Synced) -> Self {
        Self(Box::new((error, synced)))
    }

    /// Returns the reason.
    pub fn error(&self) -> &Error {
        &self.0.0
    }

    /// Returns the result up to the failure: all counted objects are stored.
    pub fn synced(&self) -> &Synced {
        &self.0.1
    }
}

/// Writes the message of the reason.
impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl std::error::Error for SyncError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.0.source()
    }
}

impl From<SyncError> for Error {
    fn from(error: SyncError) -> Self {
        error.0.0
    }
}
