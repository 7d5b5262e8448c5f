//! Time limits and bounds of pushes.

use std::time::Duration;

/// Times and bounds of a [`Pusher`](super::pusher::Pusher).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Most requests that are under way at the same time.
    pub(crate) concurrency: usize,
    /// No request is under way for longer: what was unclear is sent once more after this time.
    pub(crate) flight: Duration,
    /// The wait after this many failures in a row of one document or message, with a random number.
    pub(crate) wait: fn(u32, u64) -> Duration,
    /// Time in which a partner that is down gets nothing, unless it names one.
    pub(crate) pause: Duration,
    /// Failures in a row, whatever they were of, that open the breaker.
    pub(crate) failures: u32,
    /// The wait before the probe of a breaker that was open this often.
    pub(crate) probe: fn(u32) -> Duration,
}

/// Longest time for which a partner's `Retry-After` is kept to.
pub(crate) const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

impl Rules {
    /// The rules of partners, with so many requests at the same time.
    pub(crate) fn new(concurrency: usize) -> Self {
        Self {
            concurrency: concurrency.max(1),
            flight: Duration::from_secs(60),
            wait: full_jitter,
            pause: Duration::from_secs(1),
            failures: 5,
            probe: |opened| doubled(Duration::from_secs(30), opened, Duration::from_secs(600)),
        }
    }
}

/// By chance up to 1 s, 2 s, 4 s and so on to 5 minutes; a tenth of a second at least.
fn full_jitter(attempts: u32, random: u64) -> Duration {
    let whole = doubled(Duration::from_secs(1), attempts, Duration::from_secs(300));
    // The upper bits of a random number are as good as any.
    let part = f64::from(u32::try_from(random >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX);
    whole.mul_f64(part).max(Duration::from_millis(100))
}

/// A time that doubles with each count from 1 on, up to a bound.
fn doubled(first: Duration, count: u32, longest: Duration) -> Duration {
    let factor = 1_u32.checked_shl(count.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(longest)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Rules, full_jitter};

    #[test]
    fn waits_are_by_chance_and_bounded() {
        for (attempts, longest) in [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (u32::MAX, 300)] {
            assert_eq!(full_jitter(attempts, u64::MAX), Duration::from_secs(longest));
            assert_eq!(full_jitter(attempts, 0), Duration::from_millis(100));
        }
        let probe = Rules::new(4).probe;
        let probes = [1, 2, 5, 6, 100].map(|opened| probe(opened).as_secs());
        assert_eq!(probes, [30, 60, 480, 600, 600]);
    }
}
