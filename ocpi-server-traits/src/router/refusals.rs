//! Requests with tokens that are not known: they cost little, and only so many may come from one address.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_types::DateTime;

use super::limits::RequestLimits;
use crate::{Error, RateCounter};

/// The address that a request came from, as an extension of the request.
///
/// The server puts it there, because only it knows the connection, and the operator whether a proxy in front of it is to be
/// believed. Where it is missing, requests with unknown tokens are not limited by address.
///
/// ```
/// use ocpi_server_traits::RemoteAddress;
/// let peer: std::net::SocketAddr = "192.0.2.7:50001".parse()?;
/// let request = http::Request::builder().uri("/ocpi/versions").extension(RemoteAddress(peer.ip())).body(())?;
/// # let _ = request;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RemoteAddress(pub IpAddr);

impl RemoteAddress {
    /// The network that a sender of this address may choose its addresses from.
    fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            address => address,
        }
    }
}

/// Most headers of each kind that are remembered.
const MOST: usize = 10_000;
/// Most addresses that are remembered.
const ADDRESSES: usize = 10_000;
/// Microseconds for which a token that was not known is not looked up again. A change that another process makes is seen
/// after this time at the latest.
const DEAD: i64 = 1_000_000;
/// Microseconds for which a token that was known may come from an address that is shut out.
const GOOD: i64 = 3_600_000_000;

/// Tokens and addresses of the requests that were refused lately.
pub(super) struct Refusals {
    addresses: Option<RateCounter<IpAddr>>,
    /// Two keys, so that nobody can find two headers with one hash.
    keys: [RandomState; 2],
    headers: Mutex<Headers>,
}

#[derive(Default)]
struct Headers {
    dead: BTreeMap<u128, Dead>,
    /// Times until which they are remembered.
    good: BTreeMap<u128, i64>,
}

/// A header whose token was not known.
struct Dead {
    until: i64,
    generation: u64,
}

/// Circumstances of a look-up.
#[derive(Clone, Copy)]
pub(super) struct Presented {
    key: u128,
    address: Option<RemoteAddress>,
    generation: Option<u64>,
    now: DateTime,
}

impl Refusals {
    pub(super) fn new(limits: &RequestLimits) -> Self {
        Self {
            addresses: limits.refusals.map(|rate| RateCounter::new(rate, ADDRESSES)),
            keys: [RandomState::new(), RandomState::new()],
            headers: Mutex::default(),
        }
    }

    /// A header that was presented. `generation` is that of the directory, if it has one.
    pub(super) fn presented(
        &self,
        header: &str,
        address: Option<RemoteAddress>,
        generation: Option<u64>,
        now: DateTime,
    ) -> Presented {
        let [one, other] = &self.keys;
        let key = u128::from(one.hash_one(header)) << 64 | u128::from(other.hash_one(header));
        Presented { key, address, generation, now }
    }

    /// Looks whether a token is to be looked up.
    ///
    /// # Errors
    /// With 429, if too many unknown tokens came from its address; with 401, if it was not known a moment ago.
    pub(super) fn check(&self, presented: &Presented) -> Result<(), Error> {
        let now = presented.now.to_unix_micros();
        let (is_good, is_dead) = {
            let headers = lock(&self.headers);
            let good = headers.good.get(&presented.key).is_some_and(|until| *until > now);
            let dead = headers.dead.get(&presented.key).is_some_and(|dead| {
                let is_fresh = dead.until > now && dead.until.saturating_sub(now) <= DEAD;
                is_fresh && Some(dead.generation) == presented.generation
            });
            (good, dead)
        };
        if is_good && !is_dead {
            return Ok(());
        }
        let counted = self.addresses.as_ref().zip(presented.address);
        let wait = counted.and_then(|(counter, at)| counter.exhausted(&at.network(), presented.now));
        if let Some(seconds) = wait {
            let message = "too many requests with unknown tokens from this address";
            return Err(Error::too_many_requests(message).with_retry_after(seconds));
        }
        if is_dead { Err(self.refused(presented)) } else { Ok(()) }
    }

    /// A token was found.
    pub(super) fn found(&self, presented: &Presented) {
        let now = presented.now.to_unix_micros();
        let mut headers = lock(&self.headers);
        if headers.good.len() >= MOST {
            headers.good.clear();
        }
        headers.good.insert(presented.key, now.saturating_add(GOOD));
    }

    /// A token was looked for, and not found. Returns the refusal.
    pub(super) fn not_found(&self, presented: &Presented) -> Error {
        let until = presented.now.to_unix_micros().saturating_add(DEAD);
        let mut headers = lock(&self.headers);
        headers.good.remove(&presented.key);
        if let Some(generation) = presented.generation {
            if headers.dead.len() >= MOST {
                headers.dead.clear();
            }
            headers.dead.insert(presented.key, Dead { until, generation });
        }
        drop(headers);
        self.refused(presented)
    }

    /// Counts a refusal.
    pub(super) fn refused(&self, presented: &Presented) -> Error {
        if let Some((counter, address)) = self.addresses.as_ref().zip(presented.address) {
            // The next one is told to wait.
            let _ = counter.count(&address.network(), presented.now);
        }
        Error::unauthorized("the token is not known")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
