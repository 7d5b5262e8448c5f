//! Pace of the requests to one partner.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_types::Rate;

/// Pace of the requests to one partner: a [`Rate`], and the pause that the partner asked for. Clones share it.
///
/// However requests come, no stretch of the rate's time has more of them than the rate allows: a partner that counts by
/// the minute or by the hour, from whatever moment on, sees no more.
///
/// It has no clock and does not wait: times are those of [`Clock::ticks`](ocpi_types::Clock::ticks).
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::Pace;
/// use ocpi_types::Rate;
/// let second = Duration::from_secs;
/// let pace = Pace::new(Rate::per_minute(2));
/// assert_eq!(pace.take(second(0), None), Some(second(0)));
/// assert_eq!(pace.take(second(10), None), Some(second(0)));
/// assert_eq!(pace.take(second(15), None), Some(second(45)), "a minute after the first");
/// assert_eq!(pace.take(second(15), Some(second(5))), None, "there is no turn so soon");
/// ```
#[derive(Clone)]
pub struct Pace {
    rate: Option<Rate>,
    turns: Arc<Mutex<Turns>>,
}

#[derive(Default)]
struct Turns {
    /// Times of the last requests, as many as the rate allows; those of requests that still wait are in the future.
    taken: VecDeque<Duration>,
    paused_until: Duration,
}

impl Pace {
    /// The pace of a rate; `None`: no bound, only pauses.
    pub fn new(rate: impl Into<Option<Rate>>) -> Self {
        Self { rate: rate.into(), turns: Arc::default() }
    }

    /// Returns the rate.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// The same pace for requests that the rate is not for: they keep the pauses that the partner asks for, wait for nobody,
    /// and nobody waits for them.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::Pace;
    /// use ocpi_types::Rate;
    /// let second = Duration::from_secs;
    /// let pace = Pace::new(Rate::per_minute(1));
    /// assert_eq!([0, 1].map(|_| pace.take(second(0), None)), [Some(second(0)), Some(second(60))]);
    /// assert_eq!(pace.without_rate().take(second(0), None), Some(second(0)));
    /// pace.pause(second(5));
    /// assert_eq!(pace.without_rate().take(second(0), None), Some(second(5)));
    /// ```
    #[must_use]
    pub fn without_rate(&self) -> Self {
        Self { rate: None, turns: Arc::clone(&self.turns) }
    }

    /// Takes the turn of one request, and returns the time to wait for it. `None`, and no turn is taken, if that is not shorter
    /// than `within`. Who waits gets its turn in the order of the calls.
    pub fn take(&self, now: Duration, within: Option<Duration>) -> Option<Duration> {
        let mut turns = self.turns();
        let mut turn = now.max(turns.paused_until);
        let most = self.rate.map_or(0, |rate| usize::try_from(rate.requests()).unwrap_or(usize::MAX));
        if let Some(rate) = self.rate {
            turn = turn.max(turns.taken.back().copied().unwrap_or_default());
            if turns.taken.len() >= most {
                let first = turns.taken.front().copied().unwrap_or_default();
                turn = turn.max(first.saturating_add(rate.time()));
            }
        }
        let wait = turn.saturating_sub(now);
        if within.is_some_and(|within| !wait.is_zero() && wait >= within) {
            return None;
        }
        if let Some(rate) = self.rate {
            turns.taken.push_back(turn);
            while turns.taken.len() > most
                || turns.taken.front().is_some_and(|first| first.saturating_add(rate.time()) <= now)
            {
                turns.taken.pop_front();
            }
        }
        Some(wait)
    }

    /// Gives no turn before a time, as the partner asked for. A pause that lasts longer already stays.
    pub fn pause(&self, until: Duration) {
        let mut turns = self.turns();
        turns.paused_until = turns.paused_until.max(until);
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Pace {
    /// 100 requests a minute.
    fn default() -> Self {
        Self::new(Rate::per_minute(100))
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("rate", &self.rate).finish_non_exhaustive()
    }
}
