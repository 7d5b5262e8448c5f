//! Progress of a pull.

use std::fmt;

use ocpi_client::paging::Cursor;

use super::pulled::Pulled;

/// Progress of a pull after a stored page.
pub struct PullProgress<'a> {
    pulled: &'a Pulled,
    total: Option<u64>,
    cursor: &'a dyn Fn() -> Cursor,
}

impl<'a> PullProgress<'a> {
    pub(super) fn new(pulled: &'a Pulled, total: Option<u64>, cursor: &'a dyn Fn() -> Cursor) -> Self {
        Self { pulled, total, cursor }
    }

    /// Returns the result so far.
    pub fn pulled(&self) -> &Pulled {
        self.pulled
    }

    /// Returns the total number of objects in the list, if the partner gives it.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the cursor to continue from, for [`PullOptions::resume`](super::PullOptions::resume), also in another
    /// run of the program. It has 16 characters for each object so far, so it is created only on request.
    pub fn cursor(&self) -> Cursor {
        (self.cursor)()
    }
}

impl fmt::Debug for PullProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PullProgress")
            .field("pulled", &self.pulled)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}
