//! Unregistration while a rotation has no answer.

use http::Method;
use ocpi_platform::PartnerState;
use ocpi_testkit::{Fate, Network, PlatformSetup, SteppedClock, TestPlatform};
use pollster::block_on;

use crate::hand::state;

/// An eMSP that has rotated: the CPO has committed that, and its answer was lost.
fn rotated() -> (Network, TestPlatform, TestPlatform, SteppedClock) {
    let (network, clock) = (Network::default(), SteppedClock::default());
    let setup = |setup: PlatformSetup| PlatformSetup { clock: clock.clock(), ..setup }.open(&network);
    let (cpo, emsp) = (setup(PlatformSetup::cpo()), setup(PlatformSetup::emsp()));
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    network.once(Method::PUT, Fate::AnswerLost);
    block_on(emsp.platform.rotate("cpo")).expect_err("the answer was lost");
    network.calm();
    (network, cpo, emsp, clock)
}

fn have_left(cpo: &TestPlatform, emsp: &TestPlatform) -> bool {
    [state(cpo, "emsp"), state(emsp, "cpo")] == [Some(PartnerState::Left); 2]
}

#[test]
fn a_rotation_is_settled_before_the_delete() {
    let (_network, cpo, emsp, _) = rotated();
    block_on(emsp.platform.unregister("cpo")).expect("delivered");
    assert!(have_left(&cpo, &emsp), "{:?}", [state(&cpo, "emsp"), state(&emsp, "cpo")]);
}

#[test]
fn a_rotation_is_settled_before_a_later_delete() {
    let (network, cpo, emsp, clock) = rotated();
    network.remove_host("cpo.example");
    block_on(emsp.platform.unregister("cpo")).expect_err("nobody is there");
    assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Leaving));
    cpo.reach("emsp").expect_err("its tokens are good for nothing");
    network.add_router("cpo.example", cpo.router.clone());
    for _ in 0..4 {
        clock.advance(20);
        block_on(emsp.platform.tick()).expect("a store");
    }
    assert!(have_left(&cpo, &emsp), "{:?}", [state(&cpo, "emsp"), state(&emsp, "cpo")]);
}

/// A partner that knows neither token has no such registration.
#[test]
fn a_partner_that_knows_no_token_is_left() {
    let (_network, cpo, emsp, clock) = rotated();
    block_on(cpo.platform.forget("emsp")).expect("forgotten");
    block_on(emsp.platform.unregister("cpo")).expect_err("it refuses the rotation");
    for _ in 0..4 {
        clock.advance(20);
        block_on(emsp.platform.tick()).expect("a store");
    }
    assert!(have_left(&cpo, &emsp));
}

/// A rotation that never arrived is done first: the partner calls back.
#[test]
fn a_rotation_that_never_arrived_is_done_before_the_delete() {
    let (network, clock) = (Network::default(), SteppedClock::default());
    let setup = |setup: PlatformSetup| PlatformSetup { clock: clock.clock(), ..setup }.open(&network);
    let (cpo, emsp) = (setup(PlatformSetup::cpo()), setup(PlatformSetup::emsp()));
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    network.once(Method::PUT, Fate::Lost);
    block_on(emsp.platform.rotate("cpo")).expect_err("lost");
    network.calm();
    block_on(emsp.platform.unregister("cpo")).expect("delivered");
    assert!(have_left(&cpo, &emsp));
}
