//! Single writes: when they are answered, and what their errors say.

use chrono::Utc;
use ocpi_server_traits::{Expect, Query, Store, StoreError, Written};
use ocpi_store::Sqlite;
use ocpi_types::DateTime;
use pollster::block_on;
use rusqlite::Connection;

use crate::support::{Place, at, bodies, start, time, whole};

#[test]
fn a_write_is_answered_when_it_is_in_the_file() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // No answer can come while somebody else holds the file.
    let at = at("a");
    let put = start(store.put(&at, "a".into(), time(), Expect::Nothing));
    assert_eq!(count(&other), 0);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(block_on(put).unwrap(), Written::Created);
    assert_eq!(count(&other), 1);
}

#[test]
fn errors_quote_neither_keys_nor_documents() {
    for action in ["RAISE(ABORT, 'no')", "RAISE(ROLLBACK, 'no')"] {
        let (_place, store) = with_trigger(action);
        let error = block_on(store.put(&at("bad"), "secret".into(), time(), Expect::Nothing)).unwrap_err();
        assert_discreet(&error);
    }
    let (place, store) = with_trigger("RAISE(ABORT, 'no')");
    place.beside().execute_batch("DROP TABLE documents").unwrap();
    assert_discreet(&block_on(store.put(&at("bad"), "secret".into(), time(), Expect::Nothing)).unwrap_err());
    assert_discreet(&block_on(store.get(&at("bad"))).unwrap_err());
    assert_discreet(&block_on(store.delete(&at("bad"))).unwrap_err());
}

#[test]
fn a_time_without_a_form_is_refused() {
    let store = Sqlite::in_memory().unwrap();
    for time in [chrono::DateTime::<Utc>::MIN_UTC, chrono::DateTime::<Utc>::MAX_UTC] {
        let error = block_on(store.put(&at("a"), "a".into(), time.into(), Expect::Nothing)).unwrap_err();
        assert_eq!(error.to_string(), "storage: the time of the document is not in the years 0 to 9999");
    }
    assert!(bodies(&store).is_empty());
}

#[test]
fn bounds_may_be_before_and_after_all_times() {
    let store = Sqlite::in_memory().unwrap();
    for (key, time) in [("first", "0000-01-01T00:00:00Z"), ("last", "9999-12-31T23:59:59.999999999Z")] {
        block_on(store.put(&at(key), key.into(), time.parse().unwrap(), Expect::Nothing)).unwrap();
    }
    let before = DateTime::from(chrono::DateTime::<Utc>::MIN_UTC);
    let after = DateTime::from(chrono::DateTime::<Utc>::MAX_UTC);
    for (from, to, total) in [(before, after, 2), (after, after, 0), (before, before, 0), (after, before, 0)]
    {
        let query = Query { from: Some(from), to: Some(to), ..Query::all("Token") };
        assert_eq!(block_on(store.list(&query)).unwrap().total, total, "{from} to {to}");
    }
}

#[test]
fn what_is_queued_is_done_before_a_dropped_store_is_gone() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for key in ["a", "b", "c"] {
        // Nobody waits for the answer any more.
        drop(start(store.put(&at(key), key.into(), time(), Expect::Nothing)));
    }
    other.execute_batch("COMMIT").unwrap();
    drop(store);
    assert_eq!(bodies(&place.open()), ["a", "b", "c"]);
}

/// A store that fails to write the key `bad`.
fn with_trigger(action: &str) -> (Place, Sqlite) {
    let place = Place::new();
    let store = place.open();
    let trigger = format!(
        "CREATE TRIGGER refusal BEFORE INSERT ON documents WHEN new.key = 'bad' BEGIN SELECT {action}; END"
    );
    place.beside().execute_batch(&trigger).unwrap();
    (place, store)
}

fn assert_discreet(error: &StoreError) {
    let text = whole(error);
    assert!(!text.contains("bad") && !text.contains("secret"), "{text}");
}

fn count(connection: &Connection) -> i64 {
    connection.query_row("SELECT count(*) FROM documents", [], |row| row.get(0)).unwrap()
}
