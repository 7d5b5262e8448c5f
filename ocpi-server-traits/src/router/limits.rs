//! Bounds on the requests of a partner.

use std::time::Duration;

use crate::Rate;

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
/// `header_read_timeout`, as the example `roam` does. `axum::serve` sets none.
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
    /// Most requests with unknown tokens from an address in a time, where the address is known
    /// ([`RemoteAddress`](crate::RemoteAddress)); more are answered with 429, before anything is looked up. Tokens that were
    /// good in the last hour go on. By default 20 in a minute.
    pub refusals: Option<Rate>,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            body_time: Duration::from_secs(30),
            pass_over_time: Duration::from_secs(5),
            at_once: 256,
            rate: None,
            refusals: Some(Rate::per_minute(20)),
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

    /// With at most this many requests with unknown tokens from an address in a time; `None`: any number.
    #[must_use]
    pub fn with_refusals(self, rate: impl Into<Option<Rate>>) -> Self {
        Self { refusals: rate.into(), ..self }
    }
}
