//! Commands to CPOs of every version.

use ocpi_platform::Outcome;
use ocpi_testkit::success;
use ocpi_types::Version;
use ocpi_types::v2_3_0::commands::CommandResultType::{self, Accepted, EvseOccupied, Rejected};
use pollster::block_on;

use super::world::World;

#[test]
fn a_command_and_its_result_cross_versions() {
    for version in Version::SPOKEN.iter().copied() {
        for result in [Accepted, Rejected, CommandResultType::Timeout, EvseOccupied] {
            let world = World::of(version);
            let sent = world.stop().expect("accepted");
            let url = world.cpo.chargers.response_url();
            assert!(url.as_str().contains(version.as_str()), "{}", url.as_str());
            world.post(&url, result.clone()).expect("awaited");
            let outcome = block_on(sent.result()).expect("a store");
            // 2.1.1 has fewer words for a failure.
            let is_old = version < Version::V2_2;
            let expected = if is_old && result == EvseOccupied { Rejected } else { result };
            assert_eq!(outcome.is_accepted(), expected == Accepted);
            assert_eq!(outcome.result().map(|known| known.result.clone()), Some(expected), "{version}");
            assert_eq!(world.told(), [""; 0], "{version}");
        }
    }
}

/// 2.1.1 has no timeout: ours is taken, not the one that the conversion assumes.
#[test]
fn where_a_version_has_no_timeout_ours_is_taken() {
    for (version, seconds) in [(Version::V2_1_1, 65), (Version::V2_2_1, 35), (Version::V2_3_0, 35)] {
        let world = World::of(version);
        let sent = world.stop().expect("accepted");
        let url = world.cpo.chargers.response_url();
        let started = world.clock.clock().now();
        assert_eq!(
            block_on(sent.deadline()).expect("a store"),
            started.checked_add_seconds(seconds).unwrap()
        );
        assert_eq!(block_on(sent.result()).expect("a store"), Outcome::TimedOut);
        world.post(&url, Accepted).expect("late");
        let late = block_on(sent.late_result()).expect("a store");
        assert_eq!(late.map(|late| late.result), Some(Accepted), "{version}");
    }
}

/// The hub that was met: no `timeout`, in each version.
#[test]
fn an_answer_without_timeout_is_read_in_every_version() {
    for version in Version::SPOKEN.iter().copied() {
        let world = World::of(version);
        world.answers(|| success(r#"{"result": "ACCEPTED"}"#));
        let sent = world.stop().expect("accepted");
        assert!(sent.answer.value.is_some(), "{version}: {:?}", sent.answer);
        world.clock.advance(64);
        world.post(&world.response_url(), Accepted).expect("awaited");
        assert!(block_on(sent.result()).expect("a store").is_accepted(), "{version}");
    }
}
