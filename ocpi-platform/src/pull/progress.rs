//! Progress of a pull.

use std::fmt;

use ocpi_client::paging::Cursor;

use super::pulled::Pulled;

/// Progress of a pull behind a page that is stored.
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

    /// Returns the number of objects in the list, if the partner says so.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the place to go on from, for [`PullOptions::resume`](super::PullOptions::resume), also in another run of the
    /// program. It has 16 characters for each object that came, so it is not made unless it is asked for.
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
