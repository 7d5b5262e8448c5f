//! Rate limiting by counters.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ocpi_types::{DateTime, Rate};

/// Counts the requests of many senders, each with its own [`Rate`].
///
/// ```
/// use std::time::Duration;
/// use ocpi_server_traits::{Rate, RateCounter};
/// let counter = RateCounter::new(Rate::new(2, Duration::from_secs(60)), 1_000);
/// let now = "2026-11-22T10:00:00Z".parse()?;
/// assert_eq!(counter.count(&"cpo", now), Ok(()));
/// assert_eq!(counter.count(&"cpo", now), Ok(()));
/// assert_eq!(counter.count(&"cpo", now), Err(30), "seconds until the next");
/// assert_eq!(counter.count(&"emsp", now), Ok(()));
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Debug)]
pub struct RateCounter<K> {
    /// Microseconds until one more request may come.
    interval: i64,
    /// Microseconds until all may come again.
    period: i64,
    most: usize,
    /// Times at which nothing of the rate is used any more, in microseconds.
    free_at: Mutex<BTreeMap<K, i64>>,
}

impl<K: Clone + Ord> RateCounter<K> {
    /// Creates a counter that remembers about this many senders. Beyond that, senders are forgotten, starting with
    /// those that have used nothing.
    pub fn new(rate: Rate, senders: usize) -> Self {
        let requests = i64::from(rate.requests());
        let micros = i64::try_from(rate.time().as_micros()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
        let interval = (micros / requests).max(1);
        let period = interval.saturating_mul(requests);
        Self { interval, period, most: senders.max(1), free_at: Mutex::default() }
    }

    /// Counts a request, if the rate allows it.
    ///
    /// # Errors
    /// When the rate does not allow it: the number of seconds until it does, at least one.
    pub fn count(&self, sender: &K, now: DateTime) -> Result<(), u32> {
        let now = now.to_unix_micros();
        let mut all = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let free_at = self.free_at(all.get(sender), now);
        if let Some(known) = all.get_mut(sender) {
            *known = free_at;
        }
        self.wait(free_at, now)?;
        if all.len() >= self.most && !all.contains_key(sender) {
            all.retain(|_, free_at| *free_at > now);
            if all.len() > self.most / 2 {
                all.clear();
            }
        }
        all.insert(sender.clone(), free_at.saturating_add(self.interval));
        Ok(())
    }

    /// Returns the seconds until a sender may send another request; `None` if it may now. Counts nothing.
    pub fn exhausted(&self, sender: &K, now: DateTime) -> Option<u32> {
        let now = now.to_unix_micros();
        let all = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.wait(self.free_at(all.get(sender), now), now).err()
    }

    /// A clock that is set back does not shut a sender out.
    fn free_at(&self, known: Option<&i64>, now: i64) -> i64 {
        known.map_or(now, |free_at| (*free_at).clamp(now, now.saturating_add(self.period)))
    }

    fn wait(&self, free_at: i64, now: i64) -> Result<(), u32> {
        let used = free_at.saturating_add(self.interval).saturating_sub(now);
        let wait = used.saturating_sub(self.period);
        if wait <= 0 {
            return Ok(());
        }
        Err(u32::try_from(wait.unsigned_abs().div_ceil(1_000_000)).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ocpi_types::{DateTime, Rate};

    use super::RateCounter;

    #[test]
    fn a_counter_forgets_and_stays_small() {
        let counter = RateCounter::new(Rate::new(1, Duration::from_secs(60)), 10);
        let at = |second: i64| DateTime::from_unix_micros(second * 1_000_000).expect("a time");
        for sender in 0..1_000_i64 {
            assert_eq!(counter.count(&sender, at(sender)), Ok(()));
            assert!(counter.free_at.lock().expect("no panic").len() <= 10, "{sender}");
        }
        assert_eq!(counter.count(&999, at(999)), Err(60));
        assert_eq!(counter.exhausted(&999, at(1_058)), Some(1));
        assert_eq!(counter.exhausted(&999, at(1_059)), None);
    }
}
