//! Leases with a manual clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ocpi_types::DateTime;
use pollster::block_on;

use super::{Lease, LeaseError, fenced, release, take};
use crate::Clock;
use crate::storage::{Address, Memory, NewDocument, Store, StoreErrorKind, StoreExt, WriteOutcome};

const TERM: Duration = Duration::from_secs(6);
const SECOND: i64 = 1_000_000;

struct World {
    store: Memory,
    now: Arc<AtomicI64>,
}

impl World {
    fn new() -> Self {
        let now = Arc::new(AtomicI64::new(SECOND));
        let read = Arc::clone(&now);
        let clock = Clock::new(move || DateTime::from_unix_micros(read.load(Ordering::Relaxed)).unwrap());
        Self { store: Memory::with_clock(clock), now }
    }

    fn wait(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::Relaxed);
    }

    fn take(&self, holder: &str) -> Result<Lease, LeaseError> {
        block_on(take(&self.store, "push", holder, TERM))
    }

    /// Adds a letter to a note, under the lease.
    fn write(&self, lease: &Lease) -> WriteOutcome {
        let (at, lease) = (Address::new("Note", "", "a"), lease.clone());
        let declared = vec![at.clone(), lease.address()];
        let edit = move |transaction: &mut crate::storage::Transaction<'_>| {
            fenced(transaction, &lease)?;
            let mut body = transaction.get(&at)?.map_or(Vec::new(), |known| known.body.to_vec());
            body.push(b'x');
            transaction.put(&at, NewDocument::new(body, "text", DateTime::UNIX_EPOCH)).map(drop)
        };
        block_on(self.store.write(declared, Box::new(edit))).unwrap()
    }

    fn writes(&self) -> usize {
        let note = block_on(self.store.get(&Address::new("Note", "", "a"))).unwrap();
        note.map_or(0, |note| note.body.len())
    }
}

#[test]
fn another_takes_it_when_its_time_is_over() {
    let world = World::new();
    let first = world.take("one").unwrap();
    assert_eq!((first.fence, first.until.to_unix_micros()), (1, 7 * SECOND));
    assert!(matches!(world.write(&first), WriteOutcome::Committed(_)));
    world.wait(6 * SECOND - 1);
    let held = world.take("two").unwrap_err();
    assert!(matches!(held, LeaseError::Held { until } if until == first.until), "{held}");
    assert!(matches!(world.write(&first), WriteOutcome::Committed(_)));
    world.wait(1);
    // Nobody has taken it, and its time is over all the same.
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
    let second = world.take("two").unwrap();
    assert_eq!(second.fence, 2);
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
    assert!(matches!(world.write(&second), WriteOutcome::Committed(_)));
    assert_eq!(world.writes(), 3);
}

#[test]
fn its_holder_makes_it_longer() {
    let world = World::new();
    let first = world.take("one").unwrap();
    for _ in 0..10 {
        world.wait(5 * SECOND);
        assert_eq!(world.take("one").unwrap().fence, first.fence);
        assert!(world.take("two").is_err());
    }
    // The lease of before is the same one.
    assert!(matches!(world.write(&first), WriteOutcome::Committed(_)));
    world.wait(6 * SECOND);
    assert_eq!(world.take("one").unwrap().fence, first.fence + 1, "it may have been another's in between");
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
}

/// A clock that was ahead when a lease was taken keeps nobody waiting for longer than its term.
#[test]
fn a_lease_of_the_future_is_over_after_its_term() {
    let world = World::new();
    world.wait(3_600 * SECOND);
    let first = world.take("one").unwrap();
    world.wait(-3_600 * SECOND);
    // Its holder may still work under it, and counts its term by another clock.
    let held = world.take("two").unwrap_err();
    assert!(matches!(held, LeaseError::Held { until } if until.to_unix_micros() == 7 * SECOND), "{held}");
    assert!(matches!(world.write(&first), WriteOutcome::Committed(_)));
    world.wait(5 * SECOND);
    let held = world.take("three").unwrap_err();
    assert!(matches!(held, LeaseError::Held { until } if until.to_unix_micros() == 7 * SECOND), "{held}");
    world.wait(SECOND);
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
    let second = world.take("two").unwrap();
    assert_eq!((second.fence, second.until.to_unix_micros()), (2, 13 * SECOND));
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
}

#[test]
fn its_holder_makes_a_lease_of_the_future_one_of_now() {
    let world = World::new();
    world.wait(3_600 * SECOND);
    let first = world.take("one").unwrap();
    world.wait(-3_600 * SECOND);
    let again = world.take("one").unwrap();
    assert_eq!((again.fence, again.until.to_unix_micros()), (first.fence, 7 * SECOND));
    assert!(world.take("two").is_err());
    world.wait(6 * SECOND);
    assert_eq!(world.take("two").unwrap().fence, 2);
}

#[test]
fn given_back_it_is_free_at_once() {
    let world = World::new();
    let first = world.take("one").unwrap();
    block_on(release(&world.store, &first)).unwrap();
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
    let second = world.take("two").unwrap();
    assert_eq!(second.fence, 2);
    // Who does not hold it cannot give it back.
    block_on(release(&world.store, &first)).unwrap();
    assert!(matches!(world.write(&second), WriteOutcome::Committed(_)));
}

#[test]
fn a_fence_outlasts_holders_of_the_same_name() {
    let world = World::new();
    let first = world.take("one").unwrap();
    block_on(release(&world.store, &first)).unwrap();
    let second = world.take("one").unwrap();
    assert_eq!((first.fence, second.fence), (1, 2));
    assert_eq!(world.write(&first), WriteOutcome::Aborted);
}

#[test]
fn a_term_without_end_is_a_lease() {
    let world = World::new();
    let lease = block_on(take(&world.store, "push", "one", Duration::MAX)).unwrap();
    assert_eq!(lease.until.to_string(), "9999-12-31T23:59:59.999999Z");
    assert!(matches!(world.write(&lease), WriteOutcome::Committed(_)));
    assert!(world.take("two").is_err());
}

#[test]
fn names_and_holders_are_any_text() {
    let world = World::new();
    for (name, holder) in [("", ""), ("a b", " c d "), ("\u{e4}\n", "1 2 3")] {
        let lease = block_on(take(&world.store, name, holder, TERM)).unwrap();
        assert!(matches!(world.write(&lease), WriteOutcome::Committed(_)), "{holder}");
        assert_eq!(block_on(take(&world.store, name, holder, TERM)).unwrap().fence, 1);
        assert!(block_on(take(&world.store, name, "another", TERM)).is_err());
    }
}

#[test]
fn a_lease_that_cannot_be_read_is_not_taken() {
    let world = World::new();
    let at = world.take("one").unwrap().address();
    let edit = move |transaction: &mut crate::storage::Transaction<'_>| {
        transaction.put(&at, NewDocument::new("?", "lease", DateTime::UNIX_EPOCH)).map(drop)
    };
    let at = Address::new("lease", "", "push");
    block_on(world.store.write(vec![at], Box::new(edit))).unwrap();
    let error = world.take("two").unwrap_err();
    assert!(matches!(error, LeaseError::Store(error) if error.kind() == StoreErrorKind::Corrupt));
}
