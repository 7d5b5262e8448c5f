//! Concurrent requests of each partner.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_types::DateTime;
use ocpi_types::protocol::PartnerId;

use super::limits::RequestLimits;
use crate::{Error, RateCounter};

/// Counts the requests of partners, and refuses those that are too many.
pub(super) struct Usage {
    at_once: usize,
    rate: Option<RateCounter<PartnerId>>,
    /// Numbers of requests that are being answered.
    partners: Arc<Mutex<BTreeMap<PartnerId, usize>>>,
}

/// Most partners whose rates are remembered.
const PARTNERS: usize = 100_000;

/// A request being answered, which counts towards [`RequestLimits::at_once`](crate::RequestLimits). It ends when the
/// last clone is dropped.
///
/// It is an extension of the answers of [`Admitted`](crate::Admitted) and [`Router::call`](crate::Router::call). Code
/// that sends such an answer has to keep it until the last byte is sent: otherwise a partner that reads slowly could
/// have any number of answers in memory. A [`ResponseBody`](crate::ResponseBody) does so by itself.
#[derive(Clone)]
pub struct InFlight {
    /// Counts the clones.
    _request: Arc<Counted>,
}

/// A request that is counted until it is dropped.
struct Counted {
    partner: PartnerId,
    partners: Arc<Mutex<BTreeMap<PartnerId, usize>>>,
}

impl Usage {
    pub(super) fn new(limits: &RequestLimits) -> Self {
        let rate = limits.rate.map(|rate| RateCounter::new(rate, PARTNERS));
        Self { at_once: limits.at_once, rate, partners: Arc::default() }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// With 429, when there are too many.
    pub(super) fn enter(&self, partner: &PartnerId, now: DateTime) -> Result<InFlight, Error> {
        let mut partners = lock(&self.partners);
        let at_once = partners.get(partner).copied().unwrap_or_default();
        if at_once >= self.at_once {
            return Err(Error::too_many_requests("too many requests at the same time").with_retry_after(1));
        }
        if let Some(Err(seconds)) = self.rate.as_ref().map(|rate| rate.count(partner, now)) {
            return Err(
                Error::too_many_requests("too many requests in a short time").with_retry_after(seconds)
            );
        }
        partners.insert(partner.clone(), at_once + 1);
        let counted = Counted { partner: partner.clone(), partners: Arc::clone(&self.partners) };
        Ok(InFlight { _request: Arc::new(counted) })
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight").finish_non_exhaustive()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut partners = lock(&self.partners);
        let Some(at_once) = partners.get_mut(&self.partner) else { return };
        *at_once = at_once.saturating_sub(1);
        if *at_once == 0 {
            partners.remove(&self.partner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
