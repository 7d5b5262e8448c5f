//! Helpers that the tests share.

use std::error::Error;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use ocpi_server_traits::{Address, NewDocument, Precondition, PutOutcome, Query, Store};
use ocpi_store::Sqlite;
use ocpi_types::DateTime;
use ocpi_types::protocol::Party;
use pollster::block_on;
use tempfile::TempDir;

/// A place for a file, gone at the end of the test.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("store.sqlite")
    }

    pub(crate) fn open(&self) -> Sqlite {
        Sqlite::open(self.file()).unwrap()
    }

    /// A connection beside the store's, to see what is on the disk and to get in the way.
    pub(crate) fn beside(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }
}

pub(crate) fn at(key: &str) -> Address {
    Address { collection: "Token", owner: Party::new("NL", "ALF").unwrap(), key: key.to_owned() }
}

pub(crate) fn time() -> DateTime {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// A document that is for everybody.
pub(crate) fn document(body: impl Into<Bytes>, last_updated: DateTime) -> NewDocument {
    NewDocument { body: body.into(), last_updated, audience: None, format: "2.3.0".to_owned() }
}

/// Writes a new document that is its key.
pub(crate) fn create(store: &Sqlite, key: &str) {
    let written =
        block_on(store.put(&at(key), document(key.to_owned(), time()), Precondition::Nothing)).unwrap();
    assert_eq!(written, PutOutcome::Created);
}

pub(crate) fn bodies(store: &Sqlite) -> Vec<Bytes> {
    let listing = block_on(store.list(&Query::all("Token"))).unwrap();
    listing.documents.into_iter().map(|(_, document)| document.body).collect()
}

/// Starts something without waiting for it: what it asks of the store is in the queue afterwards.
pub(crate) fn start<F: Future>(future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    future
}

/// Asks all at once, and then waits for the answers.
pub(crate) fn all_at_once<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut context = Context::from_waker(Waker::noop());
    let mut ask = |future: F| {
        let mut future = Box::pin(future);
        match future.as_mut().poll(&mut context) {
            Poll::Ready(answer) => Ok(answer),
            Poll::Pending => Err(future),
        }
    };
    let asked: Vec<_> = futures.into_iter().map(&mut ask).collect();
    asked.into_iter().map(|asked| asked.unwrap_or_else(block_on)).collect()
}

/// An error with all its causes, in words and as code sees them.
pub(crate) fn whole(error: &dyn Error) -> String {
    let cause = error.source().map(whole).unwrap_or_default();
    format!("{error}\n{error:?}\n{cause}")
}
