//! New tokens for old ones: whatever is lost or refused on the way, nobody is locked out.

use std::sync::Arc;

use http::Method;
use ocpi_testkit::{Fate, Network, PlatformSetup, TestPlatform, registered};
use ocpi_types::CredentialsToken;
use ocpi_types::{InterfaceRole, ModuleId};
use pollster::block_on;

/// The tokens by which a side is known to its only partner: the one in use, and the one before.
fn tokens(of: &TestPlatform) -> (CredentialsToken, Option<CredentialsToken>) {
    let partner = of.platform.partners().remove(0);
    (partner.token_we_issued, partner.token_before)
}

#[track_caller]
fn both_reach(cpo: &TestPlatform, emsp: &TestPlatform, when: &str) {
    cpo.reach("emsp").unwrap_or_else(|error| panic!("{when}: the CPO is locked out: {error}"));
    emsp.reach("cpo").unwrap_or_else(|error| panic!("{when}: the eMSP is locked out: {error}"));
}

#[test]
fn the_old_token_is_good_until_the_new_one_is_used() {
    let (network, cpo, emsp) = registered();
    let (old_at_cpo, old_at_emsp) = (tokens(&cpo).0, tokens(&emsp).0);
    block_on(emsp.platform.renew("cpo")).expect("renewed");
    assert_eq!(
        network.take_requests(),
        [
            "GET https://cpo.example/ocpi/versions",
            "GET https://cpo.example/ocpi/2.3.0",
            "PUT https://cpo.example/ocpi/2.3.0/credentials",
            "GET https://emsp.example/ocpi/versions",
            "GET https://emsp.example/ocpi/2.3.0",
        ]
    );
    for (side, old) in [(&cpo, &old_at_cpo), (&emsp, &old_at_emsp)] {
        let (new, before) = tokens(side);
        assert_ne!(&new, old);
        assert_eq!(before.as_ref(), Some(old));
        assert_eq!(side.status_for(old), 200, "the new one was not used yet");
        assert_eq!(side.status_for(&new), 200);
        assert_eq!(side.status_for(old), 401, "the new one was used");
        assert_eq!(tokens(side), (new, None));
    }
    both_reach(&cpo, &emsp, "afterwards");
}

#[test]
fn nobody_renews_what_there_is_not() {
    let network = Network::default();
    let emsp = PlatformSetup::emsp().open(&network);
    assert!(block_on(emsp.platform.renew("cpo")).is_err());
    assert!(network.take_requests().is_empty());
}

/// Course of a renewal.
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

/// Sides that speak between two renewals.
#[derive(Clone, Copy, Debug)]
enum Speaks {
    Nobody,
    Both,
}

fn renew(network: &Network, emsp: &TestPlatform, turn: Turn) {
    match turn {
        Turn::Done => network.calm(),
        Turn::Lost(what, fate) => network.watch(move |request| {
            format!("{} {}", request.method(), request.uri()).starts_with(what).then_some(fate)
        }),
        // The CPO was opened as one that refuses.
        Turn::Refused => {}
    }
    let renewed = block_on(emsp.platform.renew("cpo"));
    assert_eq!(renewed.is_ok(), matches!(turn, Turn::Done), "{turn:?}: {renewed:?}");
    network.calm();
}

/// Every sequence of two renewals, and of three of the worst, with and without a word in between.
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
    let cpo = PlatformSetup::cpo().open(&network);
    let emsp = PlatformSetup::emsp().open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    // The same CPO on the same store, that asks for more than the eMSP has: it refuses after the call back.
    let strict = || {
        let plan = PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() };
        plan.requiring(ModuleId::ChargingProfiles, InterfaceRole::Sender).open(&network)
    };
    let mut cpo_now = None;
    for (number, turn) in turns.iter().enumerate() {
        let plain = || PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() }.open(&network);
        cpo_now = Some(if matches!(turn, Turn::Refused) { strict() } else { plain() });
        renew(&network, &emsp, *turn);
        if let (Speaks::Both, Some(cpo)) = (speaks, &cpo_now) {
            both_reach(cpo, &emsp, &format!("{turns:?}, after {number}"));
        }
    }
    let cpo = cpo_now.expect("there was a turn");
    both_reach(&cpo, &emsp, &format!("{turns:?}"));
    block_on(emsp.platform.renew("cpo")).map(drop).unwrap_or_else(|error| {
        // The strict one refuses to the end.
        assert!(matches!(turns.last(), Some(Turn::Refused)), "{turns:?}: {error}");
    });
    both_reach(&cpo, &emsp, &format!("{turns:?}, at last"));
    // Now that both have spoken, there is one token in each direction.
    if !matches!(turns.last(), Some(Turn::Refused)) {
        assert_eq!((tokens(&cpo).1, tokens(&emsp).1), (None, None), "{turns:?}");
    }
}

/// Both renew at the same time: the one that comes while the other is under way is refused, and nothing is lost.
#[test]
fn renewals_that_cross_lock_nobody_out() {
    let (network, cpo, emsp) = registered();
    let (cpo, emsp) = (Arc::new(cpo), Arc::new(emsp));
    network.watch({
        let cpo = Arc::clone(&cpo);
        move |request| {
            if request.method() == Method::PUT {
                // The eMSP's PUT is on its way; now the CPO begins.
                block_on(cpo.platform.renew("emsp")).expect_err("one at a time");
            }
            None
        }
    });
    block_on(emsp.platform.renew("cpo")).expect("the first one");
    network.calm();
    both_reach(&cpo, &emsp, "after both");
    block_on(cpo.platform.renew("emsp")).expect("now it may");
    both_reach(&cpo, &emsp, "at last");
}

#[test]
fn a_renewal_survives_a_restart_on_either_side() {
    let (network, cpo, emsp) = registered();
    network.once(Method::PUT, Fate::AnswerLost);
    block_on(emsp.platform.renew("cpo")).expect_err("the answer was lost");
    network.calm();
    let cpo = PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { store: Arc::clone(&emsp.store), ..PlatformSetup::emsp() }.open(&network);
    assert!(tokens(&cpo).1.is_some() && tokens(&emsp).1.is_some(), "two tokens each way are kept");
    both_reach(&cpo, &emsp, "after the restart");
}
