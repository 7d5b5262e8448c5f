//! Limits of asynchronous requests.

/// Limits of asynchronous requests. Times are in seconds.
///
/// ```
/// use ocpi_platform::ResultLimits;
/// let limits = ResultLimits { grace: 10, ..ResultLimits::default() };
/// assert_eq!((limits.timeout, limits.open), (60, 1_000));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ResultLimits {
    /// Time to wait for a result if the partner gives none: in 2.1.1, if it omits `timeout`, or if its answer cannot be
    /// read. Default: 60 seconds.
    pub timeout: u32,
    /// Maximum time to wait, whatever the partner says. Default: 1 hour.
    pub longest: u32,
    /// Additional time for the transmission of the result to us. Default: 5 seconds.
    pub grace: u32,
    /// Time for which finished requests are kept, so that a late result is recognized. Default: 7 days.
    pub keep: u32,
    /// Maximum number of requests to one partner with awaited results. Concurrent requests may exceed it by their
    /// number. Default: 1,000.
    pub open: u32,
    /// Interval at which a handle checks the store for a result received by another process; at least 1. Default: 1
    /// second.
    pub look_again: u32,
}

impl Default for ResultLimits {
    fn default() -> Self {
        const DAY: u32 = 24 * 60 * 60;
        Self { timeout: 60, longest: 3_600, grace: 5, keep: 7 * DAY, open: 1_000, look_again: 1 }
    }
}

impl ResultLimits {
    /// Seconds to wait for a result, if the partner said `timeout`. A time that is not positive is none.
    pub(super) fn wait(&self, timeout: Option<i64>) -> i64 {
        let said = timeout.filter(|seconds| *seconds > 0).unwrap_or_else(|| self.timeout.into());
        said.min(self.longest.into()).saturating_add(self.grace.into())
    }
}
