//! Locations: where the chargers are, which plugs they have, when they can be used and whether they are
//! free.
//!
//! A location holds EVSEs, and an EVSE holds connectors. The CPO owns this data: it pushes whole objects
//! with PUT and changes with PATCH to eMSPs, who can also fetch everything from the CPO. Nothing is ever
//! deleted: an EVSE that is gone gets the status `REMOVED`, and a location without a usable EVSE counts as
//! expired.
//!
//! Spec: 2.1.1 mod_locations

// The same as in 2.2.1. Several of the enums have more values there.
pub use crate::v2_2_1::locations::{
    AdditionalGeoLocation, AdditionalGeoLocationInit, Capability, ConnectorFormat, ConnectorType,
    EnergySource, EnergySourceCategory, EnergySourceInit, EnvironmentalImpactCategory, ExceptionalPeriod,
    ExceptionalPeriodInit, Facility, GeoLocation, GeoLocationInit, ImageCategory, ParkingRestriction,
    PowerType, RegularHours, RegularHoursInit, Status, StatusSchedule, StatusScheduleInit,
};

use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::patch::merge_parts;
use crate::v2_2_1::locations::{energy_sum, hardware, places, related_in_country};
use crate::{
    Check, CountryCode3, DateTime, Decimal, Digits, NonEmpty, Object, Rule, Text, TimeZone, Url, rules,
};

object! {
    /// A place with chargers that belong together.
    ///
    /// Usually the spot where the EVSEs stand; it can also be the entrance of a car park that has them
    /// inside. 2.2.1 names the owner, says who may see the location, and has `parking_type` instead of
    /// `type`.
    ///
    /// Spec: 2.1.1 mod_locations §31-location-object
    pub struct Location = "Location", init LocationInit, patch LocationPatch merges merge_evses, rules location_rules {
        /// Identifies the location inside the platform of its CPO. Never changes.
        pub id: Text<39>,
        /// Kind of place.
        pub r#type: LocationType,
        /// Name to show to drivers.
        pub name: Option<Text<255>>,
        /// Street or block, with the house number if there is one.
        pub address: Text<45>,
        /// City or town.
        pub city: Text<45>,
        /// Postal code.
        pub postal_code: Text<10>,
        /// Country of the location, as an ISO 3166-1 alpha-3 code.
        pub country: CountryCode3,
        /// Where the location is.
        pub coordinates: GeoLocation,
        /// Further points that help a driver, such as entrances.
        pub related_locations: Vec<AdditionalGeoLocation>,
        /// The EVSEs at this location.
        pub evses: Vec<Evse>,
        /// Directions to the location, one text per language.
        pub directions: Vec<DisplayText>,
        /// Company that operates the location. When absent, the business details of the CPO in its
        /// credentials apply.
        pub operator: Option<Box<BusinessDetails>>,
        /// Company that operates it on behalf of the operator.
        pub suboperator: Option<Box<BusinessDetails>>,
        /// Company that owns the location.
        pub owner: Option<Box<BusinessDetails>>,
        /// Further facilities at the location.
        pub facilities: Vec<Facility>,
        /// Time zone of the location, as a name of the IANA database such as `Europe/Oslo`.
        pub time_zone: Option<TimeZone>,
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
    /// its own. In 2.2.1 the uid is shorter and case does not matter in ids.
    ///
    /// Spec: 2.1.1 mod_locations §32-evse-object
    pub struct Evse = "EVSE", init EvseInit, patch EvsePatch merges merge_connectors, rules evse_rules {
        /// Identifies the EVSE inside the platform of its CPO; never changes. Not meant for people to read.
        pub uid: Text<39>,
        /// The public id of the EVSE, in the eMI3 format. May be dropped once the status is `REMOVED`,
        /// so that it can be given to another EVSE.
        pub evse_id: Option<Text<48>>,
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
    /// In 2.2.1 the electric members are called `max_voltage` and `max_amperage`, the power can be given,
    /// and there can be several tariffs.
    ///
    /// Spec: 2.1.1 mod_locations §33-connector-object
    pub struct Connector = "Connector", init ConnectorInit, patch ConnectorPatch, rules connector_rules {
        /// Identifies the connector inside its EVSE. Connectors of other EVSEs may have the same id.
        pub id: Text<36>,
        /// The kind of plug.
        pub standard: ConnectorType,
        /// Pattern of the connector: a socket or a fixed cable.
        pub format: ConnectorFormat,
        /// Direct current, or alternating current with its number of phases.
        pub power_type: PowerType,
        /// Voltage, in volt. With `AC_3_PHASE` this is measured between a phase and neutral.
        pub voltage: i64,
        /// Highest current, in ampere.
        pub amperage: i64,
        /// The tariff that applies now. Free charging also needs one, which costs nothing.
        pub tariff_id: Option<Text<36>>,
        /// Where the operator's terms can be read.
        pub terms_and_conditions: Option<Url>,
        /// When the connector last changed or was created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A company to show to drivers.
    ///
    /// 2.2.1 has the same members, but another form of logo.
    ///
    /// Spec: 2.1.1 mod_locations §41-businessdetails-class
    pub struct BusinessDetails = "BusinessDetails", init BusinessDetailsInit {
        /// Name of the company.
        pub name: Text<100>,
        /// Its website.
        pub website: Option<Url>,
        /// Its logo.
        pub logo: Option<Box<Image>>,
    }
}

object! {
    /// Sources of energy and their impact on the environment, for a location or a tariff.
    ///
    /// 2.2.1 has the same members, but another form of impact.
    ///
    /// Spec: 2.1.1 mod_locations §45-energymix-class
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
    /// Amount of one kind of waste or emission that a kWh causes.
    ///
    /// In 2.2.1 `source` is called `category`.
    ///
    /// Spec: 2.1.1 mod_locations §48-environmentalimpact-class
    pub struct EnvironmentalImpact = "EnvironmentalImpact", init EnvironmentalImpactInit {
        /// The kind.
        pub source: EnvironmentalImpactCategory,
        /// Amount, in gram per kWh.
        pub amount: Decimal,
    }
}

object! {
    /// When a location can be used.
    ///
    /// Either `regular_hours` or `twentyfourseven` says so, and some partners send both. Closings win over
    /// openings, and both win over the regular hours. In 2.2.1 `twentyfourseven` is always there.
    ///
    /// Spec: 2.1.1 mod_locations §413-hours-class
    pub struct Hours = "Hours", init HoursInit, rules hours_rules {
        /// Hours per weekday. Empty for a location that is always open.
        pub regular_hours: Vec<RegularHours>,
        /// Whether it is always open, apart from the exceptions below. May be absent beside regular hours.
        pub twentyfourseven: Option<bool>,
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
    /// itself is not sent through OCPI. In 2.2.1 case does not matter in `type`.
    ///
    /// Spec: 2.1.1 mod_locations §414-image-class
    pub struct Image = "Image", init ImageInit {
        /// Where a browser can fetch the picture.
        pub url: Url,
        /// Where a browser can fetch a small copy.
        pub thumbnail: Option<Url>,
        /// Subject of the picture.
        pub category: ImageCategory,
        /// File type, such as `jpeg`, `png`, `gif` or `svg`.
        pub r#type: Text<4>,
        /// Width of the full picture, in pixels.
        pub width: Option<Digits<5>>,
        /// Height of the full picture, in pixels.
        pub height: Option<Digits<5>>,
    }
}

open_enum! {
    /// Kind of place of a location.
    ///
    /// 2.2.1 has `ParkingType` instead.
    ///
    /// Spec: 2.1.1 mod_locations §416-locationtype-enum
    pub enum LocationType = "LocationType", open NEVER {
        /// Public street.
        OnStreet = "ON_STREET",
        /// Car park on several floors.
        ParkingGarage = "PARKING_GARAGE",
        /// Car park on several floors, most of them below ground.
        UndergroundGarage = "UNDERGROUND_GARAGE",
        /// Open car park, as at a supermarket.
        ParkingLot = "PARKING_LOT",
        /// None of the others.
        Other = "OTHER",
        /// The operator does not know.
        Unknown = "UNKNOWN",
    }
}

fn location_rules(location: &Location, check: &mut Check) {
    rules::unique_ids(check, "evses", &location.evses, "uid", |evse| &evse.uid);
    let country = Some(&location.country);
    places::in_country_at(check, "coordinates", country, Some(&location.coordinates));
    related_in_country(check, country, &location.related_locations);
    rules::each(check, "evses", &location.evses, |evse, check| {
        places::in_country_at(check, "coordinates", country, evse.coordinates.as_ref());
        rules::no_newer(check, evse.last_updated, location.last_updated);
    });
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
        voltage: read("voltage", connector.voltage),
        current: read("amperage", connector.amperage),
        power: ("", None),
    };
    hardware::is_possible(check, &electric);
}

fn energy_mix_rules(mix: &EnergyMix, check: &mut Check) {
    if mix.extra.has_read(EnergyMix::INFO, "energy_sources") {
        energy_sum(&mix.energy_sources, check);
    }
}

fn hours_rules(hours: &Hours, check: &mut Check) {
    if !hours.extra.is_read(Hours::INFO) {
        return;
    }
    let has_regular = !hours.regular_hours.is_empty();
    check.expect(hours.twentyfourseven.is_some() || has_regular, Rule::HoursMissing);
    let is_always_open = hours.twentyfourseven == Some(true);
    check.expect_at("regular_hours", !is_always_open || !has_regular, Rule::HoursRedundant);
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
