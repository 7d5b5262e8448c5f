//! Paths of booking locations as in the examples of Bookings: with the collection before the owner.

use std::borrow::Cow;

use ocpi_types::ModuleId;

/// The collection, as its paths are mounted.
const COLLECTION: &str = "booking_locations";
/// The collection, as it is also written.
const ALSO: &str = "bookinglocations";

/// The path of a request as it is mounted: `NL/ALF/booking_locations/B1` for `bookinglocations/NL/ALF/B1`.
pub(super) fn usual<'a>(module: &ModuleId, rest: &'a [String]) -> Cow<'a, [String]> {
    let usual: Vec<&str> = match rest.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        _ if *module != ModuleId::Bookings => return rest.into(),
        // Without an owner there are a booking location and a calendar at most.
        [COLLECTION | ALSO, country, party, ids @ ..] if (1..=2).contains(&ids.len()) => {
            [*country, *party, COLLECTION].into_iter().chain(ids.iter().copied()).collect()
        }
        [ALSO, ids @ ..] => [COLLECTION].into_iter().chain(ids.iter().copied()).collect(),
        [country, party, ALSO, ids @ ..] => {
            [*country, *party, COLLECTION].into_iter().chain(ids.iter().copied()).collect()
        }
        _ => return rest.into(),
    };
    usual.into_iter().map(str::to_owned).collect()
}
