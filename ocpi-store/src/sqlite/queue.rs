//! Jobs that wait for the writer.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_server_traits::storage::{Address, Edit, StoreError, StoreErrorKind, WriteOutcome};
use ocpi_types::DateTime;
use tokio::sync::oneshot::Sender;

use super::failure::closed;

/// Most addresses that are written in one transaction: an update of a partner has two.
pub(super) const GROUP: usize = 1_024;

/// Largest sum of the addresses of one write, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// Bytes that a job takes beside the texts of its addresses, about. An edit does not say what it holds.
const OVERHEAD: usize = 1_024;

/// A job of the writer.
pub(super) enum Job {
    Write(Write),
    Purge { before: DateTime, answer: Sender<Result<(u64, bool), StoreError>> },
    Scrub { answer: Sender<Result<(), StoreError>> },
}

/// A write, and the place for its answer.
pub(super) struct Write {
    pub(super) at: Vec<Address>,
    pub(super) edit: Edit,
    pub(super) answer: Sender<Result<WriteOutcome, StoreError>>,
}

impl Write {
    /// Addresses, at least one.
    pub(super) fn addresses(&self) -> usize {
        self.at.len().max(1)
    }
}

impl Job {
    fn addresses(&self) -> usize {
        match self {
            Self::Write(write) => write.addresses(),
            Self::Purge { .. } | Self::Scrub { .. } => GROUP,
        }
    }

    fn bytes(&self) -> usize {
        let texts = match self {
            Self::Write(write) => write.at.iter().map(size).sum(),
            Self::Purge { .. } | Self::Scrub { .. } => 0,
        };
        texts + OVERHEAD
    }
}

fn size(at: &Address) -> usize {
    size_of::<Address>() + at.collection().len() + at.owner().len() + at.key().len()
}

/// State of the queue for the writer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Filled {
    Jobs,
    /// Nothing yet.
    Nothing,
    /// Nothing any more.
    Closed,
}

/// A queue that is bounded by bytes.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    most_bytes: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    bytes: usize,
    is_closed: bool,
    /// Whether the writer waits to be told of a job.
    is_awaited: bool,
}

impl Queue {
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { waiting: Mutex::default(), filled: Condvar::new(), most_bytes }
    }

    pub(super) fn push(&self, job: Job) -> Result<(), StoreError> {
        let bytes = job.bytes();
        if bytes > MOST_BYTES {
            return Err(StoreError::new(
                StoreErrorKind::Refused,
                "the addresses of a write are larger than 16 MiB",
            ));
        }
        let mut waiting = self.lock();
        if waiting.is_closed {
            return Err(closed());
        }
        // The only job is never too large, else it could never be done.
        if !waiting.jobs.is_empty() && waiting.bytes.saturating_add(bytes) > self.most_bytes {
            return Err(StoreError::new(
                StoreErrorKind::Busy,
                "too many writes are waiting: try again later",
            ));
        }
        waiting.bytes += bytes;
        waiting.jobs.push_back(job);
        // To tell nobody would cost a call of the system, too.
        let is_awaited = std::mem::take(&mut waiting.is_awaited);
        drop(waiting);
        if is_awaited {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Takes no more jobs.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.filled.notify_all();
    }

    /// Moves jobs into a group until it is full; waits if both are empty, for as long as is said.
    pub(super) fn fill(&self, group: &mut VecDeque<Job>, longest: Option<Duration>) -> Filled {
        let mut waiting = self.lock();
        while group.is_empty() && waiting.jobs.is_empty() {
            if waiting.is_closed {
                return Filled::Closed;
            }
            waiting.is_awaited = true;
            let Some(longest) = longest else {
                waiting = self.filled.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let (more, end) =
                self.filled.wait_timeout(waiting, longest).unwrap_or_else(PoisonError::into_inner);
            waiting = more;
            if end.timed_out() && waiting.jobs.is_empty() && !waiting.is_closed {
                waiting.is_awaited = false;
                return Filled::Nothing;
            }
        }
        waiting.is_awaited = false;
        waiting.move_into(group);
        Filled::Jobs
    }

    /// Moves jobs that wait into a group until it is full.
    pub(super) fn refill(&self, group: &mut VecDeque<Job>) {
        self.lock().move_into(group);
    }

    /// No code panics while it holds the lock, so a poisoned one is as good as any.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn move_into(&mut self, group: &mut VecDeque<Job>) {
        let mut addresses: usize = group.iter().map(Job::addresses).sum();
        while let Some(job) = self.jobs.front() {
            addresses += job.addresses();
            if addresses > GROUP && !group.is_empty() {
                break;
            }
            self.bytes = self.bytes.saturating_sub(job.bytes());
            group.extend(self.jobs.pop_front());
        }
    }
}
