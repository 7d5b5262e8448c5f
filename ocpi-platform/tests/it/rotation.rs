//! New tokens for old ones: whatever is lost or refused on the way, nobody is locked out.

use std::sync::Arc;

use http::Method;
use ocpi_platform::Error;
use ocpi_testkit::{Fate, Network, PlatformSetup, SteppedClock, TestPlatform, registered};
use ocpi_types::{InterfaceRole, ModuleId};
use pollster::block_on;

use crate::hand::{ask_for_tariffs, by_hand_registered};

#[track_caller]
fn both_reach(cpo: &TestPlatform, emsp: &TestPlatform, when: &str) {
    cpo.reach("emsp").unwrap_or_else(|error| panic!("{when}: the CPO is locked out: {error}"));
    emsp.reach("cpo").unwrap_or_else(|error| panic!("{when}: the eMSP is locked out: {error}"));
}

#[test]
fn when_a_rotation_is_done_the_old_tokens_are_dead() {
    let (network, cpo, emsp) = registered();
    block_on(emsp.platform.rotate("cpo")).expect("rotated");
    assert_eq!(
        network.take_requests(),
        [
            "GET https://cpo.example/ocpi/versions",
            "GET https://cpo.example/ocpi/2.3.0",
            "PUT https://cpo.example/ocpi/2.3.0/credentials",
            "GET https://emsp.example/ocpi/versions",
            "GET https://emsp.example/ocpi/2.3.0",
            "GET https://cpo.example/ocpi/2.3.0/credentials",
        ]
    );
    assert!(cpo.partner("emsp").is_confirmed && emsp.partner("cpo").is_confirmed);
    both_reach(&cpo, &emsp, "afterwards");
}

#[test]
fn nobody_rotates_what_there_is_not() {
    let network = Network::default();
    let emsp = PlatformSetup::emsp().open(&network);
    assert!(matches!(block_on(emsp.platform.rotate("cpo")), Err(Error::NoPartner(_))));
    assert!(network.take_requests().is_empty());
}

/// A token that leaked is cut off before the partner has another one.
#[test]
fn a_token_can_be_revoked_at_once() {
    let (network, cpo, _, token_c) = by_hand_registered();
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000));
    network.remove_host("hand.example");
    block_on(cpo.platform.revoke("hand")).expect_err("nobody is there");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (401, 2000));
}

/// Course of a rotation.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Done,
    /// Requests whose method and URL begin so meet this fate.
    Lost(&'static str, Fate),
    /// The partner calls back, and then refuses.
    Refused,
}

/// The four that leave the two sides in different minds come first.
const TURNS: [Turn; 8] = [
    Turn::Done,
    Turn::Refused,
    Turn::Lost("PUT", Fate::Lost),
    Turn::Lost("PUT", Fate::AnswerLost),
    Turn::Lost("GET https://emsp.example/ocpi/versions", Fate::Lost),
    Turn::Lost("GET https://emsp.example/ocpi/versions", Fate::AnswerLost),
    Turn::Lost("GET https://emsp.example/ocpi/2.3.0", Fate::AnswerLost),
    Turn::Lost("GET https://cpo.example/ocpi/2.3.0", Fate::AnswerLost),
];

/// Sides that speak between two rotations.
#[derive(Clone, Copy, Debug)]
enum Speaks {
    Nobody,
    Both,
}

fn rotate(network: &Network, emsp: &TestPlatform, turn: Turn) -> Result<(), Error> {
    match turn {
        Turn::Done => network.calm(),
        Turn::Lost(what, fate) => network.watch(move |request| {
            format!("{} {}", request.method(), request.uri()).starts_with(what).then_some(fate)
        }),
        // The CPO was opened as one that refuses.
        Turn::Refused => {}
    }
    let rotated = block_on(emsp.platform.rotate("cpo"));
    network.calm();
    rotated.map(drop)
}

/// Every sequence of two rotations, and of three of the worst, with and without a word in between.
#[test]
fn no_sequence_of_losses_and_refusals_locks_anybody_out() {
    let pairs = TURNS.iter().flat_map(|first| TURNS.iter().map(move |second| vec![*first, *second]));
    let worst = &TURNS[..4];
    let triples = worst.iter().flat_map(|first| {
        worst.iter().flat_map(move |second| worst.iter().map(move |third| vec![*first, *second, *third]))
    });
    let mut sequences = 0;
    for turns in pairs.chain(triples) {
        for speaks in [Speaks::Nobody, Speaks::Both] {
            play(&turns, speaks);
            sequences += 1;
        }
    }
    assert_eq!(sequences, 256);
}

fn play(turns: &[Turn], speaks: Speaks) {
    let network = Network::default();
    let clock = SteppedClock::default();
    let setup = |setup: PlatformSetup| PlatformSetup { clock: clock.clock(), ..setup };
    let (first, emsp) =
        (setup(PlatformSetup::cpo()).open(&network), setup(PlatformSetup::emsp()).open(&network));
    emsp.register_with(&first, "cpo", "emsp").expect("registered");
    let again = || setup(PlatformSetup { store: Arc::clone(&first.store), ..PlatformSetup::cpo() });
    for (number, turn) in turns.iter().enumerate() {
        // The same CPO on the same store. If it asks for more than the eMSP has, it refuses after the call back.
        let cpo = match turn {
            Turn::Refused => again().requiring(ModuleId::Payments, InterfaceRole::Sender).open(&network),
            _ => again().open(&network),
        };
        let rotated = rotate(&network, &emsp, *turn);
        let is_done = matches!(turn, Turn::Done);
        // Later ones repeat a request that was answered once, and are not called back then.
        assert!(rotated.is_ok() == is_done || number > 0 && !is_done, "{turns:?}: {rotated:?}");
        if matches!(speaks, Speaks::Both) {
            // Whoever never got its answer has a token that is dead, until it has asked again.
            let _ = (emsp.reach("cpo"), cpo.reach("emsp"));
        }
    }
    // Once nothing is lost any more, both come to rest by themselves.
    let cpo = again().open(&network);
    for _ in 0..3 {
        clock.advance(700);
        for side in [&cpo, &emsp] {
            block_on(side.platform.tick()).expect("a store");
        }
    }
    both_reach(&cpo, &emsp, &format!("{turns:?}"));
    for status in [cpo.partner("emsp"), emsp.partner("cpo")] {
        assert!(status.is_confirmed && !status.is_exchanging && !status.is_suspect, "{turns:?}: {status:?}");
    }
}

/// Both rotate at the same time: the one that comes while the other is under way is told to wait, and nothing is lost.
#[test]
fn rotations_that_cross_lock_nobody_out() {
    let (network, cpo, emsp) = registered();
    let (cpo, emsp) = (Arc::new(cpo), Arc::new(emsp));
    network.watch({
        let cpo = Arc::clone(&cpo);
        let mut has_crossed = false;
        move |request| {
            if request.method() == Method::PUT && !has_crossed {
                has_crossed = true;
                // The eMSP's PUT is on its way; now the CPO begins.
                block_on(cpo.platform.rotate("emsp")).expect_err("one at a time");
            }
            None
        }
    });
    block_on(emsp.platform.rotate("cpo")).expect("the first one");
    network.calm();
    both_reach(&cpo, &emsp, "after both");
    block_on(cpo.platform.rotate("emsp")).expect("now it may");
    both_reach(&cpo, &emsp, "at last");
}

#[test]
fn a_rotation_survives_a_restart_on_either_side() {
    let (network, cpo, emsp) = registered();
    network.once(Method::PUT, Fate::AnswerLost);
    block_on(emsp.platform.rotate("cpo")).expect_err("the answer was lost");
    network.calm();
    let cpo = PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { store: Arc::clone(&emsp.store), ..PlatformSetup::emsp() }.open(&network);
    assert!(emsp.partner("cpo").is_exchanging, "it is sent again");
    cpo.reach("emsp").expect("the CPO has token B");
    block_on(emsp.platform.rotate("cpo")).expect("the same request again");
    both_reach(&cpo, &emsp, "after the restart");
}

/// The answer to the eMSP's PUT is lost for good, and the eMSP never asks again: the CPO heals it by a PUT of its own.
#[test]
fn an_answer_that_was_never_used_is_healed() {
    let network = Network::default();
    let clock = SteppedClock::default();
    let setup = |setup: PlatformSetup| PlatformSetup { clock: clock.clock(), ..setup }.open(&network);
    let (cpo, emsp) = (setup(PlatformSetup::cpo()), setup(PlatformSetup::emsp()));
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    network.once(Method::PUT, Fate::AnswerLost);
    block_on(emsp.platform.rotate("cpo")).expect_err("the answer was lost");
    network.calm();
    assert!(!cpo.partner("emsp").is_confirmed);
    clock.advance(601);
    for _ in 0..2 {
        let ticked = block_on(cpo.platform.tick()).expect("a store");
        assert!(ticked.failed.is_empty(), "{ticked:?}");
    }
    both_reach(&cpo, &emsp, "healed");
    assert!(!emsp.partner("cpo").is_exchanging, "the CPO's exchange has overtaken it");
}
