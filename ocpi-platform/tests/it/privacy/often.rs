//! Costs of erasures that wait: passes become rare, and one reading serves all.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ocpi_platform::{Driver, ErasureScope};
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, StoreError, WriteOutcome,
};
use ocpi_server_traits::{AnyStore, Memory, Store};
use ocpi_testkit::{SimulatedTime, token_json};
use pollster::block_on;

use super::World;

const CPO: &[(&str, &str, &str)] = &[("CPO", "NL", "ALF")];

/// Counts readings of the whole feed.
struct Counting {
    inside: Memory,
    readings: Arc<AtomicU64>,
}

impl Store for Counting {
    fn read(&self, at: &[Address]) -> impl Future<Output = Result<Vec<Option<Document>>, StoreError>> + Send {
        self.inside.read(at)
    }

    fn page(
        &self,
        query: &Query,
        start: Start,
        limit: u32,
    ) -> impl Future<Output = Result<Page, StoreError>> + Send {
        self.inside.page(query, start, limit)
    }

    fn write(
        &self,
        at: Vec<Address>,
        edit: Edit,
    ) -> impl Future<Output = Result<WriteOutcome, StoreError>> + Send {
        self.inside.write(at, edit)
    }

    fn changes(
        &self,
        after: Position,
        limit: u32,
    ) -> impl Future<Output = Result<Changes, StoreError>> + Send {
        self.readings.fetch_add(u64::from(after == Position::START), Ordering::Relaxed);
        self.inside.changes(after, limit)
    }

    fn moved(&self, after: Position, timeout: Duration) -> impl Future<Output = ()> + Send {
        self.inside.moved(after, timeout)
    }
}

/// Erasures of some drivers that wait for a reactor that nobody has any more, and the number of readings.
fn waiting(drivers: usize) -> (World, Arc<AtomicU64>) {
    let (time, readings) = (SimulatedTime::default(), Arc::new(AtomicU64::new(0)));
    let store = Counting { inside: Memory::with_clock(time.clock()), readings: Arc::clone(&readings) };
    let world = World::on(AnyStore::new(store), time, CPO);
    world.silent("Reactor", "", "former", "1");
    for number in 0..drivers {
        let uid = format!("AAAA{number}");
        let key = format!("aaaa{number}/rfid");
        world.object("Token", "DE/EMP", &key, &token_json("DE/EMP", &uid, "10:00:00"));
        let report = block_on(world.platform.driver(Driver::token(&uid)).erase(ErasureScope::KeepCdrs))
            .expect("a store");
        assert!(!report.is_done());
    }
    // The first tick looks for other things.
    world.time.run(world.platform.tick()).expect("no hang").expect("a tick");
    readings.store(0, Ordering::Relaxed);
    (world, readings)
}

#[test]
fn passes_become_rare() {
    let (world, readings) = waiting(1);
    let mut passes = Vec::new();
    for minute in 1..=6 * 60 {
        world.time.advance(Duration::from_secs(60));
        world.time.run(world.platform.tick()).expect("no hang").expect("a tick");
        if readings.swap(0, Ordering::Relaxed) > 0 {
            passes.push(minute);
        }
    }
    assert_eq!(passes, [1, 3, 7, 15, 31, 63, 123, 183, 243, 303]);
}

#[test]
fn one_reading_serves_all_erasures() {
    let (world, readings) = waiting(7);
    world.time.advance(Duration::from_secs(60));
    world.time.run(world.platform.tick()).expect("no hang").expect("a tick");
    assert_eq!(readings.swap(0, Ordering::Relaxed), 1);
    // What they wait for comes to pass.
    world.silent("Reactor", "", "former", "1000000");
    world.time.advance(Duration::from_secs(120));
    world.time.run(world.platform.tick()).expect("no hang").expect("a tick");
    assert_eq!(readings.swap(0, Ordering::Relaxed), 2);
    let left = block_on(world.store.page(&Query::all("Erasure"), Start::First, 10)).expect("a store");
    assert_eq!(left.rows.len(), 0);
}
