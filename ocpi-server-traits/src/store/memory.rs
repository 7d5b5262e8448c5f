//! A store in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Address, Document, Listing, NewDocument, Precondition, PutOutcome, Query, Store, StoreError};

/// Keeps documents in memory, for tests and small programs.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Documents, with the place in the order of first writing.
    documents: BTreeMap<Address, (u64, Document)>,
    /// Counts writes, for places and revisions.
    writes: u64,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// No code panics while it holds the lock, so a poisoned one is as good as any.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    async fn get(&self, at: &Address) -> Result<Option<Document>, StoreError> {
        Ok(self.lock().documents.get(at).map(|(_, document)| document.clone()))
    }

    async fn put(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> Result<PutOutcome, StoreError> {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let known = inner.documents.get(at).map(|(place, document)| (*place, document.revision));
        let expected = match expect {
            Precondition::Anything => true,
            Precondition::Nothing => known.is_none(),
            Precondition::Revision(revision) => known.is_some_and(|(_, there)| there == revision),
        };
        if !expected {
            return Ok(PutOutcome::Conflict);
        }
        inner.writes += 1;
        let place = known.map_or(inner.writes, |(place, _)| place);
        let document = document.written(inner.writes);
        inner.documents.insert(at.clone(), (place, document));
        Ok(if known.is_some() { PutOutcome::Updated } else { PutOutcome::Created })
    }

    async fn delete(&self, at: &Address) -> Result<bool, StoreError> {
        Ok(self.lock().documents.remove(at).is_some())
    }

    async fn list(&self, query: &Query) -> Result<Listing, StoreError> {
        let inner = self.lock();
        let mut found: Vec<_> = inner
            .documents
            .iter()
            .filter(|(at, (_, document))| {
                at.collection == query.collection
                    && query.owners.as_ref().is_none_or(|owners| owners.contains(&at.owner))
                    && query.audience.as_ref().is_none_or(|parties| document.is_for(parties))
                    && query.from.is_none_or(|from| document.last_updated >= from)
                    && query.to.is_none_or(|to| document.last_updated < to)
            })
            .collect();
        found.sort_by_key(|(_, (place, _))| *place);
        let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let part = found.into_iter().skip(whole(query.offset)).take(whole(query.limit));
        Ok(Listing {
            documents: part.map(|(at, (_, document))| (at.clone(), document.clone())).collect(),
            total,
        })
    }
}
