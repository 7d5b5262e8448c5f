//! Result of a pull.

use ocpi_client::paging::{ListOutcome, Stop, Watermark};
use ocpi_types::Finding;
use ocpi_types::convert::Ledger;

/// Result of a pull, or of the part of it that came before an error. A pull that was resumed counts its own pages.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Pulled {
    /// Pages read.
    pub pages: usize,
    /// Objects stored.
    pub objects: usize,
    /// Objects that lack required members; not stored.
    pub partial: usize,
    /// Objects that could not be read.
    pub rejected: usize,
    /// Objects of parties that the partner does not speak for; not stored.
    pub foreign: usize,
    /// Findings on the answers. Pointers start with the index in the page.
    pub findings: Vec<Finding>,
    /// Losses and assumptions because the partner speaks another version. Pointers start with the index in the page.
    pub ledger: Ledger,
    /// Whether an object that was not fetched is not in the list of the partner.
    pub outcome: ListOutcome,
    /// Time of the partner up to which the list is known, for the next [`PullOptions::since`](super::PullOptions::since). After a
    /// pull that is not complete it is that of the options.
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
