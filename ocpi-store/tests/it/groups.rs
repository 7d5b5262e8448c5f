//! Edits that are asked for at the same time.

use std::sync::{Arc, mpsc};
use std::thread;

use futures_util::future::join_all;
use ocpi_server_traits::storage::{
    Abort, Address, Rejected, Store, StoreErrorKind, StoreExt, Transaction, WriteOutcome,
};
use ocpi_store::Sqlite;
use pollster::block_on;

use super::support::{Place, at, bodies, create, delete, edit, note, put, start};

/// Adds 1 to a number.
fn add_one(transaction: &mut Transaction<'_>, at: &Address) -> Result<usize, Abort> {
    let number = transaction
        .get(at)?
        .map_or(0, |known| String::from_utf8(known.body.to_vec()).unwrap().parse::<usize>().unwrap());
    transaction.put(at, note(&(number + 1).to_string()))?;
    Ok(number + 1)
}

async fn count(store: &Sqlite) -> usize {
    let at = at("counter");
    let edit = {
        let at = at.clone();
        move |transaction: &mut Transaction<'_>| Ok::<_, Rejected<()>>(add_one(transaction, &at)?)
    };
    store.update(vec![at], edit).await.unwrap()
}

#[test]
fn all_edits_of_one_document_are_kept() {
    for edits in [400, 1_000] {
        let place = Place::new();
        let store = place.open();
        let mut numbers = block_on(join_all((0..edits).map(|_| count(&store))));
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=edits).collect::<Vec<_>>());
        assert_eq!(bodies(&store), [edits.to_string()]);
    }
}

#[test]
fn edits_through_two_stores_on_one_file_are_kept() {
    let place = Place::new();
    let stores = [place.open(), place.open()];
    thread::scope(|scope| {
        for store in &stores {
            scope.spawn(|| block_on(join_all((0..200).map(|_| count(store)))));
        }
    });
    assert_eq!(bodies(&stores[0]), ["400"]);
}

#[test]
fn one_of_many_creates_an_address() {
    let place = Place::new();
    let stores = [place.open(), place.open()];
    for round in 0..20 {
        let key = at(&format!("key {}", round / 2));
        let take = |store: &'static str| {
            let key = key.clone();
            move |transaction: &mut Transaction<'_>| match transaction.get(&key)? {
                Some(_) => Ok::<_, Rejected<()>>(false),
                None => transaction.put(&key, note(store)).map(|_| true).map_err(Rejected::Abort),
            }
        };
        let winners = thread::scope(|scope| {
            let tries = stores.iter().map(|store| {
                let edits: Vec<_> = (0..4).map(|_| store.update(vec![key.clone()], take("x"))).collect();
                scope.spawn(move || block_on(join_all(edits)))
            });
            let tries: Vec<_> = tries.collect();
            tries
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .filter(|won| *won.as_ref().unwrap())
                .count()
        });
        assert_eq!(winners, 1, "round {round}");
        delete(&stores[0], &key, super::support::time());
    }
}

#[test]
fn edits_that_fail_spoil_nobody() {
    let place = Place::new();
    let store = place.open();
    let other = place.beside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // All of them wait, and become one group.
    let stray = edit(|transaction| {
        transaction.put(&at("stray"), note("stray"))?;
        transaction.get(&at("not declared")).map(drop)
    });
    let panics = edit(|transaction| {
        transaction.put(&at("panics"), note("panics"))?;
        std::panic::resume_unwind(Box::new(()))
    });
    let aborts = edit(|transaction| {
        transaction.put(&at("aborts"), note("aborts"))?;
        Err(Abort::new())
    });
    let guard = PanicsWhenDropped;
    let odd = edit(move |transaction| {
        let _ = &guard;
        transaction.put(&at("odd"), note("odd")).map(drop)
    });
    let edits = vec![
        create("a"),
        (vec![at("stray")], stray),
        (vec![at("panics")], panics),
        create("b"),
        (vec![at("aborts")], aborts),
        (vec![at("odd")], odd),
        create("c"),
    ];
    let writes = edits.into_iter().map(|(at, edit)| start(store.write(at, edit)));
    let writes: Vec<_> = writes.collect();
    other.execute_batch("COMMIT").unwrap();
    let outcomes = block_on(join_all(writes));
    let outcomes: Vec<_> =
        outcomes.iter().map(|outcome| outcome.as_ref().map_err(|error| error.kind())).collect();
    let is_committed = |outcome: &Result<&WriteOutcome, _>| matches!(outcome, Ok(WriteOutcome::Committed(_)));
    assert!([0, 3, 5, 6].into_iter().all(|number| is_committed(&outcomes[number])), "{outcomes:?}");
    assert_eq!(outcomes[1], Err(StoreErrorKind::Undeclared));
    assert_eq!(outcomes[2], Err(StoreErrorKind::Panicked));
    assert_eq!(outcomes[4], Ok(&WriteOutcome::Aborted));
    assert_eq!(bodies(&store), ["a", "b", "odd", "c"]);
    put(&store, &at("d"), &note("d"));
    assert_eq!(bodies(&store), ["a", "b", "odd", "c", "d"]);
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        std::panic::resume_unwind(Box::new(()));
    }
}

#[test]
fn stores_on_one_file_see_the_writes_of_each_other() {
    let place = Place::new();
    let stores = [place.open(), place.open()];
    for number in 1..=20 {
        assert_eq!(block_on(count(&stores[number / 2 % 2])), number);
    }
    place.beside().execute("UPDATE documents SET body = CAST('100' AS BLOB)", []).unwrap();
    assert_eq!(block_on(count(&stores[0])), 101);
    assert_eq!(block_on(count(&stores[1])), 102);
}

#[test]
fn a_purge_between_two_writes_of_one_address_is_seen() {
    let place = Place::new();
    let store = place.open();
    let is_tombstone = || {
        let key = at("a");
        let look = move |tx: &mut Transaction<'_>| Ok::<_, Rejected<()>>(tx.tombstone(&key)?.is_some());
        block_on(store.update(vec![at("a")], look)).unwrap()
    };
    put(&store, &at("a"), &note("1"));
    put(&store, &at("a"), &note("2"));
    delete(&store, &at("a"), super::support::time());
    assert!(is_tombstone());
    let later = "2026-11-23T10:00:00Z".parse().unwrap();
    assert_eq!(block_on(store.purge(later)).unwrap(), 1);
    assert!(!is_tombstone());
    put(&store, &at("a"), &note("3"));
    put(&store, &at("a"), &note("4"));
    assert_eq!(bodies(&store), ["4"]);
    delete(&store, &at("a"), super::support::time());
    put(&store, &at("a"), &note("5"));
    assert_eq!((bodies(&store), is_tombstone()), (vec!["5".to_owned()], false));
}

/// Those that come while a group is run go with it, each with its own answer.
#[test]
fn a_write_that_is_asked_for_by_an_edit_is_answered() {
    let place = Place::new();
    let store = Arc::new(place.open());
    let (send, receive) = mpsc::channel();
    let again = Arc::downgrade(&store);
    let asks = edit(move |transaction| {
        let (at_b, edit) = create("b");
        let store = again.upgrade().expect("a store");
        let write = start(async move { store.write(at_b, edit).await });
        send.send(write).map_err(|_| Abort::new())?;
        transaction.put(&at("a"), note("a")).map(drop)
    });
    let first = block_on(store.write(vec![at("a")], asks)).unwrap();
    let second = block_on(receive.recv().unwrap()).unwrap();
    assert!(matches!(first, WriteOutcome::Committed(_)));
    assert_eq!(first, second, "one commit");
    assert_eq!(bodies(&*store), ["a", "b"]);
}
