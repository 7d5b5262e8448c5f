//! The time that a tick has for pushes, and failures in one of its parts.

use std::time::Duration;

use ocpi_platform::Every;
use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
use ocpi_types::Rate;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;

use super::world::{Setup, World, location};

#[test]
fn a_tick_pushes_for_some_seconds_and_the_next_one_goes_on() {
    let world = World::with(Setup { rate: Some(Rate::new(2, Duration::from_secs(10))), ..Setup::default() });
    for number in 0..40 {
        world.publish::<Location>(&location(&format!("L{number}"), 1, "10:00:00"));
    }
    let before = world.time.clock().now();
    world.tick();
    let took = world.time.clock().now().seconds_since(before);
    let pushed = world.lines().len();
    assert!(took <= 60 && (2..20).contains(&pushed), "{pushed} in {took} seconds");
    for _ in 0..40 {
        world.time.advance(Duration::from_secs(5));
        world.tick();
    }
    assert!(world.is_same());
    assert_eq!(world.take_told(), [""; 0]);
}

#[test]
fn what_fails_in_a_tick_holds_up_nothing_behind_it() {
    let world = World::before(Setup::default());
    let at = Address::new("PushCursor", "", "emsp");
    let broken = NewDocument::new("broken", "push", world.time.clock().now());
    let written = world.cpo.store.update(vec![at.clone()], move |tx| {
        tx.put(&at, broken.clone())?;
        Ok::<_, Rejected<()>>(())
    });
    pollster::block_on(written).expect("a store");
    pollster::block_on(world.cpo.platform.keep::<(Token,)>("emsp", Every::hour())).expect("a store");
    world.lines();
    world.time.run(world.cpo.platform.tick()).expect("no hang").expect_err("the cursor is broken");
    let lines = world.lines();
    assert!(lines.iter().any(|line| line.contains("tokens")), "its list is synced all the same: {lines:?}");
}
