//! Rate: a number of requests per period of time.

use std::num::NonZeroU32;
use std::time::Duration;

/// Number of requests allowed per period of time, possibly all at once.
///
/// ```
/// use std::time::Duration;
/// use ocpi_types::Rate;
/// let slow = Rate::new(30, Duration::from_secs(3_600));
/// assert_eq!((slow.requests(), slow.time().as_secs()), (30, 3_600));
/// assert_eq!(Rate::per_minute(6), Rate::new(6, Duration::from_secs(60)));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Rate {
    requests: NonZeroU32,
    time: Duration,
}

impl Rate {
    /// Allows this many requests in this period. Zero counts as one.
    pub const fn new(requests: u32, time: Duration) -> Self {
        let requests = match NonZeroU32::new(requests) {
            Some(requests) => requests,
            None => NonZeroU32::MIN,
        };
        Self { requests, time }
    }

    /// Allows this many requests in 60 seconds. Zero counts as one.
    pub const fn per_minute(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60))
    }

    /// Returns the number of requests: at least one.
    pub const fn requests(self) -> u32 {
        self.requests.get()
    }

    /// Returns the period.
    pub const fn time(self) -> Duration {
        self.time
    }
}
