//! The Locations that are served.

use ocpi_bench_data::{Version, locations};
use ocpi_types::json;
use ocpi_types::v2_3_0::locations::Location;

/// Number of Locations.
pub const LOCATIONS: usize = 1_000;

/// The Locations of the other benchmarks, as those of one operator, NL/BNC.
pub fn text() -> String {
    let mut text = locations(Version::V2_3_0, LOCATIONS, 1);
    for country in ["BE", "DE", "FR", "AT", "NO"] {
        let of = |country| format!(r#""country_code":"{country}","party_id":"BNC""#);
        text = text.replace(&of(country), &of("NL"));
    }
    text
}

/// They, as objects of this library.
pub fn objects() -> Vec<Location> {
    let list = json::read_list::<Location>(text().as_bytes()).expect("a page");
    assert_eq!((list.items.len(), list.rejected.len()), (LOCATIONS, 0));
    list.items
}
