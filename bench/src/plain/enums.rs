//! The enums, closed as serde derives them. The values are named as they are written, so that none needs another name.

#![allow(
    non_camel_case_types,
    clippy::upper_case_acronyms,
    reason = "these are the values of the specification"
)]

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum AuthMethod { AUTH_REQUEST, COMMAND, WHITELIST }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum Capability {
    CHARGING_PROFILE_CAPABLE, CHARGING_PREFERENCES_CAPABLE, CHIP_CARD_SUPPORT, CONTACTLESS_CARD_SUPPORT,
    CREDIT_CARD_PAYABLE, DEBIT_CARD_PAYABLE, PED_TERMINAL, REMOTE_START_STOP_CAPABLE, RESERVABLE, RFID_READER,
    START_SESSION_CONNECTOR_REQUIRED, TOKEN_GROUP_CAPABLE, UNLOCK_CAPABLE,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum CdrDimensionType {
    CURRENT, ENERGY, ENERGY_EXPORT, ENERGY_IMPORT, MAX_CURRENT, MIN_CURRENT, MAX_POWER, MIN_POWER, PARKING_TIME,
    POWER, RESERVATION_TIME, STATE_OF_CHARGE, TIME,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ConnectorCapability { ISO_15118_2_PLUG_AND_CHARGE, ISO_15118_20_PLUG_AND_CHARGE }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ConnectorFormat { SOCKET, CABLE }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ConnectorType {
    CHADEMO, CHAOJI, DOMESTIC_A, DOMESTIC_B, DOMESTIC_C, DOMESTIC_D, DOMESTIC_E, DOMESTIC_F, DOMESTIC_G, DOMESTIC_H,
    DOMESTIC_I, DOMESTIC_J, DOMESTIC_K, DOMESTIC_L, DOMESTIC_M, DOMESTIC_N, DOMESTIC_O, GBT_AC, GBT_DC,
    IEC_60309_2_single_16, IEC_60309_2_three_16, IEC_60309_2_three_32, IEC_60309_2_three_64, IEC_62196_T1,
    IEC_62196_T1_COMBO, IEC_62196_T2, IEC_62196_T2_COMBO, IEC_62196_T3A, IEC_62196_T3C, MCS, NEMA_5_20, NEMA_6_30,
    NEMA_6_50, NEMA_10_30, NEMA_10_50, NEMA_14_30, NEMA_14_50, PANTOGRAPH_BOTTOM_UP, PANTOGRAPH_TOP_DOWN,
    SAE_J3400, TESLA_R, TESLA_S,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum DayOfWeek { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum EnergySourceCategory { NUCLEAR, GENERAL_FOSSIL, COAL, GAS, GENERAL_GREEN, SOLAR, WIND, WATER }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum EnvironmentalImpactCategory { NUCLEAR_WASTE, CARBON_DIOXIDE }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum EvsePosition { LEFT, RIGHT, CENTER }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum Facility {
    HOTEL, RESTAURANT, CAFE, MALL, SUPERMARKET, SPORT, RECREATION_AREA, NATURE, MUSEUM, BIKE_SHARING, BUS_STOP,
    TAXI_STAND, TRAM_STOP, METRO_STATION, TRAIN_STATION, AIRPORT, PARKING_LOT, CARPOOL_PARKING, FUEL_STATION, WIFI,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ImageCategory { CHARGER, ENTRANCE, LOCATION, NETWORK, OPERATOR, OTHER, OWNER }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ParkingDirection { PARALLEL, PERPENDICULAR, ANGLE }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ParkingRestriction { CUSTOMERS, DISABLED, EMPLOYEES, EV_ONLY, MOTORCYCLES, PLUGGED, TAXIS, TENANTS }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ParkingType { ALONG_MOTORWAY, PARKING_GARAGE, PARKING_LOT, ON_DRIVEWAY, ON_STREET, UNDERGROUND_GARAGE }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum PowerType { AC_1_PHASE, AC_2_PHASE, AC_2_PHASE_SPLIT, AC_3_PHASE, DC }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum ReservationRestriction { RESERVATION, RESERVATION_EXPIRES }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum Status { AVAILABLE, BLOCKED, CHARGING, INOPERATIVE, OUTOFORDER, PLANNED, REMOVED, RESERVED, UNKNOWN }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum TariffDimensionType { ENERGY, FLAT, PARKING_TIME, TIME }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum TariffType { AD_HOC_PAYMENT, PROFILE_CHEAP, PROFILE_FAST, PROFILE_GREEN, REGULAR }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum TaxIncluded {
    YES,
    NO,
    #[serde(rename = "N/A")]
    NOT_APPLICABLE,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum TokenType { AD_HOC_USER, APP_USER, EMAID, OTHER, RFID }

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[rustfmt::skip]
pub enum VehicleType {
    MOTORCYCLE, PERSONAL_VEHICLE, PERSONAL_VEHICLE_WITH_TRAILER, VAN, SEMI_TRACTOR, RIGID, TRUCK_WITH_TRAILER, BUS,
    DISABLED,
}
