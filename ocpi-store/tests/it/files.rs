//! Files: their modes, those that are opened again, and those that are refused.

use ocpi_server_traits::storage::{Position, Store, StoreErrorKind, StoreExt};
use ocpi_store::{Sqlite, open};
use pollster::block_on;

use super::support::{Place, at, bodies, delete, note, put, time, whole};

#[test]
#[cfg(unix)]
fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let store = place.open();
    put(&store, &at("a"), &note("a"));
    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", place.file().display());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_file_opened_again_has_everything() {
    let place = Place::new();
    let store = place.open();
    for key in ["b", "c", "a"] {
        put(&store, &at(key), &note(key));
    }
    delete(&store, &at("c"), time());
    let revision = block_on(store.get(&at("a"))).unwrap().unwrap().revision;
    drop(store);
    let store = block_on(open(&format!("sqlite:{}", place.file().display()))).unwrap();
    assert_eq!(bodies(&store), ["b", "a"]);
    let feed = block_on(store.changes(Position::START, 10)).unwrap();
    let feed: Vec<_> = feed.rows.iter().map(|change| (change.at.key(), change.is_deleted)).collect();
    assert_eq!(feed, [("b", false), ("a", false), ("c", true)]);
    put(&store, &at("a"), &note("a"));
    assert!(block_on(store.get(&at("a"))).unwrap().unwrap().revision > revision);
}

#[test]
fn files_of_other_versions_are_refused_and_left_alone() {
    for version in [3, 1_000, -1] {
        let place = Place::new();
        put(&place.open(), &at("a"), &note("a"));
        place.beside().pragma_update(None, "user_version", version).unwrap();
        let before = std::fs::read(place.file()).unwrap();
        let error = Sqlite::open(place.file()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "storage: the file has schema version {version}; this version of the library reads 1 to 2: open the file \
                 with the version that wrote it"
            )
        );
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert_eq!(std::fs::read(place.file()).unwrap(), before);
    }
}

#[test]
fn files_of_other_programs_are_refused_and_left_alone() {
    for sql in ["CREATE TABLE documents (a)", "PRAGMA application_id = 7", "CREATE VIEW v AS SELECT 1"] {
        let place = Place::new();
        place.beside().execute_batch(sql).unwrap();
        let before = std::fs::read(place.file()).unwrap();
        let error = Sqlite::open(place.file()).unwrap_err();
        assert_eq!(error.to_string(), "storage: the file is a database of another program", "{sql}");
        assert_eq!(std::fs::read(place.file()).unwrap(), before);
    }
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
    assert_eq!(Sqlite::open(&directory).unwrap_err().to_string(), "storage: the file cannot be opened");
    let nowhere = Sqlite::open(directory.join("no").join("such")).unwrap_err();
    assert_eq!(nowhere.to_string(), "storage: the file cannot be created");
    assert_eq!(nowhere.kind(), StoreErrorKind::Unavailable);
    assert_eq!(Sqlite::open("").unwrap_err().to_string(), "storage: the path of the file is empty");
}

/// SQLite reads these as other things than files: writes to them would be lost.
#[test]
fn paths_that_mean_something_else_to_sqlite_are_refused() {
    for path in [":memory:", "file::memory:", "file:ocpi.db?mode=memory", "file:/tmp/ocpi.db"] {
        for error in [
            Sqlite::open(path).unwrap_err(),
            block_on(open(&format!("sqlite:{path}"))).unwrap_err(),
            block_on(open(&format!("sqlite://{path}"))).unwrap_err(),
        ] {
            assert_eq!(error.kind(), StoreErrorKind::Refused, "{path}");
            let way_out = if path == ":memory:" { "`memory:`" } else { "`./file:" };
            assert!(error.to_string().contains(way_out), "{error}");
        }
        assert!(!std::path::Path::new(path).exists(), "{path}");
    }
    // With a folder before it, it is a name as any other.
    let place = Place::new();
    let odd = place.file().with_file_name("file:a?mode=memory");
    put(&Sqlite::open(&odd).unwrap(), &at("a"), &note("a"));
    assert_eq!(bodies(&Sqlite::open(&odd).unwrap()), ["a"]);
}

#[test]
fn an_empty_file_becomes_a_store() {
    let place = Place::new();
    std::fs::write(place.file(), "").unwrap();
    put(&place.open(), &at("a"), &note("a"));
    assert_eq!(bodies(&place.open()), ["a"]);
}

#[test]
fn many_may_create_one_file_at_the_same_time() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for key in ["a", "b", "c", "d"] {
            let place = &place;
            scope.spawn(move || put(&place.open(), &at(key), &note(key)));
        }
    });
    assert_eq!(bodies(&place.open()).len(), 4);
}
