//! Every object and enum of the library, by version and chapter.
//!
//! One that is forgotten here is found by the census, because the specification's tables have it.

use std::any::TypeId;

use ocpi_types::{EnumInfo, Object, ObjectInfo, Version, Versions};

/// An object or an enum: its chapter, its Rust type, and the facts about it.
pub(crate) struct Entry<I: 'static> {
    pub(crate) chapter: &'static str,
    /// The documents that have it, as far as they are of the version.
    pub(crate) documents: Versions,
    pub(crate) id: TypeId,
    pub(crate) info: &'static I,
    /// Reads a document of such objects; of enums, nothing.
    pub(crate) read: fn(&[u8], &'static ocpi_types::Ruleset) -> String,
    /// Generates values that conform to the profile, and holds them to it.
    #[cfg(feature = "proptest")]
    pub(crate) holds: fn(&'static ocpi_types::Ruleset),
    /// Generates values, and puts every deviation into every member; of enums, nothing.
    #[cfg(feature = "proptest")]
    pub(crate) mutate: fn(&'static ocpi_types::Ruleset, &std::cell::Cell<usize>),
}

/// Objects of every document of a version; or, with `in PAYMENTS`, of those that have a branch.
macro_rules! objects {
    (in $documents:ident, $($version:ident::$chapter:ident: $($name:ident),+;)+) => {
        vec![$($(Entry {
            chapter: stringify!($chapter),
            documents: Versions::$documents,
            id: TypeId::of::<ocpi_types::$version::$chapter::$name>(),
            info: <ocpi_types::$version::$chapter::$name as Object>::INFO,
            read: crate::corpus::outcome::<ocpi_types::$version::$chapter::$name>,
            #[cfg(feature = "proptest")]
            holds: crate::strategies::holds::<ocpi_types::$version::$chapter::$name>,
            #[cfg(feature = "proptest")]
            mutate: crate::mutations::mutate::<ocpi_types::$version::$chapter::$name>,
        }),+),+]
    };
    ($($list:tt)+) => { objects![in ALL, $($list)+] };
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

pub(crate) fn objects(version: Version) -> Vec<Entry<ObjectInfo>> {
    match version {
        Version::V2_1_1 => objects![
            v2_1_1::versions: Version, VersionDetails, Endpoint;
            v2_1_1::credentials: Credentials;
            v2_1_1::locations: Location, Evse, Connector, AdditionalGeoLocation, BusinessDetails, EnergyMix,
                EnergySource, EnvironmentalImpact, ExceptionalPeriod, GeoLocation, Hours, Image, RegularHours,
                StatusSchedule;
            v2_1_1::sessions: Session;
            v2_1_1::cdrs: Cdr, CdrDimension, ChargingPeriod;
            v2_1_1::tariffs: Tariff, PriceComponent, TariffElement, TariffRestrictions;
            v2_1_1::tokens: AuthorizationInfo, Token, LocationReferences;
            v2_1_1::commands: CommandResponse, ReserveNow, StartSession, StopSession, UnlockConnector;
            v2_1_1::types: DisplayText;
        ],
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
            v2_2_1::charging_profiles: ChargingProfileResponse, ActiveChargingProfileResult,
                ChargingProfileResult, ClearProfileResult, SetChargingProfile, ActiveChargingProfile,
                ChargingProfile, ChargingProfilePeriod;
            v2_2_1::hub_client_info: ClientInfo;
            v2_2_1::types: DisplayText, Price;
        ],
        Version::V2_3_0 => objects_of_2_3_0(),
    }
}

fn objects_of_2_3_0() -> Vec<Entry<ObjectInfo>> {
    let core = objects![
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
        v2_3_0::charging_profiles: ChargingProfileResponse, ActiveChargingProfileResult,
            ChargingProfileResult, ClearProfileResult, SetChargingProfile, ActiveChargingProfile,
            ChargingProfile, ChargingProfilePeriod;
        v2_3_0::hub_client_info: ClientInfo;
        v2_3_0::invoice_reconciliation: InvoiceReconciliationRecord;
        v2_3_0::types: DisplayText, Price, TaxAmount;
    ];
    let payments = objects![in PAYMENTS,
        v2_3_0::payments: Terminal, FinancialAdviceConfirmation;
    ];
    let bookings = objects![in BOOKINGS,
        v2_3_0::bookings: Booking, BookingLocation, Calendar, AccessInformation, BookingOption,
            BookingRequest, BookingRequestStatus, BookingTerms, BookingToken, Cancellation, Period, Policy,
            Timeslot;
    ];
    [core, payments, bookings].into_iter().flatten().collect()
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
