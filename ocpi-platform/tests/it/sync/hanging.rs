//! Partners of which nothing is heard hold up nobody.

use std::collections::BTreeMap;
use std::time::Duration;

use ocpi_platform::Every;
use ocpi_testkit::{Fate, PlatformSetup, TestPlatform, location_json, tariff_json};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::look_ups::{doubts, patch_unknown_of};
use super::world;
use crate::calls::World;

/// Registers partners whose names come before `cpo`; of some modules of theirs nothing is heard.
fn hanging(world: &World, number: usize) -> Vec<String> {
    let names: Vec<String> = (0..number).map(|id| format!("a{id:02}")).collect();
    for name in &names {
        let party = name.to_ascii_uppercase();
        let setup = PlatformSetup::new(name.clone().leak(), &[("CPO", "NL", &party)]);
        let side: TestPlatform = setup.open(&world.network);
        world.emsp.register_with(&side, name, "emsp").expect("registered");
    }
    world.network.take_requests();
    world.network.watch(|request| {
        let is_theirs = request.uri().host().is_some_and(|host| host.starts_with('a'));
        let is_sender = request.uri().path().contains("/sender/");
        (is_theirs && is_sender).then_some(Fate::Hangs)
    });
    names
}

fn tick(world: &World) -> f64 {
    let (ticked, took) = world.run(world.emsp.platform.tick());
    assert!(ticked.expect("a store").failed.is_empty());
    took
}

/// Requests by host since the last time.
fn by_host(world: &World) -> BTreeMap<String, usize> {
    let mut hosts = BTreeMap::new();
    for request in world.network.take_requests() {
        let host = request.split('/').nth(2).unwrap_or_default().to_owned();
        *hosts.entry(host).or_default() += 1;
    }
    hosts
}

/// Each of them costs one time-out, is noted as failed and asked less and less often; the others are served.
#[test]
fn lists_of_others_are_synced() {
    let world = world();
    world.cpo.put::<Tariff>(&tariff_json("NL/ALF", "A", "10:00:00"));
    let names = hanging(&world, 20);
    for name in names.iter().map(String::as_str).chain(["cpo"]) {
        block_on(world.emsp.platform.keep::<(Tariff,)>(name, Every::hour())).expect("a store");
    }
    for _ in 0..3 {
        assert!(tick(&world) < 25.0);
        world.time.advance(Duration::from_secs(1));
    }
    assert_eq!(world.emsp.all::<Tariff>().len(), 1, "the list behind them is synced");
    let hosts = by_host(&world);
    for name in &names {
        assert_eq!(hosts.get(&format!("{name}.example")), Some(&1), "{name}: {hosts:?}");
    }
    // They failed, which is to be seen, and are left in peace for a while.
    for _ in 0..6 {
        world.time.advance(Duration::from_secs(60));
        tick(&world);
    }
    let hosts = by_host(&world);
    assert!(names.iter().all(|name| (2..=4).contains(&hosts[&format!("{name}.example")])), "{hosts:?}");
    let health = block_on(world.emsp.platform.health("cpo")).expect("a store").expect("a partner");
    assert!(health.is_good());
}

/// Doubts about objects of others are settled, and lists synced at the same time.
#[test]
fn objects_of_others_are_looked_up() {
    let world = world();
    let names = hanging(&world, 3);
    block_on(world.emsp.platform.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
    world.emsp.platform.settle_doubts::<(Location,)>();
    world.cpo.put::<Tariff>(&tariff_json("NL/ALF", "A", "10:00:00"));
    world.cpo.put::<Location>(&location_json("NL/ALF", "L1", "11:00:00"));
    for name in &names {
        let owner = format!("NL/{}", name.to_ascii_uppercase());
        patch_unknown_of(&world, (name, &owner), "L1");
        patch_unknown_of(&world, (name, &owner), "L2");
    }
    patch_unknown_of(&world, ("cpo", "NL/ALF"), "L1");
    world.time.advance(Duration::from_secs(6));
    assert!(tick(&world) < 25.0);
    assert_eq!((world.emsp.all::<Location>().len(), doubts(&world)), (1, 6));
    assert_eq!(world.emsp.all::<Tariff>().len(), 1);
    tick(&world);
    let hosts = by_host(&world);
    for name in &names {
        assert_eq!(hosts.get(&format!("{name}.example")), Some(&1), "{hosts:?}");
    }
    // Later the other object has its turn.
    world.network.calm();
    world.time.advance(Duration::from_secs(600));
    tick(&world);
    assert_eq!(doubts(&world), 0);
}
