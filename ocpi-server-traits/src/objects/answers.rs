//! Answers of an owner to requests for many objects, stored in few writes.

use std::error::Error as _;
use std::ops::Range;
use std::sync::Arc;

use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;

use super::batch::BYTES;
use super::take::{Brings, Kept, Left, Place};
use super::{Cause, Objects};
use crate::Error;
use crate::order::{UpdateOutcome, is_plain};
use crate::storage::{Address, Lease, NewDocument, Rejected, Store, StoreError, fenced};

/// Most answers of one write. Each has two addresses.
const ANSWERS: usize = 250;

/// Documents stored together with answers, and the lease for the writes.
#[derive(Clone, Debug, Default)]
pub struct Alongside {
    /// The lease that must be held.
    pub lease: Option<Lease>,
    /// The documents, with their addresses.
    pub documents: Vec<(Address, NewDocument)>,
}

/// The answers of a page.
struct Answers<T> {
    objects: Vec<T>,
    asked: DateTime,
    came: DateTime,
    alongside: Alongside,
}

impl<S: Store> Objects<S> {
    /// [`Objects::answer`] for many objects, such as those of a page. An object that is malformed, or refused by a
    /// guard or the store, does not affect the others.
    ///
    /// # Errors
    /// When the storage fails; some objects may have been written.
    pub async fn answer_all<T: RootResource>(
        &self,
        answers: Vec<T>,
        asked: DateTime,
        came: DateTime,
        by: &Cause,
    ) -> Result<Vec<Result<UpdateOutcome, Error>>, Error> {
        if answers.is_empty() {
            return Ok(Vec::new());
        }
        self.answer_all_with(answers, asked, came, by, Alongside::default()).await
    }

    /// [`Objects::answer_all`] under a lease, with documents that are stored by the last write, such as the next
    /// position in the list.
    ///
    /// # Errors
    /// As [`Objects::answer_all`], when the lease is lost, and when the store refuses the documents.
    pub async fn answer_all_with<T: RootResource>(
        &self,
        answers: Vec<T>,
        asked: DateTime,
        came: DateTime,
        by: &Cause,
        alongside: Alongside,
    ) -> Result<Vec<Result<UpdateOutcome, Error>>, Error> {
        let count = answers.len();
        let answers = Arc::new(Answers { objects: answers, asked, came, alongside });
        let mut outcomes = Vec::with_capacity(count);
        let (mut most, mut is_apart, mut is_done) = (ANSWERS, false, false);
        while !is_done {
            let some = outcomes.len()..count.min(outcomes.len() + most);
            // A write that is refused may be so because of them.
            let with_documents = some.end == count && (some.is_empty() || !is_apart);
            match self.answer_some(&answers, some.clone(), with_documents, by).await {
                Ok(written) => {
                    outcomes.extend(written);
                    is_done = with_documents && outcomes.len() == count;
                    most = most.saturating_mul(2).min(ANSWERS);
                }
                Err(error) if some.is_empty() || !is_refused(&error) => return Err(error),
                Err(_) if some.len() > 1 => most = some.len() / 2,
                Err(_) if with_documents => is_apart = true,
                Err(error) => outcomes.push(Err(error)),
            }
        }
        Ok(outcomes)
    }

    /// Takes some of the answers in one write, at least one, and as many as have room in it; with the documents, if it took
    /// all of them.
    async fn answer_some<T: RootResource>(
        &self,
        answers: &Arc<Answers<T>>,
        some: Range<usize>,
        with_documents: bool,
        by: &Cause,
    ) -> Result<Vec<Result<UpdateOutcome, Error>>, Error> {
        let objects = answers.objects.get(some.clone()).unwrap_or_default();
        let places: Vec<_> = objects.iter().map(|object| Place::of::<T>(&object.identity())).collect();
        let Alongside { lease, documents } = &answers.alongside;
        let beside = documents.iter().filter(|_| with_documents).map(|(at, _)| at.clone());
        let beside = beside.chain(lease.as_ref().map(Lease::address));
        let addresses = places.iter().flat_map(Place::addresses).chain(beside).collect();
        let (settings, cause, decoded) = (self.order, by.clone(), self.decoded.clone());
        let (judges, answers) = (self.guards.of::<T>(), Arc::clone(answers));
        let written = self.charged(addresses, by.partner(), move |transaction, charges| {
            let Answers { objects, asked, came, alongside: Alongside { lease, documents } } = &*answers;
            if let Some(lease) = lease {
                fenced(transaction, lease)?;
            }
            let objects = objects.get(some.clone()).unwrap_or_default();
            let mut outcomes = Vec::with_capacity(objects.len());
            for (place, object) in places.iter().zip(objects) {
                let loaded = Kept::<T>::load(transaction, place, &decoded, *came, &judges, Brings::Whole);
                let mut kept = match loaded {
                    Ok(kept) => kept,
                    Err(Rejected::Because(unreadable)) => {
                        outcomes.push(Err(unreadable));
                        continue;
                    }
                    Err(abort) => return Err(abort),
                };
                kept.stays_whole &= is_plain(object);
                let answered = kept.copy.answer(Some(object.clone()), *asked, *came, &settings);
                let answered = answered.map_err(|error| Error::invalid(error.to_string()));
                let answered = answered.and_then(|mut outcome| {
                    kept.tell_if_broken(&mut outcome);
                    kept.judge(place, &outcome, &cause)?;
                    let left = kept.left(place, &outcome, &cause)?;
                    Ok((outcome, left))
                });
                let (mut outcome, left) = match answered {
                    Ok(answered) => answered,
                    Err(refused) => {
                        outcomes.push(Err(refused));
                        continue;
                    }
                };
                let (written, more) = (transaction.bytes(), left.size());
                if written > 0 && written.saturating_add(more) > BYTES {
                    return Ok(outcomes);
                }
                kept.write(transaction, charges, place, &mut outcome, left, &cause, *came, &decoded)?;
                outcomes.push(Ok(outcome));
            }
            for (at, document) in documents.iter().filter(|_| with_documents) {
                transaction.put(at, document.clone())?;
            }
            Ok(outcomes)
        });
        written.await
    }
}

/// Whether a store does not take a write, whenever it comes.
fn is_refused(error: &Error) -> bool {
    let store = error.source().and_then(|source| source.downcast_ref::<StoreError>());
    store.is_some_and(StoreError::is_refused)
}

impl Left {
    fn size(&self) -> usize {
        match self {
            Self::Document(document) => document.size(),
            Self::AsBefore(_) | Self::Tombstone(_) => 0,
        }
    }
}
