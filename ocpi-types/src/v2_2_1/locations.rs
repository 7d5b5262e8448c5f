//! Locations: where the chargers are, which plugs they have, when they can be used and whether they are
//! free.
//!
//! A location holds EVSEs, and an EVSE holds connectors. The CPO owns this data: it pushes whole objects
//! with PUT and changes with PATCH to eMSPs and navigation providers, who can also fetch everything from
//! the CPO. Nothing is ever deleted: an EVSE that is gone gets the status `REMOVED`, and a location
//! without a usable EVSE counts as expired. A change of a connector or EVSE also moves `last_updated` of
//! the objects around it.
//!
//! Spec: 2.2.1 mod_locations

pub(crate) mod hardware;
pub(crate) mod places;

use super::tokens::TokenType;
use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::patch::merge_parts;
use crate::{
    Check, CiString, CountryCode, CountryCode3, DateTime, Decimal, Digits, Latitude, Longitude, NonEmpty,
    Object, PartyId, Private, Rule, Text, TimeOfDay, TimeZone, Url, rules,
};

object! {
    /// A place with chargers that belong together.
    ///
    /// Usually the spot where the EVSEs stand; it can also be the entrance of a car park that has them
    /// inside. Locations with `publish` false must stay hidden from everyone but the token owners in
    /// `publish_allowed_to`. Chargers that are neither shown nor controlled through OCPI are better not
    /// sent.
    ///
    /// Spec: 2.2.1 mod_locations §location_object
    pub struct Location = "Location", init LocationInit, patch LocationPatch merges merge_evses, rules location_rules {
        /// Country of the CPO that owns the location, as an ISO 3166-1 alpha-2 code.
        pub country_code: CountryCode,
        /// Id of the CPO that owns the location.
        pub party_id: PartyId,
        /// Identifies the location inside the platform of its CPO. Never changes.
        pub id: CiString<36>,
        /// Whether apps and websites may show the location to everybody. Make two locations of a place
        /// where some EVSEs are public and some are not.
        pub publish: bool,
        /// Tokens whose owners may see a location that is not public. Only allowed when `publish` is false.
        /// A token fits when it agrees with all members that one entry has.
        pub publish_allowed_to: Vec<PublishTokenType>,
        /// Name to show to drivers.
        pub name: Option<Text<255>>,
        /// Street or block, with the house number if there is one. Early prints of the specification
        /// allowed 45 characters only.
        pub address: Text<255>,
        /// City, town or village.
        pub city: Text<45>,
        /// Postal code. Only absent where the place has none, as along some motorways.
        pub postal_code: Option<Text<10>>,
        /// State or province, where that matters. Early prints of the specification allowed 20
        /// characters only.
        pub state: Option<Text<45>>,
        /// Country of the location, as an ISO 3166-1 alpha-3 code.
        pub country: CountryCode3,
        /// Where the location is.
        pub coordinates: GeoLocation,
        /// Further points that help a driver, such as entrances.
        pub related_locations: Vec<AdditionalGeoLocation>,
        /// Kind of parking.
        pub parking_type: Option<ParkingType>,
        /// The EVSEs at this location.
        pub evses: Vec<Evse>,
        /// Directions to the location, one text per language.
        pub directions: Vec<DisplayText>,
        /// Company that operates the location. When absent, the business details of the owning CPO in its
        /// credentials apply.
        pub operator: Option<Box<BusinessDetails>>,
        /// Company that operates it on behalf of the operator.
        pub suboperator: Option<Box<BusinessDetails>>,
        /// Company that owns the location.
        pub owner: Option<Box<BusinessDetails>>,
        /// Further facilities at the location.
        pub facilities: Vec<Facility>,
        /// Time zone of the location, as a name of the IANA database such as `Europe/Oslo`.
        pub time_zone: TimeZone,
        /// When a driver can get to the EVSEs to charge.
        pub opening_times: Option<Box<Hours>>,
        /// Whether charging goes on outside the opening hours, as in a car park that is locked at night.
        /// Absent means true.
        pub charging_when_closed: Option<bool>,
        /// Photos and logos.
        pub images: Vec<Image>,
        /// Where the energy comes from.
        pub energy_mix: Option<Box<EnergyMix>>,
        /// When the location, or an EVSE or connector in it, last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// One spot where one vehicle can charge at a time.
    ///
    /// If its own directions do not suffice to find it from the location, it belongs in a location of
    /// its own. With OCPP 1.x charge points, a CPO should declare one EVSE per connector.
    ///
    /// Spec: 2.2.1 mod_locations §evse_object
    pub struct Evse = "EVSE", init EvseInit, patch EvsePatch merges merge_connectors, rules evse_rules {
        /// Identifies the EVSE inside the platform of its CPO; never changes and is never used again for
        /// another one. Not meant for people to read, and better not a hardware id: hardware can move.
        pub uid: CiString<36>,
        /// The public id of the EVSE, in the eMI3 format. May be dropped once the status is `REMOVED`,
        /// so that it can be given to another EVSE.
        pub evse_id: Option<CiString<48>>,
        /// Current status.
        pub status: Status,
        /// Statuses that are planned for later. For information only: the CPO still sends each change of
        /// `status`.
        pub status_schedule: Vec<StatusSchedule>,
        /// Capabilities of the EVSE.
        pub capabilities: Vec<Capability>,
        /// Plugs and sockets; one of them in use at a time.
        pub connectors: NonEmpty<Connector>,
        /// Floor of the building, numbered as is usual on site.
        pub floor_level: Option<Text<4>>,
        /// Where the EVSE is, if more exact than the location.
        pub coordinates: Option<GeoLocation>,
        /// Number or text that is printed on the outside, so that a driver can find it.
        pub physical_reference: Option<Text<16>>,
        /// Directions from the location to the EVSE, one text per language.
        pub directions: Vec<DisplayText>,
        /// Limits on the vehicles and people that may park there.
        pub parking_restrictions: Vec<ParkingRestriction>,
        /// Photos and logos.
        pub images: Vec<Image>,
        /// When the EVSE or a connector of it last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A socket, or a cable with a plug, of an EVSE.
    ///
    /// Spec: 2.2.1 mod_locations §connector_object
    pub struct Connector = "Connector", init ConnectorInit, patch ConnectorPatch, rules connector_rules {
        /// Identifies the connector inside its EVSE. Connectors of other EVSEs may have the same id.
        pub id: CiString<36>,
        /// The kind of plug.
        pub standard: ConnectorType,
        /// Pattern of the connector: a socket or a fixed cable.
        pub format: ConnectorFormat,
        /// Direct current, or alternating current with its number of phases.
        pub power_type: PowerType,
        /// Highest voltage, in volt. With `AC_3_PHASE` this is measured between a phase and neutral.
        pub max_voltage: i64,
        /// Highest current, in ampere.
        pub max_amperage: i64,
        /// Highest power, in watt. Should be given when it is less than voltage and current (and phases)
        /// allow.
        pub max_electric_power: Option<i64>,
        /// Tariffs that apply now. At any time, at most one of each tariff type may be active; with
        /// charging preferences there should be one per profile. Free charging also needs a tariff, one
        /// that costs nothing.
        pub tariff_ids: Vec<CiString<36>>,
        /// Where the operator's terms can be read.
        pub terms_and_conditions: Option<Url>,
        /// When the connector last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A point near a location that helps a driver, such as an entrance. Coordinates are WGS 84.
    ///
    /// Spec: 2.2.1 mod_locations §additionalgeolocation_class
    pub struct AdditionalGeoLocation = "AdditionalGeoLocation", init AdditionalGeoLocationInit,
        rules additional_geo_location_rules {
        /// Latitude in decimal degrees, with 5 to 7 decimals.
        pub latitude: Latitude,
        /// Longitude in decimal degrees, with 5 to 7 decimals.
        pub longitude: Longitude,
        /// Name of the point, as used locally or on its signs, for instance the street of a car park
        /// entrance.
        pub name: Option<DisplayText>,
    }
}

object! {
    /// A company to show to drivers.
    ///
    /// Spec: 2.2.1 mod_locations §businessdetails_class
    pub struct BusinessDetails = "BusinessDetails", init BusinessDetailsInit {
        /// Name of the company.
        pub name: Text<100>,
        /// Its website.
        pub website: Option<Url>,
        /// Its logo.
        pub logo: Option<Box<Image>>,
    }
}

open_enum! {
    /// Capability of an EVSE.
    ///
    /// For a payment terminal, several values together tell which cards it takes, and in which manner.
    ///
    /// Spec: 2.2.1 mod_locations §capability_enum
    pub enum Capability = "Capability", open V2_3_0_UP {
        /// Follows charging profiles.
        ChargingProfileCapable = "CHARGING_PROFILE_CAPABLE",
        /// Takes the charging preferences of a driver into account. Not in 2.1.1.
        ChargingPreferencesCapable = "CHARGING_PREFERENCES_CAPABLE" in V2_2_UP,
        /// Its payment terminal reads cards by their chip. Not in 2.1.1.
        ChipCardSupport = "CHIP_CARD_SUPPORT" in V2_2_UP,
        /// Its payment terminal reads cards held near it. Not in 2.1.1.
        ContactlessCardSupport = "CONTACTLESS_CARD_SUPPORT" in V2_2_UP,
        /// Its payment terminal takes credit cards.
        CreditCardPayable = "CREDIT_CARD_PAYABLE",
        /// Its payment terminal takes debit cards. Not in 2.1.1.
        DebitCardPayable = "DEBIT_CARD_PAYABLE" in V2_2_UP,
        /// Its payment terminal has a keypad for PIN codes. Not in 2.1.1.
        PedTerminal = "PED_TERMINAL" in V2_2_UP,
        /// Can be started and stopped by command.
        RemoteStartStopCapable = "REMOTE_START_STOP_CAPABLE",
        /// Can be reserved.
        Reservable = "RESERVABLE",
        /// Has a reader for RFID tokens, which can authorise charging.
        RfidReader = "RFID_READER",
        /// A command to start a session there must name the connector. Typical for several connectors on an
        /// EVSE without OCPP 2.x. Not in 2.1.1.
        StartSessionConnectorRequired = "START_SESSION_CONNECTOR_REQUIRED" in V2_2_1_UP,
        /// Knows groups of tokens: a session may be started with one token and stopped with another of the
        /// same group. Not in 2.1.1.
        TokenGroupCapable = "TOKEN_GROUP_CAPABLE" in V2_2_UP,
        /// Its connectors lock, and the eMSP may ask to unlock them.
        UnlockCapable = "UNLOCK_CAPABLE",
    }
}

open_enum! {
    /// Pattern of a connector: a socket or a fixed cable.
    ///
    /// Spec: 2.2.1 mod_locations §connectorformat_enum
    pub enum ConnectorFormat = "ConnectorFormat", open NEVER {
        /// A socket. The driver brings a cable with a matching plug.
        Socket = "SOCKET",
        /// A fixed cable. The vehicle needs a matching inlet.
        Cable = "CABLE",
    }
}

open_enum! {
    /// The kind of plug or socket.
    ///
    /// Spec: 2.2.1 mod_locations §connectortype_enum
    pub enum ConnectorType = "ConnectorType", open V2_3_0_UP {
        /// CHAdeMO, direct current.
        Chademo = "CHADEMO",
        /// ChaoJi, direct current: common successor of CHAdeMO and GB/T. Not in 2.1.1.
        Chaoji = "CHAOJI" in V2_2_1_UP,
        /// Household type A: NEMA 1-15, 2 pins.
        DomesticA = "DOMESTIC_A",
        /// Household type B: NEMA 5-15, 3 pins.
        DomesticB = "DOMESTIC_B",
        /// Household type C: CEE 7/17, 2 pins.
        DomesticC = "DOMESTIC_C",
        /// Household type D: 3 pins.
        DomesticD = "DOMESTIC_D",
        /// Household type E: CEE 7/5, 3 pins.
        DomesticE = "DOMESTIC_E",
        /// Household type F: CEE 7/4 (Schuko), 3 pins.
        DomesticF = "DOMESTIC_F",
        /// Household type G: BS 1363 (Commonwealth), 3 pins.
        DomesticG = "DOMESTIC_G",
        /// Household type H: SI-32, 3 pins.
        DomesticH = "DOMESTIC_H",
        /// Household type I: AS 3112, 3 pins.
        DomesticI = "DOMESTIC_I",
        /// Household type J: SEV 1011, 3 pins.
        DomesticJ = "DOMESTIC_J",
        /// Household type K: DS 60884-2-D1, 3 pins.
        DomesticK = "DOMESTIC_K",
        /// Household type L: CEI 23-16-VII, 3 pins.
        DomesticL = "DOMESTIC_L",
        /// Household type M: BS 546, 3 pins. Not in 2.1.1.
        DomesticM = "DOMESTIC_M" in V2_2_1_UP,
        /// Household type N: NBR 14136, 3 pins. Not in 2.1.1.
        DomesticN = "DOMESTIC_N" in V2_2_1_UP,
        /// Household type O: TIS 166-2549, 3 pins. Not in 2.1.1.
        DomesticO = "DOMESTIC_O" in V2_2_1_UP,
        /// GB/T 20234.2, alternating current. Not in 2.1.1.
        GbtAc = "GBT_AC" in V2_2_1_UP,
        /// GB/T 20234.3, direct current. Not in 2.1.1.
        GbtDc = "GBT_DC" in V2_2_1_UP,
        /// IEC 60309-2 industrial, single phase, 16 A; mostly blue.
        Iec603092Single16 = "IEC_60309_2_single_16",
        /// IEC 60309-2 industrial, three phases, 16 A; mostly red.
        Iec603092Three16 = "IEC_60309_2_three_16",
        /// IEC 60309-2 industrial, three phases, 32 A; mostly red.
        Iec603092Three32 = "IEC_60309_2_three_32",
        /// IEC 60309-2 industrial, three phases, 64 A; mostly red.
        Iec603092Three64 = "IEC_60309_2_three_64",
        /// IEC 62196 type 1, also SAE J1772.
        Iec62196T1 = "IEC_62196_T1",
        /// Combined charging system on type 1 (CCS1), direct current.
        Iec62196T1Combo = "IEC_62196_T1_COMBO",
        /// IEC 62196 type 2, also called Mennekes.
        Iec62196T2 = "IEC_62196_T2",
        /// Combined charging system on type 2 (CCS2), direct current.
        Iec62196T2Combo = "IEC_62196_T2_COMBO",
        /// IEC 62196 type 3A.
        Iec62196T3A = "IEC_62196_T3A",
        /// IEC 62196 type 3C, also called Scame.
        Iec62196T3C = "IEC_62196_T3C",
        /// Megawatt charging system of CharIN. Only in 2.3.0 and later.
        Mcs = "MCS" in V2_3_0_UP,
        /// NEMA 5-20, 3 pins. Not in 2.1.1.
        Nema520 = "NEMA_5_20" in V2_2_1_UP,
        /// NEMA 6-30, 3 pins. Not in 2.1.1.
        Nema630 = "NEMA_6_30" in V2_2_1_UP,
        /// NEMA 6-50, 3 pins. Not in 2.1.1.
        Nema650 = "NEMA_6_50" in V2_2_1_UP,
        /// NEMA 10-30, 3 pins. Not in 2.1.1.
        Nema1030 = "NEMA_10_30" in V2_2_1_UP,
        /// NEMA 10-50, 3 pins. Not in 2.1.1.
        Nema1050 = "NEMA_10_50" in V2_2_1_UP,
        /// NEMA 14-30, 3 pins, 30 A. Not in 2.1.1.
        Nema1430 = "NEMA_14_30" in V2_2_1_UP,
        /// NEMA 14-50, 3 pins, 50 A. Not in 2.1.1.
        Nema1450 = "NEMA_14_50" in V2_2_1_UP,
        /// Pantograph on the vehicle that rises to the charger; mostly buses. Not in 2.1.1.
        PantographBottomUp = "PANTOGRAPH_BOTTOM_UP" in V2_2_UP,
        /// Pantograph on the charger that comes down to the vehicle; mostly buses. Not in 2.1.1.
        PantographTopDown = "PANTOGRAPH_TOP_DOWN" in V2_2_UP,
        /// SAE J3400, also NACS, the North American plug that Tesla designed. Only in 2.3.0 and later.
        SaeJ3400 = "SAE_J3400" in V2_3_0_UP,
        /// Tesla plug of the Roadster: round, 4 pins.
        TeslaR = "TESLA_R",
        /// Tesla plug of the Model S: oval, 5 pins. Fits SAE J3400, but talks over a CAN bus.
        TeslaS = "TESLA_S",
    }
}

object! {
    /// Sources of energy and their impact on the environment, for a location or a tariff.
    ///
    /// Spec: 2.2.1 mod_locations §energymix_class
    pub struct EnergyMix = "EnergyMix", init EnergyMixInit, rules energy_mix_rules {
        /// Whether all of it is renewable, without carbon dioxide and nuclear waste.
        pub is_green_energy: bool,
        /// Shares of the sources.
        pub energy_sources: Vec<EnergySource>,
        /// Waste and emissions per kWh.
        pub environ_impact: Vec<EnvironmentalImpact>,
        /// Name of the company that supplies the energy, to look up or show to drivers.
        pub supplier_name: Option<Text<64>>,
        /// Name of the energy product or contract of that supplier.
        pub energy_product_name: Option<Text<64>>,
    }
}

object! {
    /// The share of one source in an energy mix. The shares of a mix should make 100 percent.
    ///
    /// Spec: 2.2.1 mod_locations §energysource_class
    pub struct EnergySource = "EnergySource", init EnergySourceInit, rules energy_source_rules {
        /// The source.
        pub source: EnergySourceCategory,
        /// Its share in percent, from 0 to 100.
        pub percentage: Decimal,
    }
}

open_enum! {
    /// Kinds of energy source.
    ///
    /// Spec: 2.2.1 mod_locations §energysourcecategory_enum
    pub enum EnergySourceCategory = "EnergySourceCategory", open NEVER {
        /// Nuclear power.
        Nuclear = "NUCLEAR",
        /// Fossil fuels of any kind.
        GeneralFossil = "GENERAL_FOSSIL",
        /// Coal.
        Coal = "COAL",
        /// Gas.
        Gas = "GAS",
        /// Renewables of any kind.
        GeneralGreen = "GENERAL_GREEN",
        /// Solar panels.
        Solar = "SOLAR",
        /// Wind turbines.
        Wind = "WIND",
        /// Water turbines.
        Water = "WATER",
    }
}

object! {
    /// Amount of one kind of waste or emission that a kWh causes.
    ///
    /// Spec: 2.2.1 mod_locations §environmentalimpact_class
    pub struct EnvironmentalImpact = "EnvironmentalImpact", init EnvironmentalImpactInit {
        /// The kind.
        pub category: EnvironmentalImpactCategory,
        /// Amount, in gram per kWh.
        pub amount: Decimal,
    }
}

open_enum! {
    /// Kinds of waste and emission, each in gram per kWh.
    ///
    /// Spec: 2.2.1 mod_locations §environmentalimpactcategory_enum
    pub enum EnvironmentalImpactCategory = "EnvironmentalImpactCategory", open V2_3_0_UP {
        /// Nuclear waste.
        NuclearWaste = "NUCLEAR_WASTE",
        /// Carbon dioxide.
        CarbonDioxide = "CARBON_DIOXIDE",
    }
}

object! {
    /// A period with other opening hours than usual. Both ends are in UTC, unlike the regular hours.
    ///
    /// Spec: 2.2.1 mod_locations §exceptionalperiod_class
    pub struct ExceptionalPeriod = "ExceptionalPeriod", init ExceptionalPeriodInit,
        rules exceptional_period_rules {
        /// When it begins.
        pub period_begin: DateTime,
        /// When it ends.
        pub period_end: DateTime,
    }
}

open_enum! {
    /// Further facility at a location.
    ///
    /// Spec: 2.2.1 mod_locations §facility_enum
    pub enum Facility = "Facility", open V2_3_0_UP {
        /// Hotel.
        Hotel = "HOTEL",
        /// Restaurant.
        Restaurant = "RESTAURANT",
        /// Café.
        Cafe = "CAFE",
        /// Shopping centre.
        Mall = "MALL",
        /// Supermarket.
        Supermarket = "SUPERMARKET",
        /// Place for sports, such as a gym or a field.
        Sport = "SPORT",
        /// Recreation area.
        RecreationArea = "RECREATION_AREA",
        /// Park or nature, there or close by.
        Nature = "NATURE",
        /// Museum.
        Museum = "MUSEUM",
        /// Shared bikes or scooters, electric or not. Not in 2.1.1.
        BikeSharing = "BIKE_SHARING" in V2_2_UP,
        /// Bus stop.
        BusStop = "BUS_STOP",
        /// Taxi stand.
        TaxiStand = "TAXI_STAND",
        /// Tram stop or station. Not in 2.1.1.
        TramStop = "TRAM_STOP" in V2_2_UP,
        /// Metro station. Not in 2.1.1.
        MetroStation = "METRO_STATION" in V2_2_UP,
        /// Railway station.
        TrainStation = "TRAIN_STATION",
        /// Airport.
        Airport = "AIRPORT",
        /// Car park in the open. Not in 2.1.1.
        ParkingLot = "PARKING_LOT" in V2_2_UP,
        /// Parking for people who share a ride.
        CarpoolParking = "CARPOOL_PARKING",
        /// Petrol station.
        FuelStation = "FUEL_STATION",
        /// Wi-Fi or another way to reach the internet.
        Wifi = "WIFI",
    }
}

object! {
    /// A point on the map, in WGS 84.
    ///
    /// Five decimals are good for about a metre, seven for about a centimetre.
    ///
    /// Spec: 2.2.1 mod_locations §geolocation_class
    pub struct GeoLocation = "GeoLocation", init GeoLocationInit, rules geo_location_rules {
        /// Latitude in decimal degrees, with 5 to 7 decimals.
        pub latitude: Latitude,
        /// Longitude in decimal degrees, with 5 to 7 decimals.
        pub longitude: Longitude,
    }
}

object! {
    /// When a location can be used.
    ///
    /// Closings win over openings, and both win over the regular hours.
    ///
    /// Spec: 2.2.1 mod_locations §hours_class
    pub struct Hours = "Hours", init HoursInit, rules hours_rules {
        /// Whether it is always open, apart from the exceptions below.
        pub twentyfourseven: bool,
        /// Hours per weekday. Only used, and then not empty, when `twentyfourseven` is false.
        pub regular_hours: Vec<RegularHours>,
        /// Periods when it is open besides the regular hours. May overlap them.
        pub exceptional_openings: Vec<ExceptionalPeriod>,
        /// Periods when it is closed, regardless of the other members. Should not overlap the exceptional
        /// openings.
        pub exceptional_closings: Vec<ExceptionalPeriod>,
    }
}

object! {
    /// A link to a picture of an EVSE or location, or to a logo.
    ///
    /// Photos should have at least 800 by 600 pixels and thumbnails of 200 by 200; logos 512 by 512 and
    /// thumbnails of 128 by 128. Several images of one category are meant to be shown together. The picture
    /// itself is not sent through OCPI.
    ///
    /// Spec: 2.2.1 mod_locations §image_class
    pub struct Image = "Image", init ImageInit {
        /// Where a browser can fetch the picture.
        pub url: Url,
        /// Where a browser can fetch a small copy.
        pub thumbnail: Option<Url>,
        /// Subject of the picture.
        pub category: ImageCategory,
        /// File type, such as `jpeg`, `png`, `gif` or `svg`.
        pub r#type: CiString<4>,
        /// Width of the full picture, in pixels.
        pub width: Option<Digits<5>>,
        /// Height of the full picture, in pixels.
        pub height: Option<Digits<5>>,
    }
}

open_enum! {
    /// Subject of a picture.
    ///
    /// Spec: 2.2.1 mod_locations §imagecategory_enum
    pub enum ImageCategory = "ImageCategory", open V2_3_0_UP {
        /// Photo of the device with the EVSEs.
        Charger = "CHARGER",
        /// Photo of the way in for vehicles, taken from the street.
        Entrance = "ENTRANCE",
        /// Photo of the whole location.
        Location = "LOCATION",
        /// Logo of a roaming network, for lists, maps and details.
        Network = "NETWORK",
        /// Logo of the operator, for details, and for lists and maps when no network logo is given.
        Operator = "OPERATOR",
        /// Something else.
        Other = "OTHER",
        /// Logo of the owner, for details.
        Owner = "OWNER",
    }
}

open_enum! {
    /// Limit on the vehicles or people that may park at an EVSE.
    ///
    /// Spec: 2.2.1 mod_locations §parkingrestriction_enum
    pub enum ParkingRestriction = "ParkingRestriction", open V2_3_0_UP {
        /// Electric vehicles only.
        EvOnly = "EV_ONLY",
        /// Vehicles that are plugged in only.
        Plugged = "PLUGGED",
        /// Holders of a permit for people with disabilities only.
        Disabled = "DISABLED",
        /// Customers or guests only, for instance of a hotel or shop.
        Customers = "CUSTOMERS",
        /// Motorcycles and scooters only.
        Motorcycles = "MOTORCYCLES",
        /// People who work on the site only. Only in 2.3.0 and later.
        Employees = "EMPLOYEES" in V2_3_0_UP,
        /// Taxis only. Only in 2.3.0 and later.
        Taxis = "TAXIS" in V2_3_0_UP,
        /// People who live on the site only. Only in 2.3.0 and later.
        Tenants = "TENANTS" in V2_3_0_UP,
    }
}

open_enum! {
    /// Kind of parking of a location.
    ///
    /// Spec: 2.2.1 mod_locations §parkingtype_enum
    pub enum ParkingType = "ParkingType", open V2_3_0_UP {
        /// Rest area or car park along a motorway.
        AlongMotorway = "ALONG_MOTORWAY",
        /// Car park on several floors.
        ParkingGarage = "PARKING_GARAGE",
        /// Open car park, as at a supermarket.
        ParkingLot = "PARKING_LOT",
        /// Driveway of a house or building.
        OnDriveway = "ON_DRIVEWAY",
        /// Public street.
        OnStreet = "ON_STREET",
        /// Car park on several floors, most of them below ground.
        UndergroundGarage = "UNDERGROUND_GARAGE",
    }
}

open_enum! {
    /// Kind of current and number of phases.
    ///
    /// Spec: 2.2.1 mod_locations §powertype_enum
    pub enum PowerType = "PowerType", open NEVER {
        /// Alternating current, one phase.
        Ac1Phase = "AC_1_PHASE",
        /// Alternating current, two of three phases in use. Not in 2.1.1.
        Ac2Phase = "AC_2_PHASE" in V2_2_1_UP,
        /// Alternating current, two phases of a split-phase supply. Not in 2.1.1.
        Ac2PhaseSplit = "AC_2_PHASE_SPLIT" in V2_2_1_UP,
        /// Alternating current, three phases.
        Ac3Phase = "AC_3_PHASE",
        /// Direct current.
        Dc = "DC",
    }
}

object! {
    /// Describes the tokens whose owners may see a location that is not public.
    ///
    /// One of `uid`, `visual_number` and `group_id` must be given. `uid` needs `type` with it, and
    /// `visual_number` needs `issuer`. A token fits when it agrees with every member given.
    ///
    /// Spec: 2.2.1 mod_locations §publish_token_class
    pub struct PublishTokenType = "PublishTokenType", init PublishTokenTypeInit, rules publish_token_rules {
        /// Id of the token.
        pub uid: Option<Private<CiString<36>>>,
        /// Kind of token.
        pub r#type: Option<TokenType>,
        /// Number that is printed on the token.
        pub visual_number: Option<Private<Text<64>>>,
        /// Company that issued the token, mostly as printed on it; not always the eMSP.
        pub issuer: Option<Text<64>>,
        /// Group of tokens that count as one.
        pub group_id: Option<Private<CiString<36>>>,
    }
}

object! {
    /// A daily period on one weekday that comes back every week, in the local time of the location.
    ///
    /// Spec: 2.2.1 mod_locations §regularhours_class
    pub struct RegularHours = "RegularHours", init RegularHoursInit, rules regular_hours_rules {
        /// Day of the week, from 1 (Monday) to 7 (Sunday).
        pub weekday: Digits<1>,
        /// When it begins, in local time.
        pub period_begin: TimeOfDay,
        /// When it ends, in local time. Must be later than `period_begin`: a period cannot run past
        /// midnight.
        pub period_end: TimeOfDay,
    }
}

open_enum! {
    /// Status of an EVSE.
    ///
    /// Spec: 2.2.1 mod_locations §status_enum
    pub enum Status = "Status", open NEVER {
        /// Free and ready for a driver.
        Available = "AVAILABLE",
        /// Something stands in the way, such as a parked car.
        Blocked = "BLOCKED",
        /// In use.
        Charging = "CHARGING",
        /// Not yet in service, or out of service for a while, but not broken.
        Inoperative = "INOPERATIVE",
        /// Out of order; parts may be broken.
        Outoforder = "OUTOFORDER",
        /// Not there yet, but will be soon.
        Planned = "PLANNED",
        /// Gone for good.
        Removed = "REMOVED",
        /// Kept for a driver who reserved it.
        Reserved = "RESERVED",
        /// Not known, for instance because it is offline.
        Unknown = "UNKNOWN",
    }
}

object! {
    /// A status that an EVSE is going to have, to help drivers plan.
    ///
    /// For information only: when the time comes, the CPO still has to send the new status of the EVSE.
    ///
    /// Spec: 2.2.1 mod_locations §statusschedule_class
    pub struct StatusSchedule = "StatusSchedule", init StatusScheduleInit, rules status_schedule_rules {
        /// When it begins.
        pub period_begin: DateTime,
        /// When it ends. Absent when that is not known or there is no end.
        pub period_end: Option<DateTime>,
        /// The status during this time.
        pub status: Status,
    }
}

fn location_rules(location: &Location, check: &mut Check) {
    let allowed_to = !location.publish || location.publish_allowed_to.is_empty();
    check.expect_at("publish_allowed_to", allowed_to, Rule::PublishAllowedTo);
    rules::unique_ids(check, "evses", &location.evses, "uid", |evse| &evse.uid);
    let country = Some(&location.country);
    places::in_country_at(check, "coordinates", country, Some(&location.coordinates));
    related_in_country(check, country, &location.related_locations);
    rules::each(check, "evses", &location.evses, |evse, check| {
        places::in_country_at(check, "coordinates", country, evse.coordinates.as_ref());
        rules::no_newer(check, evse.last_updated, location.last_updated);
    });
    rules::fits_narrow(check, "Location", "address", location.address.as_str(), 255);
    let state = location.state.as_ref().map_or("", Text::as_str);
    rules::fits_narrow(check, "Location", "state", state, 45);
}

fn evse_rules(evse: &Evse, check: &mut Check) {
    rules::unique_ids(check, "connectors", &evse.connectors, "id", |connector| &connector.id);
    rules::each(check, "connectors", &evse.connectors, |connector, check| {
        rules::no_newer(check, connector.last_updated, evse.last_updated);
    });
}

fn connector_rules(connector: &Connector, check: &mut Check) {
    let read = |name, value| (name, connector.extra.has_read(Connector::INFO, name).then_some(value));
    let electric = hardware::Electric {
        power_type: &connector.power_type,
        voltage: read("max_voltage", connector.max_voltage),
        current: read("max_amperage", connector.max_amperage),
        power: ("max_electric_power", connector.max_electric_power),
    };
    hardware::is_possible(check, &electric);
}

fn geo_location_rules(place: &GeoLocation, check: &mut Check) {
    places::is_place(check, &place.latitude, &place.longitude);
}

fn additional_geo_location_rules(place: &AdditionalGeoLocation, check: &mut Check) {
    places::is_place(check, &place.latitude, &place.longitude);
}

/// The further points of a location are in its country.
pub(crate) fn related_in_country(
    check: &mut Check,
    country: Option<&CountryCode3>,
    related: &[AdditionalGeoLocation],
) {
    rules::each(check, "related_locations", related, |place, check| {
        places::in_country(check, country, &place.latitude, &place.longitude);
    });
}

fn energy_mix_rules(mix: &EnergyMix, check: &mut Check) {
    if mix.extra.has_read(EnergyMix::INFO, "energy_sources") {
        energy_sum(&mix.energy_sources, check);
    }
}

/// The shares add up to 100, or as near as shares come that are rounded to whole percents.
pub(crate) fn energy_sum(sources: &[EnergySource], check: &mut Check) {
    if !sources.iter().all(|source| source.extra.is_read(EnergySource::INFO)) {
        return;
    }
    let sum = sources.iter().try_fold(Decimal::ZERO, |sum, source| sum.checked_add(source.percentage));
    let off = sum.and_then(|sum| sum.checked_sub(Decimal::from(100)));
    let rounding = i64::try_from(sources.len()).map_or(Decimal::ZERO, |count| Decimal::new(count * 5, 1));
    let near =
        |off: Decimal| off <= rounding && off.checked_add(rounding).is_some_and(|sum| sum >= Decimal::ZERO);
    check.expect_at("energy_sources", sources.is_empty() || off.is_some_and(near), Rule::EnergySum);
}

fn energy_source_rules(source: &EnergySource, check: &mut Check) {
    let share = source.percentage;
    check.expect_at("percentage", !share.is_negative() && share <= Decimal::from(100), Rule::EnergyShare);
}

fn exceptional_period_rules(period: &ExceptionalPeriod, check: &mut Check) {
    rules::in_order(check, period.period_begin, "period_end", period.period_end);
}

fn status_schedule_rules(schedule: &StatusSchedule, check: &mut Check) {
    rules::in_order(check, schedule.period_begin, "period_end", schedule.period_end);
}

fn hours_rules(hours: &Hours, check: &mut Check) {
    if !hours.extra.is_read(Hours::INFO) {
        return;
    }
    let has_regular = !hours.regular_hours.is_empty();
    check.expect_at("regular_hours", hours.twentyfourseven || has_regular, Rule::HoursMissing);
    check.expect_at("regular_hours", !hours.twentyfourseven || !has_regular, Rule::HoursRedundant);
}

fn regular_hours_rules(hours: &RegularHours, check: &mut Check) {
    let has_day = hours.extra.has_read(RegularHours::INFO, "weekday");
    check.expect_at("weekday", !has_day || (1..=7).contains(&hours.weekday.get()), Rule::Weekday);
    // A time that is no time is reported already.
    if let (Some(begin), Some(end)) = (hours.period_begin.minutes(), hours.period_end.minutes()) {
        check.expect_at("period_end", begin < end, Rule::HoursOrder);
    }
}

fn publish_token_rules(token: &PublishTokenType, check: &mut Check) {
    if !token.extra.is_read(PublishTokenType::INFO) {
        return;
    }
    let (uid, number) = (token.uid.is_some(), token.visual_number.is_some());
    check.expect(uid || number || token.group_id.is_some(), Rule::PublishEmpty);
    check.expect_at("type", !uid || token.r#type.is_some(), Rule::PublishType);
    check.expect_at("issuer", !number || token.issuer.is_some(), Rule::PublishIssuer);
}

/// A PATCH changes the EVSEs that it lists and adds those that are new; it removes none.
fn merge_evses(location: &mut Location, patch: &mut LocationPatch) {
    let evses = patch.evses.take().unwrap_or_default();
    merge_parts(&mut location.evses, evses, |evse| &evse.uid);
}

/// A PATCH changes the Connectors that it lists and adds those that are new; it removes none.
fn merge_connectors(evse: &mut Evse, patch: &mut EvsePatch) {
    let connectors = patch.connectors.take().into_iter().flatten();
    merge_parts(evse.connectors.elements_mut(), connectors, |connector| &connector.id);
}
