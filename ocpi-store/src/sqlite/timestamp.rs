//! Points in time, as the database keeps and compares them.

use ocpi_types::DateTime;

/// A time, twice: to compare, and to give back.
pub(super) struct Timestamp {
    /// See [`sortable`].
    pub(super) sortable: String,
    /// As it was written: the digits of the second and a missing `Z` are kept.
    pub(super) written: String,
}

impl Timestamp {
    pub(super) fn new(at: DateTime) -> Self {
        Self { sortable: sortable(at), written: at.to_string() }
    }
}

/// Sorts before every time.
pub(super) const BEFORE_ALL: &str = "";

/// Sorts after every time: the colon follows the digit nine.
pub(super) const AFTER_ALL: &str = ":";

/// UTC with nanoseconds, always of the same width, so that comparing texts compares instants. The width holds
/// because the year of a `DateTime` has four digits.
pub(super) fn sortable(at: DateTime) -> String {
    at.to_chrono().format("%Y-%m-%dT%H:%M:%S%.9f").to_string()
}
