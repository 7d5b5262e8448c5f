//! Objects that are pushed: their kinds, as documents and as types.

use ocpi_server_traits::Published;
use ocpi_types::endpoint::{
    EvseKey, Key, LocationKey, Owned, PatchedResource, SessionKey, TariffKey, TokenKey,
};
use ocpi_types::protocol::Party;
use ocpi_types::{ModuleId, Object};

/// Kind of the objects of a collection.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Kind {
    Location,
    Session,
    Tariff,
    Token,
    Cdr,
    Invoice,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Location, Self::Session, Self::Tariff, Self::Token, Self::Cdr, Self::Invoice];

    /// The kind of a collection, if its objects are pushed.
    pub(crate) fn of(collection: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.collection() == collection)
    }

    pub(crate) fn collection(self) -> &'static str {
        use ocpi_types::v2_3_0;
        match self {
            Self::Location => v2_3_0::locations::Location::INFO.name,
            Self::Session => v2_3_0::sessions::Session::INFO.name,
            Self::Tariff => v2_3_0::tariffs::Tariff::INFO.name,
            Self::Token => v2_3_0::tokens::Token::INFO.name,
            Self::Cdr => v2_3_0::cdrs::Cdr::INFO.name,
            Self::Invoice => v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord::INFO.name,
        }
    }

    pub(crate) fn module(self) -> ModuleId {
        match self {
            Self::Location => ModuleId::Locations,
            Self::Session => ModuleId::Sessions,
            Self::Tariff => ModuleId::Tariffs,
            Self::Token => ModuleId::Tokens,
            Self::Cdr => ModuleId::Cdrs,
            Self::Invoice => ModuleId::InvoiceReconciliation,
        }
    }

    /// Whether its objects are posted once, and not kept the same at the partner.
    pub(crate) fn is_message(self) -> bool {
        matches!(self, Self::Cdr | Self::Invoice)
    }
}

/// An object whose newest state partners have.
pub(crate) trait Pushed: Published + PatchedResource {
    /// A part that has a URL of its own; the object itself where there is none.
    type Part: PatchedResource<Root = Self>;

    /// The place of a part.
    fn part_at(
        at: &Owned<Self::Key>,
        part: &str,
    ) -> Option<Owned<<Self::Part as ocpi_types::endpoint::Addressed>::Key>>;

    /// Leaves of a list that only grows what stands from a place on.
    fn keep_from(&mut self, list: &str, place: usize) {
        let _ = (list, place);
    }

    /// The key from the segments of its path.
    fn key_of(segments: &[&str]) -> Option<Self::Key>;
}

macro_rules! pushed {
    ($version:ident) => {
        const _: () = {
            use ocpi_types::$version::locations::{Evse, Location};
            use ocpi_types::$version::sessions::Session;
            use ocpi_types::$version::tariffs::Tariff;

            impl Pushed for Location {
                type Part = Evse;

                fn part_at(at: &Owned<LocationKey>, part: &str) -> Option<Owned<EvseKey>> {
                    let key =
                        EvseKey { location_id: at.key.location_id.clone(), evse_uid: part.parse().ok()? };
                    Some(Owned { owner: at.owner.clone(), key })
                }

                fn key_of(segments: &[&str]) -> Option<LocationKey> {
                    Some(LocationKey { location_id: segments.first()?.parse().ok()? })
                }
            }

            impl Pushed for Session {
                type Part = Self;

                fn part_at(_: &Owned<SessionKey>, _: &str) -> Option<Owned<SessionKey>> {
                    None
                }

                fn keep_from(&mut self, list: &str, place: usize) {
                    if list == "charging_periods" {
                        self.charging_periods.drain(..place.min(self.charging_periods.len()));
                    }
                }

                fn key_of(segments: &[&str]) -> Option<SessionKey> {
                    Some(SessionKey { session_id: segments.first()?.parse().ok()? })
                }
            }

            impl Pushed for Tariff {
                type Part = Self;

                fn part_at(_: &Owned<TariffKey>, _: &str) -> Option<Owned<TariffKey>> {
                    None
                }

                fn key_of(segments: &[&str]) -> Option<TariffKey> {
                    Some(TariffKey { tariff_id: segments.first()?.parse().ok()? })
                }
            }
        };
    };
}

pushed!(v2_2_1);
pushed!(v2_3_0);

impl Pushed for ocpi_types::v2_3_0::tokens::Token {
    type Part = Self;

    fn part_at(_: &Owned<TokenKey>, _: &str) -> Option<Owned<TokenKey>> {
        None
    }

    /// A token is never deleted.
    fn key_of(_: &[&str]) -> Option<TokenKey> {
        None
    }
}

/// Does something with the type of a document, given its kind and the version that it was written in.
macro_rules! with_pushed {
    ($kind:expr, $format:expr, $object:ident => $do:expr, else $otherwise:expr) => {{
        use ocpi_types::Version;
        use $crate::push::kinds::Kind;
        let is_older = $format == Version::V2_2_1.as_str();
        let is_newer = $format == Version::V2_3_0.as_str();
        match $kind {
            Kind::Location if is_newer => {
                type $object = ocpi_types::v2_3_0::locations::Location;
                $do
            }
            Kind::Location if is_older => {
                type $object = ocpi_types::v2_2_1::locations::Location;
                $do
            }
            Kind::Session if is_newer => {
                type $object = ocpi_types::v2_3_0::sessions::Session;
                $do
            }
            Kind::Session if is_older => {
                type $object = ocpi_types::v2_2_1::sessions::Session;
                $do
            }
            Kind::Tariff if is_newer => {
                type $object = ocpi_types::v2_3_0::tariffs::Tariff;
                $do
            }
            Kind::Tariff if is_older => {
                type $object = ocpi_types::v2_2_1::tariffs::Tariff;
                $do
            }
            // The same type in both versions.
            Kind::Token if is_older => {
                type $object = ocpi_types::v2_2_1::tokens::Token;
                $do
            }
            _ => $otherwise,
        }
    }};
}

pub(crate) use with_pushed;

/// The path of an object that was taken back, kept beside its tombstone: owner and key.
pub(crate) fn gone<K: Key>(stamps: &[u8], key: impl FnOnce(&[&str]) -> Option<K>) -> Option<Owned<K>> {
    let segments: Vec<&str> = std::str::from_utf8(stamps).ok()?.split('\n').collect();
    let [head, country, party, rest @ ..] = segments.as_slice() else { return None };
    if *head != ocpi_server_traits::GONE {
        return None;
    }
    Some(Owned { owner: Party::new(country, party).ok()?, key: key(rest)? })
}
