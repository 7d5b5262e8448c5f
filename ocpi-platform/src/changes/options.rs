//! Options of a reactor.

use ocpi_types::DateTime;

/// Most seconds between two tries of a change.
const LONGEST: i64 = 300;

/// Options of a reactor.
///
/// ```
/// use ocpi_platform::Reaction;
/// let reaction = Reaction::default().from_now().tries(10);
/// # let _ = reaction;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct Reaction {
    pub(super) is_from_now: bool,
    pub(super) tries: u32,
    pub(super) batch: u32,
}

impl Default for Reaction {
    /// From the first object on, 5 tries, and batches of 100.
    fn default() -> Self {
        Self { is_from_now: false, tries: 5, batch: 100 }
    }
}

impl Reaction {
    /// Restricts the reactor to changes after its first run. A reactor with a stored position continues there.
    pub fn from_now(self) -> Self {
        Self { is_from_now: true, ..self }
    }

    /// Sets the maximum number of tries of a change, after 1, 2, 4 … seconds, 5 minutes at most. Later changes wait
    /// meanwhile. After the last try the change is set aside: the observer is told,
    /// [`Platform::set_aside`](crate::Platform::set_aside) lists it, and the reactor continues.
    pub fn tries(self, tries: u32) -> Self {
        Self { tries: tries.max(1), ..self }
    }

    /// Sets the maximum number of changes read together. The position is stored after them: after a crash, up to this
    /// many may be repeated.
    pub fn batch(self, batch: u32) -> Self {
        Self { batch: batch.max(1), ..self }
    }

    /// When a change that failed so many times is tried again.
    pub(super) fn next_try(tries: u32, now: DateTime) -> DateTime {
        let seconds = 1_i64.checked_shl(tries.saturating_sub(1)).unwrap_or(i64::MAX);
        now.checked_add_seconds(seconds.clamp(1, LONGEST)).unwrap_or(now)
    }

    /// Whether a try is still to wait. One that would wait longer than any was put off while the clock was ahead.
    pub(super) fn waits(next: DateTime, now: DateTime) -> bool {
        next > now && next.seconds_since(now) <= LONGEST
    }
}
