//! The change feed, and those who wait for it.

use std::time::Duration;

use ocpi_server_traits::storage::{NewDocument, Position, Store};
use pollster::block_on;

use super::support::{Place, at, note, put, start, time};

/// Longer than any test may take: who waits for it is never woken.
const EVER: Duration = Duration::from_secs(3_600);

#[test]
fn a_position_that_is_behind_is_told_at_once() {
    let place = Place::new();
    let store = place.open();
    put(&store, &at("a"), &note("a"));
    block_on(store.moved(Position::START, EVER));
    // After purging, too: the reader has to learn of the gap.
    super::support::delete(&store, &at("a"), time());
    let later = "2026-11-23T10:00:00Z".parse().unwrap();
    assert_eq!(block_on(store.purge(later)).unwrap(), 1);
    block_on(store.moved(Position::new(1), EVER));
    assert!(block_on(store.changes(Position::new(1), 10)).unwrap().is_gap(Position::new(1)));
}

#[test]
fn commits_of_this_store_and_of_others_wake() {
    let place = Place::new();
    let (store, other) = (place.open(), place.open());
    let mut head = Position::START;
    for round in 0..10 {
        let moved = start(store.moved(head, EVER));
        let writer = if round % 2 == 0 { &store } else { &other };
        let position = put(writer, &at("a"), &note(&round.to_string()));
        block_on(moved);
        assert!(position > head);
        let changes = block_on(store.changes(head, 10)).unwrap();
        assert_eq!((changes.rows.len(), changes.upto), (1, position));
        head = position;
    }
}

#[test]
fn documents_without_parts_are_not_in_the_feed() {
    let place = Place::new();
    let store = place.open();
    let head = put(&store, &at("a"), &note("a"));
    assert_eq!(put(&store, &at("b"), &NewDocument::new("b", "", time())), head);
    super::support::delete(&store, &at("b"), time());
    assert_eq!(block_on(store.changes(head, 10)).unwrap().rows, []);
    // Ends with its timeout.
    block_on(store.moved(head, Duration::ZERO));
}

#[test]
fn a_store_can_be_dropped_after_somebody_waited() {
    let place = Place::new();
    let store = place.open();
    drop(start(store.moved(Position::START, EVER)));
    drop(store);
}
