//! The regular endpoints, answered from a store.

use std::sync::atomic::Ordering;

use ocpi_types::endpoint::{
    Addressed, Delete, EncodedPage, EncodedResponse, GetCopy, GetOwn, Key, List, Owned, Page, Patch,
    PatchedResource, PushOutcome, Put, Resource, RootResource,
};
use ocpi_types::protocol::Party;
use ocpi_types::{Value, Version};

use ocpi_types::observe::{Degraded, EventKind, LateUpdate, OddUpdate, OverQuota};

use super::cdr_rules::Against;
use super::page_mark::{PageMark, start_of};
use super::stored::{collection, is_for, lists_for, must_be, read};
use super::{Cause, Objects, QuotaUsedUp, missing, nothing_to_patch};
use crate::order::{Arrival, OrderFinding, Taken, Update, UpdateOutcome};
use crate::storage::{self, Address, Cursor, Document, Query, Store};
use crate::{Caller, Error, Handle};

impl<S: Store> Objects<S> {
    /// The parties of ours that are asked: the one that is named, if one is.
    pub(super) fn asked(&self, caller: &Caller) -> &[Party] {
        let named = self.own.iter().find(|own| caller.to.as_ref() == Some(*own));
        named.map_or(&self.own, std::slice::from_ref)
    }

    /// The objects of a page. A broken document is left out and counted, so that it does not keep partners from
    /// all others; but one of another version is an error, because then most likely all are.
    fn readable<T: RootResource>(
        &self,
        documents: &[(Address, Document)],
        caller: &Caller,
    ) -> Result<Vec<T>, Error> {
        let mut objects = Vec::with_capacity(documents.len());
        for (_, document) in documents {
            must_be::<T>(document)?;
            match read(document) {
                Ok(object) => objects.push(object),
                Err(error) => self.leave_out::<T>(caller, &error),
            }
        }
        Ok(objects)
    }

    /// Counts a broken document, and tells the observer.
    pub(super) fn leave_out<T: Value>(&self, caller: &Caller, error: &Error) {
        self.left_out.fetch_add(1, Ordering::Relaxed);
        let missing = format!("a {} of the page: its document is broken", T::TYPE.name());
        caller.observe(EventKind::Degraded(Degraded::new(&missing, error)));
    }
}

impl<S: Store, T: RootResource> Handle<List<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, list: List<T>) -> Result<Page<T>, Error> {
        let page = self.page(caller, &list).await?;
        Ok(Page {
            items: self.readable(&page.rows, caller)?,
            partial: Vec::new(),
            rejected: Vec::new(),
            next: self.next_url(caller, &list, page.next),
            total_count: Some(page.total),
            limit: Some(u64::from(self.page_size)),
        })
    }

    /// A page goes from the store into the answer as it stands, or as it was encoded before. Objects of 2.1.1 may embed
    /// others, and a time zone of the partner may stand in for one that is missing, so these are written each time.
    async fn encoded(&self, caller: &Caller, list: &List<T>) -> Result<Option<EncodedResponse>, Error> {
        if caller.version < Version::V2_2 || caller.partner.relation.time_zone.is_some() {
            return Ok(None);
        }
        let page = self.page(caller, list).await?;
        let bytes = page.rows.iter().map(|(_, document)| document.body.len() + 1).sum::<usize>() + 1;
        let mut answer = EncodedPage::with_capacity(bytes);
        for row in &page.rows {
            must_be::<T>(&row.1)?;
            let (version, style) = (caller.version, caller.partner.style);
            if let Err(error) = self.encodings.add::<T>(&mut answer, row, version, style) {
                self.leave_out::<T>(caller, &error);
            }
        }
        let next = self.next_url(caller, list, page.next);
        Ok(Some(answer.finish(next.as_deref(), Some(page.total), Some(u64::from(self.page_size)))))
    }
}

impl<S: Store> Objects<S> {
    /// The documents of the page that a caller asks for.
    async fn page<T: RootResource>(&self, caller: &Caller, list: &List<T>) -> Result<storage::Page, Error> {
        let lists = lists_for::<T>(self.asked(caller), caller.partner.parties().iter());
        let mut query = Query::lists(collection::<T>(), lists);
        if let Some(from) = list.date_from {
            query = query.from(from);
        }
        if let Some(to) = list.date_to {
            query = query.to(to);
        }
        Ok(self.store.page(&query, start_of(list), self.limit(list)).await?)
    }

    /// The most objects of the page that is asked for.
    pub(super) fn limit<T>(&self, list: &List<T>) -> u32 {
        let asked = list.limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
        asked.map_or(self.page_size, |limit| limit.clamp(1, self.page_size))
    }

    /// The URL of the page behind the one that was asked for.
    pub(super) fn next_url<T: Addressed>(
        &self,
        caller: &Caller,
        list: &List<T>,
        cursor: Option<Cursor>,
    ) -> Option<String> {
        let limit = u64::from(self.limit(list));
        let offset = list.offset.unwrap_or(0).saturating_add(limit);
        let next = List {
            offset: Some(offset),
            // The limit asked for goes on from page to page, as the filters do.
            limit: list.limit.map(|_| limit),
            cursor: Some(PageMark { offset, cursor: cursor? }.to_string()),
            ..list.clone()
        };
        next.url_at(&caller.endpoint).map(|url| url.as_str().to_owned())
    }
}

impl<S: Store, T: Resource> Handle<GetOwn<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, lookup: GetOwn<T>) -> Result<T, Error> {
        for owner in self.asked(caller) {
            let at = Owned { owner: owner.clone(), key: lookup.key.clone() };
            let Some((root, document)) = self.root::<T>(&at).await? else { continue };
            let found =
                T::find(&root, &at.key).filter(|_| is_for::<T>(&document, caller.partner.parties().iter()));
            if let Some(object) = found {
                return Ok(object.clone());
            }
        }
        // The same for what is there but not for the caller: that it is there is not for the caller either.
        Err(missing::<T>())
    }
}

impl<S: Store, T: Resource> Handle<GetCopy<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, get: GetCopy<T>) -> Result<T, Error> {
        if let Some(object) = self.get::<T>(&get.at).await? {
            return Ok(object);
        }
        let other = other_place::<T>(caller, &get.at).ok_or_else(missing::<T>)?;
        self.get::<T>(&other).await?.ok_or_else(missing::<T>)
    }
}

/// The other place that the path of a request may mean.
fn other_place<T: Resource>(caller: &Caller, at: &Owned<T::Key>) -> Option<Owned<T::Key>> {
    let key = at.key.or_in(caller.version).filter(|_| !caller.has_token_type)?;
    Some(Owned { owner: at.owner.clone(), key })
}

impl<S: Store> Objects<S> {
    /// Takes a push of a caller.
    async fn push<T: Resource>(
        &self,
        caller: &Caller,
        at: &Owned<T::Key>,
        update: Update<T>,
    ) -> Result<Taken, Error> {
        // The ids of 2.1.1 are told apart by case, those of later versions are not.
        let is_exact = caller.version < Version::V2_2;
        let arrival = Arrival::of(&update, caller.now).with_exact_ids(is_exact);
        let (rules, own) = (self.cdr_rules, self.own.clone());
        // Inside the write: of a PATCH nobody knows before what it makes of the object.
        let judge = move |object: &T| {
            let mut against = Against::default();
            against.judge_driver(rules, &own, object).map(|()| against)
        };
        let taken = self.take_judged::<T, _>(at, update, arrival, &Cause::push(caller), judge).await;
        let (outcome, against) = tell_quota::<T, _>(caller, taken)?;
        self.tell::<T>(caller, &outcome);
        against.tell::<T>(caller);
        Ok(outcome.taken)
    }

    /// Tells the observer what is odd about an update.
    pub(super) fn tell<T: Resource>(&self, caller: &Caller, outcome: &UpdateOutcome) {
        let (object, rule) = (T::TYPE.name(), OrderFinding::Stale.rule());
        match outcome.taken {
            Taken::Older | Taken::Held => caller.observe(EventKind::Late(LateUpdate::dropped(object, rule))),
            Taken::Partly => caller.observe(EventKind::Late(LateUpdate::partly(object, rule))),
            _ => {}
        }
        for finding in &outcome.findings {
            let event = match finding {
                OrderFinding::Stale => continue,
                OrderFinding::DoubtNotKept => {
                    let most = self.quotas.of(&caller.partner.id).doubts.unwrap_or_default();
                    EventKind::OverQuota(OverQuota::not_kept(object, "doubts", most))
                }
                finding => EventKind::Odd(OddUpdate::new(object, finding.rule())),
            };
            caller.observe(event);
        }
    }
}

impl<S: Store, T: Resource> Handle<Put<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, put: Put<T>) -> Result<PushOutcome, Error> {
        // Also one that changes nothing.
        Against::default().judge_driver(self.cdr_rules, &self.own, &put.object)?;
        match self.push(caller, &put.at, Update::put(put.object)).await? {
            Taken::Missing => Err(missing::<T>()),
            Taken::Created => Ok(PushOutcome::Created),
            _ => Ok(PushOutcome::Updated),
        }
    }
}

impl<S: Store, T: PatchedResource> Handle<Patch<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, patch: Patch<T>) -> Result<PushOutcome, Error> {
        let mut at = patch.at;
        if let Some(other) = other_place::<T>(caller, &at) {
            // There is one of the two at most that is meant; without any, the first is missing.
            if self.get::<T>(&at).await?.is_none() && self.get::<T>(&other).await?.is_some() {
                at = other;
            }
        }
        match self.push(caller, &at, Update::<T>::patch(patch.patch)).await? {
            Taken::Missing => Err(nothing_to_patch::<T>(caller.version)),
            _ => Ok(PushOutcome::Updated),
        }
    }
}

impl<S: Store, T: Resource<Root = T>> Handle<Delete<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, delete: Delete<T>) -> Result<(), Error> {
        match self.push(caller, &delete.at, Update::<T>::delete()).await? {
            // Whoever deletes again did not get the first answer.
            Taken::Updated | Taken::Unchanged => Ok(()),
            _ => Err(missing::<T>()),
        }
    }
}

/// Tells the observer of a refusal because a quota is used up.
pub(super) fn tell_quota<T: Value, R>(caller: &Caller, taken: Result<R, Error>) -> Result<R, Error> {
    if let Err(error) = &taken {
        let used_up = std::error::Error::source(error).and_then(|source| source.downcast_ref());
        if let Some(QuotaUsedUp { quota, most }) = used_up {
            let object = T::TYPE.name();
            caller.observe(EventKind::OverQuota(OverQuota::refused(object, quota, *most)));
        }
    }
    taken
}
