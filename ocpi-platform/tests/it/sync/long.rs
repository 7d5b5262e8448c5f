//! Lists that are longer than a tick.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use ocpi_platform::{Every, Seal, SyncOptions};
use ocpi_server_traits::Memory;
use ocpi_testkit::{PlatformSetup, respond, success, tariff_json};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::{queries, world};
use crate::calls::World;
use crate::results::noting;

/// A part of the list with so many Tariffs.
fn part(request: &http::Request<Bytes>, all: usize, size: usize) -> Response<Bytes> {
    let query = request.uri().query().unwrap_or_default();
    let offset = query.split('&').find_map(|pair| pair.strip_prefix("offset=")?.parse().ok()).unwrap_or(0);
    let items: Vec<String> = (offset..all.min(offset + size))
        .map(|id| tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"))
        .collect();
    let mut answer = success(&format!("[{}]", items.join(",")));
    for (name, value) in [("x-total-count", all), ("x-limit", size)] {
        answer.headers_mut().insert(name, value.to_string().parse().expect("a header"));
    }
    answer
}

fn offsets(world: &World) -> Vec<usize> {
    let offset = |query: String| query.split("offset=").nth(1)?.split('&').next()?.parse().ok();
    queries(world).into_iter().map(|query| offset(query).unwrap_or(0)).collect()
}

/// Each page takes 4 seconds.
fn slow(world: &World, all: usize) {
    let time = world.time.clone();
    world.answers(move |_, request| {
        time.advance(Duration::from_secs(4));
        if request.uri().query().is_some_and(|query| query.contains("date_from")) {
            return part(request, 0, 10);
        }
        part(request, all, 10)
    });
}

fn tick(world: &World) {
    world.run(world.emsp.platform.tick()).0.expect("a store");
    world.time.advance(Duration::from_secs(1));
}

/// The next tick goes on where the one before came to, and the list that goes on has not failed.
#[test]
fn a_list_that_outlasts_a_tick_is_resumed() {
    let world = world();
    block_on(world.emsp.platform.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
    slow(&world, 60);
    let mut all = Vec::new();
    for _ in 0..3 {
        tick(&world);
        let some = offsets(&world);
        assert!((1..=4).contains(&some.len()), "{some:?}");
        all.extend(some);
        let schedules = block_on(world.emsp.platform.health("cpo")).expect("a store").expect("a partner");
        assert!(schedules.lists.iter().all(|list| list.failures == 0));
    }
    assert!(all.windows(2).take(6).all(|pair| pair[0] < pair[1]), "never back: {all:?}");
    assert_eq!(world.emsp.all::<Tariff>().len(), 60);
    tick(&world);
    tick(&world);
    offsets(&world);
    let health = block_on(world.emsp.platform.health("cpo")).expect("a store").expect("a partner");
    assert!(health.is_good() && health.lists[0].list.last_full.is_some(), "{health:?}");
    tick(&world);
    assert_eq!(offsets(&world), [0; 0], "nothing is due");
}

/// A place is stored where a run ends, however long the list is.
#[test]
fn what_was_read_is_not_read_again() {
    let world = world();
    let until = Arc::new(AtomicUsize::new(8_000));
    let most = Arc::clone(&until);
    world.answers(move |number, request| {
        if number * 500 >= most.load(Ordering::Relaxed) {
            return respond(400, &[], "");
        }
        part(request, 20_000, 500)
    });
    let full = SyncOptions::full();
    world.run(world.emsp.platform.sync::<Tariff>("cpo", &full)).0.expect_err("cut off");
    assert!(offsets(&world).len() >= 17);
    // The second run stops a page later: its page is not lost either.
    until.store(500, Ordering::Relaxed);
    world.run(world.emsp.platform.sync::<Tariff>("cpo", &full)).0.expect_err("cut off");
    let second = offsets(&world);
    assert!(second[0] >= 7_900, "{second:?}");
    world.run(world.emsp.platform.sync::<Tariff>("cpo", &full)).0.expect_err("cut off");
    let third = offsets(&world);
    assert!(third[0] > second[0] + 400, "{third:?}");
}

/// Seals everything but places in lists.
struct NoPlaces;

impl Seal for NoPlaces {
    fn seal(&self, context: &str, secret: &str) -> Option<String> {
        (!context.starts_with("sync/")).then(|| secret.to_owned())
    }

    fn open(&self, _: &str, sealed: &str) -> Option<String> {
        Some(sealed.to_owned())
    }
}

/// A place that cannot be stored cannot be gone on from: that is told, and the list is begun again in its time.
#[test]
fn a_list_whose_place_cannot_be_stored_is_told() {
    let told = Arc::default();
    let world = World::new(|setup| {
        let store = Arc::new(Memory::with_clock(setup.clock.clone()));
        PlatformSetup { store, seal: Some(Arc::new(NoPlaces)), observer: noting(&told), ..setup }
    });
    block_on(world.emsp.platform.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
    slow(&world, 60);
    tick(&world);
    assert!(
        told.lock().expect("no panic").iter().any(|line| line.contains("a list of a partner")),
        "{told:?}"
    );
    offsets(&world);
    for _ in 0..5 {
        tick(&world);
    }
    assert_eq!(offsets(&world), [0; 0], "not again and again");
    world.time.advance(Duration::from_secs(73 * 60));
    tick(&world);
    assert_eq!(offsets(&world)[0], 0);
}
