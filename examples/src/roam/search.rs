//! The eMSP looks for a free connector near a route.

use ocpi_pricing::HeadlinePrice;
use ocpi_pricing::rounding::Rounding;
use ocpi_types::Power;
use ocpi_types::v2_3_0::locations::{Connector, ConnectorType, Evse, Location};
use ocpi_types::v2_3_0::tariffs::Tariff;
use serde_json::json;

use super::feed::{DEFAULT_TARIFF, Loaded};
use super::options::Point;
use super::report::Details;
use super::world::World;
use super::{Failure, Options};

/// Where the driver will charge.
#[derive(Clone)]
pub(super) struct Spot {
    pub(super) location: Location,
    pub(super) evse: Evse,
    pub(super) connector: Connector,
    pub(super) tariff: Tariff,
}

/// A free connector, and how far from the route it is, in metres.
struct Found {
    spot: Spot,
    metres: f64,
}

/// Most connectors that are shown.
const SHOWN: usize = 8;

/// Finds free connectors that fit, shows them, and takes the first.
pub(super) async fn find(
    world: &World,
    options: &Options,
    loaded: &Loaded,
) -> Result<(Option<Spot>, Details), Failure> {
    let locations = world.emsp.locations().await?;
    let tariffs: Vec<Tariff> = world.emsp.platform.objects().all().await?.objects;
    let route = route(options, loaded, &locations);
    let free = free_connectors(&locations, &tariffs, route);

    let plug = ConnectorType::from(options.plug.as_str());
    let fits = |found: &&Found| {
        found.metres <= f64::from(options.within)
            && found.spot.connector.standard == plug
            && found.spot.connector.power() >= Power::from_kilowatts(options.power)
    };
    let mut fitting: Vec<&Found> = free.iter().filter(fits).collect();
    fitting.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    // Where the wish cannot be met, the day goes on with whatever is free.
    let chosen =
        fitting.first().copied().or_else(|| free.iter().min_by(|a, b| a.metres.total_cmp(&b.metres)));

    let text = format!(
        "{} free connectors {} of {} kW or more within {} m of the route{}",
        fitting.len(),
        options.plug,
        options.power,
        options.within,
        match (fitting.first(), chosen) {
            (None, Some(chosen)) => format!("; going to {} instead", chosen.spot.connector.standard),
            _ => String::new(),
        }
    );
    let mut table = Vec::new();
    if !fitting.is_empty() {
        table.push(format!(
            "{:>6}  {:<28} {:<12} {:>6}  {:>12}",
            "metres", "address", "EVSE", "kW", "per kWh"
        ));
        table.extend(fitting.iter().take(SHOWN).map(|found| row(found)));
    }
    let data = json!({
        "found": fitting.len(),
        "connectors": fitting.iter().take(SHOWN).map(|found| entry(found)).collect::<Vec<_>>(),
    });
    Ok((chosen.map(|found| found.spot.clone()), Details::new(text, data).with_table(table)))
}

fn row(found: &Found) -> String {
    let Spot { location, evse, connector, tariff } = &found.spot;
    format!(
        "{:>6.0}  {:<28} {:<12} {:>6}  {:>12}",
        found.metres,
        location.address.as_str().chars().take(28).collect::<String>(),
        evse.uid,
        connector.power().watts() / 1000,
        energy_price(tariff).unwrap_or_else(|| "?".to_owned()),
    )
}

fn entry(found: &Found) -> serde_json::Value {
    let Spot { location, evse, connector, tariff } = &found.spot;
    json!({
        "location_id": location.id.as_str(), "evse_uid": evse.uid.as_str(), "connector_id": connector.id.as_str(),
        "metres": found.metres.round(), "power_w": connector.power().watts(), "price_per_kwh": energy_price(tariff),
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
            // Locations may come without tariffs.
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
