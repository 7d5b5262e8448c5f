//! Requests with unknown tokens, limited by address.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_types::DateTime;

use super::limits::RequestLimits;
use crate::{Error, RateCounter};

/// The address that a request came from, as an extension of the request.
///
/// The server sets it, because only the server knows the connection, and only the operator whether a proxy in front of
/// it can be trusted. Without it, requests with unknown tokens are not limited by address.
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

/// Most headers that are remembered.
const MOST: usize = 10_000;
/// Most addresses that are remembered.
const ADDRESSES: usize = 10_000;
/// Microseconds for which a token that was known may come from an address that is shut out.
const GOOD: i64 = 3_600_000_000;

/// Addresses of the requests that were refused lately, and headers that were good.
pub(super) struct Refusals {
    addresses: Option<RateCounter<IpAddr>>,
    /// Two keys, so that nobody can find two headers with one hash.
    keys: [RandomState; 2],
    /// Hashes of headers with known tokens, with the times until which they are remembered.
    good: Mutex<BTreeMap<u128, i64>>,
}

/// Circumstances of a look-up.
#[derive(Clone, Copy)]
pub(super) struct Presented {
    key: u128,
    address: Option<RemoteAddress>,
    now: DateTime,
}

impl Refusals {
    pub(super) fn new(limits: &RequestLimits) -> Self {
        Self {
            addresses: limits.refusals.map(|rate| RateCounter::new(rate, ADDRESSES)),
            keys: [RandomState::new(), RandomState::new()],
            good: Mutex::default(),
        }
    }

    /// A header that was presented.
    pub(super) fn presented(&self, header: &str, address: Option<RemoteAddress>, now: DateTime) -> Presented {
        let [one, other] = &self.keys;
        let key = u128::from(one.hash_one(header)) << 64 | u128::from(other.hash_one(header));
        Presented { key, address, now }
    }

    /// Looks whether a token is to be looked up.
    ///
    /// # Errors
    /// With 429, if too many unknown tokens came from its address.
    pub(super) fn check(&self, presented: &Presented) -> Result<(), Error> {
        let Some((counter, address)) = self.addresses.as_ref().zip(presented.address) else { return Ok(()) };
        let now = presented.now.to_unix_micros();
        if lock(&self.good).get(&presented.key).is_some_and(|until| *until > now) {
            return Ok(());
        }
        counter.exhausted(&address.network(), presented.now).map_or(Ok(()), |seconds| {
            let message = "too many requests with unknown tokens from this address";
            Err(Error::too_many_requests(message).with_retry_after(seconds))
        })
    }

    /// A token was found.
    pub(super) fn found(&self, presented: &Presented) {
        let now = presented.now.to_unix_micros();
        let mut good = lock(&self.good);
        if good.len() >= MOST {
            good.clear();
        }
        good.insert(presented.key, now.saturating_add(GOOD));
    }

    /// A token was looked for, and not found. Returns the refusal.
    pub(super) fn not_found(&self, presented: &Presented) -> Error {
        lock(&self.good).remove(&presented.key);
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
