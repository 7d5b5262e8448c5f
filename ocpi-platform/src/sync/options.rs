//! Options of a sync.

use std::time::Duration;

use ocpi_client::RequestOptions;
use ocpi_client::paging::{Budget, Watermark};
use ocpi_types::DateTime;

/// Extent of a sync.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Extent {
    /// The changes since the watermark, with an overlap. Without a watermark, the full list.
    #[default]
    Delta,
    /// The full list, followed by a delta of the changes meanwhile. For Sessions and CDRs, those of the last 30 days.
    Full,
    /// The changes in a range of time, its end excluded. The watermark does not change.
    Window(DateTime, DateTime),
}

/// Treatment of copies that the full list no longer contains. Only Locations and Tariffs are ever removed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sweep {
    /// They are removed after two complete lists without them, unless there are too many: see
    /// [`SyncOptions::most_gone`].
    #[default]
    Careful,
    /// They are kept.
    Never,
    /// They are removed at once, regardless of their number: an operator has checked
    /// [`Synced::held`](super::Synced::held).
    Forced,
}

/// Options of a sync. The default is a delta.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::paging::Budget;
/// use ocpi_platform::SyncOptions;
/// let hour = Duration::from_secs(3_600);
/// let options = SyncOptions::full().budget(Budget { time: hour, ..Budget::default() });
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SyncOptions {
    pub(super) extent: Extent,
    pub(super) sweep: Sweep,
    pub(super) budget: Budget,
    pub(super) resumes: bool,
    pub(super) limit: Option<u64>,
    pub(super) overlap: Duration,
    pub(super) windows: Option<Duration>,
    /// Share in percent, and number, beyond which copies that are gone are kept.
    pub(super) most_gone: (u8, usize),
    pub(super) options: RequestOptions<'static>,
    /// Time that a schedule allows.
    pub(super) slice: Option<Slice>,
}

/// Time that a schedule allows a sync.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    /// Time of the clock's ticks at which a sync that makes progress ends, to be resumed.
    pub(super) end: Duration,
    /// Time that the partner has for the first page, also beyond that end.
    pub(super) patience: Duration,
}

impl Slice {
    /// The ticks at which a walk ends that was begun at others, and has come to a page or not.
    pub(super) fn until(&self, begun: Duration, has_page: bool) -> Duration {
        if has_page { self.end } else { self.end.max(begun.saturating_add(self.patience)) }
    }
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            extent: Extent::Delta,
            sweep: Sweep::Careful,
            budget: Budget::default(),
            resumes: true,
            limit: None,
            overlap: Watermark::OVERLAP,
            windows: None,
            most_gone: (20, 10),
            options: RequestOptions::new(),
            slice: None,
        }
    }
}

impl SyncOptions {
    /// Syncs the changes since the last sync.
    pub fn delta() -> Self {
        Self::default()
    }

    /// Syncs the full list.
    pub fn full() -> Self {
        Self { extent: Extent::Full, ..Self::default() }
    }

    /// Syncs the changes in a range of time: start inclusive, end exclusive.
    pub fn window(from: DateTime, to: DateTime) -> Self {
        Self { extent: Extent::Window(from, to), ..Self::default() }
    }

    /// Sets the treatment of copies that the list no longer contains.
    pub fn sweep(self, sweep: Sweep) -> Self {
        Self { sweep, ..self }
    }

    /// Sets the budget, for the list and for the delta after it, each. See [`Budget`] for the default.
    pub fn budget(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// Starts from the beginning, even if an interrupted sync could continue.
    pub fn afresh(self) -> Self {
        Self { resumes: false, ..self }
    }

    /// Sets the maximum number of objects on a page.
    pub fn limit(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Sets the overlap of a delta with the known time. Default: 5 minutes.
    pub fn overlap(self, overlap: Duration) -> Self {
        Self { overlap, ..self }
    }

    /// Syncs in consecutive windows of this length, each with its `date_to`.
    pub fn windows(self, length: Duration) -> Self {
        Self { windows: Some(length), ..self }
    }

    /// Keeps missing copies if they are more than this percentage of all and more than this number: a partner that has
    /// lost half of its data must not cost us ours. Default: 20 percent and 10.
    pub fn most_gone(self, percent: u8, number: usize) -> Self {
        Self { most_gone: (percent, number), ..self }
    }

    /// Within the time that a schedule allows.
    pub(super) fn slice(self, slice: Option<Slice>) -> Self {
        Self { slice, ..self }
    }

    /// Sets options for every request, such as the party behind a hub. Do not set ids: they belong to a single request.
    pub fn options(self, options: RequestOptions<'static>) -> Self {
        Self { options, ..self }
    }
}
