//! Pace of the requests to one partner.

mod turns;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_types::Rate;

use self::turns::Turns;

/// Of a rate that allows fewer requests, each one that is left to others would make a list much slower.
const FEW: usize = 4;

/// Pace of the requests to one partner: a [`Rate`], and pauses that the partner asked for. Clones share it.
///
/// No time window of the rate's length contains more requests than the rate allows, however requests arrive: a partner
/// that counts by the minute or hour, from whatever moment, sees no more.
///
/// Background requests, such as those for pages of a list, leave a tenth of the rate to others, and at least one
/// request if the rate allows four: a driver who starts a session does not wait for the end of a list.
///
/// It has no clock and does not wait: times are values of [`Clock::ticks`](ocpi_types::Clock::ticks).
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
    taken: Arc<Mutex<Taken>>,
}

/// Turns that are taken; those of requests that still wait are in the future.
#[derive(Default)]
struct Taken {
    all: Turns,
    in_background: Turns,
    /// The last turns of both kinds: each keeps its order.
    last: Duration,
    last_in_background: Duration,
    paused_until: Duration,
}

impl Pace {
    /// Creates the pace for a rate; `None`: no limit, only pauses.
    pub fn new(rate: impl Into<Option<Rate>>) -> Self {
        Self { rate: rate.into(), taken: Arc::default() }
    }

    /// Returns the rate.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Returns the same pace for requests outside of the rate: they observe the pauses that the partner asks for, but
    /// neither wait for other requests nor delay them.
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
        Self { rate: None, taken: Arc::clone(&self.taken) }
    }

    /// Reserves the turn of one request, and returns the time to wait for it. Returns `None`, without reserving a turn,
    /// if the wait is not shorter than `within`. Requests get their turns in the order of the calls.
    pub fn take(&self, now: Duration, within: Option<Duration>) -> Option<Duration> {
        self.take_turn(now, within, false)
    }

    /// [`Pace::take`] for a background request: some turns are reserved for other requests, which may overtake it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::Pace;
    /// use ocpi_types::Rate;
    /// let second = Duration::from_secs;
    /// let pace = Pace::new(Rate::per_minute(4));
    /// let list = [0, 1, 2, 3].map(|at| pace.take_in_background(second(at), None));
    /// assert_eq!(list, [Some(second(0)), Some(second(0)), Some(second(0)), Some(second(57))]);
    /// assert_eq!(pace.take(second(3), None), Some(second(0)));
    /// ```
    pub fn take_in_background(&self, now: Duration, within: Option<Duration>) -> Option<Duration> {
        self.take_turn(now, within, true)
    }

    fn take_turn(&self, now: Duration, within: Option<Duration>, is_in_background: bool) -> Option<Duration> {
        let mut taken = self.taken();
        let turn = taken.next_turn(now, self.rate, is_in_background);
        let wait = turn.saturating_sub(now);
        if within.is_some_and(|within| !wait.is_zero() && wait >= within) {
            return None;
        }
        if let Some(rate) = self.rate {
            taken.all.take(turn);
            if is_in_background {
                taken.in_background.take(turn);
            }
            *taken.last(is_in_background) = turn;
            let Taken { all, in_background, .. } = &mut *taken;
            for turns in [all, in_background] {
                turns.forget(now, rate.time());
            }
        }
        Some(wait)
    }

    /// The turn that a request would get, which is not taken.
    pub(crate) fn next_turn(&self, now: Duration, is_in_background: bool) -> Duration {
        self.taken().next_turn(now, self.rate, is_in_background)
    }

    /// Gives a turn back that no request used: it is another's. Those that wait already keep theirs.
    pub(crate) fn give_back(&self, turn: Duration, is_in_background: bool) {
        if self.rate.is_none() {
            return;
        }
        let mut taken = self.taken();
        taken.all.give_back(turn);
        if is_in_background {
            taken.in_background.give_back(turn);
        }
        if *taken.last(is_in_background) == turn {
            let last = match is_in_background {
                true => taken.in_background.last(),
                false => taken.all.last_beside(&taken.in_background),
            };
            *taken.last(is_in_background) = last.unwrap_or_default();
        }
    }

    /// Whether the partner asked for a pause that a turn lies in.
    pub(crate) fn is_paused(&self, turn: Duration) -> bool {
        self.taken().paused_until > turn
    }

    /// Gives no turn before a time, at the partner's request. A longer pause remains in effect.
    pub fn pause(&self, until: Duration) {
        let mut taken = self.taken();
        taken.paused_until = taken.paused_until.max(until);
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn last(&mut self, is_in_background: bool) -> &mut Duration {
        if is_in_background { &mut self.last_in_background } else { &mut self.last }
    }

    fn next_turn(&mut self, now: Duration, rate: Option<Rate>, is_in_background: bool) -> Duration {
        let turn = now.max(self.paused_until);
        let Some(rate) = rate else { return turn };
        let turn = turn.max(*self.last(is_in_background));
        self.earliest(turn, rate, is_in_background)
    }

    /// The earliest turn from a time on that the rate allows.
    fn earliest(&self, from: Duration, rate: Rate, is_in_background: bool) -> Duration {
        let most = usize::try_from(rate.requests()).unwrap_or(usize::MAX);
        let left_to_others = if most < FEW { 0 } else { most.div_ceil(10) };
        let mut turn = from;
        loop {
            let mut next = self.all.earliest(turn, most, rate.time());
            if is_in_background {
                next = self.in_background.earliest(next, most - left_to_others, rate.time());
            }
            if next == turn {
                return turn;
            }
            turn = next;
        }
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
