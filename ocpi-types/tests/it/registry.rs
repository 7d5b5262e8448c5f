//! Every object and enum of the library, by version and chapter.
//!
//! One that is forgotten here is found by the census, because the specification's tables have it.

use std::any::TypeId;

use ocpi_types::{EnumInfo, Object, ObjectInfo, Version};

/// An object or an enum: where it stands, which Rust type it is, and what is known of it.
pub(crate) struct Entry<I: 'static> {
    pub(crate) chapter: &'static str,
    pub(crate) id: TypeId,
    pub(crate) info: &'static I,
}

macro_rules! objects {
    ($($version:ident::$chapter:ident: $($name:ident),+;)+) => {
        vec![$($(Entry {
            chapter: stringify!($chapter),
            id: TypeId::of::<ocpi_types::$version::$chapter::$name>(),
            info: <ocpi_types::$version::$chapter::$name as Object>::INFO,
        }),+),+]
    };
}

macro_rules! enums {
    ($($version:ident::$chapter:ident: $($name:ident),+;)+) => {
        vec![$($(Entry {
            chapter: stringify!($chapter),
            id: TypeId::of::<ocpi_types::$version::$chapter::$name>(),
            info: ocpi_types::$version::$chapter::$name::INFO,
        }),+),+]
    };
}

pub(crate) fn objects(version: Version) -> Vec<Entry<ObjectInfo>> {
    match version {
        Version::V2_2_1 => objects![
            v2_2_1::versions: Version, VersionDetails, Endpoint;
            v2_2_1::credentials: Credentials, CredentialsRole;
            v2_2_1::locations: Location, Evse, Connector, AdditionalGeoLocation, BusinessDetails, EnergyMix,
                EnergySource, EnvironmentalImpact, ExceptionalPeriod, GeoLocation, Hours, Image,
                PublishTokenType, RegularHours, StatusSchedule;
            v2_2_1::sessions: Session, ChargingPreferences;
            v2_2_1::cdrs: Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue;
            v2_2_1::tariffs: Tariff, PriceComponent, TariffElement, TariffRestrictions;
            v2_2_1::tokens: AuthorizationInfo, Token, EnergyContract, LocationReferences;
            v2_2_1::commands: CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession,
                StopSession, UnlockConnector;
            v2_2_1::types: DisplayText, Price;
        ],
        Version::V2_3_0 => objects![
            v2_3_0::versions: Version, VersionDetails, Endpoint;
            v2_3_0::credentials: Credentials, CredentialsRole;
            v2_3_0::locations: Location, Evse, Connector, Parking, AdditionalGeoLocation, BusinessDetails,
                EnergyMix, EnergySource, EnvironmentalImpact, EvseParking, ExceptionalPeriod, GeoLocation,
                Hours, Image, PublishTokenType, RegularHours, StatusSchedule;
            v2_3_0::sessions: Session, ChargingPreferences;
            v2_3_0::cdrs: Cdr, CdrDimension, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue;
            v2_3_0::tariffs: Tariff, PriceComponent, PriceLimit, TariffElement, TariffRestrictions;
            v2_3_0::tokens: AuthorizationInfo, Token, EnergyContract, LocationReferences;
            v2_3_0::commands: CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession,
                StopSession, UnlockConnector;
            v2_3_0::types: DisplayText, Price, TaxAmount;
        ],
        other => panic!("no objects of {other}"),
    }
}

pub(crate) fn enums(version: Version) -> Vec<Entry<EnumInfo>> {
    match version {
        Version::V2_2_1 => enums![
            v2_2_1::versions: InterfaceRole, ModuleId, VersionNumber;
            v2_2_1::locations: Capability, ConnectorFormat, ConnectorType, EnergySourceCategory,
                EnvironmentalImpactCategory, Facility, ImageCategory, ParkingRestriction, ParkingType,
                PowerType, Status;
            v2_2_1::sessions: ChargingPreferencesResponse, ProfileType, SessionStatus;
            v2_2_1::cdrs: AuthMethod, CdrDimensionType;
            v2_2_1::tariffs: DayOfWeek, ReservationRestrictionType, TariffDimensionType, TariffType;
            v2_2_1::tokens: AllowedType, TokenType, WhitelistType;
            v2_2_1::commands: CommandResponseType, CommandResultType, CommandType;
            v2_2_1::types: Role;
        ],
        Version::V2_3_0 => enums![
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
            v2_3_0::types: Role;
        ],
        other => panic!("no enums of {other}"),
    }
}
