//! Single writes: when they are answered, and what their errors say.

use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Wake, Waker};

use ocpi_server_traits::{Precondition, PutOutcome, Query, Store, StoreError};
use ocpi_store::Sqlite;
use pollster::block_on;
use rusqlite::Connection;

use crate::support::{Place, at, bodies, document, start, time, whole};

#[test]
fn a_write_is_answered_when_it_is_in_the_file() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // No answer can come while somebody else holds the file.
    let at = at("a");
    let put = start(store.put(&at, document("a", time()), Precondition::Nothing));
    assert_eq!(count(&other), 0);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(block_on(put).unwrap(), PutOutcome::Created);
    assert_eq!(count(&other), 1);
}

#[test]
fn errors_quote_neither_keys_nor_documents() {
    for action in ["RAISE(ABORT, 'no')", "RAISE(ROLLBACK, 'no')"] {
        let (_place, store) = with_trigger(action);
        let error =
            block_on(store.put(&at("bad"), document("secret", time()), Precondition::Nothing)).unwrap_err();
        assert_discreet(&error);
    }
    let (place, store) = with_trigger("RAISE(ABORT, 'no')");
    place.beside().execute_batch("DROP TABLE documents").unwrap();
    assert_discreet(
        &block_on(store.put(&at("bad"), document("secret", time()), Precondition::Nothing)).unwrap_err(),
    );
    assert_discreet(&block_on(store.get(&at("bad"))).unwrap_err());
    assert_discreet(&block_on(store.delete(&at("bad"))).unwrap_err());
}

#[test]
fn bounds_may_be_the_first_and_the_last_of_all_times() {
    let store = Sqlite::in_memory().unwrap();
    let (first, last) = ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z");
    for time in [first, last] {
        block_on(store.put(&at(time), document(time, time.parse().unwrap()), Precondition::Nothing)).unwrap();
    }
    let total = |from: Option<&str>, to: Option<&str>| {
        let time = |text: &str| text.parse().unwrap();
        let query = Query { from: from.map(time), to: to.map(time), ..Query::all("Token") };
        block_on(store.list(&query)).unwrap().total
    };
    assert_eq!(total(Some(first), None), 2);
    assert_eq!(total(Some(last), None), 1);
    assert_eq!(total(None, Some(first)), 0);
    assert_eq!(total(None, Some(last)), 1);
    assert_eq!(total(Some(first), Some(last)), 1);
}

#[test]
fn what_is_queued_is_done_before_a_dropped_store_is_gone() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for key in ["a", "b", "c"] {
        // Nobody waits for the answer any more.
        drop(start(store.put(&at(key), document(key, time()), Precondition::Nothing)));
    }
    other.execute_batch("COMMIT").unwrap();
    drop(store);
    assert_eq!(bodies(&place.open()), ["a", "b", "c"]);
}

#[test]
fn a_store_may_be_dropped_by_the_task_that_its_answer_wakes() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (dropped, has_dropped) = mpsc::channel();
    let put = async move { drop(store.put(&at("a"), document("a", time()), Precondition::Nothing).await) };
    let task = Arc::new(DropWhenWoken(Mutex::new(Some((Box::pin(put) as _, dropped)))));
    let waker = Waker::from(Arc::clone(&task));
    let poll = |task: &DropWhenWoken| {
        let mut task = task.0.lock().unwrap();
        task.as_mut().unwrap().0.as_mut().poll(&mut Context::from_waker(&waker))
    };
    assert!(poll(&task).is_pending());
    other.execute_batch("COMMIT").unwrap();
    has_dropped.recv().expect("the thread of the store waits for itself");
    assert_eq!(bodies(&place.open()), ["a"]);
}

type Task = (Pin<Box<dyn Future<Output = ()> + Send>>, mpsc::Sender<()>);

/// A task that is dropped, with the store inside, by whoever wakes it.
struct DropWhenWoken(Mutex<Option<Task>>);

impl Wake for DropWhenWoken {
    fn wake(self: Arc<Self>) {
        if let Some((task, dropped)) = self.0.lock().unwrap().take() {
            drop(task);
            dropped.send(()).unwrap();
        }
    }
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
