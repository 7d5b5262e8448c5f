//! Helpers that the tests share.

use std::error::Error;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Waker};

use ocpi_server_traits::Clock;
use ocpi_server_traits::storage::{
    Abort, Address, Edit, NewDocument, Position, Query, Start, Store, StoreError, Transaction, WriteOutcome,
};
use ocpi_store::{Builder, Sqlite};
use ocpi_types::DateTime;
use pollster::block_on;
use tempfile::TempDir;

use crate::choice::Choose;

/// A place for a file, gone at the end of the test.
pub(super) struct Place(TempDir);

impl Place {
    pub(super) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.path().join("store.sqlite")
    }

    pub(super) fn builder(&self) -> Builder {
        Sqlite::builder(self.file()).clock(fixed())
    }

    pub(super) fn open(&self) -> Sqlite {
        self.builder().open().unwrap()
    }

    /// A connection beside the store's, to see what is on the disk and to get in the way.
    pub(super) fn beside(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }
}

pub(super) fn time() -> DateTime {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn fixed() -> Clock {
    Clock::new(time)
}

/// A clock, and the hand to set it by.
pub(super) fn stepped() -> (Clock, Arc<AtomicI64>) {
    let micros = Arc::new(AtomicI64::new(time().to_unix_micros()));
    let hand = Arc::clone(&micros);
    let now = move || DateTime::from_unix_micros(micros.load(Ordering::SeqCst)).unwrap();
    (Clock::new(now), hand)
}

pub(super) fn at(key: &str) -> Address {
    Address::new("Note", "NL/ALF", key)
}

pub(super) fn note(body: &str) -> NewDocument {
    NewDocument::new(body.to_owned(), "text", time()).in_list("NL/ALF").with_part("")
}

pub(super) fn edit(edit: impl FnMut(&mut Transaction<'_>) -> Result<(), Abort> + Send + 'static) -> Edit {
    Box::new(edit)
}

/// An edit that writes one document, which is its key.
pub(super) fn create(key: &str) -> (Vec<Address>, Edit) {
    let (at, new) = (at(key), note(key));
    (vec![at.clone()], edit(move |transaction| transaction.put(&at, new.clone()).map(drop)))
}

/// Writes one document.
pub(super) fn put(store: &impl Store, at: &Address, new: &NewDocument) -> Position {
    let (address, new) = (at.clone(), new.clone());
    let edit = edit(move |transaction| transaction.put(&address, new.clone()).map(drop));
    match block_on(store.write(vec![at.clone()], edit)).unwrap() {
        WriteOutcome::Committed(position) => position,
        WriteOutcome::Aborted => panic!("the edit does not abort"),
    }
}

/// Deletes one document.
pub(super) fn delete(store: &impl Store, at: &Address, time: DateTime) {
    let address = at.clone();
    let edit = edit(move |transaction| transaction.delete(&address, time).map(drop));
    block_on(store.write(vec![at.clone()], edit)).unwrap();
}

pub(super) fn bodies(store: &impl Store) -> Vec<String> {
    let page = block_on(store.page(&Query::list("Note", "NL/ALF"), Start::First, 10_000)).unwrap();
    page.rows.into_iter().map(|(_, document)| String::from_utf8(document.body.to_vec()).unwrap()).collect()
}

/// Starts something without waiting for it: what it asks of the store is in the queue afterwards.
pub(super) fn start<F: Future>(future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    future
}

/// An error with all its causes, in words and as code sees them.
pub(super) fn whole(error: &dyn Error) -> String {
    let cause = error.source().map(whole).unwrap_or_default();
    format!("{error}\n{error:?}\n{cause}")
}

pub(super) fn assert_discreet(error: &StoreError) {
    let text = whole(error);
    assert!(!text.contains("secret"), "{text}");
}

/// Numbers by chance, the same in every run.
pub(super) struct Chance(pub(super) u64);

impl Choose for Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}
