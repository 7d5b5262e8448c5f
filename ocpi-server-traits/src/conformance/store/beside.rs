//! Concurrency in tests: interleaved futures, work on other threads, and gates between them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use event_listener::Event;
use futures_timer::Delay;
use futures_util::future::{Either, select};

use super::fixture::Fixture;

/// Waits for a future; `None` if it takes too long.
pub(super) async fn within<T>(patience: Duration, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), Delay::new(patience)).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// Polls a future once.
pub(super) async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    poll_fn(|context| match std::pin::Pin::new(&mut *future).poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Lets whatever else is ready run before going on.
pub(super) async fn yield_now() {
    let mut waited = false;
    poll_fn(|context| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A gate that is opened once, for threads and for futures.
#[derive(Clone, Default)]
pub(super) struct Gate(Arc<Inside>);

#[derive(Default)]
struct Inside {
    is_open: Mutex<bool>,
    opened: Condvar,
    event: Event,
}

impl Gate {
    pub(super) fn open(&self) {
        *self.lock() = true;
        self.0.opened.notify_all();
        self.0.event.notify(usize::MAX);
    }

    pub(super) fn is_open(&self) -> bool {
        *self.lock()
    }

    /// Blocks a thread until it is open, or for so long.
    pub(super) fn block(&self, patience: Duration) {
        let waiting = self.0.opened.wait_timeout_while(self.lock(), patience, |is_open| !*is_open);
        drop(waiting);
    }

    pub(super) async fn opened(&self) {
        loop {
            let listener = self.0.event.listen();
            if self.is_open() {
                return;
            }
            listener.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0.is_open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a gate, also when its thread panics.
struct Opens(Gate);

impl Drop for Opens {
    fn drop(&mut self) {
        self.0.open();
    }
}

/// Starts work beside the test. The future that is returned gives its result, or `None` if it panicked.
pub(super) fn start<T: Send + 'static>(
    fixture: &impl Fixture,
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = Option<T>> {
    let (result, ended) = (Arc::new(Mutex::new(None)), Gate::default());
    let (filled, opens) = (Arc::clone(&result), Opens(ended.clone()));
    fixture.spawn(Box::pin(async move {
        let opens = opens;
        let made = work.await;
        *filled.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        drop(opens);
    }));
    async move {
        ended.opened().await;
        result.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
