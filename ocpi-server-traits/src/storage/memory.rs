//! A store in memory.

mod index;
mod pages;
#[cfg(test)]
mod reference;
mod tables;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use event_listener::Event;
use futures_timer::Delay;
use futures_util::future::{Either, select};
use ocpi_types::DateTime;

use super::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, State, Store, StoreError, WriteOutcome,
};
use crate::Clock;
use tables::Tables;

/// Store in memory, for tests and programs that need no persistence. It is also the reference for other stores.
pub struct Memory {
    /// Held by the write that runs: readers do not wait for an edit.
    writer: Mutex<()>,
    tables: Mutex<Tables>,
    committed: Event,
    clock: Clock,
}

impl Memory {
    /// Creates an empty store with the system's clock.
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// Creates an empty store with a clock.
    pub fn with_clock(clock: Clock) -> Self {
        Self { writer: Mutex::default(), tables: Mutex::default(), committed: Event::new(), clock }
    }

    /// Purges tombstones of deletions before a time. Readers of the feed notice it by its [purge
    /// position](Changes::purged).
    pub fn purge(&self, before: DateTime) {
        self.lock().purge(before);
    }

    /// Returns the number of index entries visited for pages since the store was created: the cost of pages,
    /// independent of time.
    pub fn steps(&self) -> u64 {
        self.lock().index.steps()
    }

    /// Edits run on a copy: no code panics while it holds the lock, so a poisoned one is as good as any.
    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Store for Memory {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        let tables = self.lock();
        Ok(at.iter().map(|at| tables.live(at).cloned()).collect())
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        Ok(self.lock().page(query, &start, limit))
    }

    async fn write(&self, at: Vec<Address>, mut edit: Edit) -> Result<WriteOutcome, StoreError> {
        State::admit(&at)?;
        let (before, after) = {
            let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let mut state = self.lock().state(self.clock.now(), &at);
            if !state.run(&at, &mut edit)? {
                return Ok(WriteOutcome::Aborted);
            }
            let mut tables = self.lock();
            let before = tables.head();
            tables.commit(state);
            (before, tables.head())
        };
        if after > before {
            self.committed.notify(usize::MAX);
        }
        Ok(WriteOutcome::Committed(after))
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        Ok(self.lock().changes(after, limit))
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        // Whoever listens before it looks misses nothing.
        let listener = self.committed.listen();
        if self.lock().head() > after {
            return;
        }
        match select(listener, Delay::new(timeout)).await {
            Either::Left(_) | Either::Right(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use ocpi_types::DateTime;
    use pollster::block_on;

    use super::Memory;
    use crate::storage::{Address, NewDocument, Position, Rejected, Store, StoreExt};

    #[test]
    fn a_reader_that_began_again_has_no_second_gap() {
        let store = Memory::new();
        let time = DateTime::UNIX_EPOCH;
        for (key, is_deleted) in [("kept", false), ("gone", false), ("gone", true)] {
            let at = Address::new("Note", "", key);
            let write = store.update(vec![at.clone()], move |transaction| {
                if is_deleted {
                    transaction.delete(&at, time)?;
                } else {
                    transaction.put(&at, NewDocument::new("", "text", time).with_part(""))?;
                }
                Ok::<_, Rejected<()>>(())
            });
            block_on(write).unwrap();
        }
        store.purge("2026-11-22T10:00:00Z".parse().unwrap());
        let read = |after, limit| block_on(store.changes(after, limit)).unwrap();
        assert!(read(Position::new(1), 100).is_gap(Position::new(1)));
        let again = read(Position::START, 1);
        assert_eq!((again.rows.len(), again.is_gap(Position::START)), (1, false));
        // Under way it knows the purge that was before it began.
        assert!(again.upto < again.purged);
        let end = read(again.upto, 1);
        assert!(end.is_gap(again.upto) && !end.is_gap(again.upto.max(again.purged)));
        assert!(!read(end.upto, 1).is_gap(end.upto));
    }
}
