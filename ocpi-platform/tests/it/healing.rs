//! Rotations that are to heal a partner, while it refuses them for a time.

use std::sync::{Arc, Mutex};

use http::Method;
use ocpi_testkit::{
    CannedPlatform, Network, PlatformSetup, SteppedClock, TestPlatform, credentials_json, respond, success,
    token,
};
use pollster::block_on;

use crate::hand::{HAND, ask_for_tariffs, by_hand, inviting};

/// The partner has rotated, its call back and our first use of its new token went well, and then it never used ours: a
/// rotation of ours is due. Returns what tells which token it knows, and the time.
fn unused() -> (Network, TestPlatform, SteppedClock, Knows) {
    let clock = SteppedClock::default();
    let (network, cpo, token_a) = inviting(PlatformSetup { clock: clock.clock(), ..PlatformSetup::cpo() });
    let knows = Knows::default();
    knows.answer_on(&network);
    knows.set(200, "token-b");
    let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!(code, 1000);
    let token_c = token_c.expect("token C");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000));
    knows.set(200, "token-b2");
    let newer = credentials_json("token-b2", "hand.example", HAND);
    assert_eq!(cpo.exchange_credentials(Method::PUT, &token_c, &newer).1, 1000);
    clock.advance(1);
    block_on(cpo.platform.tick()).expect("a store");
    clock.advance(601);
    block_on(cpo.platform.tick()).expect("a store");
    (network, cpo, clock, knows)
}

/// The token that the partner knows, and the status of its answers to those who PUT with it.
#[derive(Clone, Default)]
struct Knows(Arc<Mutex<(u16, &'static str)>>);

impl Knows {
    fn set(&self, status: u16, known: &'static str) {
        *self.0.lock().expect("no panic") = (status, known);
    }

    fn answer_on(&self, network: &Network) {
        let known = self.clone();
        let CannedPlatform { versions, details } = CannedPlatform::with(
            r#", {"identifier": "tariffs", "role": "SENDER", "url": "https://hand.example/ocpi/tariffs"}"#,
        );
        network.add_host("hand.example", move |request| {
            let (status, known) = *known.0.lock().expect("no panic");
            let refused = |status| respond(status, &[], r#"{"status_code": 2000}"#);
            let is_known = request.headers()[http::header::AUTHORIZATION] == token(known).to_header(true);
            match request.uri().path() {
                _ if !is_known => refused(401),
                path if path.ends_with("/versions") => success(&versions),
                path if path.ends_with("/tariffs") => success("[]"),
                path if path.ends_with("/credentials")
                    && *request.method() == Method::PUT
                    && status != 200 =>
                {
                    refused(status)
                }
                path if path.ends_with("/credentials") => {
                    success(&credentials_json("token-b3", "hand.example", HAND))
                }
                _ => success(&details),
            }
        });
    }
}

/// A token that works is not given up because the partner refuses a rotation for a while.
#[test]
fn a_token_that_works_outlives_refusals() {
    for status in [405, 401, 403] {
        let (_network, cpo, clock, knows) = unused();
        knows.set(status, "token-b2");
        for _ in 0..2 {
            clock.advance(3);
            assert_eq!(block_on(cpo.platform.tick()).expect("a store").failed.len(), 1, "{status}");
        }
        knows.set(200, "token-b2");
        for _ in 0..4 {
            clock.advance(20);
            block_on(cpo.platform.tick()).expect("a store");
        }
        let partner = cpo.partner("hand");
        assert!(!partner.is_exchanging, "{status}: the partner takes the rotation now");
        knows.set(200, "token-b3");
        cpo.reach("hand").unwrap_or_else(|error| panic!("{status}: {error}"));
    }
}

/// A partner that took its new token back is met with the one before.
#[test]
fn a_token_that_was_taken_back_is_followed_by_the_one_before() {
    let (_network, cpo, clock, knows) = unused();
    knows.set(200, "token-b");
    for _ in 0..4 {
        clock.advance(20);
        block_on(cpo.platform.tick()).expect("a store");
    }
    assert!(!cpo.partner("hand").is_exchanging);
    knows.set(200, "token-b3");
    cpo.reach("hand").expect("it is healed");
}
