//! The protocol of a process that is killed, with a process that goes away by itself.

use std::time::Duration;

use ocpi_server_traits::conformance::store::crash::{
    hold_until_killed, take_over, verify_after_kill, write_until_killed,
};
use ocpi_server_traits::storage::{Address, Edit, Lease, Memory, NewDocument, Store, StoreExt, Transaction};
use ocpi_types::DateTime;
use pollster::block_on;

fn change(store: &Memory, key: &str, edit: impl Fn(&mut Transaction<'_>, &Address) -> bool + Send + 'static) {
    let at = Address::new("Location", "NL/ALF", key);
    let declared = vec![at.clone()];
    let edit: Edit = Box::new(move |tx| {
        assert!(edit(tx, &at));
        Ok(())
    });
    block_on(store.write(declared, edit)).expect("a store in memory");
}

#[test]
fn nothing_is_lost_or_torn() {
    let store = Memory::new();
    block_on(verify_after_kill(&store, 0)).unwrap();
    for last in [5, 9, 10] {
        block_on(write_until_killed(&store, |number| number < last)).unwrap();
        block_on(verify_after_kill(&store, last)).unwrap();
    }
    block_on(verify_after_kill(&store, 9)).expect("what was not acknowledged may be there");
    block_on(verify_after_kill(&store, 11)).expect_err("a write is lost");
}

#[test]
fn what_is_lost_or_torn_is_found() {
    for key in ["7", "second"] {
        let store = Memory::new();
        block_on(write_until_killed(&store, |number| number < 10)).unwrap();
        change(&store, key, |tx, at| tx.delete(at, DateTime::UNIX_EPOCH).unwrap());
        block_on(verify_after_kill(&store, 10)).expect_err("a document is lost");
    }
    let store = Memory::new();
    block_on(write_until_killed(&store, |number| number < 10)).unwrap();
    change(&store, "11", |tx, at| tx.put(at, NewDocument::new("11", "", DateTime::UNIX_EPOCH)).is_ok());
    block_on(verify_after_kill(&store, 10)).expect_err("a write is torn");
}

#[test]
fn a_lease_is_taken_over() {
    let store = Memory::new();
    let mut held: Option<Lease> = None;
    let hold = hold_until_killed(&store, "one", Duration::from_millis(1), |lease| {
        held = Some(lease.clone());
        false
    });
    block_on(hold).unwrap();
    let killed = held.expect("a lease");
    let taken = block_on(take_over(&store, "two", &killed)).unwrap();
    assert_eq!((taken.fence, &*taken.holder), (killed.fence + 1, "two"));
    block_on(hold_until_killed(&store, "one", Duration::from_millis(1), |_| false)).expect_err("it is held");
    assert_eq!(block_on(store.get(&taken.address())).unwrap().map(|found| found.is_deleted), Some(false));
}
