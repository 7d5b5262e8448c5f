//! Processes that crash: at a step, which is a call of the store or the line, before or after it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, WriteOutcome,
};
use ocpi_server_traits::{Memory, Store, StoreError};

/// Life of a process: the steps that it has left.
#[derive(Debug)]
pub(crate) struct Fuse {
    left: AtomicI64,
    taken: AtomicU64,
    is_dead: AtomicBool,
}

/// The process has crashed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crashed;

impl Fuse {
    pub(crate) fn new(steps: Option<u64>) -> Arc<Self> {
        let left = steps.and_then(|steps| i64::try_from(steps).ok()).unwrap_or(i64::MAX);
        Arc::new(Self { left: left.into(), taken: AtomicU64::new(0), is_dead: AtomicBool::new(false) })
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::Relaxed)
    }

    pub(crate) fn kill(&self) {
        self.is_dead.store(true, Ordering::Relaxed);
    }

    /// Takes back the crash that was to come.
    pub(crate) fn spare(&self) {
        self.left.store(i64::MAX, Ordering::Relaxed);
    }

    /// Lets it crash after so many steps from now.
    pub(crate) fn arm(&self, steps: u64) {
        self.left.store(i64::try_from(steps).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Number of steps that were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Takes a step, which may be the last: then nothing goes on any more.
    pub(crate) async fn step(&self) {
        if !self.is_dead() {
            self.taken.fetch_add(1, Ordering::Relaxed);
            if self.left.fetch_sub(1, Ordering::Relaxed) > 1 {
                return;
            }
            self.kill();
        }
        let mut was_woken = false;
        poll_fn(|context| {
            if !std::mem::replace(&mut was_woken, true) {
                context.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await
    }

    /// Runs a work of the process to its end, or to that of the process.
    pub(crate) async fn while_alive<F: Future>(&self, work: F) -> Result<F::Output, Crashed> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.is_dead() {
                return Poll::Ready(Err(Crashed));
            }
            match work.as_mut().poll(context) {
                _ if self.is_dead() => Poll::Ready(Err(Crashed)),
                Poll::Ready(output) => Poll::Ready(Ok(output)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

/// The store of a process. What is in it outlives the process.
#[derive(Clone)]
pub(crate) struct Crashing {
    pub(crate) memory: Arc<Memory>,
    pub(crate) fuse: Arc<Fuse>,
}

impl Store for Crashing {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.fuse.step().await;
        self.memory.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.fuse.step().await;
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.fuse.step().await;
        let written = self.memory.write(at, edit).await;
        self.fuse.step().await;
        written
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}
