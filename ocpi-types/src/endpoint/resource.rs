//! The objects that have URLs of their own.

use super::key::{CdrKey, ConnectorKey, EvseKey, Key, LocationKey, Owned, SessionKey, TariffKey, TokenKey};
use crate::transport::Party;
use crate::v2_2_1::versions::ModuleId;
use crate::{DateTime, Object, Patched, Version};

/// An object with a URL of its own, below the URL of its module.
///
/// EVSEs and Connectors have URLs too, but live inside their Location: [`Resource::Root`] says in which object a
/// resource is kept.
pub trait Resource: Object {
    /// The module.
    const MODULE: ModuleId;
    /// The version whose type it is; the first of them, if versions share the type.
    const VERSION: Version;
    /// What identifies it inside its owner.
    type Key: Key;
    /// The object it is kept in; itself, for most.
    type Root: Resource<Root = Self::Root>;

    /// The identity of the object it is kept in.
    fn root_key(key: &Self::Key) -> <Self::Root as Resource>::Key;

    /// The resource inside the object it is kept in.
    fn find<'a>(root: &'a Self::Root, key: &Self::Key) -> Option<&'a Self>;

    /// Puts the resource into the object it is kept in, in the place of the one with its key or as a new one,
    /// and raises `last_updated` of what is above it.
    fn put_into(self, root: &mut Self::Root, key: &Self::Key) -> Seat;

    /// The object as one that is kept by itself; `None` for a part of another.
    fn into_root(self) -> Option<Self::Root>;

    /// Whether the object itself says the same of its identity as its path does.
    fn is_at(&self, at: &Owned<Self::Key>) -> bool;

    /// When it changed last.
    fn last_updated(&self) -> DateTime;

    /// When it or a part of it changed last. Not every partner raises the time of a Location with those of its
    /// EVSEs.
    fn newest_change(&self) -> DateTime {
        self.last_updated()
    }

    /// The one party besides the owner that it is for; `None`: everybody.
    ///
    /// Sessions and CDRs are for the eMSP whose token was used: to others they would tell who charged where.
    fn audience(&self) -> Option<Party> {
        None
    }
}

/// A resource that is kept by itself and names its owner.
pub trait RootResource: Resource<Root = Self> {
    /// Its identity, as it says itself.
    fn identity(&self) -> Owned<Self::Key>;
}

/// What became of a resource that was put into the object it is kept in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Seat {
    /// It took the place of the one with its key.
    Replaced,
    /// It is new.
    Added,
    /// The object that it belongs to is not there.
    NoParent,
}

/// A resource that a PATCH can change.
pub trait PatchedResource: Resource + Patched {
    /// The time of the change, as the PATCH names it.
    fn patch_time(patch: &Self::Patch) -> Option<DateTime>;
}

/// An object that is kept by itself. The last parameter is the member that says for whom it is.
macro_rules! root {
    ($version:ident, $ty:ty, $module:ident, $key:ident { $($part:ident: $member:ident),+ } $(, $token:ident)? $(; parts $parts:ident)?) => {
        impl Resource for $ty {
            const MODULE: ModuleId = ModuleId::$module;
            const VERSION: Version = Version::$version;
            type Key = $key;
            type Root = Self;

            fn root_key(key: &$key) -> $key {
                key.clone()
            }

            fn find<'a>(root: &'a Self, _: &$key) -> Option<&'a Self> {
                Some(root)
            }

            fn put_into(self, root: &mut Self, _: &$key) -> Seat {
                *root = self;
                Seat::Replaced
            }

            fn into_root(self) -> Option<Self> {
                Some(self)
            }

            fn is_at(&self, at: &Owned<$key>) -> bool {
                self.identity() == *at
            }

            fn last_updated(&self) -> DateTime {
                self.last_updated
            }

            $(
                fn newest_change(&self) -> DateTime {
                    let parts = self.$parts.iter().map(Resource::newest_change);
                    parts.fold(self.last_updated, DateTime::max)
                }
            )?

            $(
                fn audience(&self) -> Option<Party> {
                    let token = &self.$token;
                    Some(Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() })
                }
            )?
        }

        impl RootResource for $ty {
            fn identity(&self) -> Owned<$key> {
                let owner = Party { country_code: self.country_code.clone(), party_id: self.party_id.clone() };
                Owned { owner, key: $key { $($part: self.$member.clone()),+ } }
            }
        }
    };
}

macro_rules! patched {
    ($($ty:ty),+) => { $(
        impl PatchedResource for $ty {
            fn patch_time(patch: &Self::Patch) -> Option<DateTime> {
                patch.last_updated.as_set().copied()
            }
        }
    )+ };
}

macro_rules! resources_of {
    ($version:ident $number:ident) => {
        const _: () = {
            use crate::$version::locations::{Connector, Evse, Location};
            use crate::$version::sessions::Session;

            root!($number, Location, Locations, LocationKey { location_id: id }; parts evses);
            root!($number, crate::$version::cdrs::Cdr, Cdrs, CdrKey { cdr_id: id }, cdr_token);
            root!($number, Session, Sessions, SessionKey { session_id: id }, cdr_token);
            root!($number, crate::$version::tariffs::Tariff, Tariffs, TariffKey { tariff_id: id });
            patched!(Location, Evse, Connector, Session);

            impl Resource for Evse {
                const MODULE: ModuleId = ModuleId::Locations;
                const VERSION: Version = Version::$number;
                type Key = EvseKey;
                type Root = Location;

                fn root_key(key: &EvseKey) -> LocationKey {
                    LocationKey { location_id: key.location_id.clone() }
                }

                fn find<'a>(root: &'a Location, key: &EvseKey) -> Option<&'a Self> {
                    root.evses.iter().find(|evse| evse.uid == key.evse_uid)
                }

                fn put_into(self, root: &mut Location, key: &EvseKey) -> Seat {
                    root.last_updated = root.last_updated.max(self.last_updated);
                    match root.evses.iter_mut().find(|evse| evse.uid == key.evse_uid) {
                        Some(evse) => {
                            *evse = self;
                            Seat::Replaced
                        }
                        None => {
                            root.evses.push(self);
                            Seat::Added
                        }
                    }
                }

                fn into_root(self) -> Option<Location> {
                    None
                }

                fn is_at(&self, at: &Owned<EvseKey>) -> bool {
                    self.uid == at.key.evse_uid
                }

                fn last_updated(&self) -> DateTime {
                    self.last_updated
                }

                fn newest_change(&self) -> DateTime {
                    let parts = self.connectors.iter().map(Resource::newest_change);
                    parts.fold(self.last_updated, DateTime::max)
                }
            }

            impl Resource for Connector {
                const MODULE: ModuleId = ModuleId::Locations;
                const VERSION: Version = Version::$number;
                type Key = ConnectorKey;
                type Root = Location;

                fn root_key(key: &ConnectorKey) -> LocationKey {
                    LocationKey { location_id: key.location_id.clone() }
                }

                fn find<'a>(root: &'a Location, key: &ConnectorKey) -> Option<&'a Self> {
                    let evse = root.evses.iter().find(|evse| evse.uid == key.evse_uid)?;
                    evse.connectors.iter().find(|connector| connector.id == key.connector_id)
                }

                fn put_into(self, root: &mut Location, key: &ConnectorKey) -> Seat {
                    let Some(evse) = root.evses.iter_mut().find(|evse| evse.uid == key.evse_uid) else {
                        return Seat::NoParent;
                    };
                    root.last_updated = root.last_updated.max(self.last_updated);
                    evse.last_updated = evse.last_updated.max(self.last_updated);
                    match evse.connectors.iter_mut().find(|connector| connector.id == key.connector_id) {
                        Some(connector) => {
                            *connector = self;
                            Seat::Replaced
                        }
                        None => {
                            evse.connectors.push(self);
                            Seat::Added
                        }
                    }
                }

                fn into_root(self) -> Option<Location> {
                    None
                }

                fn is_at(&self, at: &Owned<ConnectorKey>) -> bool {
                    self.id == at.key.connector_id
                }

                fn last_updated(&self) -> DateTime {
                    self.last_updated
                }
            }
        };
    };
}

resources_of!(v2_2_1 V2_2_1);
resources_of!(v2_3_0 V2_3_0);
// The same type in both versions.
root!(V2_2_1, crate::v2_2_1::tokens::Token, Tokens, TokenKey { uid: uid, r#type: r#type });
patched!(crate::v2_2_1::tokens::Token);
