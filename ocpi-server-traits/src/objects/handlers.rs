//! The regular endpoints, answered from a store.

use std::sync::atomic::Ordering;

use ocpi_types::endpoint::{
    Created, Delete, GetCdr, GetCopy, GetOwn, List, Outgoing, Owned, Page, Patch, PatchedResource, PostCdr,
    PushOutcome, Put, Resource, RootResource,
};

use super::{Objects, document_of, missing};
use crate::store::{Address, Document, Precondition, PutOutcome, Query, Store};
use crate::{Caller, Error, Handle};

impl<S: Store> Objects<S> {
    /// The objects of a page. A broken document is left out and counted, so that it does not keep partners from
    /// all others; but one of another version is an error, because then most likely all are.
    fn readable<T: RootResource>(&self, documents: &[(Address, Document)]) -> Result<Vec<T>, Error> {
        let format = T::VERSION.as_str();
        let mut objects = Vec::with_capacity(documents.len());
        for (_, document) in documents {
            document.must_be(format)?;
            match document.read(format) {
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
        let limit = list.limit.unwrap_or(self.page_size).clamp(1, self.page_size);
        let offset = list.offset.unwrap_or(0);
        let query = Query {
            owners: Some(self.own.clone()),
            audience: Some(caller.connection.parties.clone()),
            from: list.date_from,
            to: list.date_to,
            offset,
            limit,
            ..Query::all(T::INFO.name)
        };
        let listing = self.store.list(&query).await?;
        let items = self.readable(&listing.documents)?;
        let after = offset.saturating_add(limit);
        let next = (after < listing.total).then(|| {
            // The limit asked for goes on from page to page, as the filters do.
            let next = List { offset: Some(after), limit: list.limit.map(|_| limit), ..list };
            next.url_at(&caller.endpoint)
        });
        let next = next.flatten().map(|url| url.as_str().to_owned());
        Ok(Page {
            items,
            partial: Vec::new(),
            rejected: Vec::new(),
            next,
            total_count: Some(listing.total),
            limit: Some(self.page_size),
        })
    }
}

impl<S: Store, T: Resource> Handle<GetOwn<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, lookup: GetOwn<T>) -> Result<T, Error> {
        for owner in &self.own {
            let at = Owned { owner: owner.clone(), key: lookup.key.clone() };
            let Some((root, document)) = self.root::<T>(&at).await? else { continue };
            let found = T::find(&root, &at.key).filter(|_| document.is_for(&caller.connection.parties));
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
        let written = self.store.put(&address, document_of(&cdr)?, Precondition::Nothing).await?;
        if written == PutOutcome::Conflict && self.get::<T>(&at).await?.as_ref() != Some(&cdr) {
            return Err(Error::invalid("another CDR with this id was received before"));
        }
        Ok(Created { location: Some(location.as_str().to_owned()) })
    }
}

impl<S: Store, T: RootResource> Handle<GetCdr<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, get: GetCdr<T>) -> Result<T, Error> {
        let at = get.at.ok_or_else(missing::<T>)?;
        self.get::<T>(&at).await?.ok_or_else(missing::<T>)
    }
}
