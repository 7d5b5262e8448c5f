//! Writes that wait, and those that are given up.

use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};

use ocpi_server_traits::storage::{Store, StoreErrorKind};
use pollster::block_on;

use super::support::{Place, assert_discreet, at, bodies, create, delete, edit, note, put, start, time};

#[test]
fn dropped_writes_are_done_before_a_dropped_store_is_gone() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for key in ["a", "b", "c"] {
        let (at, edit) = create(key);
        // Nobody waits for the answer any more.
        drop(start(store.write(at, edit)));
    }
    other.execute_batch("COMMIT").unwrap();
    drop(store);
    assert_eq!(bodies(&place.open()), ["a", "b", "c"]);
}

#[test]
fn a_full_queue_is_busy_and_others_are_done() {
    let place = Place::new();
    let store = place.builder().queue_bytes(10_000).open().unwrap();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut waiting = Vec::new();
    let busy = loop {
        let (at, edit) = create(&format!("{:03}", waiting.len()));
        let mut write = Box::pin(store.write(at, edit));
        match write.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => waiting.push(write),
            Poll::Ready(result) => break result.unwrap_err(),
        }
    };
    assert_eq!(busy.kind(), StoreErrorKind::Busy);
    assert!(busy.is_temporary());
    // The first may have been taken from the queue already.
    assert!((8..=20).contains(&waiting.len()), "{}", waiting.len());
    other.execute_batch("COMMIT").unwrap();
    let written = waiting.len();
    for write in waiting {
        block_on(write).unwrap();
    }
    assert_eq!(bodies(&store).len(), written);
}

#[test]
fn writes_that_are_too_large_are_refused() {
    let place = Place::new();
    let store = place.open();
    let refused = |keys: &[String]| {
        let at = keys.iter().map(|key| at(key)).collect();
        block_on(store.write(at, edit(|_| Ok(())))).unwrap_err().kind()
    };
    let keys: Vec<_> = (0..=1_000).map(|number| number.to_string()).collect();
    assert_eq!(refused(&keys), StoreErrorKind::Refused);
    assert_eq!(refused(&["x".repeat(17 << 20)]), StoreErrorKind::Refused);
}

#[test]
fn readers_do_not_wait_for_a_writer() {
    let place = Place::new();
    let store = place.open();
    put(&store, &at("a"), &note("a"));
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE documents SET body = x'62'").unwrap();
    assert_eq!(bodies(&store), ["a"]);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(bodies(&store), ["b"]);
}

#[test]
fn an_error_of_the_commit_goes_to_all_and_the_store_works_on() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    let trigger = "CREATE TRIGGER refusal BEFORE INSERT ON documents WHEN new.key = 'secret'
                   BEGIN SELECT RAISE(ROLLBACK, 'no'); END";
    other.execute_batch(trigger).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writes = ["a", "secret", "b"].map(create).map(|(at, edit)| start(store.write(at, edit)));
    other.execute_batch("COMMIT").unwrap();
    let mut failed = 0;
    for write in writes {
        if let Err(error) = block_on(write) {
            assert_eq!(error.kind(), StoreErrorKind::Other);
            assert_discreet(&error);
            failed += 1;
        }
    }
    // The first may have gone ahead alone.
    assert!(failed >= 2 && bodies(&store).len() == 3 - failed);
    put(&store, &at("c"), &note("c"));
    delete(&store, &at("c"), time());
    other.execute_batch("DROP TABLE counter").unwrap();
    let (at, edit) = create("secret");
    assert_discreet(&block_on(store.write(at, edit)).unwrap_err());
}

#[test]
fn a_store_may_be_dropped_by_the_task_that_its_answer_wakes() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (dropped, has_dropped) = mpsc::channel();
    let (at, edit) = create("a");
    let write = async move { drop(store.write(at, edit).await) };
    let task = Arc::new(DropWhenWoken(Mutex::new(Some((Box::pin(write) as _, dropped)))));
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
