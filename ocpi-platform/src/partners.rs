//! All partners: in memory to be looked up, in the store to stay.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use ocpi_server_traits::{Address, Expect, Query, Store, Written};
use ocpi_types::transport::Party;
use ocpi_types::{CredentialsToken, json};

use crate::{Error, Partner};

const COLLECTION: &str = "Partner";

/// All partners. What is in memory is what was written to the store.
#[derive(Debug, Default)]
pub(crate) struct Partners(RwLock<BTreeMap<String, Partner>>);

impl Partners {
    pub(crate) async fn load(store: &impl Store) -> Result<Self, Error> {
        let listing = store.list(&Query::all(COLLECTION)).await?;
        let mut partners = BTreeMap::new();
        for document in listing.documents {
            let read = json::read::<Partner>(&document.body).map_err(|error| {
                ocpi_server_traits::Error::internal("a stored partner is broken").with_source(error)
            })?;
            partners.insert(read.value.id.as_str().to_owned(), read.value);
        }
        Ok(Self(RwLock::new(partners)))
    }

    pub(crate) fn get(&self, id: &str) -> Option<Partner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Partner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The partner that one of these tokens belongs to. Every partner is looked at, whichever fits.
    pub(crate) fn find(&self, tokens: &[CredentialsToken]) -> Option<Partner> {
        let partners = self.0.read().unwrap_or_else(PoisonError::into_inner);
        partners
            .values()
            .fold(None, |found, partner| if partner.has_token(tokens) { Some(partner) } else { found })
            .cloned()
    }

    /// Writes a partner, if what is kept of it is still what the change was made from.
    pub(crate) async fn replace(
        &self,
        store: &impl Store,
        own: &Party,
        from: Option<&Partner>,
        to: Partner,
    ) -> Result<(), Error> {
        let id = to.id.as_str().to_owned();
        let at = Address { collection: COLLECTION, owner: own.clone(), key: id.clone() };
        let conflict = || Error::Conflict(id.clone());
        let expect = match store.get(&at).await? {
            Some(there) => {
                let known = json::read::<Partner>(&there.body).map_err(|_| conflict())?.value;
                if from != Some(&known) {
                    return Err(conflict());
                }
                Expect::Revision(there.revision)
            }
            None if from.is_some() => return Err(conflict()),
            None => Expect::Nothing,
        };
        if store.put(&at, json::to_vec(&to).into(), to.last_updated, expect).await? == Written::Conflict {
            return Err(conflict());
        }
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, to);
        Ok(())
    }
}
