//! Edits that rely on a document not being there, while another node creates it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};

use futures_util::future::join;
use ocpi_server_traits::storage::{
    Abort, Address, NewDocument, Store, StoreError, StoreExt, Transaction, WriteOutcome,
};
use ocpi_store::Postgres;
use tokio::sync::oneshot;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::{Database, at, delete, note, number, on_database, put};

/// A document that is not in the feed: to change it, no commit stands in line.
fn silent(body: &str) -> NewDocument {
    NewDocument::new(body.to_owned(), "text", super::time(0)).in_list("NL/ALF")
}

/// Puts a document unless another one is there.
fn put_unless(
    there: Address,
    new: (Address, NewDocument),
    mut between: impl FnMut(),
) -> impl FnMut(&mut Transaction<'_>) -> Result<(), Abort> {
    move |tx| {
        let is_there = tx.get(&there)?.is_some();
        between();
        if is_there { Err(Abort::new()) } else { tx.put(&new.0, new.1.clone()).map(drop) }
    }
}

/// Does something the first time only.
fn once(mut work: impl FnMut()) -> impl FnMut() {
    let mut is_first = true;
    move || {
        if std::mem::take(&mut is_first) {
            work();
        }
    }
}

fn is_committed(end: &Result<WriteOutcome, StoreError>) -> bool {
    matches!(end, Ok(WriteOutcome::Committed(_)))
}

#[test]
fn of_two_that_exclude_each_other_one_is_created() {
    on_database("absent_both", |database| async move {
        let stores = [database.store().await, database.store().await];
        for (round, with) in [note, silent_note].into_iter().enumerate() {
            let [x, y] = ["x", "y"].map(|key| at(format!("{key}{round}")));
            let meeting = Arc::new(Barrier::new(2));
            let write = |store: usize, mine: &Address, other: &Address| {
                let meeting = Arc::clone(&meeting);
                // Both have looked before either of them writes.
                let meet = once(move || {
                    meeting.wait();
                });
                let edit = put_unless(other.clone(), (mine.clone(), with("x".to_owned())), meet);
                stores[store].write(vec![x.clone(), y.clone()], Box::new(edit))
            };
            let (one, two) = join(write(0, &x, &y), write(1, &y, &x)).await;
            assert_eq!(
                [&one, &two].map(is_committed).iter().filter(|won| **won).count(),
                1,
                "{one:?} {two:?}"
            );
            let left = stores[0].read(&[x, y]).await.unwrap();
            assert_eq!(left.iter().flatten().count(), 1, "round {round}");
        }
    });
}

fn silent_note(body: String) -> NewDocument {
    silent(&body)
}

/// Resolves when another session of the test waits for a lock.
async fn until_one_waits(database: &Database, beside: &Client) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'";
    for _ in 0..100_000 {
        let row = beside.query_typed_one(waiting, &[(&database.name(), Type::TEXT)]).await.unwrap();
        if row.get::<_, i64>(0) > 0 {
            return;
        }
    }
    panic!("none waits for a lock");
}

/// Runs an edit of both documents in one store, and another one in the second store, which waits for the first document all
/// the while. Only the first document is there before.
async fn overlap(
    database: &Database,
    stores: &[Postgres; 2],
    pair: &[Address; 2],
    new: &NewDocument,
    second: impl FnMut(&mut Transaction<'_>) -> Result<(), Abort> + Send + 'static,
) -> Result<WriteOutcome, StoreError> {
    let (started, has_started) = oneshot::channel();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let mut started = Some(started);
    let (both, new) = (pair.clone(), new.clone());
    let first = move |tx: &mut Transaction<'_>| {
        if let Some(started) = started.take() {
            started.send(()).unwrap();
            wait.recv().unwrap();
        }
        both.iter().try_for_each(|at| tx.put(at, new.clone()).map(drop))
    };
    let first = stores[0].write(pair.to_vec(), Box::new(first));
    let second = async {
        has_started.await.unwrap();
        let beside = database.beside().await;
        let waits = async {
            until_one_waits(database, &beside).await;
            go.send(()).unwrap();
        };
        join(stores[1].write(pair.to_vec(), Box::new(second)), waits).await.0
    };
    let (first, second) = join(first, second).await;
    assert!(is_committed(&first), "{first:?}");
    second
}

/// A row that was waited for is of now, and what was looked for without finding it must be, too.
#[test]
fn who_waited_for_one_document_sees_the_other_that_came_with_it() {
    on_database("absent_wait", |database| async move {
        let stores = [database.store().await, database.store().await];
        let kinds = [(true, true), (true, false), (false, true), (false, false)];
        for (round, (is_told, tells)) in kinds.into_iter().enumerate() {
            let new = |is_told: bool, body: &str| if is_told { note(body) } else { silent(body) };
            let pair = ["l", "y"].map(|key| at(format!("{key}{round}")));
            put(&stores[0], pair[0].clone(), new(is_told, "old")).await.unwrap();
            let [l, y] = pair.clone();
            let edit = put_unless(y, (l.clone(), new(tells, "nothing is there")), || ());
            let second = overlap(&database, &stores, &pair, &new(is_told, "new"), edit).await.unwrap();
            assert_eq!(second, WriteOutcome::Aborted, "round {round}");
            assert_eq!(stores[0].get(&l).await.unwrap().unwrap().body, "new");
        }
    });
}

#[test]
fn who_only_looks_sees_both_documents_of_a_write_or_none() {
    on_database("absent_look", |database| async move {
        let stores = [database.store().await, database.store().await];
        let pair = ["l", "y"].map(at);
        put(&stores[0], pair[0].clone(), note("old")).await.unwrap();
        let was_torn = Arc::new(AtomicBool::new(false));
        let (seen, [l, y]) = (Arc::clone(&was_torn), pair.clone());
        let look = move |tx: &mut Transaction<'_>| {
            let is_new = tx.get(&l)?.is_some_and(|document| document.body == "new");
            // The last run counts.
            seen.store(is_new != tx.get(&y)?.is_some(), Ordering::SeqCst);
            Ok(())
        };
        overlap(&database, &stores, &pair, &note("new"), look).await.unwrap();
        assert!(!was_torn.load(Ordering::SeqCst));
    });
}

/// Documents in doubt are looked for with each change, and are seldom there: what nobody creates is in nobody's way.
#[test]
fn what_is_not_there_and_stays_so_is_in_nobodys_way() {
    on_database("absent_stays", |database| async move {
        let stores = [database.store().await, database.store().await];
        put(&stores[0], at("count"), note("0")).await.unwrap();
        let runs = Arc::new(AtomicBool::new(false));
        for round in 0..20 {
            let (has_run, count) = (Arc::clone(&runs), at("count"));
            has_run.store(false, Ordering::SeqCst);
            let edit = move |tx: &mut Transaction<'_>| {
                assert!(!has_run.swap(true, Ordering::SeqCst), "it is run once");
                let next = number(&tx.get(&count)?.ok_or_else(Abort::new)?.body) + 1;
                tx.put(&count, note(next.to_string())).map(drop)
            };
            let at = vec![at("count"), at("never"), at(format!("never{round}"))];
            assert!(is_committed(&stores[round % 2].write(at, Box::new(edit)).await));
        }
        delete(&stores[0], at("count")).await;
    });
}
