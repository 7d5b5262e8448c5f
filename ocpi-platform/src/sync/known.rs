//! Type-erased kinds of objects, for schedules and look-ups.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::storage::Address;
use ocpi_types::{DateTime, ModuleId};

use super::{SyncError, SyncOptions, Synced};
use crate::Error;

pub(super) type Doing<'a, R> = Pin<Box<dyn Future<Output = R> + Send + 'a>>;

/// A kind of object.
pub(super) trait Kind<P>: Send + Sync {
    /// Name of the collection: `Location`.
    fn name(&self) -> &'static str;
    fn module(&self) -> ModuleId;
    fn sync<'a>(
        &'a self,
        platform: &'a P,
        partner: &'a str,
        options: &'a SyncOptions,
    ) -> Doing<'a, Result<Synced, SyncError>>;
    /// Asks the owner for one object.
    fn look_up<'a>(
        &'a self,
        platform: &'a P,
        partner: &'a str,
        at: &'a Address,
    ) -> Doing<'a, Result<(), Error>>;
    /// Settles the doubt about an object that is not there, and that what changed since it was doubted does not show.
    fn settle_missing<'a>(
        &'a self,
        platform: &'a P,
        partner: &'a str,
        at: &'a Address,
        asked: DateTime,
    ) -> Doing<'a, Result<(), Error>>;
}

type ByName<P> = BTreeMap<&'static str, Arc<dyn Kind<P>>>;

/// Kinds that this process knows how to sync, by name.
pub(crate) struct KnownKinds<P>(Mutex<ByName<P>>);

impl<P> Default for KnownKinds<P> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<P> KnownKinds<P> {
    pub(super) fn add(&self, kinds: &[Arc<dyn Kind<P>>]) {
        let mut known = self.lock();
        for kind in kinds {
            known.insert(kind.name(), Arc::clone(kind));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<dyn Kind<P>>> {
        self.lock().get(name).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, ByName<P>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P> fmt::Debug for KnownKinds<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.lock().keys()).finish()
    }
}
