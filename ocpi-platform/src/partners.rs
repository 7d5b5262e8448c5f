//! All partners: in memory to be looked up, in the store to stay.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use ocpi_server_traits::storage::{
    Address, Document, NewDocument, Query, Rejected, Start, Store, StoreExt, UpdateError,
};
use ocpi_server_traits::{Broken, Error as StoreFailure};
use ocpi_types::CredentialsToken;
use ocpi_types::json::{self, Limits};
use tokio::sync::Mutex;

use crate::partner::Match;
use crate::{Error, Partner};

const COLLECTION: &str = "Partner";

/// Format of the documents.
const FORMAT: &str = "partner 1";

/// All partners. What is in memory is what was written to the store.
#[derive(Debug, Default)]
pub(crate) struct Partners {
    known: RwLock<BTreeMap<String, Partner>>,
    broken: Vec<Broken>,
    /// Held from reading the store to changing what is in memory, so that an older document does not get there
    /// after a newer one.
    changing: Mutex<()>,
}

impl Partners {
    pub(crate) async fn load(store: &impl Store) -> Result<Self, Error> {
        let query = Query::all(COLLECTION);
        let (mut known, mut broken) = (BTreeMap::new(), Vec::new());
        let mut start = Start::First;
        loop {
            let page = store.page(&query, start, 500).await?;
            for (at, document) in page.rows {
                match read(&document) {
                    Ok(partner) => {
                        known.insert(partner.id.as_str().to_owned(), partner);
                    }
                    Err(error) => broken.push(Broken { at, error }),
                }
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => break,
            }
        }
        Ok(Self { known: RwLock::new(known), broken, changing: Mutex::default() })
    }

    pub(crate) fn broken(&self) -> &[Broken] {
        &self.broken
    }

    pub(crate) fn get(&self, id: &str) -> Option<Partner> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Partner> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The partner that one of these tokens belongs to. Every partner is looked at, whichever fits.
    pub(crate) fn find(&self, tokens: &[CredentialsToken]) -> Option<(Partner, Match)> {
        let partners = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found = partners.values().fold(None, |found, partner| match partner.matches(tokens) {
            Some(used) => Some((partner, used)),
            None => found,
        });
        found.map(|(partner, used)| (partner.clone(), used))
    }

    /// Writes a partner, if what is kept of it is still what the change was made from.
    ///
    /// If it is not, what is in memory may be out of date: another process may have written, or this one may
    /// have been stopped between writing and remembering. So what is kept is remembered before the conflict is
    /// reported, and who tries again starts from that.
    pub(crate) async fn replace(
        &self,
        store: &impl Store,
        from: Option<&Partner>,
        to: Partner,
    ) -> Result<(), Error> {
        let id = to.id.as_str().to_owned();
        let at = Address::new(COLLECTION, "", id.clone());
        let _changing = self.changing.lock().await;
        let document = NewDocument::new(json::to_vec(&to), FORMAT, to.last_updated);
        let from = from.cloned();
        let written = store.update(vec![at.clone()], move |transaction| {
            let there = transaction.get(&at)?.map(read).transpose();
            let there = there.map_err(|error| Rejected::Because(Err(error)))?;
            if there != from {
                return Err(Rejected::Because(Ok(there)));
            }
            Ok(transaction.put(&at, document.clone()).map(drop)?)
        });
        match written.await {
            Ok(()) => {}
            Err(UpdateError::Rejected(Ok(there))) => {
                self.remember(&id, there);
                return Err(Error::Conflict(id));
            }
            Err(UpdateError::Rejected(Err(error))) => return Err(error.into()),
            Err(UpdateError::Store(error)) => return Err(error.into()),
            Err(UpdateError::Aborted) => return Err(StoreFailure::internal("a change was given up").into()),
        }
        self.remember(&id, Some(to));
        Ok(())
    }

    fn remember(&self, id: &str, partner: Option<Partner>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match partner {
            Some(partner) => known.insert(id.to_owned(), partner),
            None => known.remove(id),
        };
    }
}

/// Reads the record of a partner. A broken document is an error: it must not be written over.
fn read(document: &Document) -> Result<Partner, StoreFailure> {
    if document.format != FORMAT {
        return Err(StoreFailure::internal("the record of a partner has another format"));
    }
    let read = json::read_within(&document.body, Limits::trusted());
    read.map(|read| read.value)
        .map_err(|error| StoreFailure::internal("the record of a partner is broken").with_source(error))
}
