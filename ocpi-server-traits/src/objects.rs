//! Typed access to a [`Store`].

mod handlers;
mod locations;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ocpi_types::apply_at;
use ocpi_types::endpoint::{Owned, PatchedResource, PushOutcome, Resource, RootResource, Upsert};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::versions::ModuleId;

use crate::Error;
use crate::store::{Address, Document, NewDocument, Precondition, PutOutcome, Query, Store};

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
    page_size: u64,
    left_out: Arc<AtomicU64>,
}

/// Every object of a kind.
#[derive(Debug)]
#[non_exhaustive]
pub struct All<T> {
    /// The objects, in the order in which they came.
    pub objects: Vec<T>,
    /// The documents that are no objects of this kind, in the same order.
    pub broken: Vec<Broken>,
}

/// A document that cannot be read: its body is broken, or it was written as the type of another version.
#[derive(Debug)]
pub struct Broken {
    /// Where it is kept.
    pub at: Address,
    /// Reason why it cannot be read.
    pub error: Error,
}

/// Most attempts at a change when others change the same object at the same time.
const ATTEMPTS: usize = 64;

impl<S: Store> Objects<S> {
    /// Objects in a store; `own` are the parties whose objects are sent to others.
    pub fn new(store: S, own: Vec<Party>) -> Self {
        Self { store, own, page_size: 100, left_out: Arc::default() }
    }

    /// With pages of at most this many objects; the default is 100.
    #[must_use]
    pub fn with_page_size(self, page_size: u64) -> Self {
        Self { page_size: page_size.max(1), ..self }
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Returns the number of broken documents that were left out of the pages that partners were sent, each counted
    /// every time. More than none: something is wrong with the storage, and [`Objects::all`] says what.
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

    /// Writes an object as it stands. One that is older than the one that is there changes nothing.
    ///
    /// # Errors
    /// When the storage fails, what the object belongs to is not there, what is there was written as the type
    /// of another version, or the object, with all it is part of, is larger than 16 MiB.
    pub async fn put<T: Resource>(&self, at: &Owned<T::Key>, object: T) -> Result<PushOutcome, Error> {
        self.change::<T>(at, |there| match there {
            Some(there) if there.newest_change() > object.newest_change() => Ok(None),
            _ => Ok(Some(object.clone())),
        })
        .await
    }

    /// [`Objects::put`] for many objects that name their own places, all at once. New ones are asked to be written
    /// in the order in which they come.
    ///
    /// # Errors
    /// As [`Objects::put`]; some may be written then.
    pub async fn put_all<T: RootResource>(&self, objects: impl IntoIterator<Item = T>) -> Result<(), Error> {
        let puts = objects.into_iter().map(|object| async {
            let at = object.identity();
            // To look first whether it is there would mix up the order of those that are not.
            let written =
                self.store.put(&Address::of::<T>(&at), document_of(&object)?, Precondition::Nothing).await?;
            if written == PutOutcome::Conflict {
                self.put(&at, object).await?;
            }
            Ok(())
        });
        futures_util::future::try_join_all(puts).await.map(drop)
    }

    /// Changes an object. A change that is older than the object changes nothing.
    ///
    /// # Errors
    /// As [`Objects::put`], and when the object is not there or the change would give it another identity.
    pub async fn patch<T: PatchedResource>(
        &self,
        at: &Owned<T::Key>,
        patch: T::Patch,
    ) -> Result<PushOutcome, Error> {
        self.change::<T>(at, |there| {
            let Some(there) = there else { return Err(missing::<T>()) };
            if T::patch_time(&patch).is_some_and(|time| time < there.last_updated()) {
                return Ok(None);
            }
            let mut object = there.clone();
            apply_at(&mut object, at, patch.clone()).map_err(|error| Error::invalid(error.to_string()))?;
            Ok(Some(object))
        })
        .await
    }

    /// Deletes an object; `false` if there was none.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn delete<T: RootResource>(&self, at: &Owned<T::Key>) -> Result<bool, Error> {
        Ok(self.store.delete(&Address::of::<T>(at)).await?)
    }

    /// Every object of a kind, whoever owns it and whoever it is for. One that cannot be read does not hide the
    /// others.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn all<T: RootResource>(&self) -> Result<All<T>, Error> {
        let listing = self.store.list(&Query::all(T::INFO.name)).await?;
        let mut all = All { objects: Vec::new(), broken: Vec::new() };
        for (at, document) in listing.documents {
            match document.read(T::VERSION.as_str()) {
                Ok(object) => all.objects.push(object),
                Err(error) => all.broken.push(Broken { at, error }),
            }
        }
        Ok(all)
    }

    async fn root<T: Resource>(&self, at: &Owned<T::Key>) -> Result<Option<(T::Root, Document)>, Error> {
        let document = self.store.get(&Address::of::<T>(at)).await?;
        document.map(|document| Ok((document.read(version_of::<T>())?, document))).transpose()
    }

    /// Reads, lets `edit` decide on the new object (`None`: leave it), writes; again if somebody was faster.
    async fn change<T: Resource>(
        &self,
        at: &Owned<T::Key>,
        edit: impl Fn(Option<&T>) -> Result<Option<T>, Error>,
    ) -> Result<PushOutcome, Error> {
        let address = Address::of::<T>(at);
        for _ in 0..ATTEMPTS {
            let known = self.root::<T>(at).await?;
            let there = known.as_ref().and_then(|(root, _)| T::find(root, &at.key));
            let Some(object) = edit(there)? else { return Ok(PushOutcome::Updated) };
            let (root, expect, stored) = seat::<T>(known, object, &at.key)?;
            match self.store.put(&address, document_of(&root)?, expect).await? {
                PutOutcome::Conflict => {}
                PutOutcome::Created | PutOutcome::Updated => return Ok(stored),
            }
        }
        Err(Error::internal("too many changes of one object at the same time"))
    }
}

/// The object with the resource in its place.
fn seat<T: Resource>(
    known: Option<(T::Root, Document)>,
    object: T,
    key: &T::Key,
) -> Result<(T::Root, Precondition, PushOutcome), Error> {
    let Some((mut root, document)) = known else {
        let root = object.into_root().ok_or_else(missing::<T>)?;
        return Ok((root, Precondition::Nothing, PushOutcome::Created));
    };
    let stored = match object.put_into(&mut root, key) {
        Upsert::Replaced => PushOutcome::Updated,
        Upsert::Added => PushOutcome::Created,
        Upsert::NoParent => return Err(missing::<T>()),
    };
    Ok((root, Precondition::Revision(document.revision), stored))
}

/// The version that documents of a resource, and of what it is kept in, are written in.
fn version_of<T: Resource>() -> &'static str {
    T::Root::VERSION.as_str()
}

fn document_of<T: Resource>(object: &T) -> Result<NewDocument, Error> {
    let document = NewDocument::of(object, object.last_updated(), version_of::<T>())?;
    Ok(NewDocument { audience: object.audience(), ..document })
}

/// The error for an object that is not there, with the status its module asks for.
fn missing<T: Resource>() -> Error {
    match T::MODULE {
        ModuleId::Locations => Error::unknown_location("no such location, EVSE or connector"),
        ModuleId::Tokens => Error::unknown_token("no such token"),
        _ => Error::not_found("no such object"),
    }
}
