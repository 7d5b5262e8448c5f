//! Delivery of one request, including the decision whether and when to send it again.

use std::time::Duration;

use ocpi_types::endpoint::{Endpoint, Repeat};

use crate::Error;
use crate::error::Setback;

/// Rule for repeating a request that failed: how often, after which waits, and for how long.
///
/// Only repeatable requests are repeated ([`Endpoint::REPEAT`]). A request is repeated if no connection could be
/// opened, the answer did not arrive in time, or the connection broke; if the HTTP status is 408, 429, 502, 503, 504 or
/// another temporary 5xx; and, if the request changes nothing, also if the OCPI status is a temporary failure (3000,
/// custom `3xxx`, 4002).
///
/// The wait before the first repeat is [`first_wait`](Self::first_wait); it doubles with each further repeat, up to
/// [`longest_wait`](Self::longest_wait). A random part of each wait, at most half of it, is left out, so that clients
/// that failed together do not return together. A longer `Retry-After` of the partner is respected.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::Retry;
/// let patient = Retry::default().with_sends(6).with_time(Duration::from_secs(600));
/// assert_eq!((patient.sends, Retry::NEVER.sends), (6, 1));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// Maximum number of sends, including the first. Default: 3.
    pub sends: u32,
    /// Wait before the first repeat. Default: 1 s.
    pub first_wait: Duration,
    /// Maximum wait before a repeat, except for `Retry-After`. Default: 60 s.
    pub longest_wait: Duration,
    /// Time from the start of the first send within which all repeats must start. Default: 120 s.
    pub time: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            sends: 3,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
            time: Duration::from_secs(120),
        }
    }
}

impl Retry {
    /// Never repeats a request.
    pub const NEVER: Self =
        Self { sends: 1, first_wait: Duration::ZERO, longest_wait: Duration::ZERO, time: Duration::ZERO };

    /// Sets the maximum number of sends.
    #[must_use]
    pub fn with_sends(self, sends: u32) -> Self {
        Self { sends, ..self }
    }

    /// Sets the waits before repeats.
    #[must_use]
    pub fn with_waits(self, first: Duration, longest: Duration) -> Self {
        Self { first_wait: first, longest_wait: longest, ..self }
    }

    /// Sets the time within which all repeats must start.
    #[must_use]
    pub fn with_time(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// The wait before the repeat after this many sends, without a part that is up to chance.
    fn wait(&self, sends: u32, random: u64) -> Duration {
        let doubled = 1_u32.checked_shl(sends.saturating_sub(1)).unwrap_or(u32::MAX);
        let whole = self.first_wait.saturating_mul(doubled).min(self.longest_wait);
        // The upper bits of a random number are as good as any.
        let part = u32::try_from(random >> 32).unwrap_or(u32::MAX);
        let left_out = (whole / 2).mul_f64(f64::from(part) / f64::from(u32::MAX));
        whole.saturating_sub(left_out)
    }
}

/// Delivery of one request, as a state machine without I/O: it takes each failure, and returns when to send again.
///
/// [`Client::send`](crate::Client::send) runs it. With another HTTP client, use it like this:
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::{Client, Delivery, Error, Retry};
/// use ocpi_types::endpoint::GetVersions;
///
/// type Response = http::Response<bytes::Bytes>;
///
/// fn versions(
///     client: &Client,
///     mut send: impl FnMut(http::Request<bytes::Bytes>) -> Response,
///     mut random: impl FnMut() -> u64,
/// ) -> Result<usize, Error> {
///     let mut delivery = Delivery::of(&GetVersions, Retry::default());
///     let mut waited = Duration::ZERO;
///     loop {
///         let answer = send(client.request(&GetVersions)?);
///         let error = match client.response::<GetVersions>(answer) {
///             Ok(answer) => return Ok(answer.value.len()),
///             Err(error) => error,
///         };
///         let Some(wait) = delivery.failed(&error, waited, random()) else { return Err(error) };
///         waited += wait; // and here it is waited
///     }
/// }
/// # use ocpi_client::RequestIds;
/// # let client = Client::new(ocpi_types::Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"))
/// #     .with_versions_url("https://cpo.example/ocpi/versions".parse()?);
/// # let mut busy = http::Response::new(bytes::Bytes::new());
/// # *busy.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
/// # let mut sends = 0;
/// # versions(&client, |_| { sends += 1; busy.clone() }, || 0).expect_err("it stays busy");
/// # assert_eq!(sends, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Delivery {
    retry: Retry,
    repeat: Repeat,
    deadline: Option<Duration>,
    sends: u32,
}

impl Delivery {
    /// Creates the delivery of a request to an endpoint.
    pub fn of<E: Endpoint>(endpoint: &E, retry: Retry) -> Self {
        Self::new(endpoint.repeat(), retry)
    }

    /// Creates the delivery of a request with this effect of repeats.
    pub fn new(repeat: Repeat, retry: Retry) -> Self {
        Self { retry, repeat, deadline: None, sends: 0 }
    }

    /// Sets a deadline for the whole delivery, including repeats and waits.
    #[must_use]
    pub fn within(self, deadline: impl Into<Option<Duration>>) -> Self {
        Self { deadline: deadline.into(), ..self }
    }

    /// Whether the request may be sent more than once.
    pub fn is_repeatable(&self) -> bool {
        self.repeat.is_repeatable() && self.retry.sends > 1
    }

    /// Takes the failure of a send, and returns the wait before the next send; `None` if there is none.
    ///
    /// `elapsed` is the time since the start of the first send, `random` a random number.
    pub fn failed(&mut self, error: &Error, elapsed: Duration, random: u64) -> Option<Duration> {
        self.step(error.setback(), error.retry_after(), elapsed, random)
    }

    fn step(
        &mut self,
        setback: Option<Setback>,
        retry_after: Option<Duration>,
        elapsed: Duration,
        random: u64,
    ) -> Option<Duration> {
        self.sends = self.sends.saturating_add(1);
        let may_pass = match setback? {
            Setback::OfLine => self.repeat.is_repeatable(),
            // It may be a way to say no: to a write it is not said again.
            Setback::OfApplication => self.repeat == Repeat::Safe,
        };
        if !may_pass || self.sends >= self.retry.sends {
            return None;
        }
        let wait = self.retry.wait(self.sends, random).max(retry_after.unwrap_or_default());
        let next = elapsed.saturating_add(wait);
        let is_in_time = next <= self.retry.time && self.deadline.is_none_or(|deadline| next < deadline);
        is_in_time.then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ocpi_types::endpoint::Repeat;
    use proptest::prelude::*;

    use super::{Delivery, Retry};
    use crate::error::Setback;

    fn setback() -> impl Strategy<Value = Option<Setback>> {
        prop_oneof![Just(None), Just(Some(Setback::OfLine)), Just(Some(Setback::OfApplication))]
    }

    fn time() -> impl Strategy<Value = Duration> {
        prop_oneof![Just(Duration::ZERO), (0..5_000_u64).prop_map(Duration::from_millis), Just(Duration::MAX)]
    }

    fn retry() -> impl Strategy<Value = Retry> {
        (0..40_u32, time(), time(), time()).prop_map(|(sends, first, longest, within)| {
            Retry::default().with_sends(sends).with_waits(first, longest).with_time(within)
        })
    }

    proptest! {
        /// Whatever happens: what is sent once is sent once, and no budget is exceeded.
        #[test]
        fn nothing_is_sent_beyond_the_budget(
            retry in retry(),
            repeat in prop_oneof![Just(Repeat::Safe), Just(Repeat::Idempotent), Just(Repeat::Once)],
            deadline in proptest::option::of(time()),
            failures in prop::collection::vec((setback(), proptest::option::of(time()), time(), any::<u64>()), 1..60),
        ) {
            let mut delivery = Delivery::new(repeat, retry).within(deadline);
            let (mut elapsed, mut sends) = (Duration::ZERO, 1);
            for (setback, retry_after, took, random) in failures {
                elapsed = elapsed.saturating_add(took);
                let Some(wait) = delivery.step(setback, retry_after, elapsed, random) else { break };
                elapsed = elapsed.saturating_add(wait);
                sends += 1;
                prop_assert!(repeat != Repeat::Once);
                prop_assert!(repeat == Repeat::Safe || setback == Some(Setback::OfLine));
                prop_assert!(setback.is_some());
                prop_assert!(elapsed <= retry.time);
                prop_assert!(deadline.is_none_or(|deadline| elapsed < deadline));
                prop_assert!(wait <= retry.longest_wait.max(retry_after.unwrap_or_default()));
                prop_assert!(wait >= retry_after.unwrap_or_default());
            }
            prop_assert!(sends <= retry.sends.max(1));
        }

        /// A wait is between half and the whole of its bound, which doubles.
        #[test]
        fn waits_grow_and_differ(sends in 1..40_u32, random: u64) {
            let retry = Retry::default();
            let whole = Duration::from_secs(1 << (sends - 1).min(10)).min(Duration::from_secs(60));
            let wait = retry.wait(sends, random);
            prop_assert!(wait >= whole / 2 && wait <= whole, "{wait:?} of {whole:?}");
        }
    }

    #[test]
    fn chance_decides_about_half_of_a_wait() {
        let waits = [0, u64::MAX / 2, u64::MAX].map(|random| Retry::default().wait(2, random).as_millis());
        assert_eq!(waits, [2_000, 1_500, 1_000]);
    }
}
