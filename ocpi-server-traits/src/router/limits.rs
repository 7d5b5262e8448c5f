//! Limits on the requests of a partner.

use std::time::Duration;

use crate::Rate;

/// Limits on the requests of each partner: size, time and number.
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
/// The head of a request is read by the HTTP server, before the router sees it: set its deadline there, in hyper with
/// `header_read_timeout`, as the example `roam` does. `axum::serve` sets none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RequestLimits {
    /// Maximum size of a body in bytes; a larger one is answered with 413. Default: 8 MiB.
    pub body_bytes: usize,
    /// Time limit for the arrival of a body; a later one is answered with 408. Default: 30 s.
    pub body_time: Duration,
    /// Time for which the rest of a body that is too large is discarded, after the answer, so that a partner that is
    /// still sending gets to see the answer. Default: 5 s.
    pub pass_over_time: Duration,
    /// Maximum number of concurrent requests of a partner; further ones are answered with 429. Default: 256.
    pub at_once: usize,
    /// Maximum rate of a partner's requests; further ones are answered with 429. By default there is no limit, because
    /// not all partners repeat refused pushes.
    pub rate: Option<Rate>,
    /// Maximum rate of requests with unknown tokens from one address, if the address is known
    /// ([`RemoteAddress`](crate::RemoteAddress)); further ones are answered with 429, before any look-up. Tokens that
    /// were valid in the last hour are still accepted. Default: 20 a minute.
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
    /// Sets the maximum size of a body in bytes.
    #[must_use]
    pub fn with_body_bytes(self, body_bytes: usize) -> Self {
        Self { body_bytes, ..self }
    }

    /// Sets the time limit for the arrival of a body.
    #[must_use]
    pub fn with_body_time(self, body_time: Duration) -> Self {
        Self { body_time, ..self }
    }

    /// Sets the time for which the rest of a body that is too large is discarded.
    #[must_use]
    pub fn with_pass_over_time(self, pass_over_time: Duration) -> Self {
        Self { pass_over_time, ..self }
    }

    /// Sets the maximum number of concurrent requests of a partner.
    #[must_use]
    pub fn with_at_once(self, at_once: usize) -> Self {
        Self { at_once, ..self }
    }

    /// Sets the maximum rate of a partner's requests.
    #[must_use]
    pub fn with_rate(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// Sets the maximum rate of requests with unknown tokens from one address; `None`: no limit.
    #[must_use]
    pub fn with_refusals(self, rate: impl Into<Option<Rate>>) -> Self {
        Self { refusals: rate.into(), ..self }
    }
}
