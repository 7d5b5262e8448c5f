//! Work that runs in one place at a time: on one node, under a lease, and in one task there.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use ocpi_server_traits::storage::{Lease, LeaseError, StoreError, release, take};
use ocpi_server_traits::{Clock, Store, Timer};
use ocpi_types::DateTime;

use crate::Error;

/// Seconds for which a lease is good. A node that dies is followed by another one after them.
pub(crate) const TERM_SECONDS: u32 = 6;
const TERM: Duration = Duration::from_secs(TERM_SECONDS as u64);
/// Time after which it is made longer.
const RENEW: Duration = Duration::from_secs(2);

/// This node, as leases name it. Clones are the same node.
#[derive(Clone)]
pub(crate) struct Node {
    name: Arc<str>,
    clock: Clock,
    /// Names of the work that is done here now.
    busy: Arc<Mutex<BTreeSet<String>>>,
}

/// A lease that is held while work is done under it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) lease: Lease,
    clock: Clock,
    /// When it was to be made longer last, in microseconds of the clock's ticks.
    renewed: AtomicU64,
    /// Whether that succeeded.
    is_kept: AtomicBool,
    _busy: Busy,
}

/// Mark that work is done here now, as long as it lives.
#[derive(Debug)]
struct Busy {
    name: String,
    busy: Arc<Mutex<BTreeSet<String>>>,
}

/// Outcome of asking for a lease.
pub(crate) enum Asked {
    Held(Held),
    /// Another node has it until this time, or another task of this one.
    Elsewhere(DateTime),
}

fn lock(busy: &Mutex<BTreeSet<String>>) -> MutexGuard<'_, BTreeSet<String>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Node {
    pub(crate) fn new(name: String, clock: Clock) -> Self {
        Self { name: name.into(), clock, busy: Arc::default() }
    }

    /// Its name: another one after each start.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Seconds until a lease ends: by the clock of this node, but no longer than a lease is good.
    pub(crate) fn seconds_until(&self, until: DateTime) -> u32 {
        let micros = until.to_unix_micros().saturating_sub(self.clock.now().to_unix_micros());
        let seconds = micros.saturating_add(999_999) / 1_000_000;
        u32::try_from(seconds.max(1)).unwrap_or(TERM_SECONDS).min(TERM_SECONDS)
    }

    /// Asks for a lease.
    pub(crate) async fn ask(&self, store: &impl Store, name: &str) -> Result<Asked, Error> {
        if !lock(&self.busy).insert(name.to_owned()) {
            let now = self.clock.now();
            return Ok(Asked::Elsewhere(now.checked_add_seconds(TERM_SECONDS.into()).unwrap_or(now)));
        }
        let busy = Busy { name: name.to_owned(), busy: Arc::clone(&self.busy) };
        // A holder counts its lease from before it asked.
        let asked = ticks(&self.clock);
        match take(store, name, &self.name, TERM).await {
            Ok(lease) => {
                let (clock, renewed) = (self.clock.clone(), AtomicU64::new(asked));
                Ok(Asked::Held(Held { lease, clock, renewed, is_kept: AtomicBool::new(true), _busy: busy }))
            }
            Err(LeaseError::Held { until }) => Ok(Asked::Elsewhere(until)),
            Err(LeaseError::Store(error)) => Err(error.into()),
            Err(error) => Err(Error::Store(ocpi_server_traits::Error::failed(error))),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("busy", &*lock(&self.busy)).finish_non_exhaustive()
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        lock(&self.busy).remove(&self.name);
    }
}

fn ticks(clock: &Clock) -> u64 {
    u64::try_from(clock.ticks().as_micros()).unwrap_or(u64::MAX)
}

impl Held {
    /// Does work, and makes the lease longer meanwhile. `None`: another node has got it, or the store failed; the work is
    /// dropped then.
    pub(crate) async fn during<F: Future>(
        &self,
        store: &impl Store,
        timer: &Timer,
        work: F,
    ) -> Option<F::Output> {
        let mut work = pin!(work);
        loop {
            if !self.keep(store).await {
                return None;
            }
            if let Some(output) = timer.within(RENEW.saturating_sub(self.age()), work.as_mut()).await {
                return Some(output);
            }
        }
    }

    /// Does work to its end, whatever becomes of the lease, which is made longer meanwhile: for requests that are done once
    /// they are sent. Before it does what only the holder may do, the work has to [ask](Self::keep).
    pub(crate) async fn throughout<F: Future>(
        &self,
        store: &impl Store,
        timer: &Timer,
        work: F,
    ) -> F::Output {
        let mut work = pin!(work);
        loop {
            if let Some(output) = timer.within(RENEW.saturating_sub(self.age()), work.as_mut()).await {
                return output;
            }
            // A store that is slow does not keep the work waiting.
            if let Either::Left((output, _)) = select(work.as_mut(), pin!(self.keep(store))).await {
                return output;
            }
        }
    }

    /// Makes the lease longer, if it is time. `false`: another node has got it, or the store failed.
    ///
    /// Work that is never kept waiting lets no time pass for [`during`](Self::during), so it asks for it by itself.
    pub(crate) async fn keep(&self, store: &impl Store) -> bool {
        if self.age() < RENEW {
            return self.is_kept.load(Ordering::Relaxed);
        }
        let asked = ticks(&self.clock);
        let again = take(store, &self.lease.name, &self.lease.holder, TERM).await;
        let is_kept = again.is_ok_and(|again| again.fence == self.lease.fence);
        self.renewed.store(asked, Ordering::Relaxed);
        self.is_kept.store(is_kept, Ordering::Relaxed);
        is_kept
    }

    /// Time since it was made longer.
    fn age(&self) -> Duration {
        Duration::from_micros(ticks(&self.clock).saturating_sub(self.renewed.load(Ordering::Relaxed)))
    }

    /// Gives it back, so that another node need not wait.
    pub(crate) async fn release(&self, store: &impl Store) -> Result<(), StoreError> {
        release(store, &self.lease).await
    }
}
