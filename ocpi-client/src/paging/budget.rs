//! Limits on reading a list.

use std::time::Duration;

use super::Stop;
use super::state::State;

/// Limits on reading a list: the maximum number of pages, objects, bytes and time. A page that exceeds a limit is kept,
/// but no further page is requested.
///
/// ```
/// use ocpi_client::paging::Budget;
/// let budget = Budget { pages: 100, ..Budget::default() };
/// assert_eq!(budget.objects, 10_000_000);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Budget {
    /// Pages. Default: 100,000.
    pub pages: u64,
    /// Objects, including unreadable and repeated ones. Default: 10,000,000.
    pub objects: u64,
    /// Bytes of the bodies. Default: 64 GiB.
    pub bytes: u64,
    /// Duration of the requests, without the pauses between them. Default: 24 hours.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { pages: 100_000, objects: 10_000_000, bytes: 64 << 30, time: Duration::from_secs(24 * 60 * 60) }
    }
}

impl Budget {
    /// The limit that the paging has reached.
    pub(super) fn reached(&self, state: &State) -> Option<Stop> {
        let spent = &state.spent;
        if spent.pages >= self.pages {
            Some(Stop::Pages)
        } else if spent.objects > self.objects {
            Some(Stop::Objects)
        } else if spent.bytes > self.bytes {
            Some(Stop::Bytes)
        } else if spent.time > self.time {
            Some(Stop::Time)
        } else {
            None
        }
    }
}
