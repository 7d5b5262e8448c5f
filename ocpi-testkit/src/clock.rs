//! Time that passes only when a test says so.

use std::sync::{Arc, Mutex, PoisonError};

use ocpi_server_traits::{Clock, Timer};
use ocpi_types::DateTime;

/// The time of [`fixed_clock`], and of the envelopes of canned responses: noon on the day of the tests.
pub const NOW: &str = "2026-11-22T12:00:00Z";

/// Makes a time on the day of the tests, from a text such as `10:00:00`.
pub fn time(text: &str) -> DateTime {
    format!("2026-11-22T{text}Z").parse().expect("a time")
}

/// Makes a clock that stands at [`NOW`].
pub fn fixed_clock() -> Clock {
    let now = NOW.parse().expect("a time");
    Clock::new(move || now)
}

/// A clock that a test sets forward. Clones are the same clock.
///
/// ```
/// use ocpi_testkit::{SteppedClock, time};
/// let stepped = SteppedClock::default();
/// let clock = stepped.clock();
/// stepped.advance(90);
/// assert_eq!(clock.now(), time("12:01:30"));
/// ```
#[derive(Clone, Debug)]
pub struct SteppedClock(Arc<Mutex<DateTime>>);

impl Default for SteppedClock {
    /// A clock that stands at [`NOW`].
    fn default() -> Self {
        Self::at(NOW.parse().expect("a time"))
    }
}

impl SteppedClock {
    /// A clock that stands at `now`.
    pub fn at(now: DateTime) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Sets it forward by this many seconds.
    pub fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add_seconds(seconds).expect("a time before the year 10,000");
    }

    /// Returns a timer that sets the clock forward in the place of waiting.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_testkit::{SteppedClock, time};
    /// let stepped = SteppedClock::default();
    /// pollster::block_on(stepped.timer().wait(Duration::from_millis(1_500)));
    /// assert_eq!(stepped.clock().now().to_unix_micros() - time("12:00:00").to_unix_micros(), 1_500_000);
    /// ```
    pub fn timer(&self) -> Timer {
        let stepped = self.clone();
        Timer::new(move |wait| {
            let mut now = stepped.0.lock().unwrap_or_else(PoisonError::into_inner);
            let micros = i64::try_from(wait.as_micros()).expect("a short time");
            *now = DateTime::from_unix_micros(now.to_unix_micros() + micros).expect("a time");
            std::future::ready(())
        })
    }

    /// Returns the clock, for a router or the settings of a platform.
    pub fn clock(&self) -> Clock {
        let now = Arc::clone(&self.0);
        Clock::new(move || *now.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
