//! The eMSP looks for a free connector near a route.

use ocpi_pricing::HeadlinePrice;
use ocpi_pricing::rounding::Rounding;
use ocpi_types::v2_3_0::locations::{Connector, ConnectorType, Evse, Location};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Power, Version};
use serde_json::json;

use super::feed::{DEFAULT_TARIFF, Loaded};
use super::options::Point;
use super::report::Details;
use super::words::count;
use super::world::World;
use super::{Failure, Options, plug};

/// Where the driver will charge.
#[derive(Clone)]
pub(super) struct Spot {
    pub(super) location: Location,
    pub(super) evse: Evse,
    pub(super) connector: Connector,
    pub(super) tariff: Tariff,
}

impl Spot {
    /// Whether nobody gave the price: the feed comes without tariffs.
    pub(super) fn has_made_up_tariff(&self) -> bool {
        self.tariff.id.as_str() == DEFAULT_TARIFF
    }

    /// Whether the power is stated; if not, it is voltage times current, which the charger may never give.
    fn has_stated_power(&self) -> bool {
        self.connector.max_electric_power.is_some()
    }

    /// The power in kW, in words.
    fn kilowatts(&self) -> String {
        let limit = if self.has_stated_power() { "" } else { "up to " };
        format!("{limit}{}", self.connector.power().watts() / 1000)
    }
}

/// A free connector, and how far from the route it is, in metres.
struct Found {
    spot: Spot,
    metres: f64,
}

/// Most connectors that are shown.
const SHOWN: usize = 8;

/// Finds free connectors that fit, shows them, and takes the first; if none can be taken, returns the reason.
pub(super) async fn find(
    world: &World,
    options: &Options,
    loaded: &Loaded,
) -> Result<(Result<Spot, String>, Details), Failure> {
    let locations = world.emsp.locations().await?;
    let tariffs: Vec<Tariff> = world.emsp.platform.objects().all().await?.objects;
    let route = route(options, loaded, &locations);
    let mut free = free_connectors(&locations, &tariffs, route);
    free.sort_by(|a, b| a.metres.total_cmp(&b.metres));

    let plug = options.plug.clone().unwrap_or(ConnectorType::Iec62196T2Combo);
    let has_plug = |found: &&Found| plug::fits(&found.spot.connector.standard, &plug);
    let is_near_and_strong = |found: &&Found| {
        found.metres <= f64::from(options.within)
            && found.spot.connector.power() >= Power::from_kilowatts(options.power)
    };
    let fitting: Vec<&Found> = free.iter().filter(has_plug).filter(is_near_and_strong).collect();
    // Where the wish cannot be met, the day goes on with the nearest of that plug; with another, only if none was asked for.
    let any = || free.first().filter(|_| options.plug.is_none());
    let chosen = fitting.first().copied().or_else(|| free.iter().find(has_plug)).or_else(any);

    let text = format!(
        "{} with at least {} kW within {} m of the route{}",
        count(fitting.len(), &format!("free {plug} connector")),
        options.power,
        options.within,
        chosen.filter(|_| fitting.is_empty()).map(instead).unwrap_or_default(),
    );
    let shown = fitting.get(..SHOWN).unwrap_or(&fitting);
    let data = json!({
        "plug": plug.as_str(),
        "found": fitting.len(),
        "connectors": shown.iter().map(|found| entry(found)).collect::<Vec<_>>(),
    });
    let details = Details::new(text, data).with_table(table(shown, fitting.len(), options.cpo_version));
    let spot = chosen.map(|found| found.spot.clone()).ok_or_else(|| match &options.plug {
        Some(plug) => format!("the feed has no free EVSE with the plug {plug} to charge at"),
        None => "the feed has no free EVSE to charge at".to_owned(),
    });
    Ok((spot, details))
}

/// The connector that is taken although it is not as wished.
fn instead(Found { spot, metres }: &Found) -> String {
    format!(
        "; going to {} with {} kW, {metres:.0} m from it, instead",
        spot.connector.standard,
        spot.kilowatts()
    )
}

/// Rows of the connectors that are shown, and notes on them.
fn table(shown: &[&Found], found: usize, version: Version) -> Vec<String> {
    if shown.is_empty() {
        return Vec::new();
    }
    let mut table = vec![line(["metres", "address", "EVSE", "kW", "per kWh"])];
    table.extend(shown.iter().map(|found| row(found)));
    if found > shown.len() {
        table.push(format!("and {} more", found - shown.len()));
    }
    if shown.iter().any(|found| !found.spot.has_stated_power()) {
        let why = if version == Version::V2_1_1 {
            "OCPI 2.1.1 does not carry it"
        } else {
            "the feed does not state it"
        };
        table.push(format!("up to: voltage times current, not the power of the charger; {why}"));
    }
    let mut made_up = shown.iter().filter(|found| found.spot.has_made_up_tariff()).peekable();
    if made_up.peek().is_some() {
        let names_some = made_up.any(|found| !found.spot.connector.tariff_ids.is_empty());
        let ids = if names_some { ", only their ids" } else { "" };
        table.push(format!("*: a made-up price; the feed has no tariffs{ids}"));
    }
    table
}

fn line([metres, address, evse, power, price]: [&str; 5]) -> String {
    format!("{metres:>6}  {address:<28} {evse:<12} {power:>10}  {price:>16}")
}

fn row(Found { spot, metres }: &Found) -> String {
    let address: String = spot.location.address.as_str().chars().take(28).collect();
    let mark = if spot.has_made_up_tariff() { " *" } else { "" };
    let price = energy_price(&spot.tariff).unwrap_or_else(|| "?".to_owned()) + mark;
    line([&format!("{metres:.0}"), &address, spot.evse.uid.as_str(), &spot.kilowatts(), &price])
}

fn entry(Found { spot, metres }: &Found) -> serde_json::Value {
    let Spot { location, evse, connector, tariff } = spot;
    json!({
        "location_id": location.id.as_str(), "evse_uid": evse.uid.as_str(), "connector_id": connector.id.as_str(),
        "metres": metres.round(),
        "power_w": connector.power().watts(), "power_is_stated": spot.has_stated_power(),
        "price_per_kwh": energy_price(tariff), "price_is_made_up": spot.has_made_up_tariff(),
    })
}

/// The price of energy where no restriction says otherwise, in words.
fn energy_price(tariff: &Tariff) -> Option<String> {
    let price = HeadlinePrice::of(tariff).ok()?;
    let (amount, tax) = match price.energy?.after_taxes {
        Some(amount) => (amount, "incl."),
        None => (price.energy?.before_taxes?, "excl."),
    };
    Some(format!("{} {} {tax}", Rounding::of(&price.currency).apply(amount), price.currency))
}

fn free_connectors(locations: &[Location], tariffs: &[Tariff], route: (Point, Point)) -> Vec<Found> {
    let mut found = Vec::new();
    for location in locations.iter().filter(|location| location.publish) {
        let Some(metres) = place(location).map(|place| distance(place, route)) else { continue };
        for (_, evse, connector) in location.connectors().filter(|(_, evse, _)| evse.is_available()) {
            // Locations of the user come without tariffs.
            let default = || tariffs.iter().find(|tariff| tariff.id.as_str() == DEFAULT_TARIFF);
            let tariff = location.tariffs_of(connector, tariffs).next().or_else(default);
            let Some(tariff) = tariff else { continue };
            let spot = Spot {
                location: location.clone(),
                evse: evse.clone(),
                connector: connector.clone(),
                tariff: tariff.clone(),
            };
            found.push(Found { spot, metres });
        }
    }
    found
}

fn place(location: &Location) -> Option<Point> {
    let (latitude, longitude) = location.coordinates.to_degrees()?;
    Some(Point { latitude, longitude })
}

/// The route that was asked for; else across the made-up city, or from corner to corner of the user's map.
fn route(options: &Options, loaded: &Loaded, locations: &[Location]) -> (Point, Point) {
    let city = (Point { latitude: 52.03, longitude: 5.05 }, Point { latitude: 52.11, longitude: 5.2 });
    let places: Vec<Point> = locations.iter().filter_map(place).collect();
    let (south_west, north_east) = if loaded.is_own { corners(&places).unwrap_or(city) } else { city };
    (options.from.unwrap_or(south_west), options.to.unwrap_or(north_east))
}

fn corners(places: &[Point]) -> Option<(Point, Point)> {
    let first = *places.first()?;
    Some(places.iter().fold((first, first), |(low, high), place| {
        let corner = |pick: fn(f64, f64) -> f64, other: Point| Point {
            latitude: pick(other.latitude, place.latitude),
            longitude: pick(other.longitude, place.longitude),
        };
        (corner(f64::min, low), corner(f64::max, high))
    }))
}

/// Metres from a place to the straight line between two others, on a map that is flat enough for a city.
fn distance(place: Point, (from, to): (Point, Point)) -> f64 {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let narrowing = from.latitude.to_radians().cos();
    let flat = |point: Point| {
        let east = (point.longitude - from.longitude) * METRES_PER_DEGREE * narrowing;
        (east, (point.latitude - from.latitude) * METRES_PER_DEGREE)
    };
    let ((x, y), (dx, dy)) = (flat(place), flat(to));
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((x * dx + y * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - along * dx).hypot(y - along * dy)
}

#[cfg(test)]
mod tests {
    use super::{Point, distance};

    #[test]
    fn distances_are_to_the_line_between_the_ends() {
        let at = |latitude, longitude| Point { latitude, longitude };
        let route = (at(52.0, 5.0), at(52.0, 5.1));
        for (place, metres) in [
            (at(52.0, 5.05), 0.0),
            (at(52.01, 5.05), 1112.0),
            (at(52.0, 4.99), 685.0),
            (at(52.0, 5.11), 685.0),
        ] {
            assert!((distance(place, route) - metres).abs() < 1.0, "{place:?}: {}", distance(place, route));
        }
    }
}
