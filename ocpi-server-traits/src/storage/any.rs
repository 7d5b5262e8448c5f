//! Stores as trait objects.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, Store, StoreError, WriteOutcome,
};

/// A store whose type is chosen at run time. Clones share the store.
///
/// ```
/// use ocpi_server_traits::storage::{AnyStore, Memory, Query, Start, Store};
/// # pollster::block_on(async {
/// let store = AnyStore::new(Memory::new());
/// assert_eq!(store.page(&Query::all("Location"), Start::First, 10).await?.total, 0);
/// # Ok::<(), ocpi_server_traits::storage::StoreError>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct AnyStore(Arc<dyn ErasedStore>);

impl AnyStore {
    /// Erases the type of a store.
    pub fn new(store: impl Store) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyStore").finish_non_exhaustive()
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`Store`] with boxed futures. Its methods have other names, so that none is ambiguous.
trait ErasedStore: Send + Sync {
    fn boxed_read<'a>(&'a self, at: &'a [Address]) -> Boxed<'a, Result<Vec<Option<Document>>, StoreError>>;
    fn boxed_page<'a>(
        &'a self,
        query: &'a Query,
        start: Start,
        limit: u32,
    ) -> Boxed<'a, Result<Page, StoreError>>;
    fn boxed_write(&self, at: Vec<Address>, edit: Edit) -> Boxed<'_, Result<WriteOutcome, StoreError>>;
    fn boxed_changes(&self, after: Position, limit: u32) -> Boxed<'_, Result<Changes, StoreError>>;
    fn boxed_moved(&self, after: Position, timeout: Duration) -> Boxed<'_, ()>;
}

impl<S: Store> ErasedStore for S {
    fn boxed_read<'a>(&'a self, at: &'a [Address]) -> Boxed<'a, Result<Vec<Option<Document>>, StoreError>> {
        Box::pin(self.read(at))
    }

    fn boxed_page<'a>(
        &'a self,
        query: &'a Query,
        start: Start,
        limit: u32,
    ) -> Boxed<'a, Result<Page, StoreError>> {
        Box::pin(self.page(query, start, limit))
    }

    fn boxed_write(&self, at: Vec<Address>, edit: Edit) -> Boxed<'_, Result<WriteOutcome, StoreError>> {
        Box::pin(self.write(at, edit))
    }

    fn boxed_changes(&self, after: Position, limit: u32) -> Boxed<'_, Result<Changes, StoreError>> {
        Box::pin(self.changes(after, limit))
    }

    fn boxed_moved(&self, after: Position, timeout: Duration) -> Boxed<'_, ()> {
        Box::pin(self.moved(after, timeout))
    }
}

impl Store for AnyStore {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.0.boxed_read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.0.boxed_page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.0.boxed_write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.0.boxed_changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.0.boxed_moved(after, timeout).await;
    }
}
