//! All partners: in memory to be looked up, in the store to stay.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use ocpi_server_traits::{
    Address, Broken, Document, Error as StoreFailure, NewDocument, Precondition, PutOutcome, Query, Store,
};
use ocpi_types::CredentialsToken;
use ocpi_types::protocol::Party;
use tokio::sync::Mutex;

use crate::partner::Match;
use crate::{Error, Partner};

const COLLECTION: &str = "Partner";

/// Format of the documents.
const FORMAT: &str = "partner 1";

/// The owner in the addresses of partners. It is nobody: one of the platform's own parties would move the
/// partners to other addresses when the parties change.
const OWNER: (&str, &str) = ("XX", "XXX");

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
        let query = Query { owners: Some(vec![owner()?]), ..Query::all(COLLECTION) };
        let (mut known, mut broken) = (BTreeMap::new(), Vec::new());
        for (at, document) in store.list(&query).await?.documents {
            match document.read::<Partner>(FORMAT) {
                Ok(partner) => {
                    known.insert(partner.id.as_str().to_owned(), partner);
                }
                Err(error) => broken.push(Broken { at, error }),
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
        let at = Address { collection: COLLECTION, owner: owner()?, key: id.clone() };
        let _changing = self.changing.lock().await;
        let there = kept(store, &at).await?;
        if there.as_ref().map(|(partner, _)| partner) != from {
            self.remember(&id, there.map(|(partner, _)| partner));
            return Err(Error::Conflict(id));
        }
        let expect =
            there.map_or(Precondition::Nothing, |(_, document)| Precondition::Revision(document.revision));
        let document = NewDocument::of(&to, to.last_updated, FORMAT)?;
        if store.put(&at, document, expect).await? == PutOutcome::Conflict {
            self.remember(&id, kept(store, &at).await?.map(|(partner, _)| partner));
            return Err(Error::Conflict(id));
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

fn owner() -> Result<Party, StoreFailure> {
    let (country, party) = OWNER;
    Party::new(country, party)
        .map_err(|error| StoreFailure::internal("no owner of partners").with_source(error))
}

/// Reads the record of a partner from the store. A broken document is an error: it must not be written over.
async fn kept(store: &impl Store, at: &Address) -> Result<Option<(Partner, Document)>, Error> {
    let Some(document) = store.get(at).await? else { return Ok(None) };
    Ok(Some((document.read(FORMAT)?, document)))
}

#[cfg(test)]
mod tests;
