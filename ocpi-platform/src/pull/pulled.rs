//! Result of a pull.

use ocpi_client::paging::{ListOutcome, Stop, Watermark};
use ocpi_types::Finding;
use ocpi_types::convert::Ledger;

/// Result of a pull, or of the part before an error. A resumed pull counts only its own pages.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Pulled {
    /// Number of pages read.
    pub pages: usize,
    /// Number of objects stored.
    pub objects: usize,
    /// Number of objects with missing required members; not stored.
    pub partial: usize,
    /// Number of unreadable objects.
    pub rejected: usize,
    /// Number of objects of parties that the partner does not speak for; not stored.
    pub foreign: usize,
    /// Findings in the answers. Pointers start with the index in the page.
    pub findings: Vec<Finding>,
    /// Losses and assumptions, if the partner uses another version. Pointers start with the index in the page.
    pub ledger: Ledger,
    /// Completeness of the list: whether an object that was not fetched is missing from the partner's list.
    pub outcome: ListOutcome,
    /// Time of the partner up to which the list is known, for the next
    /// [`PullOptions::since`](super::PullOptions::since). After an incomplete pull, it is that of the options.
    pub watermark: Watermark,
}

impl Default for Pulled {
    fn default() -> Self {
        Self {
            pages: 0,
            objects: 0,
            partial: 0,
            rejected: 0,
            foreign: 0,
            findings: Vec::new(),
            ledger: Ledger::new(),
            outcome: ListOutcome::Incomplete(Stop::UnderWay),
            watermark: Watermark::default(),
        }
    }
}

impl Pulled {
    /// Number of objects that came, whatever became of them.
    pub(super) fn seen(&self) -> usize {
        self.objects + self.partial + self.rejected + self.foreign
    }

    pub(super) fn end(&mut self, outcome: ListOutcome, watermark: Watermark) {
        self.outcome = outcome;
        if outcome.is_complete() {
            self.watermark.raise(watermark);
        }
    }
}
