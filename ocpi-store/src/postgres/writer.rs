//! Writers: tasks that take the writes that wait, and run them as groups.

use std::sync::Arc;
use std::time::Duration;

use ocpi_server_traits::storage::{Address, Edit, State, StoreError, StoreErrorKind, WriteOutcome};
use tokio::sync::{mpsc, oneshot};

use super::connect::{Connections, clean};
use super::group::{self, Failure, Job, Remedy};
use super::namespace::Namespace;
use super::queue::{Addressed, Queue};
use super::statements::Statements;
use super::text::check_address;
use super::wake::Wake;

/// Writers of a store: while one waits for the disk, the other runs edits.
const WRITERS: usize = 2;

/// Writes that may wait. More of them wait for room.
const QUEUE: usize = 4_096;

/// Addresses of a group, about: an update of a partner has two.
const GROUP: usize = 1_024;

/// Runs of a group before it fails because of others.
const RUNS: u32 = 50;

/// The way to the writers.
pub(super) struct Writers {
    queue: mpsc::Sender<Write>,
}

struct Write {
    job: Job,
    answer: oneshot::Sender<Result<WriteOutcome, StoreError>>,
}

impl Addressed for Write {
    fn at(&self) -> &[Address] {
        &self.job.at
    }
}

impl Writers {
    /// Starts the tasks. They end when this is dropped and nothing waits.
    pub(super) fn start(
        connections: &Connections,
        namespace: &Namespace,
        statements: Statements,
        wake: &Arc<Wake>,
    ) -> Self {
        let statements = Arc::new(statements);
        let (queue, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Queue::new(waiting));
        for _ in 0..WRITERS {
            let writer = Writer {
                waiting: Arc::clone(&waiting),
                connections: connections.clone(),
                statements: Arc::clone(&statements),
                order_lock: namespace.order_lock(),
                wake: Arc::clone(wake),
            };
            tokio::spawn(writer.run());
        }
        Self { queue }
    }

    /// Hands a write over, and waits for its end.
    pub(super) async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        State::admit(&at)?;
        at.iter().try_for_each(check_address)?;
        let (answer, end) = oneshot::channel();
        let closed = || StoreError::new(StoreErrorKind::Unavailable, "the store is closed");
        self.queue.send(Write { job: Job { at, edit }, answer }).await.map_err(|_| closed())?;
        end.await.map_err(|_| closed())?
    }
}

struct Writer {
    waiting: Arc<Queue<Write>>,
    connections: Connections,
    statements: Arc<Statements>,
    order_lock: i64,
    wake: Arc<Wake>,
}

impl Writer {
    async fn run(self) {
        while let Some(mut group) = self.waiting.next(GROUP).await {
            // What is too much for one transaction waits for the next one, before all that came later.
            while !group.writes.is_empty() {
                let mut jobs: Vec<_> = group.writes.iter_mut().map(|write| &mut write.job).collect();
                match self.commit(&mut jobs).await {
                    // Whoever does not wait any more misses nothing.
                    Ok(verdicts) => {
                        let done = group.finish(verdicts.len());
                        done.into_iter().zip(verdicts).for_each(|(write, verdict)| {
                            let _ = write.answer.send(verdict);
                        });
                    }
                    Err(error) => fail(group.finish(usize::MAX), error),
                }
            }
        }
    }

    /// Runs the first writes of a group, at least one, until they are committed or the group fails for good.
    async fn commit(&self, jobs: &mut [&mut Job]) -> Result<group::Verdicts, StoreError> {
        let mut runs = 0;
        let mut is_reconnected = false;
        loop {
            let client = self.connections.get().await?;
            let ran = group::run(&client, &self.statements, self.order_lock, jobs).await;
            let Failure { error, remedy } = match ran {
                Ok((verdicts, head)) => {
                    self.wake.advance(head);
                    return Ok(verdicts);
                }
                Err(failure) => failure,
            };
            clean(client, &error).await;
            runs += 1;
            match remedy {
                Remedy::Again if runs < RUNS => {
                    // Once is chance; after that let the others go first.
                    tokio::time::sleep(Duration::from_millis(u64::from(runs - 1).min(50))).await;
                }
                Remedy::Reconnect if !is_reconnected => is_reconnected = true,
                _ => return Err(error),
            }
        }
    }
}

/// Tells all writes of a group that it failed.
fn fail(writes: Vec<Write>, error: StoreError) {
    let kind = error.kind();
    let text = error.to_string();
    let message = text.strip_prefix("storage: ").unwrap_or(&text);
    let cause = Arc::new(error);
    for write in writes {
        let error = StoreError::new(kind, message).with_source(Arc::clone(&cause));
        let _ = write.answer.send(Err(error));
    }
}
