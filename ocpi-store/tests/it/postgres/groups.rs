//! Groups of writes: one transaction takes so many bytes, and the rest goes on in the next one.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use ocpi_server_traits::storage::{Address, Position, Rejected, Store, StoreExt, Transaction, WriteOutcome};

use super::{at, note, on_database_in_turns, put};

const MIB: usize = 1 << 20;

/// Adds a byte, and returns the number of bytes that were there.
fn grow(transaction: &mut Transaction<'_>, at: &Address) -> Result<usize, Rejected<()>> {
    let before = transaction.get(at)?.map_or(0, |document| document.body.len());
    transaction.put(at, note("x".repeat(before % MIB + 1)))?;
    Ok(before)
}

#[test]
fn a_transaction_loads_no_more_than_it_has_room_for() {
    on_database_in_turns("group_bytes", |database| async move {
        let store = database.store().await;
        let keys = ["a", "b", "c", "d", "e", "f"];
        for (key, mib) in keys.iter().zip([6, 6, 6, 15, 15, 1]) {
            put(&store, at(*key), note("x".repeat(mib * MIB))).await.unwrap();
        }
        let writes = keys.map(|key| {
            let address = at(key);
            let edit =
                move |tx: &mut Transaction<'_>| grow(tx, &address).map(drop).map_err(|_| Default::default());
            store.write(vec![at(key)], Box::new(edit))
        });
        let ends = join_all(writes).await;
        let heads: Vec<Position> = ends
            .into_iter()
            .map(|end| match end {
                Ok(WriteOutcome::Committed(head)) => head,
                other => panic!("{other:?}"),
            })
            .collect();
        // a and b, c, d, e and f.
        let groups: BTreeSet<Position> = heads.iter().copied().collect();
        assert_eq!(groups.len(), 4, "{heads:?}");
        assert!(heads.is_sorted());
        for key in keys {
            assert_eq!(store.get(&at(key)).await.unwrap().unwrap().body.len(), 1, "{key}");
        }
    });
}

#[test]
fn writes_to_one_document_keep_their_order_over_several_transactions() {
    on_database_in_turns("group_order", |database| async move {
        let store = database.store().await;
        put(&store, at("big"), note("x".repeat(15 * MIB))).await.unwrap();
        put(&store, at("other"), note("x".repeat(15 * MIB))).await.unwrap();
        let writes = (0..6).map(|number| {
            let place = at(if number == 2 { "other" } else { "big" });
            store.update(vec![place.clone()], move |tx| grow(tx, &place))
        });
        let before: Vec<usize> = join_all(writes).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(before, [15 * MIB, 1, 15 * MIB, 2, 3, 4]);
    });
}
