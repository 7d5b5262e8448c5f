//! The behaviour that every storage has.

use std::sync::Arc;

use ocpi_server_traits::conformance::store;
use ocpi_store::Sqlite;
use pollster::block_on;

use crate::support::Place;

#[test]
fn a_store_in_memory_conforms() {
    let report = block_on(store::all(|| async { Sqlite::in_memory().unwrap() }));
    assert!(report.passed(), "{report}");
}

#[test]
fn a_store_in_a_file_conforms() {
    let place = Place::new();
    let fresh = || async {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", place.file().display()));
        }
        place.open()
    };
    let report = block_on(store::all(fresh));
    assert!(report.passed(), "{report}");
}

#[test]
fn a_shared_store_conforms() {
    let report = block_on(store::all(|| async { Arc::new(Sqlite::in_memory().unwrap()) }));
    assert!(report.passed(), "{report}");
}
