//! A clock that jumps forward and back.

use std::sync::Arc;

use ocpi_platform::Every;
use ocpi_server_traits::{Memory, Timer};
use ocpi_testkit::{Network, PlatformSetup, SteppedClock, tariff_json};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

const DAY: i64 = 24 * 60 * 60;

/// Times that were stored while the clock was ahead do not stop the syncs of a list.
#[test]
fn lists_are_synced_although_the_clock_was_ahead() {
    for is_restarted in [false, true] {
        let (network, stepped) = (Network::default(), SteppedClock::default());
        let cpo = PlatformSetup::cpo().open(&network);
        let setup = PlatformSetup {
            clock: stepped.clock(),
            timer: Timer::new(|_| std::future::pending()),
            store: Arc::new(Memory::with_clock(stepped.clock())),
            ..PlatformSetup::emsp()
        };
        let emsp = setup.clone().open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        cpo.put::<Tariff>(&tariff_json("NL/ALF", "A", "10:00:00"));
        let keep = |side: &ocpi_testkit::TestPlatform| {
            block_on(side.platform.keep::<(Tariff,)>("cpo", Every::minutes(5))).expect("a store");
        };
        keep(&emsp);
        let due = |side: &ocpi_testkit::TestPlatform| {
            block_on(side.platform.keep_due()).expect("a store").synced.len()
        };
        assert_eq!(due(&emsp), 1);
        stepped.advance(10 * DAY);
        assert_eq!((due(&emsp), due(&emsp)), (1, 0));
        stepped.advance(-10 * DAY);
        let emsp = if is_restarted { setup.open(&network) } else { emsp };
        keep(&emsp);
        let health = block_on(emsp.platform.health("cpo")).expect("a store").expect("a partner");
        assert!(!health.is_good(), "its last success is to come: {health:?}");
        assert_eq!((due(&emsp), due(&emsp)), (1, 0), "restarted: {is_restarted}");
        let health = block_on(emsp.platform.health("cpo")).expect("a store").expect("a partner");
        assert!(health.is_good(), "{health:?}");
        stepped.advance(7 * 60);
        assert_eq!(due(&emsp), 1);
    }
}
