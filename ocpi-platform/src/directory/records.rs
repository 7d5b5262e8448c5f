//! Records in the store: read in each request, changed by compare and swap.

use std::sync::Arc;

use ocpi_server_traits::Permissions;
use ocpi_server_traits::storage::{
    Address, Document, Lease, NewDocument, Query, Rejected, Start, Store, StoreExt, UpdateError, fenced,
};
use ocpi_types::DateTime;

use super::cache::Shared;
use super::details::Details;
use super::stored::FORMAT;
use super::{Partners, failure};
use crate::Error;
use crate::trust::{Record, TokenHash};

/// A record with its revision in the store.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) record: Record,
    revision: u64,
}

impl Kept {
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }
}

/// Changes that are stored together with a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Also<'a> {
    /// Other details of the partner.
    pub(crate) details: Option<&'a Details>,
    /// A new token of the partner, which nobody may have had before.
    pub(crate) token: Option<TokenHash>,
    /// The lease without which nothing is stored.
    pub(crate) lease: Option<&'a Lease>,
}

/// Changes of a partner that are met by looking again.
pub(crate) const CHANGES: usize = 8;

impl Partners {
    /// Reads the record of a partner.
    pub(crate) async fn read(&self, store: &impl Store, id: &str) -> Result<Option<Kept>, Error> {
        match store.get(&record_at(id)).await.map_err(failure)? {
            Some(document) => self.kept(&document).map(Some),
            None => Ok(None),
        }
    }

    /// Reads the record of a partner with its details. They are two documents: whoever meets a change between them looks
    /// again.
    ///
    /// # Errors
    /// `Conflict` if the partner changes all the time.
    pub(crate) async fn whole(
        &self,
        store: &impl Store,
        id: &str,
    ) -> Result<Option<(Kept, Arc<Details>)>, Error> {
        for _ in 0..CHANGES {
            let Some(kept) = self.read(store, id).await? else { return Ok(None) };
            match self.details(store, &kept.record).await {
                Err(Error::Conflict(_)) => {}
                details => return Ok(Some((kept, details?))),
            }
        }
        Err(Error::Conflict(id.to_owned()))
    }

    pub(super) fn kept(&self, document: &Document) -> Result<Kept, Error> {
        let is_ours = document.format == FORMAT;
        let record = self.forms.read(&document.body).filter(|_| is_ours).ok_or(Error::Broken)?;
        Ok(Kept { record, revision: document.revision })
    }

    /// Reads the details of a partner. They are kept in memory by their number, which the record has.
    pub(crate) async fn details(&self, store: &impl Store, record: &Record) -> Result<Arc<Details>, Error> {
        if record.details == 0 {
            return Ok(Arc::default());
        }
        if let Some(known) = self.cache.details(&record.id, record.details) {
            return Ok(known);
        }
        let document = store.get(&details_at(&record.id, record.details)).await.map_err(failure)?;
        // Another process may have written new ones since the record was read: then the caller's record is old.
        let document = document.ok_or_else(|| Error::Conflict(record.id.clone()))?;
        let details = Arc::new(Details::read(&document.body).ok_or(Error::Broken)?);
        self.cache.remember_details(&record.id, record.details, &details);
        Ok(details)
    }

    /// Returns what all requests of a partner share.
    pub(crate) fn shared(&self, record: &Record, details: &Details, general: &Permissions) -> Arc<Shared> {
        if let Some(known) = self.cache.shared(&record.id, record.details) {
            return known;
        }
        let parties = Arc::new(details.parties().into_iter().collect());
        let permissions = Arc::new((record.roles.clone(), record.permissions.over(general)));
        let shared = Arc::new(Shared { parties, permissions });
        self.cache.remember_shared(&record.id, record.details, &shared);
        shared
    }

    /// Stores a record, if the stored one is still the one that the change was made from.
    ///
    /// # Errors
    /// `Conflict` if it is not, or the lease is lost.
    pub(crate) async fn replace(
        &self,
        store: &impl Store,
        from: Option<&Kept>,
        mut to: Record,
        also: Also<'_>,
        now: DateTime,
    ) -> Result<Kept, Error> {
        let before = from.map_or(0, |kept| kept.record.details);
        let details = also.details.map(|details| NewDocument::new(details.write(), FORMAT, now));
        if details.is_some() {
            to.details = before.saturating_add(1);
        }
        let number = to.details;
        let body = self.forms.write(&to).ok_or(Error::Broken)?;
        let (at, id) = (record_at(&to.id), to.id.clone());
        let (old_details, new_details) = (details_at(&id, before), details_at(&id, number));
        let index = also.token.map(|token| token_at(&token));
        let mut addresses = vec![at.clone(), old_details.clone(), new_details.clone()];
        addresses.extend(index.clone());
        addresses.dedup();
        let lease = also.lease.cloned();
        addresses.extend(lease.as_ref().map(Lease::address));
        let expected = from.map(|kept| kept.revision);
        let document = NewDocument::new(body, FORMAT, now);
        let is_fenced = lease.is_some();
        let written = store.update(addresses, move |tx| {
            if let Some(lease) = &lease {
                fenced(tx, lease)?;
            }
            if tx.get(&at)?.map(|document| document.revision) != expected {
                return Err(Rejected::Because(()));
            }
            if let Some(index) = &index {
                if tx.get(index)?.is_some_and(|known| known.body != id.as_bytes()) {
                    return Err(Rejected::Because(()));
                }
                tx.put(index, NewDocument::new(id.clone().into_bytes(), FORMAT, now))?;
            }
            if let Some(details) = &details {
                tx.delete(&old_details, now)?;
                tx.put(&new_details, details.clone())?;
            }
            Ok(tx.put(&at, document.clone())?)
        });
        match written.await {
            Ok(revision) => Ok(Kept { record: to, revision }),
            Err(UpdateError::Rejected(())) => Err(Error::Conflict(to.id)),
            Err(UpdateError::Store(error)) => Err(failure(error)),
            Err(UpdateError::Aborted) if is_fenced => Err(Error::Conflict(to.id)),
            Err(UpdateError::Aborted) => Err(Error::Broken),
        }
    }

    /// Reads all records.
    pub(crate) async fn all(&self, store: &impl Store) -> Result<(Vec<Kept>, Vec<Address>), Error> {
        const PAGE: u32 = 500;
        let (mut all, mut broken, mut start) = (Vec::new(), Vec::new(), Start::First);
        loop {
            let page = store.page(&Query::all(RECORDS), start, PAGE).await.map_err(failure)?;
            for (at, document) in page.rows {
                match self.kept(&document) {
                    Ok(kept) => all.push(kept),
                    Err(_) => broken.push(at),
                }
            }
            match page.next {
                Some(next) => start = Start::After(next),
                None => return Ok((all, broken)),
            }
        }
    }
}

const RECORDS: &str = "Partner";

pub(super) fn record_at(id: &str) -> Address {
    Address::new(RECORDS, "", id)
}

/// Details have an address for each number, so that a record never meets those of another.
pub(super) fn details_at(id: &str, number: u64) -> Address {
    Address::new("PartnerDetails", id, number.to_string())
}

pub(super) fn token_at(token: &TokenHash) -> Address {
    Address::new("PartnerToken", "", token.to_string())
}
