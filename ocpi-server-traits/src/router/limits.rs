//! Bounds on the requests of a partner.

use std::time::Duration;

/// Bounds on the requests of each partner: their size, their time and their number.
///
/// ```
/// use std::time::Duration;
/// use ocpi_server_traits::{RequestLimits, Rate};
/// let limits = RequestLimits::default()
///     .with_body_bytes(1 << 20)
///     .with_body_time(Duration::from_secs(10))
///     .with_rate(Rate::new(600, Duration::from_secs(60)));
/// assert_eq!(limits.body_bytes, 1 << 20);
/// ```
///
/// The head of a request is read by the HTTP server, before the router sees it: its deadline is set there, in hyper with
/// `header_read_timeout`. `axum::serve` sets none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RequestLimits {
    /// Most bytes of a body; more is answered with 413. By default 8 MiB.
    pub body_bytes: usize,
    /// Time in which a body must have arrived; later is answered with 408. By default 30 s.
    pub body_time: Duration,
    /// Time for which the rest of a body that is too large is passed over, after the answer, so that a partner that is
    /// still sending gets to see it. By default 5 s.
    pub pass_over_time: Duration,
    /// Most requests of a partner at the same time; more are answered with 429. By default 256.
    pub at_once: usize,
    /// Most requests of a partner in a time; more are answered with 429. By default there is no bound, because pushes that
    /// are refused are not repeated by all partners.
    pub rate: Option<Rate>,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            body_time: Duration::from_secs(30),
            pass_over_time: Duration::from_secs(5),
            at_once: 256,
            rate: None,
        }
    }
}

impl RequestLimits {
    /// With bodies of at most this many bytes.
    #[must_use]
    pub fn with_body_bytes(self, body_bytes: usize) -> Self {
        Self { body_bytes, ..self }
    }

    /// With a time in which a body must have arrived.
    #[must_use]
    pub fn with_body_time(self, body_time: Duration) -> Self {
        Self { body_time, ..self }
    }

    /// With a time for which the rest of a body that is too large is passed over.
    #[must_use]
    pub fn with_pass_over_time(self, pass_over_time: Duration) -> Self {
        Self { pass_over_time, ..self }
    }

    /// With at most this many requests of a partner at the same time.
    #[must_use]
    pub fn with_at_once(self, at_once: usize) -> Self {
        Self { at_once, ..self }
    }

    /// With at most this many requests of a partner in a time.
    #[must_use]
    pub fn with_rate(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }
}

/// Number of requests in a time, all of which may come at once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    /// Microseconds until one more request may come.
    pub(super) interval: i64,
    /// Microseconds until all may come again.
    pub(super) period: i64,
}

impl Rate {
    /// Allows this many requests in this time. Zero counts as one.
    pub fn new(requests: u32, time: Duration) -> Self {
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
        let interval = (micros / i64::from(requests.max(1))).max(1);
        Self { interval, period: interval.saturating_mul(i64::from(requests.max(1))) }
    }
}
