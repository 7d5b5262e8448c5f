//! The thread that writes.

use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use ocpi_server_traits::Clock;
use ocpi_server_traits::storage::{Address, Edit, Position, State, StoreError, WriteOutcome};
use ocpi_types::DateTime;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::counter::Counter;
use super::failure::{closed, explain};
use super::log::{Log, PAUSE};
use super::numbers::unsigned;
use super::queue::{Filled, GROUP, Job, Queue, Write};
use super::recent::{Left, Recent};
use super::wake::Wake;
use super::{feed, file, persist, threads};

/// Bytes, read and written, after which a group takes no more writes.
const GROUP_BYTES: usize = 16 << 20;

/// A thread with a connection that writes, and the queue of its jobs.
pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        queue_bytes: usize,
        clock: Clock,
        wake: Arc<Wake>,
    ) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::new(queue_bytes));
        let recent = Recent::new();
        let log = Log::unknown();
        let mut worker = Worker { connection, recent, queue: Arc::clone(&queue), clock, wake, log };
        let thread =
            thread::Builder::new().name("ocpi-store-write".to_owned()).spawn(move || worker.serve())?;
        Ok(Self { queue, thread: Some(thread) })
    }

    pub(super) async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        State::admit(&at)?;
        let (answer, outcome) = oneshot::channel();
        self.queue.push(Job::Write(Write { at, edit, answer }))?;
        outcome.await.map_err(|_| closed())?
    }

    /// Purges tombstones; says how many, and whether there may be more.
    pub(super) async fn purge(&self, before: DateTime) -> Result<(u64, bool), StoreError> {
        let (answer, purged) = oneshot::channel();
        self.queue.push(Job::Purge { before, answer })?;
        purged.await.map_err(|_| closed())?
    }
}

impl Writer {
    /// Writes the file anew, without free bytes.
    pub(super) async fn scrub(&self) -> Result<(), StoreError> {
        let (answer, scrubbed) = oneshot::channel();
        self.queue.push(Job::Scrub { answer })?;
        scrubbed.await.map_err(|_| closed())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread finishes the queue and ends.
        self.queue.close();
        threads::join(self.thread.take());
    }
}

struct Worker {
    connection: Connection,
    recent: Recent,
    queue: Arc<Queue>,
    clock: Clock,
    wake: Arc<Wake>,
    log: Log,
}

impl Worker {
    fn serve(&mut self) {
        let mut group = VecDeque::new();
        loop {
            // Those who wait for an answer do not wait for this.
            self.log.empty(&self.connection, self.clock.ticks());
            // What was in vain is tried again, also when there is nothing else to do.
            let pause = self.log.is_to_empty().then_some(PAUSE);
            match self.queue.fill(&mut group, pause) {
                // No code of ours panics; that of edits may when it is dropped, and that of wakers when it is told. The
                // transaction is rolled back then, and those who wait are told that there is no answer.
                Filled::Jobs => drop(catch_unwind(AssertUnwindSafe(|| self.run(&mut group)))),
                Filled::Nothing => {}
                Filled::Closed => return,
            }
        }
    }

    /// Does some jobs from the front of a group, at least one.
    fn run(&mut self, group: &mut VecDeque<Job>) {
        match group.pop_front() {
            Some(Job::Purge { before, answer }) => {
                // Whoever asked may have gone away.
                let _ = answer.send(self.purge(before).map_err(explain));
            }
            Some(Job::Scrub { answer }) => {
                let scrubbed = file::rewrite(&self.connection).map_err(explain);
                if scrubbed.is_ok() {
                    self.log.end(file::empty_log(&self.connection), self.clock.ticks());
                }
                self.recent.clear();
                let _ = answer.send(scrubbed);
            }
            Some(write @ Job::Write(_)) => {
                group.push_front(write);
                self.write(group);
            }
            None => {}
        }
    }

    fn purge(&mut self, before: DateTime) -> rusqlite::Result<(u64, bool)> {
        // Its own writes are not told by the version of the file.
        self.recent.clear();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let purged = feed::purge(&transaction, before.to_unix_micros())?;
        transaction.commit()?;
        Ok(purged)
    }

    /// Runs writes in one transaction, and answers them.
    fn write(&mut self, group: &mut VecDeque<Job>) {
        let (transaction, counter, version) = match begin(&mut self.connection, &mut self.recent) {
            Ok(begun) => begun,
            Err(error) => {
                let failure = Arc::new(error);
                while let Some(write) = next_write(group) {
                    answer(write, Err(explain(Arc::clone(&failure))));
                }
                return;
            }
        };
        // Some may have come while this thread waited for the file.
        self.queue.refill(group);
        let mut edits = Edits::new(self.clock.now(), counter);
        while edits.bytes < GROUP_BYTES && edits.addresses < GROUP {
            if group.is_empty() {
                // Others have come while these were run.
                self.queue.refill(group);
            }
            let Some(write) = next_write(group) else { break };
            edits.run(&transaction, &mut self.recent, write);
        }
        let committed = edits.commit(transaction);
        if committed.has_erased {
            self.log.soil();
        }
        if let Some(left) = committed.answer(&self.wake) {
            self.recent.end(version, left);
        }
    }
}

fn begin<'a>(
    connection: &'a mut Connection,
    recent: &mut Recent,
) -> rusqlite::Result<(Transaction<'a>, Counter, i64)> {
    // Immediate: what an edit sees must not change before the commit.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let counter = Counter::read(&transaction)?;
    let version = recent.begin(&transaction)?;
    Ok((transaction, counter, version))
}

/// Takes the first job of a group, if it is a write.
fn next_write(group: &mut VecDeque<Job>) -> Option<Write> {
    match group.pop_front() {
        Some(Job::Write(write)) => Some(write),
        Some(other @ (Job::Purge { .. } | Job::Scrub { .. })) => {
            group.push_front(other);
            None
        }
        None => None,
    }
}

/// Edits of a group, before the commit.
struct Edits {
    state: State,
    counter: Counter,
    loaded: BTreeSet<Address>,
    addresses: usize,
    /// Bytes that were read and written.
    bytes: usize,
    loaded_bytes: usize,
    done: Vec<(Write, Result<bool, StoreError>)>,
}

impl Edits {
    fn new(now: DateTime, counter: Counter) -> Self {
        let state = State::new(now).above(unsigned(counter.revisions));
        let loaded = BTreeSet::new();
        Self { state, counter, loaded, addresses: 0, bytes: 0, loaded_bytes: 0, done: Vec::new() }
    }

    fn run(&mut self, transaction: &Transaction<'_>, recent: &mut Recent, mut write: Write) {
        self.addresses += write.addresses();
        let result = match self.load(transaction, recent, &write.at) {
            Ok(()) => self.state.run(&write.at, &mut write.edit),
            Err(error) => Err(explain(error)),
        };
        self.bytes = self.state.bytes().saturating_add(self.loaded_bytes);
        self.done.push((write, result));
    }

    fn load(
        &mut self,
        transaction: &Transaction<'_>,
        recent: &mut Recent,
        at: &[Address],
    ) -> rusqlite::Result<()> {
        for at in at {
            if self.loaded.contains(at) {
                continue;
            }
            if let Some(loaded) = recent.take(transaction, at)? {
                let document = &loaded.document;
                let bytes = document.body.len() + document.stamps.len() + document.cause.len();
                self.loaded_bytes = self.loaded_bytes.saturating_add(bytes);
                self.state.load(at.clone(), loaded);
            }
            self.loaded.insert(at.clone());
        }
        Ok(())
    }

    /// Stores what the edits left.
    fn commit(self, transaction: Transaction<'_>) -> Committed {
        let Self { state, counter, done, .. } = self;
        let is_changed = done.iter().any(|(_, result)| matches!(result, Ok(true)));
        if !is_changed {
            return Committed { done, stored: Ok((Position::START, Left::new())), has_erased: false };
        }
        match store(transaction, state, counter) {
            Ok((head, left, has_erased)) => Committed { done, stored: Ok((head, left)), has_erased },
            Err(error) => Committed { done, stored: Err(error), has_erased: false },
        }
    }
}

/// Edits of a group, behind the commit.
struct Committed {
    done: Vec<(Write, Result<bool, StoreError>)>,
    stored: rusqlite::Result<(Position, Left)>,
    has_erased: bool,
}

impl Committed {
    /// Answers all. Returns the rows that are left; `None`: nothing is known of the file.
    fn answer(self, wake: &Wake) -> Option<Left> {
        let Self { done, stored, .. } = self;
        let (committed, left) = match stored {
            Ok((head, left)) => {
                wake.saw(head);
                (Ok(head), Some(left))
            }
            Err(error) => (Err(Arc::new(error)), None),
        };
        for (write, result) in done {
            let outcome = match (result, &committed) {
                (Err(error), _) => Err(error),
                // Also one that aborted: it may have seen what was not stored in the end.
                (Ok(_), Err(failure)) => Err(explain(Arc::clone(failure))),
                (Ok(true), Ok(head)) => Ok(WriteOutcome::Committed(*head)),
                (Ok(false), Ok(_)) => Ok(WriteOutcome::Aborted),
            };
            answer(write, outcome);
        }
        left
    }
}

fn store(
    transaction: Transaction<'_>,
    state: State,
    mut counter: Counter,
) -> rusqlite::Result<(Position, Left, bool)> {
    let (left, has_erased) = persist::persist(&transaction, state, &mut counter)?;
    let head = feed::head(&transaction)?;
    transaction.commit()?;
    Ok((head, left, has_erased))
}

/// Answers a write; a waker or an edit that panics does not keep the others from their answers.
fn answer(write: Write, outcome: Result<WriteOutcome, StoreError>) {
    let Write { edit, answer, .. } = write;
    let _ = catch_unwind(AssertUnwindSafe(move || {
        // Whoever asked may have gone away.
        let _ = answer.send(outcome);
    }));
    let _ = catch_unwind(AssertUnwindSafe(move || drop(edit)));
}
