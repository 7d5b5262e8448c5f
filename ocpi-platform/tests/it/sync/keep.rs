//! Lists that are kept right by schedule.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_platform::{Every, Incomplete, KeptLists, Spawn};
use ocpi_server_traits::Memory;
use ocpi_testkit::{PlatformSetup, TestPlatform, success, tariff_json};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::{page, queries, world};
use crate::calls::World;

const MINUTE: Duration = Duration::from_secs(60);

fn due(world: &World, side: &TestPlatform) -> KeptLists {
    world.run(side.platform.keep_due()).0.expect("a store")
}

fn keep(side: &TestPlatform) {
    block_on(side.platform.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
}

fn serving(world: &World) {
    world.answers(|_, _| page(&[tariff_json("NL/ALF", "A", "10:00:00")]));
}

fn minutes_to(world: &World, kept: &KeptLists) -> i64 {
    kept.next.expect("a time").seconds_since(world.time.clock().now()) / 60
}

#[test]
fn a_list_is_kept_by_deltas_and_once_a_day_as_a_whole() {
    let world = world();
    serving(&world);
    keep(&world.emsp);
    let first = due(&world, &world.emsp);
    assert!(first.synced.len() == 1 && first.synced[0].2.as_ref().is_ok_and(|synced| synced.is_complete()));
    assert_eq!(queries(&world), ["", "date_from=2026-11-22T09%3A55%3A00Z"]);
    assert!((48..=72).contains(&minutes_to(&world, &first)), "{first:?}");
    assert!(due(&world, &world.emsp).synced.is_empty(), "not yet");
    // A restart: what is due stays due, and nothing is synced before the process says what it keeps.
    let other = world.setup.clone().open(&world.network);
    world.time.advance(73 * MINUTE);
    assert!(due(&world, &other).synced.is_empty());
    keep(&other);
    assert_eq!(due(&world, &other).synced.len(), 1);
    assert_eq!(queries(&world), ["date_from=2026-11-22T09%3A55%3A00Z"], "a delta");
    let (mut deltas, mut wholes) = (0, 0);
    for _ in 0..(48 * 60) {
        world.time.advance(MINUTE);
        due(&world, &other);
        for query in queries(&world) {
            if query.is_empty() { wholes += 1 } else { deltas += 1 }
        }
    }
    assert!((1..=3).contains(&wholes), "{wholes}");
    assert!((40..=60).contains(&deltas), "{deltas}");
    block_on(other.platform.stop_keeping::<(Tariff,)>("cpo")).expect("a store");
    world.time.advance(100 * MINUTE);
    assert!(due(&world, &other).synced.is_empty());
}

/// A partner that is away is asked less and less often; when it is back, it is asked soon.
#[test]
fn a_partner_that_is_away_is_left_in_peace() {
    let world = world();
    keep(&world.emsp);
    world.network.remove_host("cpo.example");
    let mut waits = Vec::new();
    for _ in 0..8 {
        let kept = due(&world, &world.emsp);
        assert!(kept.synced.iter().all(|(_, _, synced)| synced.is_err()));
        waits.push(minutes_to(&world, &kept));
        world.time.advance(kept.next.map_or(MINUTE, |next| {
            Duration::from_secs(
                u64::try_from(next.seconds_since(world.time.clock().now())).expect("later") + 1,
            )
        }));
    }
    assert!(waits[0] <= 1 && waits[4] >= 12 && waits[7] >= 47 && waits[7] <= 72, "{waits:?}");
    serving(&world);
    let back = due(&world, &world.emsp);
    assert!(back.synced[0].2.is_ok());
    assert_eq!(queries(&world).first().map(String::as_str), Some(""), "the whole list is still due");
    assert!((48..=72).contains(&minutes_to(&world, &back)));
}

#[test]
fn a_partner_that_left_is_not_asked() {
    let world = world();
    keep(&world.emsp);
    serving(&world);
    block_on(world.emsp.platform.forget("cpo")).expect("a store");
    world.asked();
    assert!(due(&world, &world.emsp).synced.is_empty());
    assert!(world.asked().is_empty());
}

/// Two nodes: the lists of a partner are synced by one of them.
#[test]
fn two_nodes_do_not_sync_the_same() {
    let world = world();
    serving(&world);
    let other = world.setup.clone().open(&world.network);
    keep(&world.emsp);
    keep(&other);
    let both = futures_util::future::join(world.emsp.platform.keep_due(), other.platform.keep_due());
    let (one, two) = world.run(both).0;
    let synced = one.expect("a store").synced.len() + two.expect("a store").synced.len();
    assert_eq!((synced, queries(&world).len()), (1, 2));
}

/// A list whose pages repeat leads nowhere: the next time it is begun again.
#[test]
fn a_list_that_goes_round_in_circles_is_begun_again() {
    let world = world();
    world.answers(|_, _| {
        let mut answer = success(&format!("[{}]", tariff_json("NL/ALF", "A", "10:00:00")));
        let link = r#"<https://cpo.example/ocpi/2.3.0/sender/tariffs?page=2>; rel="next""#;
        answer.headers_mut().insert("link", link.parse().expect("a header"));
        answer
    });
    keep(&world.emsp);
    let first = due(&world, &world.emsp);
    let synced = first.synced[0].2.as_ref().expect("no error");
    assert!(matches!(synced.incomplete, Some(Incomplete::Stopped(_))), "{synced}");
    serving(&world);
    world.time.advance(73 * MINUTE);
    let second = due(&world, &world.emsp);
    assert!(second.synced[0].2.as_ref().is_ok_and(|synced| synced.is_complete()), "{second:?}");
    assert_eq!(queries(&world)[0], "", "from the beginning");
}

/// A tick keeps lists and starts reactors.
#[test]
fn a_tick_does_it_all() {
    let world = World::new(|setup| {
        let store = Arc::new(Memory::with_clock(setup.clock.clone()));
        PlatformSetup { store, spawn: Spawn::new(block_on), ..setup }
    });
    serving(&world);
    keep(&world.emsp);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    world.emsp.platform.react::<Tariff, _>("log", move |change| {
        log.lock().expect("no panic").push(change.by.expect("a cause").to_string());
        async { Ok(()) }
    });
    for _ in 0..2 {
        world.run(world.emsp.platform.tick()).0.expect("a store");
    }
    assert_eq!(*heard.lock().expect("no panic"), ["sync with cpo"]);
}
