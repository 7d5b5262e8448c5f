//! Failures, in words and by kind.

use std::sync::Arc;

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use rusqlite::{Error, ErrorCode};

/// Explains a failure. One may have to be told to several writers.
///
/// SQLite's own words stay as the source. They name tables, columns and statements, and the statements have placeholders
/// where the values go: no document or key gets into an error.
pub(super) fn explain(failure: impl Into<Arc<Error>>) -> StoreError {
    let failure = failure.into();
    let (kind, words) = describe(&failure);
    StoreError::new(kind, words).with_source(failure)
}

/// The store is closed, or a thread of it has ended.
pub(super) fn closed() -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, "the store is closed: open it again")
}

fn describe(failure: &Error) -> (StoreErrorKind, &'static str) {
    use StoreErrorKind::{Busy, Corrupt, Full, Other, Refused, Unavailable};
    match failure {
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => {
            return (
                Corrupt,
                "a row of the file cannot be read: the file is damaged or not of this library; restore a copy",
            );
        }
        Error::QueryReturnedNoRows => {
            return (Corrupt, "the file lacks a row that it must have: restore a copy");
        }
        _ => {}
    }
    match failure.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => (Unavailable, "the file cannot be opened"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Busy,
            "the file was locked by others for too long; nothing was changed. Try again, or end the other program",
        ),
        Some(ErrorCode::DatabaseCorrupt) => (Corrupt, "the file is damaged: restore a copy"),
        Some(ErrorCode::DiskFull) => {
            (Full, "the disk is full; nothing was changed. Writes succeed again once there is room")
        }
        Some(ErrorCode::NotADatabase) => (Corrupt, "the file is not an SQLite database"),
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            (Unavailable, "the file may not be written: see its owner and mode, and those of its folder")
        }
        Some(ErrorCode::SystemIoFailure) => {
            (Unavailable, "the disk cannot be read or written: see the log of the system")
        }
        Some(ErrorCode::OutOfMemory) => {
            (Full, "there is not enough memory; nothing was changed. Writes succeed again once there is some")
        }
        Some(ErrorCode::TooBig) => {
            (Refused, "a text is larger than SQLite takes: store less in one document")
        }
        _ => (Other, "the database refused a statement: its own words are the source of this error"),
    }
}
