//! Helpers of the behaviours: a store whose failures name the behaviour, and literals.

use std::fmt::Debug;

use ocpi_types::DateTime;

use crate::conformance::Failure;
use crate::conformance::test_context::same;
use crate::storage::{
    Address, Change, Document, Edit, NewDocument, Page, Position, Query, Start, Store, StoreError,
    StoreErrorKind, StoreExt, Transaction, UpdateError, WriteOutcome,
};

/// The collection of the documents for which it does not matter.
pub(super) const KIND: &str = "Location";

/// The list of the documents for which it does not matter.
pub(super) const LIST: &str = "NL/ALF";

/// Pages and reads of the feed after which a store is taken for one that never ends.
const MOST_PAGES: usize = 10_000;

/// A store under test, and the behaviour it is tested for.
pub(super) struct StoreContext<'a, S> {
    behavior: &'static str,
    pub(super) store: &'a S,
}

impl<'a, S: Store> StoreContext<'a, S> {
    pub(super) fn new(behavior: &'static str, store: &'a S) -> Self {
        Self { behavior, store }
    }

    /// The same behaviour, in another store.
    pub(super) fn with<'b>(&self, store: &'b S) -> StoreContext<'b, S> {
        StoreContext { behavior: self.behavior, store }
    }

    pub(super) async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, Failure> {
        let found = self.ok("read", self.store.read(at).await)?;
        self.same("number of documents read", found.len(), at.len())?;
        Ok(found)
    }

    pub(super) async fn get(&self, at: &Address) -> Result<Option<Document>, Failure> {
        self.ok("read", self.store.get(at).await)
    }

    /// Reads a document that must be there.
    pub(super) async fn there(&self, at: &Address) -> Result<Document, Failure> {
        let found = self.get(at).await?;
        found.ok_or_else(|| self.failure(format!("read of {at:?}: expected a document, found none")))
    }

    /// Reads a tombstone.
    pub(super) async fn tombstone(&self, at: &Address) -> Result<Option<Document>, Failure> {
        let looked = at.clone();
        self.update(vec![at.clone()], move |tx| Ok(tx.tombstone(&looked)?.cloned())).await
    }

    /// Writes one document; returns its revision.
    pub(super) async fn put(&self, at: &Address, document: NewDocument) -> Result<u64, Failure> {
        let put = at.clone();
        self.update(vec![at.clone()], move |tx| tx.put(&put, document.clone())).await
    }

    /// Writes documents, in one write.
    pub(super) async fn put_all(&self, documents: Vec<(Address, NewDocument)>) -> Result<(), Failure> {
        let declared = documents.iter().map(|(at, _)| at.clone()).collect();
        self.update(declared, move |tx| {
            documents.iter().try_for_each(|(at, document)| tx.put(at, document.clone()).map(drop))
        })
        .await
    }

    pub(super) async fn delete(&self, at: &Address, time: DateTime) -> Result<bool, Failure> {
        let deleted = at.clone();
        self.update(vec![at.clone()], move |tx| tx.delete(&deleted, time)).await
    }

    /// Writes with an edit that does not give up.
    pub(super) async fn update<T: Send + 'static>(
        &self,
        at: Vec<Address>,
        mut edit: impl FnMut(&mut Transaction<'_>) -> Result<T, crate::storage::Abort> + Send + 'static,
    ) -> Result<T, Failure> {
        match self.store.update(at, move |tx| Ok::<_, crate::storage::Rejected<()>>(edit(tx)?)).await {
            Ok(made) => Ok(made),
            Err(UpdateError::Store(error)) => self.ok("write", Err(error)),
            Err(_) => Err(self.failure("write: expected a commit, found that the edit gave up".to_owned())),
        }
    }

    pub(super) async fn write(&self, at: &[Address], edit: Edit) -> Result<WriteOutcome, Failure> {
        self.ok("write", self.store.write(at.to_vec(), edit).await)
    }

    /// A write that commits, and the position that it tells.
    pub(super) async fn commit(&self, at: &Address, document: NewDocument) -> Result<Position, Failure> {
        let put = at.clone();
        let edit: Edit = Box::new(move |tx| tx.put(&put, document.clone()).map(drop));
        match self.write(std::slice::from_ref(at), edit).await? {
            WriteOutcome::Committed(position) => Ok(position),
            WriteOutcome::Aborted => {
                Err(self.failure("write: expected a commit, found it aborted".to_owned()))
            }
        }
    }

    /// A write that must fail.
    pub(super) async fn fails(
        &self,
        at: Vec<Address>,
        edit: Edit,
        kind: StoreErrorKind,
    ) -> Result<(), Failure> {
        match self.store.write(at, edit).await {
            Err(error) => self.same("kind of failure", error.kind(), kind),
            Ok(found) => Err(self.failure(format!("write: expected the failure {kind:?}, found {found:?}"))),
        }
    }

    pub(super) async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, Failure> {
        let page = self.ok("page", self.store.page(query, start, limit).await)?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        if page.rows.len() > most {
            return Err(
                self.failure(format!("page: expected {limit} rows at most, found {}", page.rows.len()))
            );
        }
        Ok(page)
    }

    /// All rows, by cursor.
    pub(super) async fn crawl(
        &self,
        query: &Query,
        start: Start,
        limit: u32,
    ) -> Result<Vec<(Address, Document)>, Failure> {
        let (mut rows, mut start) = (Vec::new(), start);
        for _ in 0..MOST_PAGES {
            let page = self.page(query, start, limit).await?;
            rows.extend(page.rows);
            let Some(next) = page.next else { return Ok(rows) };
            start = Start::After(next);
        }
        Err(self.failure(format!("pages of {query:?}: expected an end, found none")))
    }

    /// Compares the keys of a query's rows, by pages of two and in one page, and the total.
    pub(super) async fn lists(&self, query: &Query, expected: &[&str]) -> Result<(), Failure> {
        for limit in [2, 1_000] {
            let rows = self.crawl(query, Start::First, limit).await?;
            self.same(&format!("documents of {query:?} in pages of {limit}"), keys(&rows), owned(expected))?;
        }
        let total = self.page(query, Start::First, 0).await?.total;
        self.same(&format!("total of {query:?}"), total, count(expected.len()))
    }

    /// All changes after a position.
    pub(super) async fn feed(&self, after: Position, limit: u32) -> Result<Vec<Change>, Failure> {
        Ok(self.feed_upto(after, limit).await?.0)
    }

    /// All changes after a position, and the position to go on from.
    pub(super) async fn feed_upto(
        &self,
        after: Position,
        limit: u32,
    ) -> Result<(Vec<Change>, Position), Failure> {
        let (mut rows, mut after) = (Vec::<Change>::new(), after);
        for _ in 0..MOST_PAGES {
            let changes = self.ok("changes", self.store.changes(after, limit).await)?;
            if changes.rows.is_empty() {
                return Ok((rows, after));
            }
            for change in changes.rows {
                if change.position <= rows.last().map_or(after, |last| last.position) {
                    return Err(
                        self.failure("feed: expected positions to grow, found one that does not".to_owned())
                    );
                }
                rows.push(change);
            }
            let last = rows.last().map_or(after, |last| last.position);
            if changes.upto < last {
                return Err(
                    self.failure(format!("feed: expected {last:?} or later, found {:?}", changes.upto))
                );
            }
            after = changes.upto;
        }
        Err(self.failure("feed: expected an end, found none".to_owned()))
    }

    /// The newest position.
    pub(super) async fn head(&self) -> Result<Position, Failure> {
        Ok(self.feed(Position::START, 1_000).await?.last().map_or(Position::START, |last| last.position))
    }

    pub(super) fn same<T: Debug + PartialEq>(
        &self,
        what: &str,
        found: T,
        expected: T,
    ) -> Result<(), Failure> {
        same(self.behavior, what, found, expected)
    }

    pub(super) fn holds(&self, what: &str, holds: bool) -> Result<(), Failure> {
        if holds { Ok(()) } else { Err(self.failure(format!("expected {what}, found otherwise"))) }
    }

    /// Something that came in time and did not panic.
    pub(super) fn came<T>(&self, what: &str, result: Option<T>) -> Result<T, Failure> {
        result.ok_or_else(|| self.failure(format!("{what}: expected it in time, found nothing")))
    }

    pub(super) fn failure(&self, detail: String) -> Failure {
        Failure { behavior: self.behavior, detail, source: None }
    }

    pub(super) fn ok<T, E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        &self,
        what: &str,
        result: Result<T, E>,
    ) -> Result<T, Failure> {
        result.map_err(|error| Failure {
            behavior: self.behavior,
            detail: format!("{what}: expected an answer, found an error"),
            source: Some(error.into()),
        })
    }
}

/// Whether a store refuses what it cannot hold.
pub(super) fn is_refusal(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::Refused
}

/// An address of which only the key matters.
pub(super) fn at(key: impl Into<String>) -> Address {
    Address::new(KIND, "NL/ALF", key)
}

/// A time, in microseconds.
pub(super) fn time(micros: i64) -> DateTime {
    const START: i64 = 1_700_000_000_000_000;
    DateTime::from_unix_micros(START + micros).expect("a literal of this suite")
}

/// A document in [`LIST`] that is in the feed.
pub(super) fn document(body: impl Into<String>) -> NewDocument {
    silent(body).with_part("")
}

/// A document in [`LIST`] that is not in the feed.
pub(super) fn silent(body: impl Into<String>) -> NewDocument {
    NewDocument::new(body.into(), "2.3.0", time(0)).in_list(LIST)
}

/// A document in [`LIST`] with a time.
pub(super) fn dated(micros: i64) -> NewDocument {
    NewDocument::new("", "2.3.0", time(micros)).in_list(LIST).with_part("")
}

pub(super) fn keys(rows: &[(Address, Document)]) -> Vec<String> {
    rows.iter().map(|(at, _)| at.key().to_owned()).collect()
}

pub(super) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A number that a document holds as text; 0 where there is none.
pub(super) fn number(document: Option<&Document>) -> u64 {
    let text = document.and_then(|document| std::str::from_utf8(&document.body).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Numbers that look random and are the same in each run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}
