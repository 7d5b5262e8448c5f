//! The change feed, while several stores write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};
use ocpi_server_traits::storage::{Position, Store, StoreExt};

use super::{at, count_up, delete, note, on_database, put, time};

#[test]
fn a_reader_misses_no_commit_of_two_stores() {
    on_database("feed", |database| async move {
        let stores = [database.store().await, database.store().await];
        let reader = database.store().await;
        let is_over = AtomicBool::new(false);
        // No common document: its lock would put the commits in order.
        let write = async {
            join_all((0..32).map(|writer: usize| {
                let store = &stores[writer % 2];
                async move {
                    for turn in 0..40 {
                        put(store, at(format!("{writer}/{turn}")), note("x")).await.unwrap();
                    }
                }
            }))
            .await;
            is_over.store(true, Ordering::SeqCst);
        };
        let read = async {
            let mut seen = BTreeSet::new();
            let mut upto = Position::START;
            loop {
                let was_over = is_over.load(Ordering::SeqCst);
                let changes = reader.changes(upto, 50).await.unwrap();
                for change in &changes.rows {
                    assert!(change.position > upto);
                    upto = change.position;
                    assert!(seen.insert(change.at.clone()));
                }
                assert_eq!(upto, changes.upto);
                if changes.rows.is_empty() {
                    if was_over {
                        return seen;
                    }
                    reader.moved(upto, Duration::from_millis(500)).await;
                }
            }
        };
        let ((), seen) = join(write, read).await;
        assert_eq!(seen.len(), 32 * 40);
    });
}

/// Updates of what is there: their numbers are given out behind the lock, in the way to the commit.
#[test]
fn a_reader_misses_no_update_of_two_stores() {
    on_database("updates", |database| async move {
        let stores = [database.store().await, database.store().await];
        let reader = database.store().await;
        for writer in 0..32 {
            put(&stores[0], at(format!("{writer}")), note("x")).await.unwrap();
        }
        let is_over = AtomicBool::new(false);
        let write = async {
            join_all((0..32).map(|writer: usize| {
                let store = &stores[writer % 2];
                async move {
                    for turn in 0..40 {
                        let new = note(format!("{turn}")).with_part(format!("part {}", turn % 3));
                        put(store, at(format!("{writer}")), new).await.unwrap();
                    }
                }
            }))
            .await;
            is_over.store(true, Ordering::SeqCst);
        };
        let read = async {
            let mut seen = BTreeMap::new();
            let mut upto = Position::START;
            loop {
                let was_over = is_over.load(Ordering::SeqCst);
                let changes = reader.changes(upto, 50).await.unwrap();
                for change in &changes.rows {
                    assert!(change.position > upto);
                    upto = change.position;
                    seen.insert(change.at.clone(), change.revision);
                }
                if changes.rows.is_empty() {
                    if was_over {
                        return seen;
                    }
                    reader.moved(upto, Duration::from_millis(500)).await;
                }
            }
        };
        let ((), seen) = join(write, read).await;
        assert_eq!(seen.len(), 32);
        for (at, revision) in seen {
            assert_eq!(reader.get(&at).await.unwrap().unwrap().revision, revision);
        }
    });
}

#[test]
fn a_waiter_is_woken_by_a_commit_of_another_store() {
    on_database("moved", |database| async move {
        let (near, far) = (database.store().await, database.store().await);
        let long = Duration::from_secs(3_600);
        for writer in [&near, &far] {
            let after = near.changes(Position::START, 100).await.unwrap().upto;
            join(near.moved(after, long), put(writer, at("a"), note("x"))).await.1.unwrap();
            // It is behind already, whoever knows.
            near.moved(after, long).await;
            far.moved(after, long).await;
        }
        let after = near.changes(Position::START, 100).await.unwrap().upto;
        near.moved(after, Duration::from_millis(1)).await;
    });
}

#[test]
fn a_purge_leaves_a_gap_for_those_behind() {
    on_database("purge", |database| async move {
        let store = database.store().await;
        count_up(&store).await.unwrap();
        let behind = store.changes(Position::START, 10).await.unwrap().upto;
        for key in 0..2_500 {
            // Together, so that it is quick.
            if key % 500 == 0 {
                let keys = key..key + 500;
                join_all(keys.clone().map(|key| put(&store, at(format!("{key}")), note("x")))).await;
                join_all(keys.map(|key| delete(&store, at(format!("{key}"))))).await;
            }
        }
        assert_eq!(store.purge(time(0)).await.unwrap(), 0);
        assert_eq!(store.purge(time(1)).await.unwrap(), 2_500);
        assert!(store.changes(behind, 10).await.unwrap().is_gap(behind));
        let again = store.changes(Position::START, 10).await.unwrap();
        assert_eq!((again.rows.len(), again.is_gap(Position::START)), (1, false));
        assert!(!store.changes(again.upto, 10).await.unwrap().is_gap(again.upto));
        let counted = store.get(&at("count")).await.unwrap().unwrap().revision;
        count_up(&store).await.unwrap();
        assert!(store.get(&at("count")).await.unwrap().unwrap().revision > counted);
    });
}
