//! Erasures that wait for partners: Tokens of ours, and CDRs that are on their way.

use std::sync::Arc;
use std::time::Duration;

use ocpi_platform::{ErasureScope, WaitsFor};
use ocpi_server_traits::Memory;
use ocpi_testkit::{Fate, Network, PlatformSetup, SimulatedTime, TestPlatform, failure, parse};
use ocpi_types::endpoint::{EvseKey, Owned};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use super::{UID, driver, my_cdr, my_location, my_token};

/// A CPO and an eMSP that are registered with each other.
pub(super) fn pair() -> (SimulatedTime, Network, TestPlatform, TestPlatform) {
    let (time, network) = (SimulatedTime::default(), Network::default());
    let open = |setup: PlatformSetup| {
        let store = Arc::new(Memory::with_clock(time.clock()));
        PlatformSetup { clock: time.clock(), timer: time.timer(), store, ..setup }.open(&network)
    };
    let (cpo, emsp) = (open(PlatformSetup::cpo()), open(PlatformSetup::emsp()));
    let takes_all = emsp.platform.router(|routes| routes.emsp(emsp.platform.objects()));
    network.add_router("emsp.example", takes_all.expect("a router"));
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    (time, network, cpo, emsp)
}

pub(super) fn live(time: &SimulatedTime, side: &TestPlatform, seconds: u64) {
    for _ in 0..seconds {
        time.run(side.platform.tick()).expect("no hang").expect("a tick");
        time.advance(Duration::from_secs(1));
    }
}

#[test]
fn partners_are_told_that_a_token_is_not_valid_before_it_goes() {
    let (time, network, cpo, emsp) = pair();
    live(&time, &emsp, 1);
    block_on(emsp.platform.publish(parse::<Token>(&my_token("DE/EMP")))).expect("published");
    live(&time, &emsp, 5);
    let copies = || cpo.all::<Token>();
    assert!(copies()[0].valid, "{:?}", copies().len());
    network.watch(|_| Some(Fate::Lost));
    let report = block_on(emsp.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store");
    assert_eq!(report.postponed.iter().map(|it| it.reason).collect::<Vec<_>>(), [WaitsFor::Partners]);
    live(&time, &emsp, 200);
    assert_eq!(emsp.all::<Token>().len(), 1);
    assert!(copies()[0].valid);
    network.watch(|_| None);
    live(&time, &emsp, 600);
    assert!(!copies()[0].valid);
    assert_eq!(emsp.all::<Token>(), []);
    assert_eq!(block_on(emsp.platform.driver(driver()).export()).expect("a store").records, []);
}

#[test]
fn a_cdr_reaches_its_emsp_before_it_has_a_pseudonym() {
    let (time, network, cpo, emsp) = pair();
    live(&time, &cpo, 1);
    network.watch(|_| Some(Fate::Lost));
    block_on(cpo.platform.publish(parse::<Cdr>(&my_cdr("CDR1")))).expect("published");
    live(&time, &cpo, 3);
    let report = block_on(cpo.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store");
    assert_eq!(report.postponed.iter().map(|it| it.reason).collect::<Vec<_>>(), [WaitsFor::Delivery]);
    live(&time, &cpo, 200);
    assert_eq!(cpo.all::<Cdr>()[0].cdr_token.uid.as_str(), UID);
    network.watch(|_| None);
    live(&time, &cpo, 600);
    assert_eq!(emsp.all::<Cdr>()[0].cdr_token.uid.as_str(), UID);
    assert!(cpo.all::<Cdr>()[0].cdr_token.uid.as_str().starts_with("erased-"));
}

#[test]
fn a_cdr_that_was_refused_can_be_sent_again_before_it_has_a_pseudonym() {
    let (time, network, cpo, emsp) = pair();
    live(&time, &cpo, 1);
    network.add_host("emsp.example", |_| failure(400, 2001));
    block_on(cpo.platform.publish(parse::<Cdr>(&my_cdr("CDR1")))).expect("published");
    live(&time, &cpo, 30);
    let deliveries = cpo.platform.deliveries("emsp");
    let dead = block_on(deliveries.dead()).expect("a store");
    assert_eq!(dead.len(), 1);
    let report = block_on(cpo.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store");
    assert_eq!(report.postponed.iter().map(|it| it.reason).collect::<Vec<_>>(), [WaitsFor::Delivery]);
    network.add_router("emsp.example", emsp.router.clone());
    assert!(block_on(deliveries.retry(&dead[0].id)).expect("a store"));
    live(&time, &cpo, 600);
    assert_eq!(emsp.all::<Cdr>()[0].cdr_token.uid.as_str(), UID);
    assert!(cpo.all::<Cdr>()[0].cdr_token.uid.as_str().starts_with("erased-"));
}

/// A change of an EVSE that is told with it hides nothing.
#[test]
fn partners_are_told_that_a_driver_is_no_longer_in_a_location() {
    let (time, network, cpo, emsp) = pair();
    live(&time, &cpo, 1);
    block_on(cpo.platform.publish(parse::<Location>(&my_location("L1")))).expect("published");
    live(&time, &cpo, 5);
    let entries = || emsp.all::<Location>()[0].publish_allowed_to.len();
    assert_eq!(entries(), 2);
    network.watch(|_| Some(Fate::Lost));
    assert!(
        block_on(cpo.platform.driver(driver()).erase(ErasureScope::KeepCdrs)).expect("a store").is_done()
    );
    let key = EvseKey { location_id: "L1".parse().expect("an id"), evse_uid: "E1".parse().expect("an id") };
    let evse = Owned { owner: ocpi_testkit::party("NL/ALF"), key };
    let charging = EvsePatch { status: Status::Charging.into(), ..EvsePatch::default() };
    block_on(cpo.platform.patch::<Evse>(&evse, charging)).expect("patched");
    network.watch(|_| None);
    live(&time, &cpo, 600);
    let copy = &emsp.all::<Location>()[0];
    assert_eq!((copy.evses[0].status.clone(), entries()), (Status::Charging, 1));
}
