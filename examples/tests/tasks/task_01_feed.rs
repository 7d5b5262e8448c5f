//! Reads a feed, and prints the free CCS connectors of 50 kW and more with their price.

use std::{fs, io::Write, path::Path};

use examples::city;
use ocpi_pricing::HeadlinePrice;
use ocpi_types::v2_3_0::{locations::Location, tariffs::Tariff};
use ocpi_types::{Power, json};

use crate::Failure;

fn print_fast(folder: &Path, out: &mut impl Write) -> Result<(), Failure> {
    // [task]
    let feed = json::read_list::<Location>(&fs::read(folder.join("locations.json"))?)?;
    let tariffs = json::read_list::<Tariff>(&fs::read(folder.join("tariffs.json"))?)?.items;
    let fast = |power| power >= Power::from_kilowatts(50);
    for (location, evse, connector) in feed.items.iter().flat_map(Location::connectors) {
        if evse.is_available() && connector.standard.is_ccs() && fast(connector.power()) {
            for tariff in location.tariffs_of(connector, &tariffs) {
                let price = HeadlinePrice::of(tariff)?;
                writeln!(out, "{}: {}, {price}", location.address, connector.power())?;
            }
        }
    }
    // [end]
    Ok(())
}

#[test]
fn free_fast_chargers_of_a_city_are_printed_with_prices() {
    let party = city::Party { country_code: "NL", party_id: "ALF" };
    let city = city::build(1, 200, &party).expect("a city");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name, text| fs::write(folder.path().join(name), text).expect("written");
    write("locations.json", json::list_to_vec(&city.locations));
    write("tariffs.json", json::list_to_vec(&city.tariffs));
    let mut out = Vec::new();
    print_fast(folder.path(), &mut out).expect("printed");
    let text = String::from_utf8(out).expect("text");
    // All the CCS connectors of the city have 50 kW and more.
    let evses = city.locations.iter().flat_map(|location| &location.evses);
    let free = evses.filter(|evse| evse.status.as_str() == "AVAILABLE").flat_map(|evse| &evse.connectors);
    let expected = free.filter(|connector| connector.standard.as_str() == "IEC_62196_T2_COMBO").count();
    assert!(expected > 10, "{expected}");
    assert_eq!(text.lines().count(), expected);
    assert!(text.lines().all(|line| line.contains(" kW, ") && line.contains("EUR per kWh")), "{text}");
}
