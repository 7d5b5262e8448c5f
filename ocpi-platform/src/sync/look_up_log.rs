//! Look-ups that this process has made, and the times of the next ones.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::InDoubt;
use ocpi_server_traits::order::DoubtReason;
use ocpi_server_traits::storage::Address;
use ocpi_types::DateTime;

/// Seconds after a doubt before the owner is asked: later pushes often settle it.
const AFTER: i64 = 5;
/// Seconds between two look-ups of an object.
const AGAIN: i64 = 30;
/// Seconds after an answer that looked old, one after the other.
const OLD: [i64; 3] = [10, 20, 40];
/// Look-ups that this process has made.
#[derive(Default)]
pub(crate) struct LookUps(Mutex<Made>);

#[derive(Default)]
pub(super) struct Made {
    pub(super) objects: BTreeMap<Address, Try>,
    /// Next delta, by partner and kind.
    pub(super) deltas: BTreeMap<(String, String), DateTime>,
}

/// Look-ups of an object so far.
#[derive(Clone, Copy)]
pub(super) struct Try {
    tries: usize,
    last: DateTime,
}

impl LookUps {
    pub(super) fn lock(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for LookUps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookUps").field("objects", &self.lock().objects.len()).finish()
    }
}

impl Made {
    /// When an object in doubt is to be asked for.
    pub(super) fn due(&self, doubt: &InDoubt) -> DateTime {
        let since = later(doubt.doubt.since, AFTER);
        let Some(made) = self.objects.get(&doubt.at) else { return since };
        let is_old = doubt.doubt.reasons.contains(&DoubtReason::OldAnswer);
        let tries = made.tries.saturating_sub(1);
        let longer = AGAIN.saturating_mul(1 << tries.min(7));
        let wait = if is_old { OLD.get(tries).copied().unwrap_or(longer) } else { longer };
        since.max(later(made.last, wait))
    }

    pub(super) fn note(&mut self, at: &Address, now: DateTime) {
        let made = self.objects.entry(at.clone()).or_insert(Try { tries: 0, last: now });
        *made = Try { tries: made.tries.saturating_add(1), last: now };
    }
}

pub(super) fn later(time: DateTime, seconds: i64) -> DateTime {
    time.checked_add_seconds(seconds).unwrap_or(time)
}
