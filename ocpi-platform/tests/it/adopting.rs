//! Registrations of other systems that are taken over at the same time.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use ocpi_platform::{Adopted, Error, PartnerStatus, Platform, Settings};
use ocpi_testkit::{Network, fixed_clock, parse_list, roles_json, token};
use ocpi_types::Version;
use ocpi_types::protocol::PartnerProfile;
use pollster::block_on;

use crate::walks::stepped::Stepped;

fn adopted(token_c: &str) -> Adopted {
    Adopted {
        token_we_issued: token(token_c),
        token_we_received: token("token-b"),
        versions_url: "https://hand.example/ocpi/versions".parse().expect("a URL"),
        version: Version::V2_3_0,
        profile: PartnerProfile::strict(),
        endpoints: Vec::new(),
        roles: parse_list(&roles_json(&[("EMSP", "BE", "HND")])),
    }
}

/// Runs two operations, the second once the first has read or written `first` times, and then each as long as `turn`
/// reads and writes.
fn side_by_side<A, B>(first: usize, turn: usize, a: A, b: B) -> (A::Output, B::Output)
where
    A: Future,
    B: Future,
{
    let (mut a, mut b, mut context) = (pin!(a), pin!(b), Context::from_waker(Waker::noop()));
    let (mut of_a, mut of_b) = (None, None);
    let mut left = first;
    let mut is_a = true;
    loop {
        if left == 0 {
            (left, is_a) = (turn, !is_a);
        }
        left -= 1;
        if is_a && of_a.is_none() {
            if let Poll::Ready(output) = a.as_mut().poll(&mut context) {
                of_a = Some(output);
            }
        } else if !is_a && of_b.is_none() {
            if let Poll::Ready(output) = b.as_mut().poll(&mut context) {
                of_b = Some(output);
            }
        }
        if let (Some(_), Some(_)) = (&of_a, &of_b) {
            return (of_a.expect("it is done"), of_b.expect("it is done"));
        }
    }
}

/// P6: whichever reads or writes next, one of them gets the party at most.
#[test]
fn a_party_is_adopted_for_one_partner() {
    let mut taken = 0;
    for (first, turn) in (1..24).flat_map(|first| (1..24).map(move |turn| (first, turn))) {
        let store = Stepped::default();
        let role = parse_list(&roles_json(&[("CPO", "NL", "ALF")])).remove(0);
        let settings = Settings::new("https://cpo.example/ocpi".parse().expect("a URL"), role);
        let settings = Settings { clock: fixed_clock(), ..settings };
        let opened = block_on(Platform::open(settings, store.clone(), Network::default()));
        let platform = opened.expect("a platform");
        store.is_stepped.store(true, Ordering::Relaxed);
        let a = platform.adopt("a", adopted("token-c"));
        let b = platform.adopt("b", adopted("token-d"));
        let (a, b) = side_by_side(first, turn, a, b);
        store.is_stepped.store(false, Ordering::Relaxed);
        let count =
            [&a, &b].iter().filter(|adopted: &&&Result<PartnerStatus, Error>| adopted.is_ok()).count();
        assert!(count <= 1, "{first}, {turn}: both have it");
        taken += count;
        let partners = block_on(platform.partners()).expect("a store");
        let holders = partners.iter().filter(|partner| !partner.parties().is_empty()).count();
        assert_eq!(holders, count, "{first}, {turn}");
    }
    assert!(taken > 100, "{taken} were adopted");
}
