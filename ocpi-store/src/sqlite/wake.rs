//! Hints that the change feed has moved.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use event_listener::{Event, EventListener};
use ocpi_server_traits::storage::Position;
use rusqlite::Connection;

use super::{feed, threads};

/// Time between two looks at the commits of other processes, while somebody waits.
const PAUSE: Duration = Duration::from_millis(25);

/// Those who wait for the change feed to move.
#[derive(Default)]
pub(super) struct Wake {
    moved: Event,
    /// The newest position that anybody has seen.
    seen: AtomicU64,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    callers: usize,
    is_closed: bool,
}

impl Wake {
    /// Tells everybody about a new position, whoever saw it first.
    pub(super) fn saw(&self, head: Position) {
        if self.seen.fetch_max(head.number(), Ordering::AcqRel) < head.number() {
            self.moved.notify(usize::MAX);
        }
    }

    /// Listens from now on. The commits of other processes are looked for until the guard is dropped.
    pub(super) fn listen(&self) -> (EventListener, Guard<'_>) {
        self.lock().callers += 1;
        self.changed.notify_all();
        (self.moved.listen(), Guard(self))
    }

    /// Waits until somebody listens; `false`: the store is closed.
    fn is_wanted(&self) -> bool {
        let mut waiting = self.lock();
        while waiting.callers == 0 && !waiting.is_closed {
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        !waiting.is_closed
    }

    /// Waits for a while, or until the store is closed.
    fn pause(&self) {
        let is_open = |waiting: &mut Waiting| !waiting.is_closed;
        drop(self.changed.wait_timeout_while(self.lock(), PAUSE, is_open));
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that listens.
pub(super) struct Guard<'a>(&'a Wake);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.callers = waiting.callers.saturating_sub(1);
    }
}

/// A thread that looks for commits of other processes.
pub(super) struct Poller {
    wake: Arc<Wake>,
    thread: Option<JoinHandle<()>>,
}

impl Poller {
    pub(super) fn start(connection: Connection, wake: Arc<Wake>) -> std::io::Result<Self> {
        let thread = thread::Builder::new().name("ocpi-store-poll".to_owned());
        let shared = Arc::clone(&wake);
        let thread = thread.spawn(move || poll(&connection, &shared))?;
        Ok(Self { wake, thread: Some(thread) })
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.wake.lock().is_closed = true;
        self.wake.changed.notify_all();
        threads::join(self.thread.take());
    }
}

fn poll(connection: &Connection, wake: &Wake) {
    while wake.is_wanted() {
        // After a failure, the next look may succeed. Those who wait have a timeout.
        if let Ok(head) = feed::head(connection) {
            wake.saw(head);
        }
        wake.pause();
    }
}
