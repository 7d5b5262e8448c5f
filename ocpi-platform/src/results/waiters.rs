//! Handles of this process that wait for a result.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::ResultId;

/// Handles of this process, by the request that they wait for.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiters(Arc<Mutex<BTreeMap<ResultId, Arc<Notify>>>>);

/// Place of one handle among them; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    id: ResultId,
    bell: Arc<Notify>,
    waiters: Waiters,
}

impl Waiters {
    pub(super) fn seat(&self, id: &ResultId) -> Seat {
        let bell = Arc::clone(self.lock().entry(id.clone()).or_default());
        Seat { id: id.clone(), bell, waiters: self.clone() }
    }

    /// Wakes the handles of a request: its entry has changed.
    pub(super) fn wake(&self, id: &ResultId) {
        if let Some(bell) = self.lock().get(id) {
            bell.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ResultId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub(super) fn bell(&self) -> &Notify {
        &self.bell
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut waiters = self.waiters.lock();
        // One is the map's, one is ours.
        if Arc::strong_count(&self.bell) <= 2 {
            waiters.remove(&self.id);
        }
    }
}
