//! A store that does one thing wrong.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use ocpi_server_traits::{
    Address, Document, Listing, NewDocument, Precondition, PutOutcome, Query, Store, StoreError,
};
use ocpi_types::DateTime;
use ocpi_types::protocol::Party;

/// Fault of the store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    None,
    AlwaysFails,
    AlwaysSaysCreated,
    ComparesSeconds,
    ComparesTimesAsText,
    CountsEveryAudience,
    CountsPerDocument,
    CutsBodies,
    DeletesNothing,
    DeletesQuietly,
    DropsBlanks,
    FailsWhenEmpty,
    ForgetsAudiences,
    ForgetsFormats,
    FromIsExclusive,
    HidesWhatIsForEverybody,
    IgnoresAudiences,
    IgnoresCaseOfKeys,
    IgnoresExpect,
    IgnoresLimit,
    KeepsTheFirstAudience,
    KeepsTheFirstBody,
    KeepsTheNewestTime,
    KeepsThePlace,
    ListsByKey,
    ListsByTime,
    ListsInLowerCase,
    ListsNoRevisions,
    ListsTheDeleted,
    MixesCollections,
    MixesOwners,
    MovesOnUpdate,
    NoOwnersIsEverybody,
    NoPartiesIsEverybody,
    ReadsBeforeItWrites,
    RewritesTimes,
    SkipsBeforeItFilters,
    TellsCaseOfAudiences,
    TellsCaseOfOwners,
    ToIsInclusive,
    TotalIsOfThePage,
    TouchesOnConflict,
    TrimsKeys,
}

pub(crate) struct Faulty {
    fault: Fault,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// In the order of first writing; `None`: deleted.
    slots: Vec<(Address, Option<Document>)>,
    writes: u64,
}

impl Faulty {
    pub(crate) fn new(fault: Fault) -> Self {
        Self { fault, inner: Mutex::default() }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fails(&self) -> Result<(), StoreError> {
        let empty = self.has(Fault::FailsWhenEmpty) && self.lock().slots.is_empty();
        if empty || self.has(Fault::AlwaysFails) { Err(StoreError::new("out of order")) } else { Ok(()) }
    }

    fn same_owner(&self, one: &Party, other: &Party) -> bool {
        if self.has(Fault::TellsCaseOfOwners) { one.to_string() == other.to_string() } else { one == other }
    }

    fn same(&self, one: &Address, other: &Address) -> bool {
        (self.has(Fault::MixesCollections) || one.collection == other.collection)
            && (self.has(Fault::MixesOwners) || self.same_owner(&one.owner, &other.owner))
            && match self.fault {
                Fault::IgnoresCaseOfKeys => one.key.eq_ignore_ascii_case(&other.key),
                Fault::TrimsKeys => one.key.trim() == other.key.trim(),
                _ => one.key == other.key,
            }
    }

    fn find(&self, at: &Address) -> Option<Document> {
        let inner = self.lock();
        let slot = inner.slots.iter().find(|(there, document)| document.is_some() && self.same(there, at));
        slot.and_then(|(_, document)| document.clone())
    }

    fn expected(&self, at: &Address, expect: Precondition) -> bool {
        let known = self.find(at);
        match expect {
            _ if self.has(Fault::IgnoresExpect) => true,
            Precondition::Anything => true,
            Precondition::Nothing => known.is_none(),
            Precondition::Revision(revision) => known.is_some_and(|known| known.revision == revision),
        }
    }

    fn write(&self, at: &Address, document: NewDocument) -> PutOutcome {
        let known = self.find(at);
        let mut inner = self.lock();
        inner.writes += 1;
        let mut document = document.written(inner.writes);
        match self.fault {
            Fault::DropsBlanks => {
                document.body = document.body.iter().copied().filter(|byte| *byte != b' ').collect();
            }
            Fault::CutsBodies => document.body.truncate(1 << 20),
            Fault::RewritesTimes => {
                document.last_updated =
                    document.last_updated.to_chrono().try_into().expect("a time in range");
            }
            Fault::ForgetsAudiences => document.audience = None,
            Fault::ForgetsFormats => document.format.clear(),
            Fault::CountsPerDocument => {
                document.revision = known.as_ref().map_or(1, |known| known.revision + 1);
            }
            _ => {}
        }
        if let Some(known) = &known {
            match self.fault {
                Fault::KeepsTheFirstBody => document.body = known.body.clone(),
                Fault::KeepsTheFirstAudience => document.audience = known.audience.clone(),
                Fault::KeepsTheNewestTime => {
                    document.last_updated = document.last_updated.max(known.last_updated);
                }
                _ => {}
            }
        }
        let place = inner.slots.iter().position(|(there, document)| {
            (document.is_some() || self.has(Fault::KeepsThePlace)) && self.same(there, at)
        });
        match place {
            Some(place) if self.has(Fault::MovesOnUpdate) => {
                inner.slots.remove(place);
                inner.slots.push((at.clone(), Some(document)));
            }
            Some(place) => inner.slots[place].1 = Some(document),
            None => inner.slots.push((at.clone(), Some(document))),
        }
        if known.is_none() || self.has(Fault::AlwaysSaysCreated) {
            PutOutcome::Created
        } else {
            PutOutcome::Updated
        }
    }

    fn in_time(&self, query: &Query, document: &Document) -> bool {
        let updated = document.last_updated;
        let later = |one: DateTime, other: DateTime| match self.fault {
            Fault::ComparesTimesAsText => one.to_string() >= other.to_string(),
            Fault::ComparesSeconds => one.to_chrono().timestamp() >= other.to_chrono().timestamp(),
            _ => one >= other,
        };
        let from = query.from.is_none_or(|from| {
            later(updated, from) && !(self.has(Fault::FromIsExclusive) && updated == from)
        });
        let to = query
            .to
            .is_none_or(|to| !later(updated, to) || (self.has(Fault::ToIsInclusive) && updated == to));
        from && to
    }

    fn of_owners(&self, query: &Query, at: &Address) -> bool {
        query.owners.as_ref().is_none_or(|owners| {
            owners.iter().any(|owner| self.same_owner(owner, &at.owner))
                || (self.has(Fault::NoOwnersIsEverybody) && owners.is_empty())
        })
    }

    fn for_audience(&self, query: &Query, document: &Document) -> bool {
        let Some(parties) = &query.audience else { return true };
        match self.fault {
            Fault::IgnoresAudiences => true,
            Fault::NoPartiesIsEverybody if parties.is_empty() => true,
            Fault::HidesWhatIsForEverybody if document.audience.is_none() => false,
            Fault::TellsCaseOfAudiences => document
                .audience
                .as_ref()
                .is_none_or(|audience| parties.iter().any(|party| party.to_string() == audience.to_string())),
            _ => document.is_for(parties),
        }
    }
}

impl Store for Faulty {
    async fn get(&self, at: &Address) -> Result<Option<Document>, StoreError> {
        self.fails()?;
        Ok(self.find(at))
    }

    async fn put(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> Result<PutOutcome, StoreError> {
        self.fails().or_else(|error| if self.has(Fault::FailsWhenEmpty) { Ok(()) } else { Err(error) })?;
        if !self.expected(at, expect) {
            if self.has(Fault::TouchesOnConflict) {
                let body = self.find(at).map_or_else(Bytes::new, |known| known.body);
                self.write(at, NewDocument { body, ..document });
            }
            return Ok(PutOutcome::Conflict);
        }
        if self.has(Fault::ReadsBeforeItWrites) {
            let_others_go_first().await;
        }
        Ok(self.write(at, document))
    }

    async fn delete(&self, at: &Address) -> Result<bool, StoreError> {
        self.fails()?;
        let there = self.find(at).is_some();
        if !self.has(Fault::DeletesNothing) {
            for (known, document) in &mut self.lock().slots {
                if self.same(known, at) {
                    *document = None;
                }
            }
        }
        Ok(there || self.has(Fault::DeletesQuietly))
    }

    async fn list(&self, query: &Query) -> Result<Listing, StoreError> {
        self.fails()?;
        let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let (skip_first, skip_then) =
            if self.has(Fault::SkipsBeforeItFilters) { (query.offset, 0) } else { (0, query.offset) };
        let gone = Document {
            body: Bytes::new(),
            last_updated: DateTime::UNIX_EPOCH,
            audience: None,
            format: String::new(),
            revision: 0,
        };
        let everybody = Query { audience: None, ..query.clone() };
        let filter = if self.has(Fault::CountsEveryAudience) { &everybody } else { query };
        let mut found: Vec<_> = self
            .lock()
            .slots
            .iter()
            .skip(whole(skip_first))
            .filter_map(|(at, document)| {
                let shown = self.has(Fault::ListsTheDeleted).then(|| gone.clone());
                document.clone().or(shown).map(|document| (at.clone(), document))
            })
            .filter(|(at, document)| {
                (self.has(Fault::MixesCollections) || at.collection == query.collection)
                    && self.of_owners(query, at)
                    && self.in_time(query, document)
                    && self.for_audience(filter, document)
            })
            .collect();
        match self.fault {
            Fault::ListsByKey => found.sort_by_key(|(at, _)| at.key.clone()),
            Fault::ListsByTime => found.sort_by_key(|(_, document)| document.last_updated),
            Fault::ListsInLowerCase => found.iter_mut().for_each(|(at, _)| at.key.make_ascii_lowercase()),
            Fault::ListsNoRevisions => found.iter_mut().for_each(|(_, document)| document.revision = 0),
            _ => {}
        }
        let total = found.len();
        let limit = if self.has(Fault::IgnoresLimit) { u64::MAX } else { query.limit };
        let page = found.into_iter().skip(whole(skip_then)).take(whole(limit));
        // With this fault the total counts what the audience is not shown.
        let documents: Vec<_> = page.filter(|(_, document)| self.for_audience(query, document)).collect();
        let total = if self.has(Fault::TotalIsOfThePage) { documents.len() } else { total };
        Ok(Listing { documents, total: u64::try_from(total).unwrap_or(u64::MAX) })
    }
}

/// Lets whatever else is ready run before going on.
pub(crate) async fn let_others_go_first() {
    let mut waited = false;
    poll_fn(|context| {
        if waited {
            return Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
