//! Objects without an owner in their path, stored under the partner that they are exchanged with.

use bytes::Bytes;
use ocpi_types::endpoint::{Addressed, List, Page, PushOutcome};
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::PartnerId;
use ocpi_types::{DateTime, Version};

use super::handlers::tell_quota;
use super::page_mark::start_of;
use super::{Cause, Charge, Objects, ROWS};
use crate::storage::{Address, Document, NewDocument, Query, Rejected, Start, Store, StoreExt};
use crate::{Caller, Error};

/// An object that its partner and its id identify.
pub(super) trait OfPartner: Addressed {
    /// Collection of the objects that this platform owns.
    const OURS: &'static str;
    /// Collection of the copies of those that partners own.
    const THEIRS: &'static str;
    /// The version whose type it is.
    const VERSION: Version;

    /// The id, the same for spellings that are equal.
    fn canonical(&self) -> String;

    /// When it changed last.
    fn last_updated(&self) -> DateTime;

    /// Terms by which it can be looked up besides.
    fn terms(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Place of the objects of one side of a connection.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    collection: &'static str,
    owner: String,
}

impl Shelf {
    /// Our objects that are for one partner.
    pub(super) fn ours_for<T: OfPartner>(partner: &PartnerId) -> Self {
        Self { collection: T::OURS, owner: partner.as_str().to_owned() }
    }

    /// Our objects that are for every partner.
    pub(super) fn ours_for_all<T: OfPartner>() -> Self {
        Self { collection: T::OURS, owner: String::new() }
    }

    /// Copies of a partner's objects.
    pub(super) fn copies_of<T: OfPartner>(partner: &PartnerId) -> Self {
        Self { collection: T::THEIRS, owner: partner.as_str().to_owned() }
    }

    fn address(&self, key: impl Into<String>) -> Address {
        Address::new(self.collection, self.owner.clone(), key)
    }
}

/// Decision on an object that is to be stored.
pub(super) enum Step<T> {
    /// Nothing changes.
    Leave(PushOutcome),
    /// Stores this object.
    Store(T),
}

/// Age of pushes, measured from the time at which one came.
#[derive(Clone, Copy)]
pub(super) struct Age {
    /// Times behind it are of clocks that are wrong: nothing is older than they are.
    latest: i64,
}

impl Age {
    /// Whether a push with a time is older than the stored object.
    pub(super) fn is_older<T: OfPartner>(self, time: DateTime, there: &T) -> bool {
        time < there.last_updated() && there.last_updated().to_unix_micros() <= self.latest
    }

    /// The object, unless the one that is there is newer or the same.
    pub(super) fn newest<T: OfPartner>(self, there: Option<&T>, object: &T) -> Step<T> {
        match there {
            Some(there) if there == object || self.is_older(object.last_updated(), there) => {
                Step::Leave(PushOutcome::Updated)
            }
            _ => Step::Store(object.clone()),
        }
    }
}

impl<S: Store> Objects<S> {
    /// The age of what came at a time.
    pub(super) fn age_at(&self, came: DateTime) -> Age {
        let tolerance = i64::try_from(self.order.tolerance.as_micros()).unwrap_or(i64::MAX);
        Age { latest: came.to_unix_micros().saturating_add(tolerance) }
    }

    /// Stores an object, unless a newer one is there.
    pub(super) async fn put_on<T: OfPartner>(
        &self,
        shelf: &Shelf,
        object: T,
        by: Cause,
    ) -> Result<PushOutcome, Error> {
        let key = object.canonical();
        let age = Age { latest: i64::MAX };
        self.change_on::<T>(shelf, key, by, move |there| Ok(age.newest(there, &object))).await
    }

    /// Lets `edit` decide on the object that is to be there, in one write.
    pub(super) async fn change_on<T: OfPartner>(
        &self,
        shelf: &Shelf,
        key: String,
        by: Cause,
        edit: impl Fn(Option<&T>) -> Result<Step<T>, Error> + Send + Sync + 'static,
    ) -> Result<PushOutcome, Error> {
        let (address, list) = (shelf.address(key), shelf.owner.clone());
        self.charged(vec![address.clone()], None, move |transaction, charges| {
            let there = transaction.get(&address)?;
            let before = there.and_then(Charge::of);
            let there = there.map(read::<T>).transpose().map_err(Rejected::Because)?;
            let object = match edit(there.as_ref()).map_err(Rejected::Because)? {
                Step::Leave(outcome) => return Ok(outcome),
                Step::Store(object) => object,
            };
            let document = document_of(&object, &list).with_cause(by.to_bytes());
            charges.object(address.collection(), before, Charge::of_new(&document));
            transaction.put(&address, document)?;
            Ok(if there.is_some() { PushOutcome::Updated } else { PushOutcome::Created })
        })
        .await
    }

    /// [`Objects::change_on`] for the push of a caller.
    pub(super) async fn push_on<T: OfPartner>(
        &self,
        caller: &Caller,
        shelf: &Shelf,
        key: String,
        edit: impl Fn(Option<&T>) -> Result<Step<T>, Error> + Send + Sync + 'static,
    ) -> Result<PushOutcome, Error> {
        let pushed = self.change_on(shelf, key, Cause::push(caller), edit).await;
        tell_quota::<T, _>(caller, pushed)
    }

    /// Deletes an object; `false` if there was none.
    pub(super) async fn delete_on<T: OfPartner>(&self, shelf: &Shelf, key: String) -> Result<bool, Error> {
        let address = shelf.address(key);
        self.charged(vec![address.clone()], None, move |transaction, charges| {
            let now = transaction.now();
            charges.object(address.collection(), transaction.get(&address)?.and_then(Charge::of), None);
            Ok(transaction.delete(&address, now)?)
        })
        .await
    }

    /// Reads an object.
    pub(super) async fn get_on<T: OfPartner>(&self, shelf: &Shelf, key: String) -> Result<Option<T>, Error> {
        let document = self.store.get(&shelf.address(key)).await?;
        document.as_ref().map(read).transpose()
    }

    /// Every object, or those with a term.
    pub(super) async fn all_on<T: OfPartner>(
        &self,
        shelf: &Shelf,
        term: Option<(&str, String)>,
    ) -> Result<Vec<T>, Error> {
        let query = Query::list(shelf.collection, shelf.owner.clone());
        let query = term.into_iter().fold(query, |query, (name, value)| query.with_term(name, value));
        let (mut all, mut start) = (Vec::new(), Start::First);
        loop {
            let page = self.store.page(&query, start, ROWS).await?;
            for (_, document) in &page.rows {
                all.push(read(document)?);
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(all),
            }
        }
    }

    /// The page that a caller asks for. A broken document is left out, and told.
    pub(super) async fn page_on<T: OfPartner>(
        &self,
        caller: &Caller,
        list: &List<T>,
        shelf: &Shelf,
    ) -> Result<Page<T>, Error> {
        let query = Query::list(shelf.collection, shelf.owner.clone());
        let query = list.date_from.into_iter().fold(query, Query::from);
        let query = list.date_to.into_iter().fold(query, Query::to);
        let page = self.store.page(&query, start_of(list), self.limit(list)).await?;
        let mut items = Vec::with_capacity(page.rows.len());
        for (_, document) in &page.rows {
            match read(document) {
                Ok(object) => items.push(object),
                Err(error) => self.leave_out::<T>(caller, &error),
            }
        }
        Ok(Page {
            items,
            partial: Vec::new(),
            rejected: Vec::new(),
            next: self.next_url(caller, list, page.next),
            total_count: Some(page.total),
            limit: Some(u64::from(self.page_size)),
        })
    }
}

fn document_of<T: OfPartner>(object: &T, list: &str) -> NewDocument {
    let body = Bytes::from(json::to_vec(object));
    let document = NewDocument::new(body, T::VERSION.as_str(), object.last_updated());
    let document = document.in_list(list).with_part("");
    object.terms().into_iter().fold(document, |document, (name, value)| document.with_term(name, value))
}

fn read<T: OfPartner>(document: &Document) -> Result<T, Error> {
    if document.format != T::VERSION.as_str() {
        let message = format!("a stored object is of version {}, not {}", document.format, T::VERSION);
        return Err(Error::internal(message));
    }
    match json::read_within(&document.body, Limits::trusted()) {
        Ok(read) => Ok(read.value),
        Err(error) => Err(Error::internal("a stored object is broken").with_source(error)),
    }
}
