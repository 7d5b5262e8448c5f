//! Intervals of syncs.

use std::time::Duration;

use ocpi_types::ModuleId;

/// Intervals at which the lists of a partner are synced: deltas, and full lists. Each interval varies randomly by 20
/// percent, so that not all partners are asked at the same time.
///
/// ```
/// use std::time::Duration;
/// use ocpi_platform::Every;
/// let every = Every::minutes(30).with_full(Duration::from_secs(7 * 24 * 60 * 60));
/// # let _ = every;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct Every {
    delta: Option<Duration>,
    full: Duration,
}

const MINUTE: u64 = 60;
const DAY: Duration = Duration::from_secs(24 * 60 * MINUTE);

impl Every {
    /// A delta every hour, and the full list once a day: for a partner that pushes, to find lost pushes.
    pub const fn hour() -> Self {
        Self::minutes(60)
    }

    /// A delta every `minutes` minutes, and the full list once a day.
    pub const fn minutes(minutes: u32) -> Self {
        Self { delta: Some(Duration::from_secs(minutes as u64 * MINUTE)), full: DAY }
    }

    /// For a partner that does not push: a delta every 5 minutes for Locations and every 15 minutes for other kinds,
    /// and the full list once a day.
    pub const fn pull_only() -> Self {
        Self { delta: None, full: DAY }
    }

    /// Sets the interval of full lists.
    pub const fn with_full(self, full: Duration) -> Self {
        Self { full, ..self }
    }

    /// Seconds between two deltas of a module, and between two whole lists; a second at least.
    pub(super) fn seconds(self, module: &ModuleId) -> (u64, u64) {
        let minutes = if *module == ModuleId::Locations { 5 } else { 15 };
        let delta = self.delta.unwrap_or(Duration::from_secs(minutes * MINUTE));
        (delta.as_secs().max(1), self.full.as_secs().max(1))
    }
}
