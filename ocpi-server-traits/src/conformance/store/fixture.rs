//! Places where stores come from, and what else a test needs of them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use ocpi_types::DateTime;

use crate::storage::Store;

/// Work that is done beside the test.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes stores, and does to them what the trait [`Store`] cannot. Only [`fresh`](Self::fresh) has to be written;
/// behaviours that need more than it has are reported as not applicable.
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

    /// Closes a store and opens its database again.
    fn reopened(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        drop(store);
        async { None }
    }

    /// Forgets tombstones of deletions before a time; `false` if the store never does.
    fn purge(&self, store: &Self::Store, before: DateTime) -> impl Future<Output = bool> + Send {
        let _ = (store, before);
        async { false }
    }

    /// Returns the steps that the store has taken until now, in a unit of its own: rows that it went over, instructions
    /// of its virtual machine. Their differences stand for the cost of a page.
    fn steps(&self, store: &Self::Store) -> Option<u64> {
        let _ = store;
        None
    }

    /// Number of documents for the tests of cost.
    fn many(&self) -> u32 {
        100_000
    }

    /// Longest time to wait for something that has to happen. Only a store that fails takes it.
    fn patience(&self) -> Duration {
        Duration::from_secs(60)
    }

    /// Does work beside the test: on a thread of its own, unless the store needs the threads of a runtime.
    fn spawn(&self, work: Work) {
        thread::spawn(|| block_on(work));
    }
}

/// Stores of a closure: a [`Fixture`] that has nothing else.
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
