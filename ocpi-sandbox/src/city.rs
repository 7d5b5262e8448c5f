//! A made-up city with chargers: locations and tariffs of OCPI 2.3.0 to run examples and measurements on.
//!
//! The same seed gives the same city on every machine, and a smaller city is the beginning of a larger one. The
//! towns are real, around Utrecht; streets, chargers and prices are not. Everything conforms to the
//! specification.

use std::error::Error;

use ocpi_pricing::generate::Random;
use ocpi_types::v2_3_0::locations::{
    BusinessDetails, BusinessDetailsInit, Capability, Connector, ConnectorCapability, ConnectorFormat,
    ConnectorInit, ConnectorType, Evse, EvseInit, Facility, GeoLocation, GeoLocationInit, Hours, HoursInit,
    Location, LocationInit, ParkingRestriction, ParkingType, PowerType, RegularHours, RegularHoursInit,
    Status,
};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{DateTime, Digits};

mod tariffs;

type Failure = Box<dyn Error + Send + Sync>;

/// Number of locations of a city when nobody says otherwise.
pub const DEFAULT_LOCATIONS: usize = 1_000;

/// The locations and tariffs of one charge point operator.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// In order of their ids: `LOC0001`, `LOC0002` and so on.
    pub locations: Vec<Location>,
    /// Every tariff that a connector refers to.
    pub tariffs: Vec<Tariff>,
}

/// The operator that owns the chargers.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// Its country, two letters: `NL`.
    pub country_code: &'a str,
    /// Its id inside the country, three letters or digits: `ALF`.
    pub party_id: &'a str,
}

/// Builds a city of `locations` locations.
///
/// # Errors
/// When country or id of the party are none that OCPI takes.
pub fn build(seed: u64, locations: usize, party: &Party<'_>) -> Result<City, Failure> {
    let mut random = Random::of(seed, 0);
    let locations = (1..=locations).map(|number| location(number, party, &mut random));
    Ok(City { locations: locations.collect::<Result<_, _>>()?, tariffs: tariffs::tariffs(party)? })
}

/// A town, and where in it chargers may stand.
struct Town {
    name: &'static str,
    /// Its middle, in millionths of a degree.
    latitude: i64,
    longitude: i64,
    /// Greatest distance of a charger from the middle, in millionths of a degree of latitude.
    reach: i64,
    /// The first and the number of its four-digit postal codes.
    postal_codes: (usize, usize),
}

#[rustfmt::skip]
const TOWNS: [Town; 8] = [
    Town { name: "Utrecht", latitude: 52_090_700, longitude: 5_121_400, reach: 28_000, postal_codes: (3511, 75) },
    Town { name: "Nieuwegein", latitude: 52_029_200, longitude: 5_080_300, reach: 14_000, postal_codes: (3431, 9) },
    Town { name: "Zeist", latitude: 52_090_600, longitude: 5_233_200, reach: 14_000, postal_codes: (3701, 8) },
    Town { name: "Houten", latitude: 52_028_400, longitude: 5_168_000, reach: 12_000, postal_codes: (3991, 9) },
    Town { name: "Maarssen", latitude: 52_139_200, longitude: 5_039_400, reach: 10_000, postal_codes: (3601, 8) },
    Town { name: "De Bilt", latitude: 52_109_300, longitude: 5_180_000, reach: 8_000, postal_codes: (3731, 2) },
    Town { name: "IJsselstein", latitude: 52_020_000, longitude: 5_043_000, reach: 9_000, postal_codes: (3401, 4) },
    Town { name: "Bunnik", latitude: 52_066_800, longitude: 5_198_600, reach: 7_000, postal_codes: (3981, 1) },
];

/// A street is called by one of these and one of the endings.
#[rustfmt::skip]
const STREETS: [&str; 24] = [
    "Wilgen", "Linden", "Kastanje", "Meidoorn", "Zilvermeeuw", "Kievit", "Leeuwerik", "Molen", "Brouwers",
    "Touwslagers", "Zadelmakers", "Klokkenmakers", "Turfschippers", "Lakenwevers", "Sluis", "Gracht", "Veen",
    "Boomgaard", "Hertog", "Abdij", "Sterren", "Komeet", "Noorderlicht", "Wester",
];
const ENDINGS: [&str; 7] = ["straat", "laan", "weg", "kade", "plein", "singel", "dreef"];

/// Kind of place of a location; the rest of it follows from that.
#[derive(Clone, Copy)]
enum Site {
    Street,
    Garage,
    Supermarket,
    Motorway,
}

impl Site {
    /// Out of ten locations, seven are poles in the street.
    fn any(random: &mut Random) -> Self {
        match random.index(10) {
            0 => Self::Garage,
            1 => Self::Supermarket,
            2 => Self::Motorway,
            _ => Self::Street,
        }
    }
}

fn location(number: usize, party: &Party<'_>, random: &mut Random) -> Result<Location, Failure> {
    let site = Site::any(random);
    // More than half of all locations are in Utrecht itself, the first of the towns.
    let town = if random.happens(50) { &TOWNS[0] } else { random.pick(&TOWNS).unwrap_or(&TOWNS[0]) };
    let address = address(number, random);
    let name = match site {
        Site::Street => None,
        Site::Garage => Some(format!("Parkeergarage {address}")),
        Site::Supermarket => Some(format!("Supermarkt {address}")),
        Site::Motorway => Some(format!("Snellaadstation {}", town.name)),
    };
    let evses = (1..=evse_count(site, random))
        .map(|evse_number| evse(number, evse_number, site, party, random))
        .collect::<Result<Vec<_>, _>>()?;
    // A change of an EVSE is a change of its location.
    let last_updated = evses.iter().map(|evse| evse.last_updated).max().unwrap_or(opening_day()?);
    Ok(Location {
        name: name.map(TryInto::try_into).transpose()?,
        postal_code: Some(postal_code(town, random).try_into()?),
        parking_type: Some(match site {
            Site::Street => ParkingType::OnStreet,
            Site::Garage => ParkingType::ParkingGarage,
            Site::Supermarket => ParkingType::ParkingLot,
            Site::Motorway => ParkingType::AlongMotorway,
        }),
        evses,
        operator: Some(Box::new(operator(party)?)),
        facilities: match site {
            Site::Street => vec![],
            Site::Garage => vec![Facility::BikeSharing, Facility::BusStop],
            Site::Supermarket => vec![Facility::Supermarket, Facility::ParkingLot],
            Site::Motorway => vec![Facility::FuelStation, Facility::Restaurant, Facility::Wifi],
        },
        opening_times: Some(Box::new(opening_times(site)?)),
        charging_when_closed: matches!(site, Site::Garage | Site::Supermarket).then_some(true),
        ..LocationInit {
            country_code: party.country_code.parse()?,
            party_id: party.party_id.parse()?,
            id: format!("LOC{number:04}").try_into()?,
            publish: true,
            address: address.try_into()?,
            city: town.name.parse()?,
            country: "NLD".parse()?,
            coordinates: point_in(town, random)?,
            time_zone: "Europe/Amsterdam".parse()?,
            last_updated,
        }
        .into()
    })
}

/// Street and house number. No two locations share one: those in the same street are ten numbers apart.
fn address(number: usize, random: &mut Random) -> String {
    let street = STREETS[number % STREETS.len()];
    let ending = ENDINGS[number % ENDINGS.len()];
    // The two tables have no common divisor, so the pairs come round after all of them.
    let round = number / (STREETS.len() * ENDINGS.len());
    format!("{street}{ending} {}", 1 + round * 10 + random.index(10))
}

/// Four digits and two letters.
fn postal_code(town: &Town, random: &mut Random) -> String {
    // The Dutch post leaves out what could be misread.
    const LETTERS: &[u8] = b"ABCDEGHJKLNPRTVWXZ";
    let (first, count) = town.postal_codes;
    let digits = first + random.index(count);
    let mut letter = || char::from(LETTERS[random.index(LETTERS.len())]);
    format!("{digits} {}{}", letter(), letter())
}

/// A point in the town, more likely near its middle.
fn point_in(town: &Town, random: &mut Random) -> Result<GeoLocation, Failure> {
    let latitude = town.latitude + around_zero(town.reach, random);
    // At this latitude, a degree of longitude is about 3/5 as long as one of latitude.
    let longitude = town.longitude + around_zero(town.reach * 5 / 3, random);
    Ok(GeoLocationInit { latitude: degrees(latitude).parse()?, longitude: degrees(longitude).parse()? }
        .into())
}

/// A number between `-reach` and `reach`, more likely near zero.
fn around_zero(reach: i64, random: &mut Random) -> i64 {
    random.within(0, reach + 1) - random.within(0, reach + 1)
}

/// Millionths of a degree as degrees with six decimals. All towns lie north and east of zero.
fn degrees(millionths: i64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

fn operator(party: &Party<'_>) -> Result<BusinessDetails, Failure> {
    let website = format!("https://{}.example", party.party_id.to_ascii_lowercase());
    Ok(BusinessDetails {
        website: Some(website.parse()?),
        ..BusinessDetailsInit { name: format!("{} Laden", party.party_id).try_into()? }.into()
    })
}

fn opening_times(site: Site) -> Result<Hours, Failure> {
    let (weekdays, sunday) = match site {
        Site::Street | Site::Motorway => return Ok(HoursInit { twentyfourseven: true }.into()),
        Site::Garage => (("06:00", "23:30"), ("08:00", "22:00")),
        Site::Supermarket => (("08:00", "22:00"), ("10:00", "20:00")),
    };
    let days = (1..=7).map(|weekday| -> Result<RegularHours, Failure> {
        let (begin, end) = if weekday == 7 { sunday } else { weekdays };
        let weekday = Digits::try_from(weekday)?;
        Ok(RegularHoursInit { weekday, period_begin: begin.parse()?, period_end: end.parse()? }.into())
    });
    Ok(Hours {
        regular_hours: days.collect::<Result<_, _>>()?,
        ..HoursInit { twentyfourseven: false }.into()
    })
}

fn evse_count(site: Site, random: &mut Random) -> usize {
    match site {
        Site::Street => 1 + random.index(2),
        Site::Garage | Site::Supermarket | Site::Motorway => 2 + random.index(3),
    }
}

fn evse(
    location_number: usize,
    number: usize,
    site: Site,
    party: &Party<'_>,
    random: &mut Random,
) -> Result<Evse, Failure> {
    let (plugs, tariff) = plugs(site, random);
    // Every charger was built in the first weeks of the year; its status changed some time after that.
    let built = later(opening_day()?, 60 * random.within(0, 60 * 24 * 60))?;
    let last_updated = later(built, random.within(0, 30 * 24 * 3600))?;
    let connectors = plugs
        .iter()
        .enumerate()
        .map(|(index, plug)| connector(index + 1, plug, tariff, built))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Evse {
        evse_id: Some(evse_id(location_number, number, party).try_into()?),
        capabilities: capabilities(&plugs, random),
        floor_level: if let Site::Garage = site { Some("-1".parse()?) } else { None },
        physical_reference: Some(number.to_string().try_into()?),
        parking_restrictions: match site {
            Site::Street | Site::Motorway => vec![ParkingRestriction::EvOnly],
            Site::Garage => vec![ParkingRestriction::Plugged],
            Site::Supermarket => vec![ParkingRestriction::EvOnly, ParkingRestriction::Customers],
        },
        ..EvseInit {
            uid: format!("LOC{location_number:04}-{number}").try_into()?,
            status: status(random),
            connectors: connectors.try_into()?,
            last_updated,
        }
        .into()
    })
}

/// The id on the pole: `NL*ALF*E000011` is the first EVSE of the first location.
fn evse_id(location_number: usize, number: usize, party: &Party<'_>) -> String {
    format!("{}*{}*E{location_number:05}{number}", party.country_code, party.party_id)
}

fn status(random: &mut Random) -> Status {
    match random.index(100) {
        0..4 => Status::Outoforder,
        4..26 => Status::Charging,
        _ => Status::Available,
    }
}

fn capabilities(plugs: &[Plug], random: &mut Random) -> Vec<Capability> {
    let mut capabilities = vec![Capability::RemoteStartStopCapable, Capability::RfidReader];
    if random.happens(40) {
        capabilities.push(Capability::Reservable);
    }
    if plugs.len() > 1 {
        capabilities.push(Capability::StartSessionConnectorRequired);
    }
    if plugs.iter().any(|plug| plug.format == ConnectorFormat::Socket) {
        capabilities.push(Capability::UnlockCapable);
    }
    if plugs.iter().any(Plug::is_dc) {
        capabilities.extend([Capability::ContactlessCardSupport, Capability::DebitCardPayable]);
    }
    capabilities
}

/// A kind of plug, and what it delivers at most.
#[derive(Clone)]
struct Plug {
    standard: ConnectorType,
    format: ConnectorFormat,
    volts: i64,
    amperes: i64,
    watts: i64,
}

impl Plug {
    /// Type 2 with a socket, three phases; the voltage is between a phase and neutral.
    const AC_11: Self = Self::of(ConnectorType::Iec62196T2, ConnectorFormat::Socket, 230, 16, 11_000);
    const AC_22: Self = Self::of(ConnectorType::Iec62196T2, ConnectorFormat::Socket, 230, 32, 22_000);
    const AC_22_CABLE: Self = Self::of(ConnectorType::Iec62196T2, ConnectorFormat::Cable, 230, 32, 22_000);
    const CHADEMO_50: Self = Self::of(ConnectorType::Chademo, ConnectorFormat::Cable, 500, 125, 50_000);
    const CCS_50: Self = Self::of(ConnectorType::Iec62196T2Combo, ConnectorFormat::Cable, 500, 125, 50_000);
    const CCS_150: Self = Self::of(ConnectorType::Iec62196T2Combo, ConnectorFormat::Cable, 920, 375, 150_000);
    const CCS_300: Self = Self::of(ConnectorType::Iec62196T2Combo, ConnectorFormat::Cable, 920, 500, 300_000);

    const fn of(
        standard: ConnectorType,
        format: ConnectorFormat,
        volts: i64,
        amperes: i64,
        watts: i64,
    ) -> Self {
        Self { standard, format, volts, amperes, watts }
    }

    fn is_dc(&self) -> bool {
        self.standard != ConnectorType::Iec62196T2
    }
}

/// The plugs of an EVSE, and the id of the tariff that holds for all of them.
fn plugs(site: Site, random: &mut Random) -> (Vec<Plug>, &'static str) {
    match (site, random.index(10)) {
        (Site::Street, 0..5) => (vec![Plug::AC_11], "AC-BASIC"),
        (Site::Street, 5..8) => (vec![Plug::AC_22], "AC-DAY-NIGHT"),
        (Site::Street, _) => (vec![Plug::AC_22, Plug::AC_22_CABLE], "AC-START"),
        (Site::Garage, 0..7) => (vec![Plug::AC_11], "AC-PARKING"),
        (Site::Garage, _) => (vec![Plug::AC_22], "AC-PARKING"),
        (Site::Supermarket, 0..5) => (vec![Plug::AC_22], "AC-START"),
        (Site::Supermarket, _) => (vec![Plug::CCS_50, Plug::CHADEMO_50], "DC-FAST"),
        (Site::Motorway, 0..2) => (vec![Plug::CCS_150, Plug::CHADEMO_50], "DC-FAST"),
        (Site::Motorway, 2..5) => (vec![Plug::CCS_150], "DC-HIGH-POWER"),
        (Site::Motorway, _) => (vec![Plug::CCS_300], "DC-HIGH-POWER"),
    }
}

fn connector(number: usize, plug: &Plug, tariff: &str, built: DateTime) -> Result<Connector, Failure> {
    let plug_and_charge = plug.watts >= 300_000;
    Ok(Connector {
        max_electric_power: Some(plug.watts),
        tariff_ids: vec![tariff.parse()?],
        capabilities: plug_and_charge
            .then_some(ConnectorCapability::Iso151182PlugAndCharge)
            .into_iter()
            .collect(),
        ..ConnectorInit {
            id: number.to_string().try_into()?,
            standard: plug.standard.clone(),
            format: plug.format.clone(),
            power_type: if plug.is_dc() { PowerType::Dc } else { PowerType::Ac3Phase },
            max_voltage: plug.volts,
            max_amperage: plug.amperes,
            last_updated: built,
        }
        .into()
    })
}

fn later(time: DateTime, seconds: i64) -> Result<DateTime, Failure> {
    Ok(time.checked_add_seconds(seconds).ok_or("a time out of range")?)
}

/// The first charger of the city was built on this day. A date of its own: a city has no clock.
fn opening_day() -> Result<DateTime, Failure> {
    Ok("2026-01-05T08:00:00Z".parse()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ocpi_types::{Finding, Version, check, json};

    use super::{City, DEFAULT_LOCATIONS, Party, build};

    const PARTY: Party<'_> = Party { country_code: "NL", party_id: "ALF" };

    fn city() -> City {
        build(1, DEFAULT_LOCATIONS, &PARTY).unwrap()
    }

    #[test]
    fn everything_conforms() {
        let city = city();
        let locations = city.locations.iter().flat_map(|location| check(location, Version::V2_3_0));
        let tariffs = city.tariffs.iter().flat_map(|tariff| check(tariff, Version::V2_3_0));
        assert_eq!(locations.chain(tariffs).filter(Finding::is_error).collect::<Vec<_>>(), []);
        assert_eq!((city.locations.len(), city.tariffs.len()), (DEFAULT_LOCATIONS, 6));
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(json::list_to_vec(&city().locations), json::list_to_vec(&city().locations));
        assert_eq!(city(), city());
        assert_ne!(build(2, DEFAULT_LOCATIONS, &PARTY).unwrap().locations, city().locations);
        assert_eq!(build(1, 10, &PARTY).unwrap().locations, city().locations[..10]);
    }

    #[test]
    fn tariffs_are_those_that_connectors_refer_to() {
        let city = city();
        let evses = city.locations.iter().flat_map(|location| &location.evses);
        let connectors = evses.flat_map(|evse| &evse.connectors);
        let used: BTreeSet<_> = connectors.flat_map(|connector| &connector.tariff_ids).collect();
        assert_eq!(used, city.tariffs.iter().map(|tariff| &tariff.id).collect());
    }

    #[test]
    fn ids_and_addresses_are_unique() {
        let city = city();
        let evses = || city.locations.iter().flat_map(|location| &location.evses);
        let uids: BTreeSet<_> = evses().map(|evse| &evse.uid).collect();
        let evse_ids: BTreeSet<_> = evses().map(|evse| &evse.evse_id).collect();
        assert_eq!((uids.len(), evse_ids.len()), (evses().count(), evses().count()));
        let addresses: BTreeSet<_> = city.locations.iter().map(|location| &location.address).collect();
        assert_eq!(addresses.len(), DEFAULT_LOCATIONS);
        let first = &city.locations[0];
        assert_eq!(first.id.as_str(), "LOC0001");
        assert_eq!(first.evses[0].uid.as_str(), "LOC0001-1");
        assert_eq!(first.evses[0].evse_id.as_ref().unwrap().as_str(), "NL*ALF*E000011");
    }

    #[test]
    fn power_and_times_fit_together() {
        for location in city().locations {
            for evse in &location.evses {
                assert!(evse.last_updated <= location.last_updated, "{}", evse.uid);
                for connector in &evse.connectors {
                    let phases = if connector.power_type.as_str() == "DC" { 1 } else { 3 };
                    let most = connector.max_voltage * connector.max_amperage * phases;
                    assert!(connector.max_electric_power.unwrap() <= most, "{}", evse.uid);
                    assert!(connector.last_updated <= evse.last_updated, "{}", evse.uid);
                }
            }
        }
    }

    #[test]
    fn a_party_must_be_one() {
        assert!(build(1, 1, &Party { country_code: "NLD", party_id: "ALF" }).is_err());
    }
}
