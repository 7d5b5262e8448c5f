//! The thread that owns the connection.

#[cfg(test)]
mod tests;

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use ocpi_server_traits::StoreError;
use rusqlite::{Connection, Result as SqlResult, TransactionBehavior};
use tokio::sync::oneshot;

use super::failure::{Failure, explain};

/// Most jobs to take from the queue at once: the most writes that share a trip to the disk.
const GROUP: usize = 256;

/// A thread with a connection, and the queue of what it is to do.
pub(super) struct Worker {
    /// `None` only while it is dropped. The queue has no bound: who writes waits for the answer, so it is never
    /// longer than there are callers.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(mut connection: Connection) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("ocpi-store".to_owned())
            .spawn(move || serve(&mut connection, &queue))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs something that changes nothing.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (task, answer) = Task::new(work);
        self.ask(Job::Read(Box::new(task)), answer).await
    }

    /// Runs something that changes the database, in a transaction. The answer comes when that is on the disk.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (task, answer) = Task::new(work);
        self.ask(Job::Write(Box::new(task)), answer).await
    }

    async fn ask<T>(&self, job: Job, answer: Answer<T>) -> Result<T, StoreError> {
        let gone = || StoreError::new("the thread of the store has ended");
        self.jobs.as_ref().ok_or_else(gone)?.send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?.map_err(explain)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Without a sender the thread finishes the queue and ends.
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // An answer wakes a task on that very thread. Should the task drop the store, the thread cannot wait
            // for itself.
            if thread.thread().id() != thread::current().id() {
                // It has nothing to say; after a panic, every open question was told so.
                let _ = thread.join();
            }
        }
    }
}

enum Job {
    Read(Box<dyn Run>),
    Write(Box<dyn Run>),
}

/// Does the jobs in the queue, until it is empty and nobody is left to fill it.
fn serve(connection: &mut Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut writes = Vec::new();
        for job in iter::once(first).chain(queue.try_iter()).take(GROUP) {
            match job {
                // Ahead of the writes: nobody was told of those yet, so it is as if they came later.
                Job::Read(mut read) => {
                    let result = read.run(connection);
                    read.answer(result);
                }
                Job::Write(write) => writes.push(write),
            }
        }
        if !writes.is_empty() {
            let result = write_all(connection, &mut writes);
            for write in writes {
                write.answer(result.clone());
            }
        }
    }
}

/// Writes a group in one transaction; an error means that nothing of it was written.
///
/// A write that fails by itself has changed nothing, and does not spoil the others.
fn write_all(connection: &mut Connection, writes: &mut [Box<dyn Run>]) -> Result<(), Failure> {
    // Immediate: what is read to compare with the expectation must not change before the write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for write in writes {
        if let Err(failure) = write.run(&transaction) {
            // A full disk and the like end the whole transaction. What follows would be outside of it.
            if transaction.is_autocommit() {
                return Err(failure);
            }
        }
    }
    Ok(transaction.commit()?)
}

/// A job of whatever type.
trait Run: Send {
    /// Does it, and keeps the result.
    fn run(&mut self, connection: &Connection) -> Result<(), Failure>;

    /// Tells the result; an error around it takes its place.
    fn answer(self: Box<Self>, around: Result<(), Failure>);
}

type Answer<T> = oneshot::Receiver<Result<T, Failure>>;

struct Task<W, T> {
    work: Option<W>,
    result: Option<Result<T, Failure>>,
    answer: oneshot::Sender<Result<T, Failure>>,
}

impl<W, T> Task<W, T> {
    fn new(work: W) -> (Self, Answer<T>) {
        let (sender, answer) = oneshot::channel();
        (Self { work: Some(work), result: None, answer: sender }, answer)
    }
}

impl<W, T> Run for Task<W, T>
where
    W: FnOnce(&Connection) -> SqlResult<T> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Failure> {
        let Some(work) = self.work.take() else { return Ok(()) };
        let result = work(connection).map_err(Arc::new);
        let outcome = result.as_ref().map(|_| ()).map_err(Arc::clone);
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, around: Result<(), Failure>) {
        let result = match around {
            Ok(()) => self.result,
            Err(failure) => Some(Err(failure)),
        };
        if let Some(result) = result {
            // Whoever asked may have gone away.
            let _ = self.answer.send(result);
        }
    }
}
