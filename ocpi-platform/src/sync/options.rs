//! Options of a sync.

use std::time::Duration;

use ocpi_client::RequestOptions;
use ocpi_client::paging::{Budget, Watermark};
use ocpi_types::DateTime;

/// Extent of a sync.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Extent {
    /// The changes since the watermark, with an overlap. Without a watermark, the whole list.
    #[default]
    Delta,
    /// The whole list, and then what changed while it was read. Of Sessions and CDRs, those of the last 30 days.
    Full,
    /// The changes in a range of time, its end not included. The watermark stays.
    Window(DateTime, DateTime),
}

/// Treatment of copies that the whole list no longer has. Only Locations and Tariffs are ever removed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sweep {
    /// They go after two complete lists without them, unless they are too many: see [`SyncOptions::most_gone`].
    #[default]
    Careful,
    /// They stay.
    Never,
    /// They go at once, however many: an operator has looked at [`Synced::held`](super::Synced::held).
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
    /// The changes since the last time.
    pub fn delta() -> Self {
        Self::default()
    }

    /// The whole list.
    pub fn full() -> Self {
        Self { extent: Extent::Full, ..Self::default() }
    }

    /// The changes in a range of time: from the first, inclusive, to the other, exclusive.
    pub fn window(from: DateTime, to: DateTime) -> Self {
        Self { extent: Extent::Window(from, to), ..Self::default() }
    }

    /// With another treatment of copies that are gone.
    pub fn sweep(self, sweep: Sweep) -> Self {
        Self { sweep, ..self }
    }

    /// Within a budget, for the list and for the delta behind it each. See [`Budget`] for the default.
    pub fn budget(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// From the beginning, also where a sync that was begun before could go on.
    pub fn afresh(self) -> Self {
        Self { resumes: false, ..self }
    }

    /// With the greatest number of objects on a page.
    pub fn limit(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// With another overlap of a delta with what is known: 5 minutes by default.
    pub fn overlap(self, overlap: Duration) -> Self {
        Self { overlap, ..self }
    }

    /// In windows of this length, one after the other, each with its `date_to`.
    pub fn windows(self, length: Duration) -> Self {
        Self { windows: Some(length), ..self }
    }

    /// Keeps copies although they are gone where they are more than this share of all, in percent, and more than this
    /// number: a partner that has lost half of its data must not cost us ours. The default is 20 percent and 10.
    pub fn most_gone(self, percent: u8, number: usize) -> Self {
        Self { most_gone: (percent, number), ..self }
    }

    /// Within the time that a schedule allows.
    pub(super) fn slice(self, slice: Option<Slice>) -> Self {
        Self { slice, ..self }
    }

    /// With options for every request, such as the party behind a hub. Ids are those of one request: leave them out.
    pub fn options(self, options: RequestOptions<'static>) -> Self {
        Self { options, ..self }
    }
}
