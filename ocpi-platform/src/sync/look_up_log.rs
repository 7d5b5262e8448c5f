//! Look-ups made by this process, and the times of the next ones.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::InDoubt;
use ocpi_server_traits::order::DoubtReason;
use ocpi_server_traits::storage::Address;
use ocpi_types::DateTime;

use crate::turns::Turns;

/// Seconds after a doubt before the owner is asked: later pushes often settle it.
const AFTER: i64 = 5;
/// Seconds between two look-ups of an object.
const AGAIN: i64 = 30;
/// Seconds after an answer that looked old, one after the other.
const OLD: [i64; 3] = [10, 20, 40];

/// Look-ups that this process has made.
#[derive(Default)]
pub(crate) struct LookUps {
    made: Mutex<Made>,
    /// The partner whose objects were asked for last.
    pub(super) turns: Turns,
}

#[derive(Default)]
pub(super) struct Made {
    pub(super) objects: BTreeMap<Address, Try>,
    /// Next delta, by partner and kind.
    pub(super) deltas: BTreeMap<(String, String), DateTime>,
    /// Partners that were not heard of the last time.
    silent: BTreeMap<String, Try>,
}

/// Look-ups of an object so far, or requests that a partner did not answer.
#[derive(Clone, Copy)]
pub(super) struct Try {
    tries: usize,
    last: DateTime,
}

impl Try {
    /// The time of the next one, later and later.
    fn longer(&self) -> DateTime {
        later(self.last, AGAIN.saturating_mul(1 << self.tries.saturating_sub(1).min(7)))
    }

    fn again(&mut self, now: DateTime) {
        *self = Self { tries: self.tries.saturating_add(1), last: now };
    }
}

impl LookUps {
    pub(super) fn lock(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for LookUps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookUps").field("objects", &self.lock().objects.len()).finish()
    }
}

impl Made {
    /// When an object in doubt is to be asked for.
    pub(super) fn due(&self, doubt: &InDoubt, now: DateTime) -> DateTime {
        // A doubt that is to come was noted while the clock was ahead.
        let since = doubt.doubt.since;
        let since = if since > now { now } else { later(since, AFTER) };
        let Some(made) = self.objects.get(&doubt.at) else { return since };
        let is_old = doubt.doubt.reasons.contains(&DoubtReason::OldAnswer);
        let old = OLD.get(made.tries.saturating_sub(1)).filter(|_| is_old);
        since.max(old.map_or_else(|| made.longer(), |wait| later(made.last, *wait)))
    }

    /// Forgets what was noted while the clock was ahead.
    pub(super) fn forget_ahead(&mut self, now: DateTime, longest: i64) {
        self.objects.retain(|_, made| made.last <= now);
        self.silent.retain(|_, made| made.last <= now);
        self.deltas.retain(|_, next| *next <= later(now, longest));
    }

    /// Number of times that an object was asked for.
    pub(super) fn tries(&self, at: &Address) -> usize {
        self.objects.get(at).map_or(0, |made| made.tries)
    }

    /// Until when a partner is left in peace, because it was not heard of.
    pub(super) fn peace(&self, partner: &str) -> Option<DateTime> {
        self.silent.get(partner).map(Try::longer)
    }

    pub(super) fn note(&mut self, at: &Address, now: DateTime) {
        self.objects.entry(at.clone()).or_insert(Try { tries: 0, last: now }).again(now);
    }

    pub(super) fn note_silence(&mut self, partner: &str, is_silent: bool, now: DateTime) {
        if is_silent {
            self.silent.entry(partner.to_owned()).or_insert(Try { tries: 0, last: now }).again(now);
        } else {
            self.silent.remove(partner);
        }
    }
}

pub(super) fn later(time: DateTime, seconds: i64) -> DateTime {
    time.checked_add_seconds(seconds).unwrap_or(time)
}
