//! Partners that leave.

use std::sync::Arc;

use http::Method;
use ocpi_platform::{ApprovalRequest, Decision, Hooks, PartnerState};
use ocpi_server_traits::storage::{Address, StoreExt};
use ocpi_testkit::CannedPlatform;

use super::world::{Setup, World};
use crate::hand::{by_hand, invite, state};

/// Lets everything wait that the operator did not name.
struct Holding;

impl Hooks for Holding {
    fn on_credentials(&self, _: &ApprovalRequest) -> Decision {
        Decision::Hold
    }
}

fn has_cursor(world: &World) -> bool {
    let at = Address::new("PushCursor", "", "hand");
    pollster::block_on(world.cpo.store.get(&at)).expect("a store").is_some()
}

#[test]
fn a_partner_that_left_after_it_had_waited_is_new_when_it_comes_again() {
    let world = World::with(Setup { hooks: Some(Arc::new(Holding)), ..Setup::default() });
    CannedPlatform::with("").add_to(&world.network);
    let token_a = invite(&world.cpo, "hand");
    let (_, _, token_c) = world.cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    world.live(3);
    assert!(has_cursor(&world));
    // It comes with a host that the operator did not name, and has to wait.
    let other = r#", {"identifier": "tariffs", "role": "RECEIVER", "url": "https://other.example/tariffs"}"#;
    CannedPlatform::with(other).add_to(&world.network);
    let (_, code, _) = world.cpo.exchange_credentials(Method::PUT, &token_c.expect("token C"), &by_hand());
    assert_eq!((code, state(&world.cpo, "hand")), (1000, Some(PartnerState::Pending)));
    world.live(5);
    assert!(has_cursor(&world), "it goes on where it was if it is approved");
    pollster::block_on(world.cpo.platform.forget("hand")).expect("a store");
    world.live(5);
    assert!(!has_cursor(&world));
}
