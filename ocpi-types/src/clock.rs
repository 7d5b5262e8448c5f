//! The clock: the only source of time.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::DateTime;

/// Source of the current time, and of durations.
///
/// ```
/// use ocpi_types::Clock;
/// let noon = "2026-11-22T12:00:00Z".parse()?;
/// assert_eq!(Clock::new(move || noon).now(), noon);
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime + Send + Sync>,
    ticks: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// Returns the clock of the machine, with millisecond precision. Before 1970 and after the year 9999 it returns
    /// 1970.
    ///
    /// Its [durations](Self::ticks) do not change when the machine's time is set.
    ///
    /// ```
    /// use ocpi_types::Clock;
    /// let start = "2026-01-01T00:00:00Z".parse()?;
    /// assert!(Clock::system().now() > start);
    /// # Ok::<(), ocpi_types::DateTimeError>(())
    /// ```
    pub fn system() -> Self {
        let start = Instant::now();
        Self { now: Arc::new(system_time), ticks: Arc::new(move || start.elapsed()) }
    }

    /// Returns a clock that calls `now`, also for durations.
    pub fn new(now: impl Fn() -> DateTime + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let ticks = Arc::clone(&now);
        let ticks = move || Duration::from_micros(ticks().to_unix_micros().try_into().unwrap_or_default());
        Self { now, ticks: Arc::new(ticks) }
    }

    /// Returns the current time.
    pub fn now(&self) -> DateTime {
        (self.now)()
    }

    /// Returns the time since a fixed moment in the past; the difference of two is a duration.
    ///
    /// ```
    /// use ocpi_types::Clock;
    /// let clock = Clock::system();
    /// let started = clock.ticks();
    /// assert!(clock.ticks() >= started);
    /// ```
    pub fn ticks(&self) -> Duration {
        (self.ticks)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock comes in")]
fn system_time() -> DateTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or_default();
    DateTime::from_unix_millis(millis).unwrap_or(DateTime::UNIX_EPOCH)
}
