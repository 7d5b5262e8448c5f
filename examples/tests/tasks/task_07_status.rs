//! Is a CPO that publishes a status; everybody who may see it gets the newest state.

use ocpi_client::Transport;
use ocpi_platform::{Error, Platform};
use ocpi_server_traits::Store;
use ocpi_testkit::{location_json, parse, registered};
use ocpi_types::endpoint::{EvseKey, Owned};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
use pollster::block_on;

async fn charging<S: Store, T: Transport>(cpo: &Platform<S, T>, evse: &Owned<EvseKey>) -> Result<(), Error> {
    // [task]
    cpo.patch::<Evse>(evse, EvsePatch { status: Status::Charging.into(), ..EvsePatch::default() }).await?;
    // [end]
    Ok(())
}

#[test]
fn a_status_reaches_the_partner() {
    let (_network, cpo, emsp) = registered();
    block_on(cpo.platform.tick()).expect("a tick");
    let location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    block_on(cpo.platform.publish(location)).expect("published");
    let key = EvseKey { location_id: "L1".parse().expect("an id"), evse_uid: "E1".parse().expect("an id") };
    let evse = Owned { owner: ocpi_testkit::party("NL/ALF"), key };
    block_on(charging(&cpo.platform, &evse)).expect("published");
    block_on(cpo.platform.tick()).expect("a tick");
    let copies = emsp.all::<Location>();
    assert_eq!(copies.iter().map(|it| it.evses[0].status.clone()).collect::<Vec<_>>(), [Status::Charging]);
}
