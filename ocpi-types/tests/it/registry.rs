//! Every object and enum of the library, by version and chapter.
//!
//! One that is forgotten here is found by the census, because the specification's tables have it.

use std::any::TypeId;

use ocpi_types::{EnumInfo, Object, ObjectInfo, Ruleset, Version, Versions};

/// An object or an enum: its chapter, its Rust type, and the facts about it.
pub(crate) struct Entry<I: 'static> {
    pub(crate) chapter: &'static str,
    /// The documents that have it, as far as they are of the version.
    pub(crate) documents: Versions,
    pub(crate) id: TypeId,
    pub(crate) info: &'static I,
    /// Reads a document of such objects; of enums, nothing.
    pub(crate) read: fn(&[u8], &'static Ruleset) -> String,
    /// Generates values that conform to the profile, and holds them to it.
    #[cfg(feature = "proptest")]
    pub(crate) holds: fn(&'static Ruleset),
    /// Generates values, and puts every deviation into every member; of enums, nothing.
    #[cfg(feature = "proptest")]
    pub(crate) mutate: fn(&'static Ruleset, &std::cell::Cell<usize>),
}

/// The objects of a version, those of its branches too.
macro_rules! objects {
    ($($ruleset:ident in $version:ident { $($chapter:ident: $($name:ident),+;)+ })+) => {
        pub(crate) fn objects(version: Version) -> Vec<Entry<ObjectInfo>> {
            let mut entries = Vec::new();
            $(if Ruleset::$ruleset.version() == version {
                $($(entries.push(Entry {
                    chapter: stringify!($chapter),
                    documents: documents_of(stringify!($ruleset)),
                    id: TypeId::of::<ocpi_types::$version::$chapter::$name>(),
                    info: <ocpi_types::$version::$chapter::$name as Object>::INFO,
                    read: crate::corpus::outcome::<ocpi_types::$version::$chapter::$name>,
                    #[cfg(feature = "proptest")]
                    holds: crate::strategies::holds::<ocpi_types::$version::$chapter::$name>,
                    #[cfg(feature = "proptest")]
                    mutate: crate::mutations::mutate::<ocpi_types::$version::$chapter::$name>,
                });)+)+
            })+
            entries
        }
    };
}

ocpi_types::for_each_object!(objects);

/// The documents that have the objects of a rule set, as far as they are of its version.
fn documents_of(ruleset: &str) -> Versions {
    match ruleset {
        "V2_3_0_PAYMENTS" => Versions::PAYMENTS,
        "V2_3_0_BOOKINGS" => Versions::BOOKINGS,
        _ => Versions::ALL,
    }
}

/// Enums of every document of a version; or, with `in PAYMENTS`, of those that have a branch.
macro_rules! enums {
    (in $documents:ident, $($version:ident::$chapter:ident: $($name:ident),+;)+) => {
        vec![$($(Entry {
            chapter: stringify!($chapter),
            documents: Versions::$documents,
            id: TypeId::of::<ocpi_types::$version::$chapter::$name>(),
            info: ocpi_types::$version::$chapter::$name::INFO,
            read: crate::corpus::outcome::<ocpi_types::$version::$chapter::$name>,
            #[cfg(feature = "proptest")]
            holds: crate::strategies::holds::<ocpi_types::$version::$chapter::$name>,
            #[cfg(feature = "proptest")]
            mutate: |_, _| {},
        }),+),+]
    };
    ($($list:tt)+) => { enums![in ALL, $($list)+] };
}

pub(crate) fn enums(version: Version) -> Vec<Entry<EnumInfo>> {
    match version {
        Version::V2_1_1 => enums![
            v2_1_1::versions: ModuleId, VersionNumber;
            v2_1_1::locations: Capability, ConnectorFormat, ConnectorType, EnergySourceCategory,
                EnvironmentalImpactCategory, Facility, ImageCategory, LocationType, ParkingRestriction,
                PowerType, Status;
            v2_1_1::sessions: SessionStatus;
            v2_1_1::cdrs: AuthMethod, CdrDimensionType;
            v2_1_1::tariffs: DayOfWeek, TariffDimensionType;
            v2_1_1::tokens: Allowed, TokenType, WhitelistType;
            v2_1_1::commands: CommandResponseType, CommandType;
        ],
        Version::V2_2 | Version::V2_2_1 => enums![
            v2_2_1::versions: InterfaceRole, ModuleId, VersionNumber;
            v2_2_1::locations: Capability, ConnectorFormat, ConnectorType, EnergySourceCategory,
                EnvironmentalImpactCategory, Facility, ImageCategory, ParkingRestriction, ParkingType,
                PowerType, Status;
            v2_2_1::sessions: ChargingPreferencesResponse, ProfileType, SessionStatus;
            v2_2_1::cdrs: AuthMethod, CdrDimensionType;
            v2_2_1::tariffs: DayOfWeek, ReservationRestrictionType, TariffDimensionType, TariffType;
            v2_2_1::tokens: AllowedType, TokenType, WhitelistType;
            v2_2_1::commands: CommandResponseType, CommandResultType, CommandType;
            v2_2_1::charging_profiles: ChargingRateUnit, ChargingProfileResponseType,
                ChargingProfileResultType;
            v2_2_1::hub_client_info: ConnectionStatus;
            v2_2_1::types: Role;
        ],
        Version::V2_3_0 => enums_of_2_3_0(),
    }
}

fn enums_of_2_3_0() -> Vec<Entry<EnumInfo>> {
    let core = enums![
        v2_3_0::versions: InterfaceRole, ModuleId, VersionNumber;
        v2_3_0::locations: Capability, ConnectorCapability, ConnectorFormat, ConnectorType,
            EnergySourceCategory, EnvironmentalImpactCategory, EvsePosition, Facility, ImageCategory,
            ParkingDirection, ParkingRestriction, ParkingType, PowerType, Status, VehicleType;
        v2_3_0::sessions: ChargingPreferencesResponse, ProfileType, SessionStatus;
        v2_3_0::cdrs: AuthMethod, CdrDimensionType;
        v2_3_0::tariffs: DayOfWeek, ReservationRestrictionType, TariffDimensionType, TariffType,
            TaxIncluded;
        v2_3_0::tokens: AllowedType, TokenType, WhitelistType;
        v2_3_0::commands: CommandResponseType, CommandResultType, CommandType;
        v2_3_0::charging_profiles: ChargingRateUnit, ChargingProfileResponseType,
            ChargingProfileResultType;
        v2_3_0::hub_client_info: ConnectionStatus;
        v2_3_0::types: Role;
    ];
    let payments = enums![in PAYMENTS,
        v2_3_0::payments: InvoiceCreator, CaptureStatusCode;
    ];
    let bookings = enums![in BOOKINGS,
        v2_3_0::bookings: AccessMethod, CanceledReason, ReservationRequestStatus, ReservationStatus;
        v2_3_0::tariffs: BookingRestrictionType;
    ];
    [core, payments, bookings].into_iter().flatten().collect()
}
