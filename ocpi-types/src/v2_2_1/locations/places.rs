//! Places against the country that is named with them.

use super::GeoLocation;
use crate::standards::holds;
use crate::{Check, CountryCode3, Decimal, Latitude, Longitude, Rule};

/// The numbers of a place mean something of themselves: not both zero, and not one number twice.
pub(crate) fn is_place(check: &mut Check, latitude: &Latitude, longitude: &Longitude) {
    let (Some(north), Some(east)) = (latitude.millionths(), longitude.millionths()) else { return };
    if north == 0 && east == 0 {
        check.report(Rule::NullIsland);
    } else if north == east {
        check.report(Rule::PlaceEqual);
    }
}

/// Checks that the place is in the country or near it; a place that is odd of itself is reported already.
pub(crate) fn in_country(
    check: &mut Check,
    country: Option<&CountryCode3>,
    latitude: &Latitude,
    longitude: &Longitude,
) {
    let (Some(country), Some(north), Some(east)) = (country, latitude.millionths(), longitude.millionths())
    else {
        return;
    };
    if north != east && holds(country.as_str(), north, east) == Some(false) {
        abroad(check, country.as_str(), north, east);
    }
}

/// The place in a member is in the country or near it.
pub(crate) fn in_country_at(
    check: &mut Check,
    name: &'static str,
    country: Option<&CountryCode3>,
    place: Option<&GeoLocation>,
) {
    if let Some(place) = place {
        check.member(name, |check| in_country(check, country, &place.latitude, &place.longitude));
    }
}

/// Turns latitude and longitude into those that may have been meant.
type Turn = fn(i32, i32) -> (i32, i32);

/// Likely mistakes in a place that is not in its country, each with the turn that undoes it.
const TURNS: &[(Turn, &str)] = &[
    (|north, east| (east, north), "latitude and longitude are likely exchanged"),
    (|north, east| (north, -east), "the longitude likely has the wrong sign"),
    (|north, east| (-north, east), "the latitude likely has the wrong sign"),
    (|north, east| (-north, -east), "both likely have the wrong sign"),
    (|north, east| (-east, north), "latitude and longitude are likely exchanged, and a sign is wrong"),
    (|north, east| (east, -north), "latitude and longitude are likely exchanged, and a sign is wrong"),
];

#[cold]
fn abroad(check: &mut Check, country: &str, north: i32, east: i32) {
    let message = Rule::PlaceAbroad.message();
    let places = TURNS.iter().map(|(turn, likely)| (turn(north, east), likely));
    let mut fitting = places.filter(|((north, east), _)| holds(country, *north, *east) == Some(true));
    match fitting.next() {
        Some(((north, east), likely)) => {
            let degrees = |millionths| Decimal::new(i64::from(millionths), 6).normalize();
            let (north, east) = (degrees(north), degrees(east));
            let message =
                format!("{message}: {likely}, perhaps latitude {north} and longitude {east} are meant");
            check.report_as(Rule::PlaceAbroad, message);
        }
        None => check.report(Rule::PlaceAbroad),
    }
}
