//! A store that does one thing wrong.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use event_listener::Event;
use futures_timer::Delay;
use futures_util::future::select;
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, State, Store, StoreError, StoreErrorKind,
    WriteOutcome,
};
use ocpi_types::DateTime;

use super::fault::Fault;
use super::tables::{Tables, whole};

/// A store with a fault; clones are the same one.
#[derive(Clone)]
pub(crate) struct Faulty {
    inner: Arc<Inner>,
    is_second: bool,
}

struct Inner {
    fault: Fault,
    /// Held by the write that runs.
    writer: Mutex<()>,
    tables: Mutex<Tables>,
    committed: Event,
    steps: AtomicU64,
    now: AtomicI64,
    is_poisoned: AtomicBool,
    is_writing: AtomicBool,
    is_reading: AtomicBool,
}

fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Faulty {
    pub(crate) fn new(fault: Fault) -> Self {
        let inner = Inner {
            fault,
            writer: Mutex::default(),
            tables: Mutex::new(Tables::new(fault)),
            committed: Event::new(),
            steps: AtomicU64::default(),
            now: AtomicI64::new(1_800_000_000_000_000),
            is_poisoned: AtomicBool::default(),
            is_writing: AtomicBool::default(),
            is_reading: AtomicBool::default(),
        };
        Self { inner: Arc::new(inner), is_second: false }
    }

    pub(crate) fn second(&self) -> Self {
        Self { is_second: true, ..self.clone() }
    }

    pub(crate) fn reopened(self) -> Self {
        if self.has(Fault::ForgetsWhenClosed) { Self::new(self.inner.fault) } else { self }
    }

    pub(crate) fn purge(&self, before: DateTime) {
        self.tables().purge(before);
    }

    pub(crate) fn steps(&self) -> u64 {
        self.inner.steps.load(Ordering::Relaxed)
    }

    fn has(&self, fault: Fault) -> bool {
        self.inner.fault == fault
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        open(&self.inner.tables)
    }

    /// The clock stands still, unless it runs away.
    fn now(&self) -> DateTime {
        let step = if self.has(Fault::ClockRuns) { 86_400_000_000 } else { 0 };
        let now = self.inner.now.fetch_add(step, Ordering::Relaxed);
        DateTime::from_unix_micros(now).expect("a time of the tests")
    }

    fn works(&self) -> Result<(), StoreError> {
        let is_poisoned = self.inner.is_poisoned.load(Ordering::Relaxed);
        if self.has(Fault::AlwaysFails) || is_poisoned {
            return Err(StoreError::new(StoreErrorKind::Unavailable, "out of order"));
        }
        Ok(())
    }

    /// With this fault, readers wait until no edit runs.
    async fn begin_read(&self) -> Result<(), StoreError> {
        self.works()?;
        while self.has(Fault::ReadersWait) && self.inner.is_writing.load(Ordering::Relaxed) {
            let_others_go_first().await;
        }
        Ok(())
    }

    fn run(&self, state: &mut State, declared: &[Address], edit: &mut Edit) -> Result<bool, StoreError> {
        let ended = match self.inner.fault {
            Fault::StoresAborted => state.run(
                declared,
                &mut wrapped(edit, |edit, tx| {
                    let _ = edit(tx);
                    Ok(())
                }),
            ),
            Fault::StoresPanicked => state.run(
                declared,
                &mut wrapped(edit, |edit, tx| catch_unwind(AssertUnwindSafe(|| edit(tx))).unwrap_or(Ok(()))),
            ),
            _ => state.run(declared, edit),
        };
        let has_panicked = ended.as_ref().is_err_and(|error| error.kind() == StoreErrorKind::Panicked);
        if self.has(Fault::PoisonedByPanics) && has_panicked {
            self.inner.is_poisoned.store(true, Ordering::Relaxed);
        }
        ended
    }

    fn told(&self) {
        let is_told = match self.inner.fault {
            Fault::NeverWakes => false,
            Fault::WakesItsOwnOnly => !self.is_second,
            _ => true,
        };
        if is_told {
            self.inner.committed.notify(usize::MAX);
        }
    }
}

type Inside = fn(
    &mut Edit,
    &mut ocpi_server_traits::storage::Transaction<'_>,
) -> Result<(), ocpi_server_traits::storage::Abort>;

/// An edit that runs another, which is taken out for as long.
fn wrapped(edit: &mut Edit, inside: Inside) -> Edit {
    let mut edit = std::mem::replace(edit, Box::new(|_| Ok(())));
    Box::new(move |tx| inside(&mut edit, tx))
}

impl Store for Faulty {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.begin_read().await?;
        let mut at = at.to_vec();
        if self.has(Fault::ReadsInOrderOfAddresses) {
            at.sort();
        }
        let tables = self.tables();
        Ok(at.iter().map(|at| tables.live(at)).collect())
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.begin_read().await?;
        if self.has(Fault::WritersWait) {
            self.inner.is_reading.store(true, Ordering::Relaxed);
            let_others_go_first().await;
            self.inner.is_reading.store(false, Ordering::Relaxed);
        }
        let tables = self.tables();
        let page = tables.page(query, &start, limit)?;
        let steps = if self.has(Fault::ScansAllRows) { tables.rows.len() } else { page.rows.len() };
        self.inner.steps.fetch_add(whole(steps), Ordering::Relaxed);
        Ok(page)
    }

    async fn write(&self, at: Vec<Address>, mut edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.works()?;
        if !self.has(Fault::AdmitsEverything) {
            State::admit(&at)?;
        }
        while self.has(Fault::WritersWait) && self.inner.is_reading.load(Ordering::Relaxed) {
            let_others_go_first().await;
        }
        let mut declared = at;
        if self.has(Fault::IgnoresUndeclared) {
            declared.extend(self.tables().rows.values().map(|row| row.at.clone()));
        }
        let early = self.has(Fault::LosesUpdates).then(|| self.tables().state(self.now(), &declared));
        if early.is_some() {
            let_others_go_first().await;
        }
        let (persists, position) = {
            let _writer = open(&self.inner.writer);
            let mut state = early.unwrap_or_else(|| self.tables().state(self.now(), &declared));
            self.inner.is_writing.store(true, Ordering::Relaxed);
            let ended = self.run(&mut state, &declared, &mut edit);
            self.inner.is_writing.store(false, Ordering::Relaxed);
            if !ended? {
                return Ok(WriteOutcome::Aborted);
            }
            let mut tables = self.tables();
            let highest = state.highest();
            let mut persists = state.finish();
            let torn = if self.has(Fault::TearsWrites) {
                persists.split_off(1.min(persists.len()))
            } else {
                Vec::new()
            };
            tables.commit(persists, highest);
            (torn, tables.head())
        };
        if !persists.is_empty() {
            let_others_go_first().await;
            self.tables().commit(persists, 0);
        }
        self.told();
        Ok(WriteOutcome::Committed(position))
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.begin_read().await?;
        Ok(self.tables().changes(after, limit))
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        let listener = self.inner.committed.listen();
        if self.tables().head() > after && !self.has(Fault::MovedWaitsForTheNext) {
            return;
        }
        let timeout = if self.has(Fault::IgnoresTimeouts) { Duration::from_secs(86_400) } else { timeout };
        select(listener, Delay::new(timeout)).await;
    }
}

async fn let_others_go_first() {
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
