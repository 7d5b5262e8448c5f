//! The endpoints that all modules with objects share, generic over the object.

use std::marker::PhantomData;

use http::Method;

use super::key::{Key, Owned, path_in};
use super::repeat::Repeat;
use super::reply::{Page, PushOutcome};
use super::resource::{Addressed, PatchedResource, Resource, RootResource};
use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::convert::Embedded;
use crate::protocol::Party;
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{DateTime, Url, Version};

fn name_of<T: Addressed>(verb: &str) -> String {
    format!("{verb}<{}>", T::TYPE.name())
}

/// GET of a page of the owner's list.
///
/// Spec: 2.2.1 transport_and_format §pagination
///
/// ```
/// use ocpi_types::endpoint::{List, Outgoing};
/// use ocpi_types::v2_3_0::locations::Location;
/// let request = List::<Location> { date_from: Some("2026-01-01T00:00:00Z".parse()?), ..List::all() };
/// assert_eq!(Outgoing::of(&request).query, [("date_from", "2026-01-01T00:00:00Z".to_owned())]);
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct List<T> {
    /// Only objects updated at this time or later.
    pub date_from: Option<DateTime>,
    /// Only objects updated before this time.
    pub date_to: Option<DateTime>,
    /// Number of objects to skip.
    pub offset: Option<u64>,
    /// Maximum number of objects to return.
    pub limit: Option<u64>,
    /// Cursor that the owner put into the URL of a next page, to find the position although the list has changed. It is
    /// not a parameter of the specification.
    pub cursor: Option<String>,
    /// URL of a page as given by the owner. It is used unchanged; all other parameters are then ignored.
    pub url: Option<Url>,
    #[doc(hidden)]
    pub marker: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// Requests the whole list, from the start.
    pub fn all() -> Self {
        Self {
            date_from: None,
            date_to: None,
            offset: None,
            limit: None,
            cursor: None,
            url: None,
            marker: PhantomData,
        }
    }

    /// Requests the objects that were updated at this time or later.
    pub fn since(date_from: DateTime) -> Self {
        Self { date_from: Some(date_from), ..Self::all() }
    }

    /// Requests the page at a URL given by the owner.
    pub fn at(url: Url) -> Self {
        Self { url: Some(url), ..Self::all() }
    }
}

impl<T: Addressed> List<T> {
    /// Returns the URL of this page, for the header `Link`.
    pub fn url_at(&self, endpoint: &Url) -> Option<Url> {
        Outgoing::of(self).url(Some(endpoint))
    }
}

impl<T: Addressed> Endpoint for List<T> {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::Module(T::MODULE, InterfaceRole::Sender);
    const DEMANDED: &'static [(&'static str, &'static str)] = T::DEMANDED;
    type Response = Page<T>;

    fn name() -> String {
        name_of::<T>("List")
    }

    fn path() -> Vec<Segment> {
        T::COLLECTION.iter().copied().map(Segment::Fixed).collect()
    }

    fn encode(&self, to: &mut Outgoing) {
        if let Some(url) = &self.url {
            to.absolute = Some(url.clone());
            return;
        }
        T::COLLECTION.iter().for_each(|part| to.segment(part));
        let times = [("date_from", self.date_from), ("date_to", self.date_to)];
        to.query
            .extend(times.into_iter().filter_map(|(name, time)| Some((name, time?.with_zone().to_string()))));
        let counts = [("offset", self.offset), ("limit", self.limit)];
        to.query.extend(counts.into_iter().filter_map(|(name, count)| Some((name, count?.to_string()))));
        to.query.extend(self.cursor.iter().map(|cursor| ("cursor", cursor.clone())));
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            date_from: time(from, "date_from")?,
            date_to: time(from, "date_to")?,
            offset: from.query("offset")?,
            limit: from.query("limit")?,
            cursor: from.query("cursor")?,
            ..Self::all()
        })
    }
}

/// A time in the query; a date alone is its midnight.
fn time(from: &Incoming<'_>, name: &'static str) -> Result<Option<DateTime>, DecodeError> {
    let Some(text) = from.query::<String>(name)? else { return Ok(None) };
    let midnight = || format!("{text}T00:00:00Z").parse();
    text.parse().or_else(|_| midnight()).map(Some).map_err(|_| DecodeError::Parameter(name))
}

/// GET of one object from its owner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetOwn<T: Addressed> {
    /// Key of the object.
    pub key: T::Key,
}

impl<T: Addressed> Endpoint for GetOwn<T> {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::Module(T::MODULE, InterfaceRole::Sender);
    type Response = T;

    fn name() -> String {
        name_of::<T>("GetOwn")
    }

    fn path() -> Vec<Segment> {
        path_in::<T::Key>(T::COLLECTION)
    }

    fn encode(&self, to: &mut Outgoing) {
        T::COLLECTION.iter().for_each(|part| to.segment(part));
        self.key.encode(to);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { key: T::Key::decode(from, 0)? })
    }
}

/// GET of a receiver's copy of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetCopy<T: Resource> {
    /// Key and owner of the object.
    pub at: Owned<T::Key>,
}

impl<T: Resource> GetCopy<T> {
    /// Requests the object with this key and owner.
    pub fn new(at: Owned<T::Key>) -> Self {
        Self { at }
    }
}

impl<T: Resource> Endpoint for GetCopy<T> {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::Module(T::MODULE, InterfaceRole::Receiver);
    type Response = T;

    fn name() -> String {
        name_of::<T>("GetCopy")
    }

    fn path() -> Vec<Segment> {
        Owned::<T::Key>::path_in(T::COLLECTION)
    }

    fn encode(&self, to: &mut Outgoing) {
        self.at.encode_in(T::COLLECTION, to);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { at: Owned::decode(from)? })
    }

    fn owner(&self) -> Option<Party> {
        Some(self.at.owner.clone())
    }
}

/// PUT of a whole object to a receiver.
///
/// Spec: 2.2.1 transport_and_format §put
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Put<T: Resource> {
    /// Key and owner of the object.
    pub at: Owned<T::Key>,
    /// The object.
    pub object: T,
}

impl<T: RootResource> Put<T> {
    /// Creates the PUT of an object, with the key and owner that the object states.
    pub fn of(object: T) -> Self {
        Self { at: object.identity(), object }
    }
}

impl<T: Resource> Endpoint for Put<T> {
    const METHOD: Method = Method::PUT;
    const MOUNT: Mount = Mount::Module(T::MODULE, InterfaceRole::Receiver);
    type Response = PushOutcome;

    fn name() -> String {
        name_of::<T>("Put")
    }

    fn path() -> Vec<Segment> {
        Owned::<T::Key>::path_in(T::COLLECTION)
    }

    fn body() -> Body {
        Body::Whole(T::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        self.at.encode_in(T::COLLECTION, to);
        to.body(&self.object);
    }

    fn embeds(&self) -> Option<Embedded> {
        self.object.embeds()
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        let at = Owned::decode(from)?;
        let object: T = from.read_body()?;
        Ok(Self { at: object.place_in_url(at, from), object })
    }

    fn owner(&self) -> Option<Party> {
        Some(self.at.owner.clone())
    }

    fn consistent(&self) -> Result<(), &'static str> {
        if self.object.is_at(&self.at) { Ok(()) } else { Err("the ids in the URL and in the object differ") }
    }
}

/// PATCH of an object at a receiver.
///
/// Spec: 2.2.1 transport_and_format §patch
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Patch<T: PatchedResource> {
    /// Key and owner of the object.
    pub at: Owned<T::Key>,
    /// The change.
    pub patch: T::Patch,
}

impl<T: PatchedResource> Endpoint for Patch<T> {
    const METHOD: Method = Method::PATCH;
    const MOUNT: Mount = Mount::Module(T::MODULE, InterfaceRole::Receiver);
    type Response = PushOutcome;

    fn name() -> String {
        name_of::<T>("Patch")
    }

    fn path() -> Vec<Segment> {
        Owned::<T::Key>::path_in(T::COLLECTION)
    }

    /// Tariffs can be changed in part in 2.1.1 only.
    fn exists_in(version: Version) -> bool {
        Self::MOUNT.exists_in(version) && (T::MODULE != ModuleId::Tariffs || version < Version::V2_2)
    }

    fn body() -> Body {
        Body::Partial(T::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        self.at.encode_in(T::COLLECTION, to);
        to.body(&self.patch);
    }

    /// Charging periods of a Session are appended: a receiver may have them twice then.
    fn repeat(&self) -> Repeat {
        if T::appends(&self.patch) { Repeat::Once } else { Self::REPEAT }
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        let (at, patch) = (Owned::decode(from)?, from.read_patch()?);
        // A partner of 2.1.1 need not give it, whatever the version of the application.
        let is_needed = T::DATED && from.wire.version.is_none_or(|version| version >= Version::V2_2);
        if is_needed && T::patch_time(&patch).is_none() {
            return Err(DecodeError::Undated);
        }
        Ok(Self { at, patch })
    }

    fn owner(&self) -> Option<Party> {
        Some(self.at.owner.clone())
    }
}

/// DELETE of an object at a receiver.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delete<T: Resource> {
    /// Key and owner of the object.
    pub at: Owned<T::Key>,
}

impl<T: Resource> Endpoint for Delete<T> {
    const METHOD: Method = Method::DELETE;
    const MOUNT: Mount = Mount::Module(T::MODULE, InterfaceRole::Receiver);
    type Response = ();

    fn name() -> String {
        name_of::<T>("Delete")
    }

    fn path() -> Vec<Segment> {
        Owned::<T::Key>::path_in(T::COLLECTION)
    }

    fn encode(&self, to: &mut Outgoing) {
        self.at.encode_in(T::COLLECTION, to);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { at: Owned::decode(from)? })
    }

    fn owner(&self) -> Option<Party> {
        Some(self.at.owner.clone())
    }
}
