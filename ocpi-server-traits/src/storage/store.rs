//! The storage trait.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::{Address, Changes, Document, Edit, Page, Position, Query, Start, StoreError};

/// End of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WriteOutcome {
    /// It is durable; the feed has come to this position.
    Committed(Position),
    /// The edit gave up, and nothing changed.
    Aborted,
}

/// Storage for documents.
///
/// # Behavior
/// - Documents are read back byte for byte, with time (to the microsecond), list, terms, stamps and cause.
/// - Any text is good for an address, a list, a term or a part, or is refused when it is written. Nothing that is stored
///   makes another document unreadable.
/// - A write is all or nothing, over all its documents. An edit that aborts, panics or touches an address that was not
///   declared changes nothing, and does not disturb other writes.
/// - Any number of edits of one document at the same time succeed; each sees what the one before left.
/// - `revision` grows with each write and never repeats for an address.
/// - A deletion leaves a tombstone, with its time, the list, and the stamps that it was given; a document that was never
///   in the feed goes without a trace. A document that is put
///   where one was deleted is new, and last in its list.
/// - Lists are in the order in which their documents were created, by commit; windows in the order of their times. Pages
///   by cursor show every document that was there throughout, whatever changes meanwhile.
/// - Tombstones that are purged leave their mark in the feed: its purge position does not come before any of them.
/// - The feed has every committed change, in the order of commits, once per part: no change is passed over, also while
///   several stores write to one database.
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
