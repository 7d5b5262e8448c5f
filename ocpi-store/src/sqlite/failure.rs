//! Failures in words.

use std::sync::Arc;

use ocpi_server_traits::StoreError;
use rusqlite::{Error, ErrorCode};

/// One failure may have to be told to several writers.
pub(super) type Failure = Arc<Error>;

/// Explains a failure in words.
///
/// SQLite's own words stay as the source. They name tables, columns and statements, and the statements have
/// placeholders where the values go: no document or key gets into an error.
pub(super) fn explain(failure: impl Into<Failure>) -> StoreError {
    let failure = failure.into();
    StoreError::with_source(words(failure.sqlite_error_code()), failure)
}

fn words(code: Option<ErrorCode>) -> &'static str {
    match code {
        Some(ErrorCode::CannotOpen) => "the file cannot be opened",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "the file was locked by others for too long; nothing was changed"
        }
        Some(ErrorCode::DatabaseCorrupt) => "the file is damaged",
        Some(ErrorCode::DiskFull) => "the disk is full; nothing was changed",
        Some(ErrorCode::NotADatabase) => "the file is not an SQLite database",
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => "the file may not be written",
        Some(ErrorCode::SystemIoFailure) => "the disk cannot be read or written",
        Some(ErrorCode::TooBig) => "the document is too large",
        _ => "the database refused",
    }
}
