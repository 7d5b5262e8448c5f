//! Work that runs in one place at a time: on one node, under a lease, and in one task there.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_server_traits::storage::{Lease, LeaseError, StoreError, release, take};
use ocpi_server_traits::{Clock, Store, Timer};
use ocpi_types::DateTime;

use crate::Error;

/// Time for which a lease is good. A node that dies is followed by another one after it.
const TERM: Duration = Duration::from_secs(6);
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
    /// When it was made longer last, in microseconds of the clock's ticks.
    renewed: AtomicU64,
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

    /// Asks for a lease.
    pub(crate) async fn ask(&self, store: &impl Store, name: &str) -> Result<Asked, Error> {
        let term = i64::try_from(TERM.as_secs()).unwrap_or_default();
        if !lock(&self.busy).insert(name.to_owned()) {
            let now = self.clock.now();
            return Ok(Asked::Elsewhere(now.checked_add_seconds(term).unwrap_or(now)));
        }
        let busy = Busy { name: name.to_owned(), busy: Arc::clone(&self.busy) };
        // A holder counts its lease from before it asked.
        let asked = ticks(&self.clock);
        match take(store, name, &self.name, TERM).await {
            Ok(lease) => {
                let (clock, renewed) = (self.clock.clone(), AtomicU64::new(asked));
                Ok(Asked::Held(Held { lease, clock, renewed, _busy: busy }))
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

    /// Makes the lease longer, if it is time. `false`: another node has got it, or the store failed.
    ///
    /// Work that is never kept waiting lets no time pass for [`during`](Self::during), so it asks for it by itself.
    pub(crate) async fn keep(&self, store: &impl Store) -> bool {
        if self.age() < RENEW {
            return true;
        }
        let asked = ticks(&self.clock);
        let again = take(store, &self.lease.name, &self.lease.holder, TERM).await;
        self.renewed.store(asked, Ordering::Relaxed);
        again.is_ok_and(|again| again.fence == self.lease.fence)
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
