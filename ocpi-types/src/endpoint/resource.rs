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
    /// Parameters that the list demands: see [`Endpoint::DEMANDED`](super::Endpoint::DEMANDED).
    const DEMANDED: &'static [(&'static str, &'static str)] = &[];
    /// The fixed parts of the path, for a module with several lists: behind the owner where the path names one.
    const COLLECTION: &'static [&'static str] = &[];
    /// The collection of a store in which the objects are kept.
    const KEPT_AS: &'static str = Self::INFO.name;
    /// Key that identifies it; inside its owner, where the path names one.
    type Key: Key;
}

/// An object that its owner pushes: the path of a receiver's copy names the owner.
///
/// EVSEs and Connectors have URLs too, but are stored in their Location: [`Resource::Root`] is the object in which a
/// resource is stored.
pub trait Resource: Addressed {
    /// The version whose type it is; the first of them, if versions share the type.
    const VERSION: Version;
    /// The object it is kept in; itself, for most.
    type Root: Resource<Root = Self::Root>;

    /// The identity of the object it is kept in.
    fn root_key(key: &Self::Key) -> <Self::Root as Addressed>::Key;

    /// The resource inside the object it is kept in.
    fn find<'a>(root: &'a Self::Root, key: &Self::Key) -> Option<&'a Self>;

    /// Puts the resource into the object it is kept in, in the place of the one with its key or as a new one,
    /// and raises `last_updated` of the objects above it.
    fn put_into(self, root: &mut Self::Root, key: &Self::Key) -> Upsert;

    /// The object as one that is kept by itself; `None` for a part of another.
    fn into_root(self) -> Option<Self::Root>;

    /// Whether the object itself says the same of its identity as its path does.
    fn is_at(&self, at: &Owned<Self::Key>) -> bool;

    /// The place that the URL of a PUT of it means, where the URL alone does not say that: see [`Resource::is_at`].
    fn place_in_url(&self, at: Owned<Self::Key>, _: &super::Incoming<'_>) -> Owned<Self::Key> {
        at
    }

    /// When it changed last.
    fn last_updated(&self) -> DateTime;

    /// When it or a part of it changed last. Not every partner raises the time of a Location with those of its
    /// EVSEs.
    fn newest_change(&self) -> DateTime {
        self.last_updated()
    }

    /// Whether objects of this kind may have an [audience](Self::audience). Those that have none are listed without a look
    /// at the parties of the caller, of which there may be thousands.
    const HAS_AUDIENCE: bool = false;

    /// Whether an object without an audience is for nobody but its owner, rather than for everybody.
    ///
    /// An invoice reconciliation record does not say which eMSP it is for: that is found out from its CDRs and kept beside it.
    const ONLY_FOR_AUDIENCE: bool = false;

    /// The one party besides the owner that it is for; `None`: it does not say, and is for everybody unless it is
    /// [only for its audience](Self::ONLY_FOR_AUDIENCE). Whoever implements it sets
    /// [`HAS_AUDIENCE`](Self::HAS_AUDIENCE), too.
    ///
    /// Sessions and CDRs are for the eMSP whose token was used: to others they would tell who charged where.
    fn audience(&self) -> Option<Party> {
        None
    }

    /// Terms by which it can be looked up besides its key: their names and values, folded where case does not matter.
    ///
    /// CDRs have `session`, Tokens `contract_id`, Locations an `evse_id` for each EVSE that has one.
    fn terms(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The key of the object that it takes back, of the same owner: of a credit CDR that of the CDR that it credits.
    fn credited(&self) -> Option<Self::Key> {
        None
    }

    /// The owner, as the object itself names it; `None` if it does not.
    ///
    /// Objects of 2.1.1 do not, nor do parts of others.
    fn owner(&self) -> Option<Party> {
        None
    }
}

/// A resource that is stored as an object of its own and names its owner.
pub trait RootResource: Resource<Root = Self> {
    /// Its identity, as it says itself.
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
    /// Whether a PATCH must name the time of the change. From 2.2 on it must.
    const DATED: bool = true;

    /// The time of the change, as the PATCH names it.
    fn patch_time(patch: &Self::Patch) -> Option<DateTime>;

    /// The PATCH, with another time of the change.
    fn with_patch_time(patch: Self::Patch, time: DateTime) -> Self::Patch;

    /// Whether the PATCH appends to a list, rather than setting values.
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
