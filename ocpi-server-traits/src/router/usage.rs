//! Requests of each partner, counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_types::DateTime;
use ocpi_types::protocol::PartnerId;

use super::limits::{Rate, RequestLimits};
use crate::Error;

/// Counts the requests of partners, and refuses those that are too many.
pub(super) struct Usage {
    at_once: usize,
    rate: Option<Rate>,
    partners: Arc<Mutex<BTreeMap<PartnerId, Used>>>,
}

#[derive(Default)]
struct Used {
    /// Requests that are being answered.
    at_once: usize,
    /// Time at which nothing of the rate is used any more, in microseconds.
    free_at: i64,
}

/// A request that is being answered; over when it is dropped.
pub(super) struct InFlight {
    partner: PartnerId,
    partners: Arc<Mutex<BTreeMap<PartnerId, Used>>>,
    is_kept: bool,
}

impl Usage {
    pub(super) fn new(limits: &RequestLimits) -> Self {
        Self { at_once: limits.at_once, rate: limits.rate, partners: Arc::default() }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// With 429, when there are too many.
    pub(super) fn enter(&self, partner: &PartnerId, now: DateTime) -> Result<InFlight, Error> {
        let mut partners = lock(&self.partners);
        let used = partners.entry(partner.clone()).or_default();
        if used.at_once >= self.at_once {
            return Err(Error::too_many_requests("too many requests at the same time").with_retry_after(1));
        }
        if let Some(rate) = self.rate {
            let now = now.to_unix_micros();
            // A clock that is set back does not shut a partner out.
            used.free_at = used.free_at.clamp(now, now.saturating_add(rate.period));
            let free_at = used.free_at.saturating_add(rate.interval);
            let wait = free_at.saturating_sub(now).saturating_sub(rate.period);
            if wait > 0 {
                let seconds = u32::try_from(wait.unsigned_abs().div_ceil(1_000_000)).unwrap_or(u32::MAX);
                return Err(
                    Error::too_many_requests("too many requests in a short time").with_retry_after(seconds)
                );
            }
            used.free_at = free_at;
        }
        used.at_once += 1;
        let partners = Arc::clone(&self.partners);
        Ok(InFlight { partner: partner.clone(), partners, is_kept: self.rate.is_some() })
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut partners = lock(&self.partners);
        let Some(used) = partners.get_mut(&self.partner) else { return };
        used.at_once = used.at_once.saturating_sub(1);
        if used.at_once == 0 && !self.is_kept {
            partners.remove(&self.partner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
