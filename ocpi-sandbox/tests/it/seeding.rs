//! Seeds, and stores that have one.

use std::sync::Arc;

use ocpi_sandbox::{Error, Sandbox, SandboxOptions, Seed};
use ocpi_testkit::{Network, PlatformSetup, SimulatedTime, TestPlatform};
use ocpi_types::protocol::Party;
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
