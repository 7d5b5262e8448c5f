//! Typed access to a [`Store`].

mod answers;
mod batch;
mod bookings;
mod by_partner;
mod cause;
mod cdr_rules;
mod cdrs;
mod changes;
mod decoded;
mod dispose;
mod doubts;
mod encodings;
mod guards;
mod handlers;
mod hub_clients;
mod invoice_reconciliation;
mod locations;
mod marks;
mod page_mark;
mod payments;
mod publish;
mod published;
mod query;
mod quota;
mod stored;
mod sweep;
mod take;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ocpi_types::endpoint::{Key, Owned, PatchedResource, PushOutcome, Resource, RootResource, Upsert};
use ocpi_types::protocol::Party;
use ocpi_types::{ModuleId, Version, apply_at};

use crate::Error;
use crate::order::OrderSettings;
use crate::storage::{Address, Document, NewDocument, Query, Rejected, Start, Store, StoreExt, Transaction};
pub use answers::Alongside;
use batch::{Batch, Row};
pub use bookings::{BookingAsk, BookingDecision, BookingDesk, Bookings};
pub use cause::Cause;
pub use cdr_rules::{CdrRules, CdrVerdict};
pub use changes::{ChangeBatch, ChangeReader, Changed, FeedPlace, KeptCopy, owned_at};
use decoded::Decoded;
pub use dispose::Disposal;
pub use doubts::InDoubt;
use encodings::Encodings;
use guards::Guards;
pub use guards::Step;
pub use hub_clients::HubClients;
pub use marks::{MarkedChange, Marks};
pub use payments::{Payments, TerminalDesk};
pub use publish::GONE;
pub use published::Published;
pub use query::{BoundingBox, Found, HasCoordinates, HasStatus, ObjectQuery, QueryError};
use quota::{Charge, Charges};
pub use quota::{Quota, QuotaUsedUp, Quotas, Usage};
use stored::{collection, document_of, read};

/// Typed access to a store, and handlers for every regular endpoint on top of it.
///
/// ```
/// use ocpi_server_traits::{Memory, Objects};
/// use ocpi_types::endpoint::{EvseKey, Owned, RootResource};
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
///
/// # async fn run(location: Location) -> Result<(), Box<dyn std::error::Error>> {
/// let party = Party::new("NL", "ALF")?;
/// let objects = Objects::new(Memory::new(), vec![party.clone()]);
/// objects.put(&location.identity(), location).await?;
///
/// let key = EvseKey { location_id: "LOC1".parse()?, evse_uid: "LOC1-1".parse()? };
/// let patch = EvsePatch {
///     status: Status::Charging.into(),
///     last_updated: "2026-11-22T10:00:00Z".parse::<ocpi_types::DateTime>()?.into(),
///     ..EvsePatch::default()
/// };
/// objects.patch::<Evse>(&Owned { owner: party, key }, patch).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Objects<S> {
    store: S,
    own: Vec<Party>,
    page_size: u32,
    encodings: Encodings,
    decoded: Decoded,
    left_out: Arc<AtomicU64>,
    order: OrderSettings,
    quotas: Quotas,
    cdr_rules: CdrRules,
    guards: Guards,
    /// Whether all objects are known to be counted.
    is_counted: Arc<AtomicBool>,
}

/// All objects of a kind.
#[derive(Debug)]
#[non_exhaustive]
pub struct All<T> {
    /// The objects, in order of creation.
    pub objects: Vec<T>,
    /// The documents that cannot be read as objects of this kind, in the same order.
    pub broken: Vec<Broken>,
}

/// A document that cannot be read: its body is broken, or it was written as the type of another version.
#[derive(Debug)]
pub struct Broken {
    /// Address of the document.
    pub at: Address,
    /// Reason why it cannot be read.
    pub error: Error,
}

impl<S: Store> Objects<S> {
    /// Creates typed access to a store; `own` are our own parties, whose objects partners may fetch.
    pub fn new(store: S, own: Vec<Party>) -> Self {
        let encodings = Encodings::new(encodings::DEFAULT_BYTES);
        Self {
            store,
            own,
            page_size: 100,
            encodings,
            decoded: Decoded::new(),
            left_out: Arc::default(),
            order: OrderSettings::default(),
            quotas: Quotas::default(),
            cdr_rules: CdrRules::default(),
            guards: Guards::default(),
            is_counted: Arc::default(),
        }
    }

    /// Sets the maximum number of objects on a page; the default is 100.
    #[must_use]
    pub fn with_page_size(self, page_size: u32) -> Self {
        Self { page_size: page_size.max(1), ..self }
    }

    /// Sets the size of the cache of objects in the versions and styles of partners, in bytes; the default is 32 MiB.
    /// While there is room, each object is converted once per revision.
    #[must_use]
    pub fn with_cache(self, bytes: u64) -> Self {
        Self { encodings: Encodings::new(bytes), ..self }
    }

    /// Sets the rules for CDRs that partners post; the default refuses a CDR that breaks one.
    #[must_use]
    pub fn with_cdr_rules(self, cdr_rules: CdrRules) -> Self {
        Self { cdr_rules, ..self }
    }

    /// Sets the times that order the updates of partners.
    #[must_use]
    pub fn with_order(self, order: OrderSettings) -> Self {
        Self { order, ..self }
    }

    /// Returns the store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Returns the number of broken documents left out of pages for partners, counting repetitions. A number above 0
    /// indicates a problem of the storage; [`Objects::all`] lists the documents.
    pub fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }

    /// Reads an object.
    ///
    /// # Errors
    /// When the storage fails, or the object was written as the type of another version.
    pub async fn get<T: Resource>(&self, at: &Owned<T::Key>) -> Result<Option<T>, Error> {
        let root = self.root::<T>(at).await?;
        Ok(root.and_then(|(root, _)| T::find(&root, &at.key).cloned()))
    }

    /// Writes an object. If the stored one is newer, nothing changes.
    ///
    /// # Errors
    /// When the storage fails, the object that contains it does not exist (such as the Location of an EVSE), the stored
    /// object was written as the type of another version, or the object, including the one that contains it, is larger
    /// than 15 MiB.
    pub async fn put<T: Resource>(&self, at: &Owned<T::Key>, object: T) -> Result<PushOutcome, Error> {
        self.change::<T>(at, move |there| match there {
            Some(there) if there.newest_change() > object.newest_change() => Ok(None),
            _ => Ok(Some(object.clone())),
        })
        .await
    }

    /// [`Objects::put`] for many objects that state their own keys, several hundred per write. New ones are listed in
    /// the order given.
    ///
    /// # Errors
    /// As [`Objects::put`]; some objects may have been written.
    pub async fn put_all<T: RootResource>(&self, objects: impl IntoIterator<Item = T>) -> Result<(), Error> {
        let mut batch = Batch::default();
        for object in objects {
            let row = Row::of(&object)?;
            if !batch.has_room_for(&row) {
                std::mem::take(&mut batch).write::<T>(self).await?;
            }
            batch.add(row);
        }
        batch.write::<T>(self).await
    }

    /// Changes an object. A change that is older than the object has no effect.
    ///
    /// # Errors
    /// As [`Objects::put`], and when the object does not exist or the change would alter its identity.
    pub async fn patch<T: PatchedResource>(
        &self,
        at: &Owned<T::Key>,
        patch: T::Patch,
    ) -> Result<PushOutcome, Error> {
        let place = at.clone();
        self.change::<T>(at, move |there| {
            let Some(there) = there else { return Err(missing::<T>()) };
            if T::patch_time(&patch).is_some_and(|time| time < there.last_updated()) {
                return Ok(None);
            }
            let mut object = there.clone();
            apply_at(&mut object, &place, patch.clone())
                .map_err(|error| Error::invalid(error.to_string()))?;
            Ok(Some(object))
        })
        .await
    }

    /// Deletes an object; returns `false` if it does not exist.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn delete<T: RootResource>(&self, at: &Owned<T::Key>) -> Result<bool, Error> {
        let address = Address::of::<T>(at);
        let judges = self.guards.of::<T>();
        self.charged(vec![address.clone()], None, move |transaction, charges| {
            let now = transaction.now();
            if !judges.is_empty() {
                if let Some(before) = kept::<T>(transaction, &address)? {
                    let step = Step { at: &address, before: Some(&before), after: None, by: &Cause::Here };
                    judges.judge(&step).map_err(Rejected::Because)?;
                }
            }
            charges.object(collection::<T>(), transaction.get(&address)?.and_then(Charge::of), None);
            Ok(transaction.delete(&address, now)?)
        })
        .await
    }

    /// Returns all objects of a kind, regardless of owner and visibility. Unreadable objects do not hide the others.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn all<T: RootResource>(&self) -> Result<All<T>, Error> {
        let query = Query::all(collection::<T>());
        let mut all = All { objects: Vec::new(), broken: Vec::new() };
        let mut start = Start::First;
        loop {
            let page = self.store.page(&query, start, ROWS).await?;
            for (at, document) in page.rows {
                match read(&document) {
                    Ok(object) => all.objects.push(object),
                    Err(error) => all.broken.push(Broken { at, error }),
                }
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(all),
            }
        }
    }

    async fn root<T: Resource>(&self, at: &Owned<T::Key>) -> Result<Option<(T::Root, Document)>, Error> {
        let document = self.store.get(&Address::of::<T>(at)).await?;
        document.map(|document| Ok((read(&document)?, document))).transpose()
    }

    /// Lets `edit` decide on the object that is to be there (`None`: leave it), in one write.
    async fn change<T: Resource>(
        &self,
        at: &Owned<T::Key>,
        edit: impl Fn(Option<&T>) -> Result<Option<T>, Error> + Send + Sync + 'static,
    ) -> Result<PushOutcome, Error> {
        let address = Address::of::<T>(at);
        let at = at.clone();
        let judges = self.guards.of::<T::Root>();
        self.charged(vec![address.clone()], None, move |transaction, charges| {
            let known = kept::<T::Root>(transaction, &address)?;
            let before = if judges.is_empty() { None } else { known.clone() };
            let there = known.as_ref().and_then(|root| T::find(root, &at.key));
            let Some(object) = edit(there).map_err(Rejected::Because)? else {
                return Ok(PushOutcome::Updated);
            };
            let (root, outcome) = placed::<T>(known, object, &at.key).map_err(Rejected::Because)?;
            let step = Step { at: &address, before: before.as_ref(), after: Some(&root), by: &Cause::Here };
            judges.judge(&step).map_err(Rejected::Because)?;
            let part = at.key.part().unwrap_or_default();
            let document = document_of(&at.owner, &root, part).map_err(Rejected::Because)?;
            put(transaction, charges, &address, document)?;
            Ok(outcome)
        })
        .await
    }
}

/// Most documents of one read.
const ROWS: u32 = 500;

/// Reads the object that is kept at an address.
fn kept<R: Resource<Root = R>>(
    transaction: &mut Transaction<'_>,
    at: &Address,
) -> Result<Option<R>, Rejected<Error>> {
    let document = transaction.get(at)?;
    document.map(read).transpose().map_err(Rejected::Because)
}

/// Puts a document of an object, and counts it for the partner that it is of.
fn put(
    transaction: &mut Transaction<'_>,
    charges: &mut Charges<'_>,
    at: &Address,
    document: NewDocument,
) -> Result<(), Rejected<Error>> {
    let before = transaction.get(at)?.and_then(Charge::of);
    charges.object(at.collection(), before, Charge::of_new(&document));
    transaction.put(at, document)?;
    Ok(())
}

/// Puts a resource into its place in the object that is there.
fn placed<T: Resource>(
    known: Option<T::Root>,
    object: T,
    key: &T::Key,
) -> Result<(T::Root, PushOutcome), Error> {
    let Some(mut root) = known else {
        let root = object.into_root().ok_or_else(missing::<T>)?;
        return Ok((root, PushOutcome::Created));
    };
    match object.put_into(&mut root, key) {
        Upsert::Replaced => Ok((root, PushOutcome::Updated)),
        Upsert::Added => Ok((root, PushOutcome::Created)),
        Upsert::NoParent => Err(missing::<T>()),
    }
}

/// The error for a PATCH of an object that is not there: the sender looks whether it is, and puts it.
fn nothing_to_patch<T: Resource>(version: Version) -> Error {
    match T::MODULE {
        ModuleId::Locations => missing::<T>(),
        // 2.1.1 has no status for it.
        ModuleId::Tokens if version >= Version::V2_2 => missing::<T>(),
        _ => Error::nothing_to_patch("no such object"),
    }
}

/// The error for an object that is not there, with the status its module asks for.
fn missing<T: Resource>() -> Error {
    match T::MODULE {
        ModuleId::Locations => Error::unknown_location("no such location, EVSE or connector"),
        ModuleId::Tokens => Error::unknown_token("no such token"),
        _ => Error::not_found("no such object"),
    }
}
