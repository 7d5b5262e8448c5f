//! The storage trait.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::{Address, Changes, Document, Edit, Page, Position, Query, Start, StoreError};

/// Outcome of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WriteOutcome {
    /// The write is durable; the feed is at this position.
    Committed(Position),
    /// The edit was aborted, and nothing changed.
    Aborted,
}

/// Storage for documents.
///
/// # Behavior
/// - Documents are read back byte for byte, with time (to the microsecond), list, terms, stamps and cause.
/// - Any text is valid in an address, a list, a term or a part, or is refused when it is written. No stored document
///   makes another one unreadable.
/// - A write is all or nothing, over all its documents. An edit that aborts, panics or touches an undeclared address
///   changes nothing, and does not disturb other writes.
/// - Any number of concurrent edits of one document succeed; each sees the result of the previous one.
/// - `revision` increases with each write and never repeats for an address.
/// - A deletion leaves a tombstone, with its time, the list, and the given stamps; a document that was never in the
///   feed is removed without a trace. A document put where one was deleted is new, and last in its list.
/// - Lists are in order of creation of their documents, by commit; windows in chronological order. Paging by cursor
///   returns every document that existed throughout, whatever changes meanwhile.
/// - The purge position of the feed is never before a purged tombstone.
/// - The feed has every committed change, in commit order, once per part: no change is missed, even while several
///   stores write to one database.
///
/// The feature `conformance` of this crate has a test for each.
pub trait Store: Send + Sync + 'static {
    /// Reads documents in one snapshot, in the order of the addresses. Tombstones are not seen.
    fn read(&self, at: &[Address]) -> impl Future<Output = Result<Vec<Option<Document>>, StoreError>> + Send;

    /// Returns one page of the documents that a query asks for. A `limit` of 0 gives the total only.
    fn page(
        &self,
        query: &Query,
        start: Start,
        limit: u32,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send;

    /// Loads and locks the documents at `at`, runs the edit, and stores what it changed. Resolves when that is durable.
    /// Dropping the future does not undo the write.
    fn write(
        &self,
        at: Vec<Address>,
        edit: Edit,
    ) -> impl Future<Output = Result<WriteOutcome, StoreError>> + Send;

    /// Returns changes after a position, in the order of commits; at most `limit`, and at least one if there is one and
    /// the limit is not 0.
    fn changes(
        &self,
        after: Position,
        limit: u32,
    ) -> impl Future<Output = Result<Changes, StoreError>> + Send;

    /// Waits until something may have changed after a position, or for `timeout`. May return early.
    fn moved(&self, after: Position, timeout: Duration) -> impl Future<Output = ()> + Send;
}

/// A shared store is a store.
impl<S: Store> Store for Arc<S> {
    fn read(&self, at: &[Address]) -> impl Future<Output = Result<Vec<Option<Document>>, StoreError>> + Send {
        (**self).read(at)
    }

    fn page(
        &self,
        query: &Query,
        start: Start,
        limit: u32,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send {
        (**self).page(query, start, limit)
    }

    fn write(
        &self,
        at: Vec<Address>,
        edit: Edit,
    ) -> impl Future<Output = Result<WriteOutcome, StoreError>> + Send {
        (**self).write(at, edit)
    }

    fn changes(
        &self,
        after: Position,
        limit: u32,
    ) -> impl Future<Output = Result<Changes, StoreError>> + Send {
        (**self).changes(after, limit)
    }

    fn moved(&self, after: Position, timeout: Duration) -> impl Future<Output = ()> + Send {
        (**self).moved(after, timeout)
    }
}
