//! Whoever is told what became of updates.

use std::fmt;
use std::sync::Arc;

use super::{Cause, Objects};
use crate::order::Outcome;
use crate::storage::Address;

/// Is told what became of an update.
type Hear = dyn Fn(&Address, &Cause, &Outcome) + Send + Sync;

/// Whoever is told what became of updates; nobody, at first.
#[derive(Clone, Default)]
pub(super) struct Observer(Option<Arc<Hear>>);

impl Observer {
    pub(super) fn tell(&self, at: &Address, by: &Cause, outcome: &Outcome) {
        if let Some(hear) = &self.0 {
            hear(at, by, outcome);
        }
    }
}

impl<S> Objects<S> {
    /// With a function that is told what became of each update of a partner, after it is stored: for counters, and for a
    /// log of members that came late and of times in the future.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use ocpi_server_traits::{Memory, Objects};
    /// use ocpi_server_traits::order::Taken;
    /// static LATE: AtomicU64 = AtomicU64::new(0);
    /// let objects = Objects::new(Memory::new(), vec![]).on_taken(|_, _, outcome| {
    ///     if matches!(outcome.taken, Taken::Older | Taken::Partly) {
    ///         LATE.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// # let _ = objects;
    /// ```
    #[must_use]
    pub fn on_taken(self, hear: impl Fn(&Address, &Cause, &Outcome) + Send + Sync + 'static) -> Self {
        Self { observer: Observer(Some(Arc::new(hear))), ..self }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Observer" } else { "nobody" })
    }
}
