//! Reactors of a platform.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use ocpi_types::DateTime;

use crate::{Error, Spawn};

/// A reactor of any kind of object.
pub(super) trait AnyReactor: Send + Sync {
    fn name(&self) -> &str;

    /// Runs it as far as there are changes. Returns when it wants to be run again. If it runs already, that goes on.
    fn run(&self) -> Running<'_>;

    /// Tells the observer that a run failed.
    fn tell_failure(&self, error: &Error);
}

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Result<Option<DateTime>, Error>> + Send + 'a>>;

/// Reactors of a platform.
#[derive(Default)]
pub(crate) struct Reactors {
    /// Whether somebody waits until all reactors have stored how far they have read.
    hurry: Arc<AtomicBool>,
    all: Mutex<Vec<Arc<dyn AnyReactor>>>,
}

impl Reactors {
    pub(super) fn add(&self, reactor: Arc<dyn AnyReactor>) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|known| known.name() != reactor.name());
        all.push(reactor);
    }

    /// Has reactors store how far they have read whenever they have read anything, or only now and then.
    pub(crate) fn hurry(&self, hurry: bool) {
        self.hurry.store(hurry, Ordering::Relaxed);
    }

    pub(super) fn in_hurry(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.hurry)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Runs all of them in the background: a handler that takes its time holds up nobody.
    pub(crate) fn start(&self, spawn: &Spawn) {
        for reactor in self.all.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            spawn.start(async move {
                if let Err(error) = reactor.run().await {
                    reactor.tell_failure(&error);
                }
            });
        }
    }

    /// Runs all of them, side by side: a slow one does not hold up the others.
    pub(super) async fn run(&self) -> Result<Option<DateTime>, Error> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let runs = join_all(all.iter().map(|reactor| reactor.run())).await;
        let mut next = None;
        for run in runs {
            let wanted = run?;
            next = next.into_iter().chain(wanted).min();
        }
        Ok(next)
    }
}

impl fmt::Debug for Reactors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(all.iter().map(|reactor| reactor.name())).finish()
    }
}
