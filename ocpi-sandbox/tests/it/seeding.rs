//! Seeds, and stores that have one.

use std::sync::Arc;

use ocpi_sandbox::{Error, Sandbox, SandboxOptions, Seed};
use ocpi_testkit::{Network, PlatformSetup, SimulatedTime, TestPlatform};
use ocpi_types::json;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::bookings::BookingLocation;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;

fn city(locations: usize, party: &str) -> Seed {
    Seed::city(1, Some(locations), &Party::new("NL", party).unwrap()).unwrap()
}

/// Opens a sandbox with a seed; its notes.
fn open(cpo: &TestPlatform, seed: Seed) -> Result<Vec<String>, Error> {
    let time = SimulatedTime::default();
    let (clock, timer) = (time.clock(), time.timer());
    let options =
        SandboxOptions { is_emsp: false, seed: Some(seed), clock, timer, ..SandboxOptions::default() };
    let sandbox = time.run(Sandbox::open(Arc::clone(&cpo.platform), options)).unwrap()?;
    Ok(sandbox.notes().to_vec())
}

#[test]
fn a_seeding_that_breaks_off_is_completed_and_then_no_other_is_begun() {
    let cpo = PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")]).open(&Network::default());
    // The third Location is refused: it is another party's.
    let mut broken = city(5, "ALF");
    broken.locations[2] = city(5, "BET").locations.remove(2);
    assert!(open(&cpo, broken).is_err());
    assert_eq!((cpo.all::<Location>().len(), cpo.all::<Tariff>().len()), (2, 6));

    assert_eq!(open(&cpo, city(5, "ALF")).unwrap(), [""; 0]);
    assert_eq!(cpo.all::<Location>(), city(5, "ALF").locations);

    let notes = open(&cpo, city(9, "ALF")).unwrap();
    assert!(matches!(&notes[..], [one] if one.ends_with("the seed is ignored")), "{notes:?}");
    assert_eq!(cpo.all::<Location>().len(), 5);
}

#[test]
fn booking_locations_of_a_file_stand_in_the_place_of_made_up_ones() {
    let made_up = PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")]).open(&Network::default());
    open(&made_up, city(8, "ALF")).unwrap();
    let mut offer = made_up.all::<BookingLocation>().remove(0);
    offer.id = "MINE".parse().unwrap();

    let locations = city(8, "BET").locations.iter().map(json::to_string).collect::<Vec<_>>().join(",");
    let offer = json::to_string(&offer);
    let file = format!(r#"{{"locations": [{locations}], "booking_locations": [{offer}]}}"#);
    let party = Party::new("NL", "ALF").unwrap();
    let seed = Seed::read("seed.json", file.as_bytes(), &party).unwrap();
    let cpo = PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")]).open(&Network::default());
    open(&cpo, seed).unwrap();
    let offers = cpo.all::<BookingLocation>();
    assert_eq!((offers.len(), offers[0].id.as_str()), (1, "MINE"));
    assert_eq!(cpo.all::<Location>().len(), 8);
}
