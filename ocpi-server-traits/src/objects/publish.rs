//! Published objects of our own, stored with marks of their changes and with messages for partners.

use bytes::Bytes;
use ocpi_types::endpoint::{Key, Outgoing, Owned, PatchedResource};
use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, apply_at};

use super::guards::Step;
use super::marks::Marks;
use super::published::{Published, note};
use super::stored::{changed_document, collection, list_name, read};
use super::{Cause, Charge, Objects, missing, put};
use crate::Error;
use crate::order::Taken;
use crate::storage::{Address, Document, NewDocument, Rejected, Store};

impl<S: Store> Objects<S> {
    /// Stores an object of our own, with marks of its changes, and with additional documents if it is new or has
    /// changed. An object older than the stored one changes nothing. An invoice reconciliation record is not visible to
    /// anybody then: [`Objects::publish_for`] sets its audience.
    ///
    /// # Errors
    /// When the owner is not one of our parties, the storage fails, the stored object was written as the type of
    /// another version, or the object is larger than 15 MiB. `changes` may refuse a change of the stored object.
    pub async fn publish<R: Published>(
        &self,
        object: R,
        with: Vec<(Address, NewDocument)>,
        may_change: bool,
    ) -> Result<Taken, Error> {
        self.publish_for(object, None, with, may_change).await
    }

    /// [`Objects::publish`] for a party that the object itself does not name: only this party, and no other partner,
    /// may fetch an invoice reconciliation record. An object that names its audience ignores the given party.
    /// Publishing the same object for another party changes only its audience.
    ///
    /// ```
    /// use ocpi_server_traits::{Error, Memory, Objects};
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
    ///
    /// /// Stores a record of an invoice that was sent to an eMSP.
    /// async fn invoiced(
    ///     objects: &Objects<Memory>,
    ///     record: InvoiceReconciliationRecord,
    ///     emsp: Party,
    /// ) -> Result<(), Error> {
    ///     objects.publish_for(record, Some(emsp), Vec::new(), true).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Objects::publish`].
    pub async fn publish_for<R: Published>(
        &self,
        object: R,
        audience: Option<Party>,
        with: Vec<(Address, NewDocument)>,
        may_change: bool,
    ) -> Result<Taken, Error> {
        let at = object.identity();
        self.edit::<R>(&at, (audience, with), move |there, _| match there {
            Some(there) if there.newest_change() > object.newest_change() => Ok(Edited::Older),
            Some(there) if !may_change && *there != object => Err(Error::invalid(
                "another object with this id was published before, and one of this kind does not change",
            )),
            _ => Ok(Edited::Object(object.clone())),
        })
        .await
    }

    /// Changes an object of our own, or a part of one, with marks of the changes. A change without a time gets that of
    /// the store; one that is older than the object changes nothing.
    ///
    /// # Errors
    /// As [`Objects::publish`], and when the object does not exist or the change would alter its identity.
    pub async fn publish_patch<T>(&self, at: &Owned<T::Key>, patch: T::Patch) -> Result<Taken, Error>
    where
        T: PatchedResource,
        T::Root: Published,
    {
        let place = at.clone();
        let root = Owned { owner: at.owner.clone(), key: T::root_key(&at.key) };
        self.edit::<T::Root>(&root, (None, Vec::new()), move |there, now| {
            let there_root = there.ok_or_else(missing::<T>)?;
            let there = T::find(there_root, &place.key).ok_or_else(missing::<T>)?;
            let patch = match T::patch_time(&patch) {
                Some(time) if time < there.last_updated() => return Ok(Edited::Older),
                Some(_) => patch.clone(),
                None => T::with_patch_time(patch.clone(), now.max(there.last_updated())),
            };
            let mut object = there.clone();
            apply_at(&mut object, &place, patch).map_err(|error| Error::invalid(error.to_string()))?;
            let mut root = there_root.clone();
            object.put_into(&mut root, &place.key);
            Ok(Edited::Object(root))
        })
        .await
    }

    /// Withdraws an object of our own: a Tariff or Session is deleted, a Token becomes invalid, and the EVSEs of a
    /// Location are removed.
    ///
    /// # Errors
    /// As [`Objects::publish`], and when the object does not exist.
    pub async fn withdraw<R: Published>(&self, at: &Owned<R::Key>) -> Result<Taken, Error> {
        self.edit::<R>(at, (None, Vec::new()), move |there, now| {
            let there = there.ok_or_else(missing::<R>)?;
            Ok(there.clone().withdrawn(now).map_or(Edited::Gone, Edited::Object))
        })
        .await
    }

    async fn edit<R: Published>(
        &self,
        at: &Owned<R::Key>,
        (audience, with): (Option<Party>, Vec<(Address, NewDocument)>),
        edit: impl Fn(Option<&R>, DateTime) -> Result<Edited<R>, Error> + Send + Sync + 'static,
    ) -> Result<Taken, Error> {
        self.must_be_ours(&at.owner)?;
        let (address, owner, path) = (Address::of::<R>(at), at.owner.clone(), path_of(at));
        let list = list_name(&owner, audience.as_ref());
        let addresses = std::iter::once(&address).chain(with.iter().map(|(at, _)| at)).cloned().collect();
        let judges = self.guards.of::<R>();
        self.charged(addresses, None, move |transaction, charges| {
            let now = transaction.now();
            let known = transaction.get(&address)?;
            // Without marks nobody knows what a partner lacks: it gets the whole.
            let marks = known.and_then(|document| Marks::from_bytes(&document.stamps));
            let known: Option<R> = known.map(read).transpose().map_err(Rejected::Because)?;
            let mut object = match edit(known.as_ref(), now).map_err(Rejected::Because)? {
                Edited::Older => return Ok(Taken::Older),
                Edited::Gone => {
                    let step = Step { at: &address, before: known.as_ref(), after: None, by: &Cause::Here };
                    judges.judge(&step).map_err(Rejected::Because)?;
                    charges.object(collection::<R>(), transaction.get(&address)?.and_then(Charge::of), None);
                    transaction.delete_with(&address, now, path.clone())?;
                    return Ok(Taken::Updated);
                }
                Edited::Object(object) => object,
            };
            let taken = if known.is_none() { Taken::Created } else { Taken::Updated };
            if known.as_ref() == Some(&object) {
                if let Some(document) = transaction.get(&address)?.and_then(|it| moved::<R>(it, &list)) {
                    transaction.put(&address, document)?;
                }
                return Ok(Taken::Unchanged);
            }
            let step = Step { at: &address, before: known.as_ref(), after: Some(&object), by: &Cause::Here };
            judges.judge(&step).map_err(Rejected::Because)?;
            let mut before = known.filter(|_| marks.is_some());
            let mut marks = marks.unwrap_or_default();
            let parts = note(before.as_mut(), &mut object, &mut marks, now);
            if parts.is_empty() {
                return Ok(Taken::Unchanged);
            }
            let document = changed_document(&owner, &object, &parts, 0).map_err(Rejected::Because)?;
            let document = if R::ONLY_FOR_AUDIENCE { document.in_list(list.clone()) } else { document };
            put(transaction, charges, &address, document.with_stamps(marks.to_bytes()))?;
            for (at, document) in &with {
                transaction.put(at, document.clone())?;
            }
            Ok(taken)
        })
        .await
    }

    fn must_be_ours(&self, owner: &Party) -> Result<(), Error> {
        if self.own.contains(owner) {
            return Ok(());
        }
        Err(Error::invalid("only objects of our own parties are published"))
    }
}

/// The document of an object that did not change, if it is for somebody else now. No partner is told of that.
fn moved<R: Published>(there: &Document, list: &str) -> Option<NewDocument> {
    let is_moved = R::ONLY_FOR_AUDIENCE && there.list != list;
    is_moved.then(|| {
        NewDocument::new(there.body.clone(), there.format.clone(), there.last_updated)
            .in_list(list)
            .with_terms(there.terms.iter().cloned())
            .with_stamps(there.stamps.clone())
            .with_cause(there.cause.clone())
    })
}

/// First line of the stamps of a withdrawn object. The following lines contain its owner and the parts of its key, in
/// their original spelling.
pub const GONE: &str = "gone";

fn path_of<K: Key>(at: &Owned<K>) -> Bytes {
    let mut path = Outgoing::default();
    at.encode(&mut path);
    let lines = std::iter::once(GONE).chain(path.segments.iter().map(String::as_str));
    lines.collect::<Vec<_>>().join("\n").into()
}

/// Result of an edit.
enum Edited<R> {
    /// It is older than the stored object.
    Older,
    /// The object is to exist.
    Object(R),
    /// The object is to be removed.
    Gone,
}
