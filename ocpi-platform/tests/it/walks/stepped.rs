//! A store in which a schedule decides who reads or writes next.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, WriteOutcome,
};
use ocpi_server_traits::{Memory, Store, StoreError};

/// While it is stepped, each read and write of it waits until its operation is run once more.
#[derive(Clone, Default)]
pub(crate) struct Stepped {
    pub(crate) memory: Arc<Memory>,
    pub(crate) is_stepped: Arc<AtomicBool>,
}

impl Stepped {
    async fn turn(&self) {
        let mut has_come = !self.is_stepped.load(Ordering::Relaxed);
        poll_fn(|_| if std::mem::replace(&mut has_come, true) { Poll::Ready(()) } else { Poll::Pending })
            .await;
    }
}

impl Store for Stepped {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.turn().await;
        self.memory.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.turn().await;
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.turn().await;
        self.memory.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}
