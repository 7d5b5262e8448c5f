//! The regular endpoints, answered from a store.

use std::sync::atomic::Ordering;

use ocpi_types::endpoint::{
    Created, Delete, GetCdr, GetCopy, GetOwn, List, Outgoing, Owned, Page, Patch, PatchedResource, PostCdr,
    PushOutcome, Put, Resource, RootResource,
};
use ocpi_types::protocol::Party;

use super::page_mark::{PageMark, start_of};
use super::stored::{collection, document_of, is_for, lists_for, must_be, read};
use super::{Objects, failure, kept, missing};
use crate::storage::{Address, Document, Query, Rejected, Store, StoreExt};
use crate::{Caller, Error, Handle};

impl<S: Store> Objects<S> {
    /// The parties of ours that are asked: the one that is named, if one is.
    fn asked(&self, caller: &Caller) -> &[Party] {
        let named = self.own.iter().find(|own| caller.to.as_ref() == Some(*own));
        named.map_or(&self.own, std::slice::from_ref)
    }

    /// The objects of a page. A broken document is left out and counted, so that it does not keep partners from
    /// all others; but one of another version is an error, because then most likely all are.
    fn readable<T: RootResource>(&self, documents: &[(Address, Document)]) -> Result<Vec<T>, Error> {
        let mut objects = Vec::with_capacity(documents.len());
        for (_, document) in documents {
            must_be::<T>(document)?;
            match read(document) {
                Ok(object) => objects.push(object),
                Err(_) => {
                    self.left_out.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        Ok(objects)
    }
}

impl<S: Store, T: RootResource> Handle<List<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, list: List<T>) -> Result<Page<T>, Error> {
        let limit = list.limit.map_or(self.page_size, |limit| {
            u32::try_from(limit).unwrap_or(u32::MAX).clamp(1, self.page_size)
        });
        let lists = lists_for(self.asked(caller), caller.partner.parties().iter());
        let mut query = Query::lists(collection::<T>(), lists);
        if let Some(from) = list.date_from {
            query = query.from(from);
        }
        if let Some(to) = list.date_to {
            query = query.to(to);
        }
        let page = self.store.page(&query, start_of(&list), limit).await?;
        let items = self.readable(&page.rows)?;
        let next = page.next.and_then(|cursor| {
            let offset = list.offset.unwrap_or(0).saturating_add(u64::from(limit));
            // The limit asked for goes on from page to page, as the filters do.
            let next = List {
                offset: Some(offset),
                limit: list.limit.map(|_| u64::from(limit)),
                cursor: Some(PageMark { offset, cursor }.to_string()),
                ..list
            };
            next.url_at(&caller.endpoint)
        });
        let next = next.map(|url| url.as_str().to_owned());
        Ok(Page {
            items,
            partial: Vec::new(),
            rejected: Vec::new(),
            next,
            total_count: Some(page.total),
            limit: Some(u64::from(self.page_size)),
        })
    }
}

impl<S: Store, T: Resource> Handle<GetOwn<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, lookup: GetOwn<T>) -> Result<T, Error> {
        for owner in self.asked(caller) {
            let at = Owned { owner: owner.clone(), key: lookup.key.clone() };
            let Some((root, document)) = self.root::<T>(&at).await? else { continue };
            let found =
                T::find(&root, &at.key).filter(|_| is_for(&document, caller.partner.parties().iter()));
            if let Some(object) = found {
                return Ok(object.clone());
            }
        }
        // The same for what is there but not for the caller: that it is there is not for the caller either.
        Err(missing::<T>())
    }
}

impl<S: Store, T: Resource> Handle<GetCopy<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, get: GetCopy<T>) -> Result<T, Error> {
        self.get::<T>(&get.at).await?.ok_or_else(missing::<T>)
    }
}

impl<S: Store, T: Resource> Handle<Put<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, put: Put<T>) -> Result<PushOutcome, Error> {
        self.put::<T>(&put.at, put.object).await
    }
}

impl<S: Store, T: PatchedResource> Handle<Patch<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, patch: Patch<T>) -> Result<PushOutcome, Error> {
        self.patch::<T>(&patch.at, patch.patch).await
    }
}

impl<S: Store, T: RootResource> Handle<Delete<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, delete: Delete<T>) -> Result<(), Error> {
        if self.delete::<T>(&delete.at).await? { Ok(()) } else { Err(missing::<T>()) }
    }
}

/// A CDR never changes: the same one again is answered as the first time, another one with its id is refused.
impl<S: Store, T: RootResource> Handle<PostCdr<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, PostCdr(cdr): PostCdr<T>) -> Result<Created, Error> {
        let at = cdr.identity();
        let mut place = Outgoing::default();
        at.encode(&mut place);
        let location = place
            .url(Some(&caller.endpoint))
            .ok_or_else(|| Error::invalid("the id cannot stand in a URL"))?;
        let address = Address::of::<T>(&at);
        let document = document_of(&at.owner, &cdr, "")?;
        let written = self.store.update(vec![address.clone()], move |transaction| {
            match kept::<T>(transaction, &address)? {
                Some(there) if there == cdr => Ok(()),
                Some(_) => {
                    Err(Rejected::Because(Error::invalid("another CDR with this id was received before")))
                }
                None => Ok(transaction.put(&address, document.clone()).map(drop)?),
            }
        });
        written.await.map_err(failure)?;
        Ok(Created { location: Some(location.as_str().to_owned()) })
    }
}

impl<S: Store, T: RootResource> Handle<GetCdr<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, get: GetCdr<T>) -> Result<T, Error> {
        let at = get.at.ok_or_else(missing::<T>)?;
        self.get::<T>(&at).await?.ok_or_else(missing::<T>)
    }
}
