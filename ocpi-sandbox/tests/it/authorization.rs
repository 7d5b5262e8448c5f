//! Drivers whose platform is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use ocpi_testkit::{Fate, parse, token_json};
use ocpi_types::v2_3_0::cdrs::AuthMethod;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::{Token, WhitelistType};

use crate::town::Town;

fn asked(is_valid: bool, is_there: bool) -> Vec<Session> {
    let town = Town::new(4, 0);
    let token: Token = parse(&token_json("DE/EMP", "U1", "10:00:00"));
    let token = Token { whitelist: WhitelistType::Never, ..token };
    town.knows(&token);
    if !is_valid {
        let now = town.time.clock().now();
        let blocked = Token { valid: false, last_updated: now, ..token };
        town.emsp.put::<Token>(&ocpi_types::json::to_string(&blocked));
    }
    if !is_there {
        town.network.remove_host("emsp.example");
    }
    for _ in 0..180 {
        town.pass(60);
    }
    town.cpo.all::<Session>()
}

#[test]
fn the_partner_decides_about_its_drivers() {
    let sessions = asked(true, true);
    assert!(!sessions.is_empty());
    for session in &sessions {
        assert_eq!(session.auth_method, AuthMethod::AuthRequest);
        assert!(session.authorization_reference.is_some(), "by which the eMSP finds it again");
    }
    assert_eq!(asked(false, true), [], "who is blocked drives on");
    assert_eq!(asked(true, false), [], "who has to be asked about, and nobody answers, drives on");
}

#[test]
fn a_partner_that_does_not_answer_holds_up_neither_the_city_nor_its_end() {
    let town = Town::new(20, 0);
    for number in 1..=3 {
        let token: Token = parse(&token_json("DE/EMP", &format!("U{number}"), "10:00:00"));
        town.knows(&Token { whitelist: WhitelistType::Never, ..token });
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    town.network.watch(move |request| {
        let is_ask = request.uri().path().ends_with("/authorize");
        count.fetch_add(usize::from(is_ask), Ordering::Relaxed);
        is_ask.then_some(Fate::Hangs)
    });
    // One ask that fails in a minute, and no more.
    for _ in 0..60 {
        let (begin, before) = (town.time.clock().now(), asked.load(Ordering::Relaxed));
        town.time.advance(Duration::from_secs(60));
        town.try_step().unwrap();
        let took = town.time.clock().now().seconds_since(begin) - 60;
        let asks = asked.load(Ordering::Relaxed) - before;
        assert!((0..=5).contains(&took) && asks <= 1, "{took} s, {asks}");
    }
    assert!(asked.load(Ordering::Relaxed) > 3);
    assert_eq!(town.cpo.all::<Session>(), []);

    // At the end nobody is waited for.
    town.time.advance(Duration::from_secs(30 * 60));
    let (begin, before) = (town.time.clock().now(), asked.load(Ordering::Relaxed));
    let mut polls = 0;
    let shutdown = std::future::poll_fn(move |_| {
        polls += 1;
        if polls > 1 { Poll::Ready(()) } else { Poll::Pending }
    });
    town.time.run(town.sandbox.live(shutdown, |error| panic!("{error}"))).unwrap();
    assert!(asked.load(Ordering::Relaxed) > before, "somebody was being asked");
    assert!(town.time.clock().now().seconds_since(begin) <= 5);
}
