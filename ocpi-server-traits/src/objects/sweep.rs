//! Copies of a partner's objects that its lists no longer contain.

use std::sync::Arc;

use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::{PartnerId, Party};

use super::changes::{KeptCopy, owned_at};
use super::stored::{collection, lists_of_copies, read};
use super::take::{Brings, Kept, Place};
use super::{Cause, Objects, ROWS};
use crate::Error;
use crate::order::{StoredCopy, Taken};
use crate::storage::{Address, Cursor, Lease, Query, Start, Store, fenced};

/// Most objects of one write. Each has two addresses.
const OBJECTS: usize = 250;

impl<S: Store> Objects<S> {
    /// Returns the copies of objects owned by these parties, some hundred per call. Unreadable documents are left out.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn copies_of<R: RootResource>(
        &self,
        owners: &[Party],
        start: Start,
    ) -> Result<(Vec<KeptCopy<R>>, Option<Cursor>), Error> {
        let query = Query::lists(collection::<R>(), lists_of_copies(owners));
        let page = self.store.page(&query, start, ROWS).await?;
        let mut copies = Vec::with_capacity(page.rows.len());
        for (address, document) in page.rows {
            let Ok(object) = read::<R>(&document) else { continue };
            let copy = StoredCopy::load(Some(object), &document.stamps, None, document.last_updated);
            let Some(newest_arrival) = copy.newest_arrival(&self.order) else { continue };
            copies.extend(copy.object.map(|object| KeptCopy { address, object, newest_arrival }));
        }
        Ok((copies, page.next))
    }

    /// Deletes copies that the owner's complete lists no longer contain, unless an update arrived at `asked` or later.
    /// Returns the addresses of the deleted copies.
    ///
    /// # Errors
    /// When the storage fails, or the lease is lost; some copies may have been deleted. A copy that a guard protects is
    /// kept.
    pub async fn vanish<R: RootResource>(
        &self,
        at: Vec<Address>,
        asked: DateTime,
        came: DateTime,
        by: &PartnerId,
        lease: Option<&Lease>,
    ) -> Result<Vec<Address>, Error> {
        let mut gone = Vec::new();
        for some in at.chunks(OBJECTS) {
            let places: Vec<Place> =
                some.iter().filter_map(|at| Some(Place::of::<R>(&owned_at::<R>(at)?))).collect();
            let addresses = places.iter().flat_map(Place::addresses);
            let addresses = addresses.chain(lease.map(Lease::address)).collect();
            let (settings, cause, decoded) = (self.order, Cause::Sync(by.clone()), self.decoded.clone());
            let (judges, lease, places) = (self.guards.of::<R>(), lease.cloned(), Arc::new(places));
            let written = self.charged(addresses, None, move |transaction, charges| {
                if let Some(lease) = &lease {
                    fenced(transaction, lease)?;
                }
                let mut gone = Vec::new();
                for place in places.iter() {
                    let mut kept =
                        Kept::<R>::load(transaction, place, &decoded, came, &judges, Brings::Change)?;
                    kept.stays_whole = false;
                    let mut outcome = kept.copy.vanish(asked, came, &settings);
                    if outcome.taken == Taken::Unchanged {
                        continue;
                    }
                    if kept.judge(place, &outcome, &cause).is_err() {
                        continue;
                    }
                    kept.store(transaction, charges, place, &mut outcome, &cause, came, &decoded)?;
                    gone.push(place.object.clone());
                }
                Ok(gone)
            });
            gone.extend(written.await?);
        }
        Ok(gone)
    }
}
