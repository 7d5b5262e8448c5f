//! Time that partners take to answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ocpi_platform::Latency;
use ocpi_testkit::{Network, PlatformSetup, SteppedClock, TestPlatform};
use pollster::block_on;

fn latency(at: &TestPlatform, module: &str) -> Option<(usize, u64, u64)> {
    let health = block_on(at.platform.health("cpo")).expect("a store").expect("a partner");
    let of = |it: &Latency| (it.answers, it.median.as_secs(), it.p95.as_secs());
    health.latency.get(module).map(of)
}

#[test]
fn latency_is_known_by_module_and_to_other_nodes() {
    let (network, clock, delay) = (Network::default(), SteppedClock::default(), Arc::new(AtomicI64::new(0)));
    let setup = PlatformSetup { clock: clock.clock(), ..PlatformSetup::emsp() };
    let cpo = PlatformSetup { clock: clock.clock(), ..PlatformSetup::cpo() }.open(&network);
    let emsp = setup.clone().open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let (slow, by) = (clock.clone(), Arc::clone(&delay));
    network.watch(move |_| {
        slow.advance(by.load(Ordering::Relaxed));
        None
    });
    assert_eq!(latency(&emsp, "tariffs"), None);
    for seconds in [5, 1, 2] {
        delay.store(seconds, Ordering::Relaxed);
        emsp.reach("cpo").expect("answered");
    }
    assert_eq!(latency(&emsp, "tariffs"), Some((3, 2, 5)));
    assert!(latency(&emsp, "versions").is_some_and(|(_, median, _)| median == 0), "at its registration");

    let other = setup.clone().open(&network);
    assert_eq!(latency(&other, "tariffs"), None);
    block_on(emsp.platform.tick()).expect("a tick");
    assert_eq!(latency(&other, "tariffs"), Some((3, 2, 5)));
    delay.store(9, Ordering::Relaxed);
    other.reach("cpo").expect("answered");
    assert_eq!(latency(&other, "tariffs"), Some((4, 2, 9)), "of both");
    assert_eq!(latency(&emsp, "tariffs"), Some((3, 2, 5)), "until it is stored");

    delay.store(1, Ordering::Relaxed);
    (0..200).for_each(|_| emsp.reach("cpo").expect("answered"));
    assert_eq!(latency(&emsp, "tariffs"), Some((128, 1, 1)), "the newest");
    clock.advance(2 * 24 * 60 * 60);
    let third = setup.open(&network);
    assert_eq!(latency(&third, "tariffs"), None, "too old");
}
