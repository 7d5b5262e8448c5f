//! The threads that read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::failure::{closed, explain};
use super::threads;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Threads with a connection each that only reads, and their queue. The queue has no bound: who reads waits for the answer,
/// so it is never longer than there are callers.
pub(super) struct Readers {
    /// `None` only while it is dropped.
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts a thread for each connection.
    pub(super) fn start(connections: Vec<Connection>) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut readers = Self { jobs: Some(jobs), threads: Vec::new() };
        for connection in connections {
            let queue = Arc::clone(&queue);
            let thread = thread::Builder::new().name("ocpi-store-read".to_owned());
            readers.threads.push(thread.spawn(move || serve(&connection, &queue))?);
        }
        Ok(readers)
    }

    /// Reads in one snapshot.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, answer) = oneshot::channel();
        let job = move |connection: &Connection| {
            // Nobody reads for one who has gone away.
            if !sender.is_closed() {
                let _ = sender.send(in_snapshot(connection, work));
            }
        };
        self.jobs.as_ref().ok_or_else(closed)?.send(Box::new(job)).map_err(|_| closed())?;
        answer
            .await
            .map_err(|_| StoreError::new(StoreErrorKind::Other, "a read ended without an answer"))?
            .map_err(explain)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        // Without a sender the threads finish the queue and end.
        self.jobs = None;
        for thread in self.threads.drain(..) {
            threads::join(Some(thread));
        }
    }
}

fn serve(connection: &Connection, queue: &Mutex<Receiver<Job>>) {
    loop {
        // One thread waits for the next job, the others for the lock.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A waker may panic when it is told.
        let _ = catch_unwind(AssertUnwindSafe(|| job(connection)));
    }
}

/// Statements of a transaction see the same, whatever is written meanwhile.
fn in_snapshot<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let transaction = connection.unchecked_transaction()?;
    let result = work(&transaction)?;
    transaction.finish()?;
    Ok(result)
}
