//! Guards: rules of the application that run inside each write of an object, and may refuse the write.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use ocpi_types::endpoint::Resource;

use super::{Cause, Objects};
use crate::Error;
use crate::storage::{Address, Store};

/// A write of an object as shown to its guards: the states before and after, and the cause.
#[derive(Debug)]
#[non_exhaustive]
pub struct Step<'a, R> {
    /// Address of the object.
    pub at: &'a Address,
    /// The object before the write; `None` if it is created.
    pub before: Option<&'a R>,
    /// The object after the write; `None` if it is deleted.
    pub after: Option<&'a R>,
    /// Cause of the write.
    pub by: &'a Cause,
}

type Judge<R> = dyn Fn(&Step<'_, R>) -> Result<(), Error> + Send + Sync;

/// A guard of objects of one type.
struct Guard<R>(Arc<Judge<R>>);

/// A [`Guard`] of some type.
type AnyGuard = Arc<dyn Any + Send + Sync>;

/// The guards of all types. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Guards(Arc<RwLock<BTreeMap<TypeId, Vec<AnyGuard>>>>);

/// The guards of one type, as they are when a write begins.
pub(super) struct Judges<R>(Vec<Arc<Judge<R>>>);

impl<R> Clone for Judges<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R> Judges<R> {
    /// Whether there is any: only then the state before a write is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Asks all of them, in the order in which they were added.
    pub(super) fn judge(&self, step: &Step<'_, R>) -> Result<(), Error> {
        self.0.iter().try_for_each(|judge| judge(step))
    }
}

impl Guards {
    pub(super) fn of<R: Resource>(&self) -> Judges<R> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let guards = all.get(&TypeId::of::<R>()).into_iter().flatten();
        let guards = guards.filter_map(|guard| guard.downcast_ref::<Guard<R>>());
        Judges(guards.map(|guard| Arc::clone(&guard.0)).collect())
    }

    fn add<R: Resource>(&self, judge: Arc<Judge<R>>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(TypeId::of::<R>()).or_default().push(Arc::new(Guard(judge)));
    }
}

impl fmt::Debug for Guards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Guards").field("types", &all.len()).finish()
    }
}

impl<S: Store> Objects<S> {
    /// Adds a guard: it sees each write of an object of this type, with the states before and after, inside the write,
    /// whatever the cause: a push, a sync, a look-up, or the application. If it refuses, nothing is stored, and a
    /// partner that pushed the object gets the error. When a list is pulled, only the refused object is left out.
    /// Guards of Locations see changes of their EVSEs.
    ///
    /// It may run several times for one write, if nodes write concurrently, so it must have no side effects and must
    /// not wait. Writes that only change times are not shown.
    ///
    /// ```
    /// use ocpi_server_traits::{Error, Memory, Objects, Step};
    /// use ocpi_types::v2_3_0::sessions::Session;
    ///
    /// /// The energy of a session never shrinks.
    /// fn guarded(objects: &Objects<Memory>) {
    ///     objects.guard(|step: &Step<'_, Session>| match (step.before, step.after) {
    ///         (Some(before), Some(after)) if after.kwh < before.kwh => {
    ///             Err(Error::invalid("the energy of a session does not shrink"))
    ///         }
    ///         _ => Ok(()),
    ///     });
    /// }
    /// # guarded(&Objects::new(Memory::new(), vec![]));
    /// ```
    pub fn guard<R: Resource<Root = R>>(
        &self,
        judge: impl Fn(&Step<'_, R>) -> Result<(), Error> + Send + Sync + 'static,
    ) {
        self.guards.add::<R>(Arc::new(judge));
    }
}
