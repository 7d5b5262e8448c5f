//! Fixtures: sources of stores, with the operations that tests need besides.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use ocpi_types::DateTime;

use crate::storage::Store;

/// Background work of a test.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Creates stores, and performs operations that the trait [`Store`] does not have. Only [`fresh`](Self::fresh) is
/// required; behaviours that need other operations are reported as not applicable.
pub trait Fixture: Send + Sync {
    /// The store.
    type Store: Store;

    /// Makes an empty store; panics if it cannot.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;

    /// Opens another store on the same database, as another process would.
    fn second(&self, store: &Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        let _ = store;
        async { None }
    }

    /// Closes a store and reopens its database.
    fn reopened(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        drop(store);
        async { None }
    }

    /// Purges tombstones of deletions before a time; returns `false` if the store never does.
    fn purge(&self, store: &Self::Store, before: DateTime) -> impl Future<Output = bool> + Send {
        let _ = (store, before);
        async { false }
    }

    /// Returns the number of steps that the store has taken, in its own unit: rows visited, or instructions of its
    /// virtual machine. The difference of two values measures the cost of a page.
    fn steps(&self, store: &Self::Store) -> Option<u64> {
        let _ = store;
        None
    }

    /// Number of documents for the cost tests.
    fn many(&self) -> u32 {
        100_000
    }

    /// Maximum time to wait for an expected event. Only a store that fails takes it.
    fn patience(&self) -> Duration {
        Duration::from_secs(60)
    }

    /// Runs background work: on a thread of its own, unless the store needs the threads of a runtime.
    fn spawn(&self, work: Work) {
        thread::spawn(|| block_on(work));
    }
}

/// A [`Fixture`] that only creates stores, with a closure.
#[derive(Clone, Copy, Debug)]
pub struct Fresh<F>(pub F);

impl<S: Store, R: Future<Output = S> + Send, F: Fn() -> R + Send + Sync> Fixture for Fresh<F> {
    type Store = S;

    fn fresh(&self) -> impl Future<Output = S> + Send {
        (self.0)()
    }
}

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on(mut work: Work) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    while work.as_mut().poll(&mut context) == Poll::Pending {
        thread::park();
    }
}
