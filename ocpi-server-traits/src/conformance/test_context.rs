//! Tools for the behaviours: a store whose failures name the behaviour, and literals.

use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::task::Poll;

use bytes::Bytes;
use ocpi_types::DateTime;
use ocpi_types::protocol::Party;

use super::Failure;
use crate::{Address, Document, Listing, NewDocument, Precondition, PutOutcome, Query, Store, StoreError};

/// The collection of the documents for which it does not matter.
pub(super) const KIND: &str = "Location";

/// The format of the documents for which it does not matter.
const FORMAT: &str = "2.3.0";

/// A time for documents for which it does not matter.
pub(super) const SOME_TIME: &str = "2026-01-01T10:00:00Z";

/// A store under test, and the behaviour it is tested for.
pub(super) struct TestContext<'a, S> {
    behavior: &'static str,
    store: &'a S,
}

impl<'a, S: Store> TestContext<'a, S> {
    pub(super) fn new(behavior: &'static str, store: &'a S) -> Self {
        Self { behavior, store }
    }

    pub(super) async fn get(&self, at: &Address) -> Result<Option<Document>, Failure> {
        self.ok("get", self.store.get(at).await)
    }

    /// Reads a document that must be there.
    pub(super) async fn there(&self, at: &Address) -> Result<Document, Failure> {
        let found = self.get(at).await?;
        found.ok_or_else(|| self.failure(format!("get of {at:?}: expected a document, found none")))
    }

    pub(super) async fn put(
        &self,
        at: &Address,
        body: impl Into<Bytes>,
        time: &str,
        expect: Precondition,
    ) -> Result<PutOutcome, Failure> {
        self.put_document(at, document(body, time), expect).await
    }

    pub(super) async fn put_document(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> Result<PutOutcome, Failure> {
        self.ok("put", self.store.put(at, document, expect).await)
    }

    /// Writes a new document that says its key.
    pub(super) async fn create(&self, at: &Address, time: &str) -> Result<(), Failure> {
        let written = self.put(at, body_of(&at.key), time, Precondition::Nothing).await?;
        self.same("put of a new document", written, PutOutcome::Created)
    }

    pub(super) async fn delete(&self, at: &Address) -> Result<bool, Failure> {
        self.ok("delete", self.store.delete(at).await)
    }

    pub(super) async fn list(&self, query: &Query) -> Result<Listing, Failure> {
        self.ok("list", self.store.list(query).await)
    }

    /// Lists documents that say their keys, and compares them, in order.
    pub(super) async fn lists(&self, query: &Query, keys: &[&str], total: u64) -> Result<(), Failure> {
        let listing = self.list(query).await?;
        let text = |(_, document): &(Address, Document)| String::from_utf8_lossy(&document.body).into_owned();
        let found: Vec<_> = listing.documents.iter().map(text).collect();
        let expected: Vec<_> = keys.iter().map(|key| body_of(key)).collect();
        self.same(&format!("documents of {query:?}"), found, expected)?;
        self.same(&format!("total of {query:?}"), listing.total, total)
    }

    pub(super) fn same<T: Debug + PartialEq>(
        &self,
        what: &str,
        found: T,
        expected: T,
    ) -> Result<(), Failure> {
        same(self.behavior, what, found, expected)
    }

    pub(super) fn differ<T: Debug + PartialEq>(&self, what: &str, one: T, other: T) -> Result<(), Failure> {
        if one != other {
            return Ok(());
        }
        Err(self.failure(format!("{what}: expected two values that differ, found {} twice", brief(&one))))
    }

    pub(super) fn failure(&self, detail: String) -> Failure {
        Failure { behavior: self.behavior, detail, source: None }
    }

    fn ok<T>(&self, what: &str, result: Result<T, StoreError>) -> Result<T, Failure> {
        result.map_err(|error| Failure {
            behavior: self.behavior,
            detail: format!("{what}: expected an answer, found an error"),
            source: Some(Box::new(error)),
        })
    }
}

/// Compares what was found with what was expected.
pub(super) fn same<T: Debug + PartialEq>(
    behavior: &'static str,
    what: &str,
    found: T,
    expected: T,
) -> Result<(), Failure> {
    if found == expected {
        return Ok(());
    }
    let detail = format!("{what}: expected {}, found {}", brief(&expected), brief(&found));
    Err(Failure { behavior, detail, source: None })
}

/// A value in few words: a body may have two million bytes.
pub(super) fn brief(value: &impl Debug) -> String {
    const MOST: usize = 400;
    let whole = format!("{value:?}");
    match whole.char_indices().nth(MOST) {
        None => whole,
        Some((end, _)) => format!("{}… ({} bytes)", &whole[..end], whole.len()),
    }
}

/// A document that is for everybody.
pub(super) fn document(body: impl Into<Bytes>, time: &str) -> NewDocument {
    NewDocument { body: body.into(), last_updated: at_time(time), audience: None, format: FORMAT.to_owned() }
}

/// An address of the owner and the collection for which nothing matters but the key.
pub(super) fn at(key: &str) -> Address {
    at_owner("NL", "ALF", key)
}

pub(super) fn at_owner(country: &str, party: &str, key: &str) -> Address {
    Address { collection: KIND, owner: owner(country, party), key: key.to_owned() }
}

pub(super) fn owner(country: &str, party: &str) -> Party {
    Party::new(country, party).expect("a literal of this suite")
}

pub(super) fn at_time(text: &str) -> DateTime {
    text.parse().expect("a literal of this suite")
}

/// A JSON body that says the key.
pub(super) fn body_of(key: &str) -> String {
    format!(r#"{{"id":"{}"}}"#, key.replace('\\', r"\\").replace('"', r#"\""#))
}

/// Polls all of them until the last is done, each in its turn; needs no runtime.
pub(super) async fn together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, output) in running.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(done) = future.as_mut().poll(context) {
                *output = Some(done);
            }
        }
        if running.iter().all(|(_, output)| output.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}
