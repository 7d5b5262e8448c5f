//! The two times of a value.

/// The time that the owner gave a value, and the time at which the value came; in microseconds since 1970.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Pair {
    /// Absent for a PATCH of 2.1.1 that gives no time.
    pub(super) theirs: Option<i64>,
    pub(super) ours: i64,
}

impl Pair {
    /// Of a value of which nothing is known: whatever comes is newer.
    pub(super) const UNKNOWN: Self = Self { theirs: None, ours: i64::MIN };

    /// The time that a value is ordered by: the owner's, unless there is none or it lies in our future.
    pub(super) fn effective(self, tolerance: i64) -> i64 {
        self.believed(tolerance).unwrap_or(self.ours)
    }

    /// The owner's time as it stands; the time of arrival if there is none.
    pub(super) fn raw(self) -> i64 {
        self.theirs.unwrap_or(self.ours)
    }

    /// Whether the owner's time lies in our future.
    pub(super) fn is_ahead(self, tolerance: i64) -> bool {
        self.theirs.is_some() && self.believed(tolerance).is_none()
    }

    fn believed(self, tolerance: i64) -> Option<i64> {
        self.theirs.filter(|theirs| *theirs <= self.ours.saturating_add(tolerance))
    }
}

/// The highest times of several values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Newest {
    pub(super) effective: i64,
    pub(super) raw: i64,
    pub(super) ours: i64,
    /// The greatest owner's time, and the arrival of the value that has it.
    pub(super) last: (i64, i64),
}

impl Newest {
    pub(super) const NONE: Self =
        Self { effective: i64::MIN, raw: i64::MIN, ours: i64::MIN, last: (i64::MIN, i64::MIN) };

    pub(super) fn with(self, pair: Pair, tolerance: i64) -> Self {
        Self {
            effective: self.effective.max(pair.effective(tolerance)),
            raw: self.raw.max(pair.raw()),
            ours: self.ours.max(pair.ours),
            last: self.last.max((pair.raw(), pair.ours)),
        }
    }
}
