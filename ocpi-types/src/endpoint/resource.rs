//! Objects with URLs of their own.

mod bookings;
mod declare;
mod locations;
mod objects;

pub(super) use declare::{SINCE_EVER, patched, resource};
pub(super) use locations::locations;

use super::key::{Key, Owned};
use crate::convert::OfKind;
use crate::protocol::Party;
use crate::v2_2_1::versions::ModuleId;
use crate::{DateTime, Object, Patched, Version};

/// An object with a URL of its own, below the URL of its module.
pub trait Addressed: Object + OfKind {
    /// The module.
    const MODULE: ModuleId;
    /// Query parameters that the list requires: see [`Endpoint::DEMANDED`](super::Endpoint::DEMANDED).
    const DEMANDED: &'static [(&'static str, &'static str)] = &[];
    /// Fixed path segments, in a module with several lists; they follow the owner if the path names one.
    const COLLECTION: &'static [&'static str] = &[];
    /// Collection of a store that holds the objects.
    const KEPT_AS: &'static str = Self::INFO.name;
    /// Key of the object; unique within its owner, if the path names one.
    type Key: Key;
}

/// An object that its owner pushes: the path of a receiver's copy names the owner.
///
/// EVSEs and Connectors have URLs too, but are stored in their Location: [`Resource::Root`] is the object in which a
/// resource is stored.
pub trait Resource: Addressed {
    /// The version of the type; the oldest of them, if versions share it.
    const VERSION: Version;
    /// The object that contains the resource; for most resources, the resource itself.
    type Root: Resource<Root = Self::Root>;

    /// Returns the key of the object that contains the resource.
    fn root_key(key: &Self::Key) -> <Self::Root as Addressed>::Key;

    /// Finds the resource in the object that contains it.
    fn find<'a>(root: &'a Self::Root, key: &Self::Key) -> Option<&'a Self>;

    /// Inserts the resource into the object that contains it, replacing the one with the same key if there is one, and
    /// raises `last_updated` of the enclosing objects.
    fn put_into(self, root: &mut Self::Root, key: &Self::Key) -> Upsert;

    /// Returns the resource as a root object; `None` for a part of another object.
    fn into_root(self) -> Option<Self::Root>;

    /// Whether the identity that the object states matches its path.
    fn is_at(&self, at: &Owned<Self::Key>) -> bool;

    /// Returns the key that the URL of a PUT means, if the path alone is ambiguous: see [`Resource::is_at`].
    fn place_in_url(&self, at: Owned<Self::Key>, _: &super::Incoming<'_>) -> Owned<Self::Key> {
        at
    }

    /// Time of the last change.
    fn last_updated(&self) -> DateTime;

    /// Time of the last change of the object or any part. Not every partner updates the time of a Location when an EVSE
    /// changes.
    fn newest_change(&self) -> DateTime {
        self.last_updated()
    }

    /// Whether objects of this kind may have an [audience](Self::audience). If not, lists ignore the parties of the
    /// caller, which may be thousands.
    const HAS_AUDIENCE: bool = false;

    /// Whether an object without an audience is visible to its owner only, rather than to everybody.
    ///
    /// An invoice reconciliation record does not state its eMSP, which is derived from its CDRs and stored with it.
    const ONLY_FOR_AUDIENCE: bool = false;

    /// The only party besides the owner that may see the object. `None`: not stated, so it is visible to everybody,
    /// unless it is [only for its audience](Self::ONLY_FOR_AUDIENCE). Implementations of this method must also set
    /// [`HAS_AUDIENCE`](Self::HAS_AUDIENCE).
    ///
    /// Sessions and CDRs are for the eMSP whose token was used: others would learn who charged where.
    fn audience(&self) -> Option<Party> {
        None
    }

    /// Terms for lookups other than by key: names and values, case-folded if case does not matter.
    ///
    /// CDRs have `session`, Tokens `contract_id`, Locations one `evse_id` for each EVSE that has one.
    fn terms(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Key of the object that this one reverses, of the same owner: for a credit CDR, the CDR that it credits.
    fn credited(&self) -> Option<Self::Key> {
        None
    }

    /// The owner stated by the object itself; `None` if it states none.
    ///
    /// Objects of 2.1.1 and parts of other objects state none.
    fn owner(&self) -> Option<Party> {
        None
    }
}

/// A resource that is stored as an object of its own and names its owner.
pub trait RootResource: Resource<Root = Self> {
    /// Returns the identity that the object states.
    fn identity(&self) -> Owned<Self::Key>;
}

/// Outcome of inserting a resource into the object that contains it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Upsert {
    /// It replaced the one with the same key.
    Replaced,
    /// It was added.
    Added,
    /// The object that contains it does not exist.
    NoParent,
}

/// A resource that a PATCH can change.
pub trait PatchedResource: Resource + Patched<Patch: OfKind> {
    /// Whether a PATCH must contain the time of the change, as it must from 2.2 on.
    const DATED: bool = true;

    /// Returns the time of the change that the PATCH contains.
    fn patch_time(patch: &Self::Patch) -> Option<DateTime>;

    /// Returns the PATCH with another time of the change.
    fn with_patch_time(patch: Self::Patch, time: DateTime) -> Self::Patch;

    /// Whether the PATCH appends to a list instead of setting values.
    fn appends(_: &Self::Patch) -> bool {
        false
    }
}

/// Error: a PATCH would change the identity of an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a PATCH cannot change ids")]
pub struct IdentityChange;

/// Applies a PATCH to the object stored under `at`. A PATCH that would change its identity has no effect.
///
/// # Errors
/// When the PATCH would change the object's identity.
///
/// ```
/// use ocpi_types::endpoint::RootResource;
/// use ocpi_types::{IdentityChange, apply_at, json};
/// use ocpi_types::v2_3_0::tariffs::{Tariff, TariffPatch};
/// let mut tariff: Tariff = json::from_str(r#"{"country_code":"SE","party_id":"KRA","id":"T1","currency":"SEK",
///     "elements":[{"price_components":[{"type":"ENERGY","price":3.5,"step_size":1}]}],"tax_included":"YES",
///     "last_updated":"2026-11-22T10:00:00Z"}"#)?;
/// let at = tariff.identity();
/// let patch: TariffPatch = json::from_str(r#"{"id":"T2","currency":"EUR"}"#)?;
/// assert_eq!(apply_at(&mut tariff, &at, patch), Err(IdentityChange));
/// assert_eq!(tariff.currency.as_str(), "SEK");
/// # Ok::<(), json::Error>(())
/// ```
pub fn apply_at<T: Patched + Resource>(
    object: &mut T,
    at: &Owned<T::Key>,
    patch: T::Patch,
) -> Result<(), IdentityChange> {
    let mut changed = object.clone();
    changed.apply(patch);
    if !changed.is_at(at) {
        return Err(IdentityChange);
    }
    *object = changed;
    Ok(())
}
