//! Settings for sending requests: pace, repeats, clock, timer and random numbers.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use ocpi_types::{Clock, Rate, Timer};

use super::Client;
use crate::{Pace, Retry};

/// Settings by which requests are sent.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) retry: Retry,
    pub(super) random: Random,
    pub(super) timer: Option<Timer>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            pace: Pace::default(),
            retry: Retry::default(),
            random: Random(None),
            timer: None,
        }
    }
}

impl Sending {
    pub(super) fn timer(&self) -> Timer {
        self.timer.clone().unwrap_or_else(Timer::system)
    }
}

/// Source of random numbers; `None`: the seeds that the standard library gets from the machine.
#[derive(Clone)]
pub(super) struct Random(Option<Arc<dyn Fn() -> u64 + Send + Sync>>);

impl Random {
    pub(super) fn next(&self) -> u64 {
        match &self.0 {
            Some(random) => random(),
            None => RandomState::new().hash_one(0_u8),
        }
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

impl<T> Client<T> {
    /// Limits the requests to the partner to this rate; `None`: no limit. The default is 100 requests a minute. Further
    /// requests wait for their turn; if a deadline does not allow the wait, they fail with a timeout and are not sent.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::{Client, RequestIds};
    /// use ocpi_types::{Rate, Version};
    /// let slow = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"))
    ///     .with_rate(Rate::new(30, Duration::from_secs(3_600)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_rate(self, rate: impl Into<Option<Rate>>) -> Self {
        self.with_pace(Pace::new(rate))
    }

    /// Sets a pace, which other clients of the same partner may share.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        self.with(|partner| partner.sending.pace = pace)
    }

    /// Sets the rule for repeating failed requests; [`Retry::NEVER`] disables repeats. The default is
    /// [`Retry::default`].
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        self.with(|partner| partner.sending.retry = retry)
    }

    /// Sets the clock for pace, repeats and deadlines; the default is [`Clock::system`].
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        self.with(|partner| partner.sending.clock = clock)
    }

    /// Sets the timer for pace, repeats and deadlines; the default is [`Timer::system`].
    #[must_use]
    pub fn with_timer(self, timer: Timer) -> Self {
        self.with(|partner| partner.sending.timer = Some(timer))
    }

    /// Sets the source of random numbers for the waits before repeats; the default is that of the system.
    #[must_use]
    pub fn with_random(self, random: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        self.with(|partner| partner.sending.random = Random(Some(Arc::new(random))))
    }

    /// Returns the pace of the requests. Clones of the client share it.
    pub fn pace(&self) -> &Pace {
        &self.partner.sending.pace
    }
}
