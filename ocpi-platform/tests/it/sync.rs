//! Syncs: the model's schedules through whole platforms, and what the model leaves out.

mod hanging;
mod jumps;
mod keep;
mod lists;
mod long;
mod look_ups;
mod replay;
mod restart;

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use ocpi_server_traits::Memory;
use ocpi_testkit::{PlatformSetup, success};

use crate::calls::World;

/// A world whose store has the time of its platform.
fn world() -> World {
    World::new(|setup| {
        let store = Arc::new(Memory::with_clock(setup.clock.clone()));
        PlatformSetup { store, ..setup }
    })
}

/// A whole list as one page.
fn page(items: &[String]) -> Response<Bytes> {
    let mut answer = success(&format!("[{}]", items.join(",")));
    answer.headers_mut().insert("x-total-count", items.len().to_string().parse().expect("a header"));
    answer
}

/// The queries of the requests so far.
fn queries(world: &World) -> Vec<String> {
    world.asked().iter().map(|it| it.uri().query().unwrap_or_default().to_owned()).collect()
}
