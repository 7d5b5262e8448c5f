//! The regular endpoints, answered from a [`Store`].

use bytes::Bytes;
use ocpi_types::endpoint::{
    Created, Delete, Get, GetCdr, List, Lookup, Outgoing, Owned, Page, Patch, PatchedResource, PostCdr, Put, Resource,
    RootResource, Seat, Stored,
};
use ocpi_types::transport::Party;
use ocpi_types::v2_2_1::versions::ModuleId;
use ocpi_types::{Object, json};

use crate::store::{Address, Document, Expect, Query, Store, Written};
use crate::{Caller, Error, Handle};

/// Typed access to a store, and handlers for every regular endpoint on top of it.
///
/// ```
/// use ocpi_server_traits::{Memory, Objects};
/// use ocpi_types::endpoint::{EvseKey, Owned, RootResource};
/// use ocpi_types::transport::Party;
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
}

/// How often a change is tried when others change the same object at the same time.
const ATTEMPTS: usize = 64;

impl<S: Store> Objects<S> {
    /// Objects in a store; `own` are the parties whose objects are sent to others.
    pub fn new(store: S, own: Vec<Party>) -> Self {
        Self { store, own, page_size: 100 }
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

    /// Reads an object.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn get<T: Resource>(&self, at: &Owned<T::Key>) -> Result<Option<T>, Error> {
        let root = self.root::<T>(at).await?;
        Ok(root.and_then(|(root, _)| T::find(&root, &at.key).cloned()))
    }

    /// Writes an object as it stands. One that is older than the one that is there changes nothing.
    ///
    /// # Errors
    /// When the storage fails, or what the object belongs to is not there.
    pub async fn put<T: Resource>(&self, at: &Owned<T::Key>, object: T) -> Result<Stored, Error> {
        self.change::<T>(at, |there| match there {
            Some(there) if there.last_updated() > object.last_updated() => Ok(None),
            _ => Ok(Some(object.clone())),
        })
        .await
    }

    /// [`Objects::put`] for many objects that name their own places, all at once.
    ///
    /// # Errors
    /// When the storage fails; some may be written then.
    pub async fn put_all<T: RootResource>(&self, objects: impl IntoIterator<Item = T>) -> Result<(), Error> {
        let puts = objects.into_iter().map(|object| async { self.put(&object.identity(), object).await });
        futures_util::future::try_join_all(puts).await.map(|_| ())
    }

    /// Changes an object. A change that is older than the object changes nothing.
    ///
    /// # Errors
    /// When the object is not there, the change would give it another identity, or the storage fails.
    pub async fn patch<T: PatchedResource>(
        &self,
        at: &Owned<T::Key>,
        patch: T::Patch,
    ) -> Result<Stored, Error> {
        self.change::<T>(at, |there| {
            let Some(there) = there else { return Err(missing::<T>()) };
            if T::patch_time(&patch).is_some_and(|time| time < there.last_updated()) {
                return Ok(None);
            }
            let mut object = there.clone();
            object.apply(patch.clone());
            if object.is_at(at) { Ok(Some(object)) } else { Err(Error::invalid("a PATCH cannot change ids")) }
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

    /// Every object of a kind, whoever owns it, in the order in which they came.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn all<T: RootResource>(&self) -> Result<Vec<T>, Error> {
        let listing = self.store.list(&Query::all(T::INFO.name)).await?;
        listing.documents.iter().map(decode).collect()
    }

    async fn root<T: Resource>(&self, at: &Owned<T::Key>) -> Result<Option<(T::Root, u64)>, Error> {
        let document = self.store.get(&Address::of::<T>(at)).await?;
        document.map(|document| Ok((decode(&document)?, document.revision))).transpose()
    }

    /// Reads, lets `edit` decide on the new object (`None`: leave it), writes; again if somebody was faster.
    async fn change<T: Resource>(
        &self,
        at: &Owned<T::Key>,
        edit: impl Fn(Option<&T>) -> Result<Option<T>, Error>,
    ) -> Result<Stored, Error> {
        let address = Address::of::<T>(at);
        for _ in 0..ATTEMPTS {
            let known = self.root::<T>(at).await?;
            let there = known.as_ref().and_then(|(root, _)| T::find(root, &at.key));
            let Some(object) = edit(there)? else { return Ok(Stored::Updated) };
            let (root, expect, stored) = seat::<T>(known, object, &at.key)?;
            let body = Bytes::from(json::to_vec(&root));
            match self.store.put(&address, body, root.last_updated(), expect).await? {
                Written::Conflict => {}
                Written::Created | Written::Updated => return Ok(stored),
            }
        }
        Err(Error::internal("too many changes of one object at the same time"))
    }
}

/// The object with the resource in its place.
fn seat<T: Resource>(
    known: Option<(T::Root, u64)>,
    object: T,
    key: &T::Key,
) -> Result<(T::Root, Expect, Stored), Error> {
    let Some((mut root, revision)) = known else {
        let root = object.into_root().ok_or_else(missing::<T>)?;
        return Ok((root, Expect::Nothing, Stored::Created));
    };
    let stored = match object.put_into(&mut root, key) {
        Seat::Replaced => Stored::Updated,
        Seat::Added => Stored::Created,
        Seat::NoParent => return Err(missing::<T>()),
    };
    Ok((root, Expect::Revision(revision), stored))
}

fn decode<T: Object>(document: &Document) -> Result<T, Error> {
    let read = json::read(&document.body).map_err(|error| Error::internal("a stored object is broken").with_source(error))?;
    Ok(read.value)
}

/// The error for an object that is not there, with the status its module asks for.
fn missing<T: Resource>() -> Error {
    match T::MODULE {
        ModuleId::Locations => Error::unknown_location("no such location, EVSE or connector"),
        ModuleId::Tokens => Error::unknown_token("no such token"),
        _ => Error::not_found("no such object"),
    }
}

impl<S: Store, T: RootResource> Handle<List<T>> for Objects<S> {
    async fn handle(&self, caller: &Caller, list: List<T>) -> Result<Page<T>, Error> {
        let limit = list.limit.unwrap_or(self.page_size).clamp(1, self.page_size);
        let offset = list.offset.unwrap_or(0);
        let query = Query {
            owners: Some(self.own.clone()),
            from: list.date_from,
            to: list.date_to,
            offset,
            limit,
            ..Query::all(T::INFO.name)
        };
        let listing = self.store.list(&query).await?;
        let items: Vec<T> = listing.documents.iter().map(decode).collect::<Result<_, _>>()?;
        let after = offset.saturating_add(limit);
        let next = (after < listing.total).then(|| {
            // The limit asked for goes on from page to page, as the filters do.
            let next = List { offset: Some(after), limit: list.limit.map(|_| limit), ..list };
            next.url_at(&caller.endpoint)
        });
        let next = next.flatten().map(|url| url.as_str().to_owned());
        Ok(Page {
            items,
            rejected: Vec::new(),
            next,
            total_count: Some(listing.total),
            limit: Some(self.page_size),
        })
    }
}

impl<S: Store, T: Resource> Handle<Lookup<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, lookup: Lookup<T>) -> Result<T, Error> {
        for owner in &self.own {
            let at = Owned { owner: owner.clone(), key: lookup.key.clone() };
            if let Some(object) = self.get::<T>(&at).await? {
                return Ok(object);
            }
        }
        Err(missing::<T>())
    }
}

impl<S: Store, T: Resource> Handle<Get<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, get: Get<T>) -> Result<T, Error> {
        self.get::<T>(&get.at).await?.ok_or_else(missing::<T>)
    }
}

impl<S: Store, T: Resource> Handle<Put<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, put: Put<T>) -> Result<Stored, Error> {
        self.put::<T>(&put.at, put.object).await
    }
}

impl<S: Store, T: PatchedResource> Handle<Patch<T>> for Objects<S> {
    async fn handle(&self, _: &Caller, patch: Patch<T>) -> Result<Stored, Error> {
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
        let location =
            place.url(Some(&caller.endpoint)).ok_or_else(|| Error::invalid("the id cannot stand in a URL"))?;
        let address = Address::of::<T>(&at);
        let body = Bytes::from(json::to_vec(&cdr));
        let written = self.store.put(&address, body, cdr.last_updated(), Expect::Nothing).await?;
        if written == Written::Conflict && self.get::<T>(&at).await?.as_ref() != Some(&cdr) {
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
