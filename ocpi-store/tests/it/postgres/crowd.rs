//! Many at the same time.

use std::sync::Arc;
use std::task::{Context, Waker};

use futures_util::future::join_all;
use ocpi_server_traits::storage::{
    Abort, Query, Start, Store, StoreErrorKind, StoreExt, Transaction, WriteOutcome,
};

use super::{at, count_up, delete, note, number, on_database, put};

#[test]
fn many_edits_of_one_document_are_all_kept() {
    on_database("edits", |database| async move {
        let stores = [database.store().await, database.store().await];
        let mut expected = 0;
        for (edits, nodes) in [(400, 1), (1_000, 1), (1_000, 2)] {
            let ends = join_all((0..edits).map(|edit| count_up(&stores[edit % nodes]))).await;
            assert!(ends.iter().all(|end| matches!(end, Ok(WriteOutcome::Committed(_)))));
            expected += edits;
            let known = stores[1].get(&at("count")).await.unwrap().unwrap();
            assert_eq!(number(&known.body), u64::try_from(expected).unwrap());
        }
    });
}

#[test]
fn one_of_many_creates_an_address() {
    on_database("create", |database| async move {
        let stores = [database.store().await, database.store().await];
        for round in 0..50 {
            let key = at(format!("{round}"));
            if round % 2 == 0 {
                put(&stores[0], key.clone(), note("before")).await.unwrap();
                delete(&stores[1], key.clone()).await;
            }
            let create = |writer: usize| {
                let key = key.clone();
                let declared = vec![key.clone()];
                let edit = move |tx: &mut Transaction<'_>| {
                    if tx.get(&key)?.is_some() {
                        return Err(Abort::new());
                    }
                    tx.put(&key, note(writer.to_string())).map(|_| ())
                };
                stores[writer % 2].write(declared, Box::new(edit))
            };
            let ends = join_all((0..16).map(create)).await;
            let winners: Vec<_> = ends
                .into_iter()
                .enumerate()
                .filter(|(_, end)| matches!(end.as_ref().unwrap(), WriteOutcome::Committed(_)))
                .collect();
            assert_eq!(winners.len(), 1, "round {round}");
            let known = stores[0].get(&key).await.unwrap().unwrap();
            assert_eq!(number(&known.body), u64::try_from(winners[0].0).unwrap());
        }
    });
}

#[test]
fn totals_are_right_after_a_crowd() {
    on_database("totals", |database| async move {
        let stores = [database.store().await, database.store().await];
        let write = |writer: usize| {
            let store = &stores[writer % 2];
            async move {
                for turn in 0..20 {
                    let key = at(format!("{}", (writer * 7 + turn * 3) % 40));
                    if turn % 3 == 2 {
                        delete(store, key).await;
                    } else {
                        let list = if (writer + turn) % 2 == 0 { "a" } else { "b" };
                        put(store, key, note("").in_list(list).with_term("turn", "1")).await.unwrap();
                    }
                }
            }
        };
        join_all((0..16).map(write)).await;
        for query in [Query::all("Note"), Query::list("Note", "a"), Query::list("Note", "b")] {
            let page = stores[0].page(&query, Start::First, 1_000).await.unwrap();
            assert_eq!(page.total, u64::try_from(page.rows.len()).unwrap());
            let last = page.total.saturating_sub(1);
            let end = stores[0].page(&query, Start::Offset(last), 10).await.unwrap();
            assert_eq!(end.rows.last(), page.rows.last());
        }
        let terms =
            stores[0].page(&Query::all("Note").with_term("turn", "1"), Start::First, 1_000).await.unwrap();
        let all = stores[0].page(&Query::all("Note"), Start::First, 0).await.unwrap();
        assert_eq!((terms.total, terms.rows.len()), (all.total, usize::try_from(all.total).unwrap()));
    });
}

#[test]
fn a_bad_edit_disturbs_no_other() {
    on_database("bad_edits", |database| async move {
        let store = Arc::new(database.store().await);
        let write = |number: usize| {
            let key = at(format!("{number}"));
            let declared = vec![key.clone(), at("other")];
            let edit = move |tx: &mut Transaction<'_>| {
                tx.put(&key, note("x"))?;
                match number % 4 {
                    0 => Ok(()),
                    1 => Err(Abort::new()),
                    2 => tx.put(&at("undeclared"), note("x")).map(|_| ()),
                    _ => panic!("an edit that panics, as it should"),
                }
            };
            store.write(declared, Box::new(edit))
        };
        let ends = join_all((0..40).map(write)).await;
        for (number, end) in ends.into_iter().enumerate() {
            match number % 4 {
                0 => assert!(matches!(end, Ok(WriteOutcome::Committed(_)))),
                1 => assert_eq!(end.unwrap(), WriteOutcome::Aborted),
                2 => assert_eq!(end.unwrap_err().kind(), StoreErrorKind::Undeclared),
                _ => assert_eq!(end.unwrap_err().kind(), StoreErrorKind::Panicked),
            }
        }
        assert_eq!(store.page(&Query::all("Note"), Start::First, 0).await.unwrap().total, 10);
    });
}

#[test]
fn a_dropped_write_leaves_all_or_nothing() {
    on_database("dropped", |database| async move {
        let store = database.store().await;
        for round in 0..60 {
            let pair = [at(format!("{round}a")), at(format!("{round}b"))];
            let declared = pair.to_vec();
            let edit = move |tx: &mut Transaction<'_>| {
                pair.iter().try_for_each(|at| tx.put(at, note("x")).map(|_| ()))
            };
            let mut write = Box::pin(store.write(declared, Box::new(edit)));
            assert!(write.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            drop(write);
            let query = Query::all("Note");
            let mut page = Box::pin(store.page(&query, Start::Offset(1), 10));
            let _ = page.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            drop(page);
        }
        // What was in the queue is done: this comes after it.
        for _ in 0..2 {
            count_up(&store).await.unwrap();
        }
        let all: Vec<_> =
            (0..60).flat_map(|round| [at(format!("{round}a")), at(format!("{round}b"))]).collect();
        let known = store.read(&all).await.unwrap();
        assert!(known.chunks(2).all(|pair| pair[0].is_some() == pair[1].is_some()));
    });
}
