//! Locations: where the chargers are, which plugs they have, how to park there and whether they are free.
//!
//! A location holds EVSEs and parking places, and an EVSE holds connectors. The CPO owns this data: it
//! pushes whole objects with PUT and changes with PATCH to eMSPs, navigation providers and national
//! access points, who can also fetch everything from the CPO. Nothing is ever deleted: an EVSE that is
//! gone gets the status `REMOVED`, and a location without a usable EVSE counts as expired. A change of a
//! connector or EVSE also moves `last_updated` of the objects around it.
//!
//! Spec: 2.3.0 mod_locations

use std::collections::BTreeSet;

// The same as in 2.2.1. Several of the enums are open now, and some have more values.
pub use crate::v2_2_1::locations::{
    AdditionalGeoLocation, AdditionalGeoLocationInit, BusinessDetails, BusinessDetailsInit, Capability,
    ConnectorFormat, ConnectorType, EnergyMix, EnergyMixInit, EnergySource, EnergySourceCategory,
    EnergySourceInit, EnvironmentalImpact, EnvironmentalImpactCategory, EnvironmentalImpactInit,
    ExceptionalPeriod, ExceptionalPeriodInit, Facility, GeoLocation, GeoLocationInit, Hours, HoursInit,
    Image, ImageCategory, ImageInit, ParkingRestriction, ParkingType, PowerType, PublishTokenType,
    PublishTokenTypeInit, RegularHours, RegularHoursInit, Status, StatusSchedule, StatusScheduleInit,
};

use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::patch::merge_parts;
use crate::v2_2_1::locations::{hardware, places, related_in_country};
use crate::{
    Check, CiString, CountryCode, CountryCode3, DateTime, Decimal, NonEmpty, Object, PartyId, Rule, Text,
    TimeZone, Url, rules,
};

object! {
    /// A place with chargers that belong together.
    ///
    /// New against 2.2.1 are `parking_places` and `help_phone`. Usually the spot where the EVSEs stand;
    /// it can also be the entrance of a car park that has them inside. Locations with `publish` false
    /// must stay hidden from everyone but the token owners in `publish_allowed_to`. Chargers that are
    /// neither shown nor controlled through OCPI are better not sent.
    ///
    /// Spec: 2.3.0 mod_locations §location_object
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
        /// Parking places for vehicles that charge at this location.
        pub parking_places: Vec<Parking>,
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
        /// Phone number a driver can call for help, mostly that of the CPO.
        pub help_phone: Option<CiString<25>>,
        /// When the location, or an EVSE or connector in it, last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// One spot where one vehicle can charge at a time.
    ///
    /// New against 2.2.1 are `parking` and `accepted_service_providers`. If its own directions do not
    /// suffice to find it from the location, it belongs in a location of its own. With OCPP 1.x charge
    /// points, a CPO should declare one EVSE per connector.
    ///
    /// Spec: 2.3.0 mod_locations §evse_object
    pub struct Evse = "EVSE", init EvseInit, patch EvsePatch merges merge_connectors, rules evse_rules {
        /// Identifies the EVSE inside the platform of its CPO; never changes and is never used again for
        /// another one. Not meant for people to read, and better not a hardware id: hardware can move.
        pub uid: CiString<36>,
        /// The public id of the EVSE, in the eMI3/IDACS format. May be dropped once the status is
        /// `REMOVED`, so that it can be given to another EVSE.
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
        /// Limits on the vehicles and people that may charge there, apart from those on the type of vehicle.
        pub parking_restrictions: Vec<ParkingRestriction>,
        /// Parking places of the location that belong to it.
        pub parking: Vec<EvseParking>,
        /// Photos and logos.
        pub images: Vec<Image>,
        /// Names of the eMSPs whose contracts are accepted here. Meant for reports to national access
        /// points in Europe; leave it out elsewhere.
        pub accepted_service_providers: Vec<Text<50>>,
        /// When the EVSE or a connector of it last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A socket, or a cable with a plug, of an EVSE.
    ///
    /// New against 2.2.1 is `capabilities`.
    ///
    /// Spec: 2.3.0 mod_locations §connector_object
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
        /// Capabilities of this connector.
        pub capabilities: Vec<ConnectorCapability>,
        /// When the connector last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A parking space for vehicles that charge, or the limits that apply around an EVSE without marked
    /// spaces.
    ///
    /// New: 2.2.1 has no such object. It is there so that a CPO in the European Union can report its
    /// parking spaces to a national access point, as the AFIR regulation asks. Others need not send it,
    /// and a receiver that is no access point may ignore it.
    ///
    /// The vehicle limits, the size of the space and `dangerous_goods_allowed` should be given unless the
    /// space is for personal vehicles and motorcycles only.
    ///
    /// Spec: 2.3.0 mod_locations §parking_object
    pub struct Parking = "Parking", init ParkingInit, rules parking_rules {
        /// Identifies the space inside its location.
        pub id: CiString<36>,
        /// Short text that drivers can see on site, such as a number painted on the ground.
        pub physical_reference: Option<Text<12>>,
        /// The vehicles it was made for.
        pub vehicle_types: NonEmpty<VehicleType>,
        /// Greatest weight of a vehicle, in kilogram.
        pub max_vehicle_weight: Option<Decimal>,
        /// Greatest height of a vehicle, in centimetre.
        pub max_vehicle_height: Option<Decimal>,
        /// Greatest length of a vehicle, in centimetre.
        pub max_vehicle_length: Option<Decimal>,
        /// Greatest width of a vehicle, in centimetre.
        pub max_vehicle_width: Option<Decimal>,
        /// Length of the space, in centimetre.
        pub parking_space_length: Option<Decimal>,
        /// Width of the space, in centimetre.
        pub parking_space_width: Option<Decimal>,
        /// Whether a vehicle with dangerous goods on board may park here.
        pub dangerous_goods_allowed: Option<bool>,
        /// Direction of parked vehicles in relation to the road.
        pub direction: Option<ParkingDirection>,
        /// Whether a vehicle can enter and leave without reversing. True only if that holds for every
        /// type in `vehicle_types`.
        pub drive_through: Option<bool>,
        /// Whether types of vehicle not in `vehicle_types` are forbidden even where they would fit.
        pub restricted_to_type: bool,
        /// Whether one may only park here with a reservation.
        pub reservation_required: bool,
        /// Longest stay of a vehicle, in minutes. Absent when there is no limit.
        pub time_limit: Option<Decimal>,
        /// Whether the vehicle stands under a roof.
        pub roofed: Option<bool>,
        /// Photos of the space. There should be one at least when `vehicle_types` has `DISABLED`.
        pub images: Vec<Image>,
        /// Whether lamps light the space.
        pub lighting: Option<bool>,
        /// Whether a lorry can plug in the cooling of its load while it stands here.
        pub refrigeration_outlet: Option<bool>,
        /// Standards that the space meets, such as PAS 1899 on access for people with disabilities.
        pub standards: Vec<CiString<36>>,
        /// The element in the Alliance for Parking Data Standards (APDS) that describes this parking. The
        /// specification gives no greatest length.
        pub apds_reference: Option<CiString<0>>,
    }
}

open_enum! {
    /// Function that drivers can really use at a connector. Hardware that merely supports a standard does not count.
    ///
    /// New: 2.2.1 has capabilities of EVSEs only.
    ///
    /// Spec: 2.3.0 mod_locations §connectorcapability_enum
    pub enum ConnectorCapability = "ConnectorCapability", open V2_3_0_UP {
        /// The contract certificate in the vehicle authorises charging, by ISO 15118-2.
        Iso151182PlugAndCharge = "ISO_15118_2_PLUG_AND_CHARGE",
        /// The contract certificate in the vehicle authorises charging, by ISO 15118-20.
        Iso1511820PlugAndCharge = "ISO_15118_20_PLUG_AND_CHARGE",
    }
}

object! {
    /// Says that vehicles charging at an EVSE can use a certain parking space.
    ///
    /// New: 2.2.1 has no parking spaces.
    ///
    /// Spec: 2.3.0 mod_locations §evseparking_class
    pub struct EvseParking = "EVSEParking", init EvseParkingInit {
        /// The `id` of an entry in `parking_places` of the same location.
        pub parking_id: CiString<36>,
        /// Side of the space on which the EVSE is.
        pub evse_position: Option<EvsePosition>,
    }
}

open_enum! {
    /// Side of a parking space on which the EVSE is.
    ///
    /// Along a street, think of a vehicle that faces the way traffic goes on that side. Elsewhere, think
    /// of one that drove in forwards. New: 2.2.1 has no such enum.
    ///
    /// Spec: 2.3.0 mod_locations §evseposition_enum
    pub enum EvsePosition = "EVSEPosition", open NEVER {
        /// To the left of the vehicle. Along a street, always so where traffic drives on the left.
        Left = "LEFT",
        /// To the right of the vehicle. Along a street, always so where traffic drives on the right.
        Right = "RIGHT",
        /// In the middle of the closed short end of the space.
        Center = "CENTER",
    }
}

open_enum! {
    /// Direction of parked vehicles in relation to the road they come from. New: 2.2.1 has no such enum.
    ///
    /// Spec: 2.3.0 mod_locations §parkingdirection_enum
    pub enum ParkingDirection = "ParkingDirection", open NEVER {
        /// Along the road.
        Parallel = "PARALLEL",
        /// At a right angle to the road.
        Perpendicular = "PERPENDICULAR",
        /// At a slant to the road.
        Angle = "ANGLE",
    }
}

open_enum! {
    /// Kinds of vehicle, by the names that a driver would use. New: 2.2.1 has no such enum.
    ///
    /// The codes of the UNECE classification below are approximate.
    ///
    /// Spec: 2.3.0 mod_locations §vehicletype_enum
    pub enum VehicleType = "VehicleType", open V2_3_0_UP {
        /// Motorcycle (UNECE L).
        Motorcycle = "MOTORCYCLE",
        /// Passenger car (UNECE M1).
        PersonalVehicle = "PERSONAL_VEHICLE",
        /// Passenger car with a trailer (UNECE M1 and O).
        PersonalVehicleWithTrailer = "PERSONAL_VEHICLE_WITH_TRAILER",
        /// Light van, lower than 275 cm (UNECE N1).
        Van = "VAN",
        /// Tractor unit of a lorry, without its trailer (UNECE T).
        SemiTractor = "SEMI_TRACTOR",
        /// Heavy lorry in one piece (UNECE N2 below 12 tonnes, N3 above).
        Rigid = "RIGID",
        /// Heavy lorry of either kind with a trailer (UNECE N2 or N3, and O).
        TruckWithTrailer = "TRUCK_WITH_TRAILER",
        /// Bus or coach (UNECE M2 below 5 tonnes, M3 above).
        Bus = "BUS",
        /// Vehicle with a permit for the parking spaces of people with disabilities (mostly UNECE M1).
        Disabled = "DISABLED",
    }
}

fn location_rules(location: &Location, check: &mut Check) {
    let allowed_to = !location.publish || location.publish_allowed_to.is_empty();
    check.expect_at("publish_allowed_to", allowed_to, Rule::PublishAllowedTo);
    let places: BTreeSet<_> = location.parking_places.iter().map(|place| &place.id).collect();
    let knows_places = location.extra.has_read(Location::INFO, "parking_places")
        && location.parking_places.iter().all(|place| place.extra.has_read(Parking::INFO, "id"));
    rules::unique_ids(check, "parking_places", &location.parking_places, "id", |parking| &parking.id);
    rules::unique_ids(check, "evses", &location.evses, "uid", |evse| &evse.uid);
    let country = Some(&location.country);
    places::in_country_at(check, "coordinates", country, Some(&location.coordinates));
    related_in_country(check, country, &location.related_locations);
    rules::each(check, "evses", &location.evses, |evse, check| {
        places::in_country_at(check, "coordinates", country, evse.coordinates.as_ref());
        rules::no_newer(check, evse.last_updated, location.last_updated);
        rules::each(check, "parking", &evse.parking, |parking, check| {
            let id = &parking.parking_id;
            let holds = places.contains(id)
                || !knows_places
                || id.as_str().is_empty()
                || rules::is_not_applicable(id.as_str());
            check.expect_at("parking_id", holds, Rule::ParkingUnknown);
        });
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

fn parking_rules(parking: &Parking, check: &mut Check) {
    rules::not_negative(check, "max_vehicle_weight", parking.max_vehicle_weight);
    rules::not_negative(check, "max_vehicle_height", parking.max_vehicle_height);
    rules::not_negative(check, "max_vehicle_length", parking.max_vehicle_length);
    rules::not_negative(check, "max_vehicle_width", parking.max_vehicle_width);
    rules::not_negative(check, "parking_space_length", parking.parking_space_length);
    rules::not_negative(check, "parking_space_width", parking.parking_space_width);
    rules::not_negative(check, "time_limit", parking.time_limit);
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
