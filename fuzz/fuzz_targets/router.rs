//! Requests of all kinds to a platform that has two partners, in three versions.
//!
//! Nothing may panic. Every answer but that to HEAD is an envelope; a request that is refused, or that only reads, leaves
//! the store as it was; no request touches or gets what is another partner's; and what was stored can be read.
//!
//! An input has the texts of the bodies, then, behind a NUL, the choices of all else.

#![no_main]

#[path = "../../ocpi-platform/tests/it/ownership/bodies.rs"]
#[allow(dead_code, reason = "a test needs more of it")]
mod bodies;
#[path = "../support/bytes.rs"]
mod bytes;
#[path = "../../ocpi-store/tests/it/choice.rs"]
mod choice;
#[path = "router/oracle.rs"]
mod oracle;
#[path = "router/plan.rs"]
mod plan;
#[path = "router/world.rs"]
mod world;

use std::cell::RefCell;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use world::World;

/// Between the texts of an input.
const SEPARATOR: u8 = 0x1e;
/// Most requests of an input.
const MOST: usize = 4;

thread_local! {
    /// A platform in its first state.
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == 0);
    let (texts, choices) = end.map_or((input, &[][..]), |end| (&input[..end], &input[end + 1..]));
    let mut choices = Bytes(choices);
    WORLD.with_borrow_mut(|kept| {
        let mut world = kept.take().unwrap_or_else(World::new);
        for text in texts.split(|byte| *byte == SEPARATOR).take(MOST) {
            let plan = plan::chosen(&world, text, &mut choices);
            oracle::check(&mut world, &plan);
        }
        *kept = world.restored();
    });
});
