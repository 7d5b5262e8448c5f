//! Files: opened again, opened twice, and those that are refused.

use ocpi_server_traits::{Precondition, PutOutcome, Query, Store};
use ocpi_store::Sqlite;
use pollster::block_on;

use crate::support::{Place, at, bodies, create, document, time, whole};

#[test]
fn a_file_opened_again_has_everything() {
    let place = Place::new();
    let updated = "2026-11-22T10:00:00.50".parse().unwrap();
    let before = {
        let store = place.open();
        for key in ["b", "c", "a"] {
            create(&store, key);
        }
        block_on(store.put(&at("b"), document("é\r\n", updated), Precondition::Anything)).unwrap();
        block_on(store.list(&Query::all("Token"))).unwrap()
    };
    let after = block_on(place.open().list(&Query::all("Token"))).unwrap();
    assert_eq!(after, before);
    assert_eq!(after.total, 3);
    assert_eq!(after.documents[0].1.body, "é\r\n");
    assert_eq!(after.documents[0].1.last_updated.to_string(), "2026-11-22T10:00:00.50");
}

#[test]
fn numbers_are_not_given_again_after_deletion_and_restart() {
    let place = Place::new();
    let mut highest = 0;
    for _ in 0..3 {
        let store = place.open();
        create(&store, "a");
        let revision = block_on(store.get(&at("a"))).unwrap().unwrap().revision;
        assert!(revision > highest, "{revision} after {highest}");
        highest = revision;
        assert!(block_on(store.delete(&at("a"))).unwrap());
    }
}

#[test]
fn two_stores_share_a_file() {
    let place = Place::new();
    let (one, other) = (place.open(), place.open());
    create(&one, "b");
    create(&other, "a");
    assert_eq!(bodies(&one), ["b", "a"]);
    assert_eq!(bodies(&other), ["b", "a"]);

    let revision = block_on(one.get(&at("a"))).unwrap().unwrap().revision;
    let put = |store: &Sqlite, body: &'static str| {
        block_on(store.put(&at("a"), document(body, time()), Precondition::Revision(revision))).unwrap()
    };
    assert_eq!(put(&one, "one"), PutOutcome::Updated);
    assert_eq!(put(&other, "other"), PutOutcome::Conflict);
    assert_eq!(bodies(&other), ["b", "one"]);
}

#[test]
fn one_file_opened_by_many_at_once_is_set_up_once() {
    for _ in 0..20 {
        let place = Place::new();
        let keys = ["a", "b", "c", "d"];
        std::thread::scope(|scope| {
            for key in keys {
                let place = &place;
                scope.spawn(move || create(&place.open(), key));
            }
        });
        let mut found = bodies(&place.open());
        found.sort();
        assert_eq!(found, keys);
    }
}

#[test]
fn a_file_of_a_newer_library_is_refused_and_left_alone() {
    let place = Place::new();
    create(&place.open(), "a");
    place.beside().pragma_update(None, "user_version", 1000).unwrap();
    let before = std::fs::read(place.file()).unwrap();
    let error = Sqlite::open(place.file()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "storage: the file has schema version 1000, and this version of the library knows those up to 1"
    );
    assert_eq!(std::fs::read(place.file()).unwrap(), before);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    for sql in ["CREATE TABLE documents (a)", "PRAGMA application_id = 7", "CREATE VIEW v AS SELECT 1"] {
        let place = Place::new();
        place.beside().execute_batch(sql).unwrap();
        let before = std::fs::read(place.file()).unwrap();
        let error = Sqlite::open(place.file()).unwrap_err();
        assert_eq!(error.to_string(), "storage: the file is a database of another program", "{sql}");
        assert_eq!(std::fs::read(place.file()).unwrap(), before);
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let place = Place::new();
    let text = "a shopping list, and what else is needed ".repeat(100);
    std::fs::write(place.file(), &text).unwrap();
    let error = Sqlite::open(place.file()).unwrap_err();
    assert_eq!(error.to_string(), "storage: the file is not an SQLite database");
    assert!(!whole(&error).contains("shopping"));
    assert_eq!(std::fs::read_to_string(place.file()).unwrap(), text);
}

#[test]
fn paths_that_cannot_be_files_are_refused() {
    let place = Place::new();
    let directory = place.file().parent().unwrap().to_owned();
    for path in [directory.clone(), directory.join("no").join("such")] {
        let error = Sqlite::open(path).unwrap_err();
        assert_eq!(error.to_string(), "storage: the file cannot be opened");
    }
    assert_eq!(Sqlite::open("").unwrap_err().to_string(), "storage: the path of the file is empty");
}

#[test]
fn an_empty_file_becomes_a_store() {
    let place = Place::new();
    std::fs::write(place.file(), "").unwrap();
    create(&place.open(), "a");
    assert_eq!(bodies(&place.open()), ["a"]);
}
