//! Points in time, as the database keeps and compares them.

use ocpi_server_traits::StoreError;
use ocpi_types::DateTime;

/// A time, twice: to compare, and to give back.
pub(super) struct Timestamp {
    /// UTC with nanoseconds, always of the same width, so that comparing texts compares instants.
    pub(super) sortable: String,
    /// As it was written: the digits of the second and a missing `Z` are kept.
    pub(super) written: String,
}

impl Timestamp {
    /// The time of a document.
    ///
    /// Refuses years of more than four digits and those before 0: they have no form that can be read again. No
    /// partner can send one; a program's own clock can.
    pub(super) fn new(at: DateTime) -> Result<Self, StoreError> {
        let sortable = sortable(at);
        if !sortable.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(StoreError::new("the time of the document is not in the years 0 to 9999"));
        }
        Ok(Self { sortable, written: at.to_string() })
    }
}

/// A text to compare with those of documents; it may be earlier or later than all of them.
pub(super) fn bound(at: DateTime) -> String {
    let text = sortable(at);
    // A year after 9999 starts with a plus and one before 0 with a minus; both sort before the digits.
    if text.starts_with('+') { AFTER_ALL.to_owned() } else { text }
}

/// Sorts before every time.
pub(super) const BEFORE_ALL: &str = "";

/// Sorts after every time: the colon follows the digit nine.
pub(super) const AFTER_ALL: &str = ":";

fn sortable(at: DateTime) -> String {
    at.to_chrono().format("%Y-%m-%dT%H:%M:%S%.9f").to_string()
}
