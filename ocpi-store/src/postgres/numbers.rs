//! Places, positions and revisions as PostgreSQL has them: `bigint`.

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use ocpi_types::DateTime;

/// A number for a parameter. Those that are too large stand behind everything that is stored.
pub(super) fn to_bigint(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from a row.
pub(super) fn from_bigint(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| corrupt("a stored number is negative"))
}

/// A time from a row.
pub(super) fn time(micros: i64) -> Result<DateTime, StoreError> {
    DateTime::from_unix_micros(micros).ok_or_else(|| corrupt("a stored time is out of range"))
}

/// A stored row that this library did not write.
pub(super) fn corrupt(message: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, message)
}
