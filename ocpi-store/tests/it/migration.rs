//! Files of the former store.

use ocpi_server_traits::storage::{
    Address, Lists, NewDocument, Position, Query, Start, Store, StoreErrorKind, StoreExt,
};
use ocpi_store::Sqlite;
use pollster::block_on;

use super::support::{Place, put, time};

/// Schema and rows.
const VERSION_1: &str = include_str!("migration/version_1.sql");

fn former() -> Place {
    let place = Place::new();
    place.beside().execute_batch(VERSION_1).unwrap();
    place
}

fn keys(store: &Sqlite, query: &Query) -> Vec<String> {
    let page = block_on(store.page(query, Start::First, 100)).unwrap();
    assert_eq!(page.total, u64::try_from(page.rows.len()).unwrap());
    page.rows.iter().map(|(at, _)| format!("{} {}", at.owner(), at.key())).collect()
}

#[test]
fn a_former_file_is_brought_forward() {
    let place = former();
    let store = place.open();
    let locations = ["NL/ALF depot", "NL/ALF yard", "NL/ALF wharf"];
    assert_eq!(keys(&store, &Query::list("Location", "NL/ALF")), locations, "in the order of creation");
    assert_eq!(keys(&store, &Query::list("Location", "DE/EMP")), ["DE/EMP depot"]);
    assert_eq!(keys(&store, &Query::list("Location", "NL/ALF>DE/EMP")), ["NL/ALF shop"]);
    assert_eq!(keys(&store, &Query::list("Token", "DE/EMP>NL/ALF")), ["DE/EMP card\x007"]);
    assert_eq!(keys(&store, &Query::list("Partner/1", "")), ["NL/ALF emsp"]);
    assert_eq!(keys(&store, &Query::all("Partner")), [""; 0]);
    assert_eq!(
        keys(&store, &Query::all("Location")),
        ["DE/EMP depot", "NL/ALF depot", "NL/ALF yard", "NL/ALF wharf", "NL/ALF shop"]
    );
    // Offsets go by buckets.
    let second = block_on(store.page(&Query::list("Location", "NL/ALF"), Start::Offset(1), 1)).unwrap();
    assert_eq!((second.rows[0].0.key(), second.total), ("yard", 3));

    let depot = block_on(store.get(&Address::new("Location", "NL/ALF", "depot"))).unwrap().unwrap();
    let expected = NewDocument::new(r#"{"id":"DEPOT"}"#, "2.3.0", "2026-11-22T10:00:00.50".parse().unwrap());
    let expected = ocpi_server_traits::storage::Document::written(expected.in_list("NL/ALF"), 33);
    assert_eq!(depot, expected);
    let odd = block_on(store.get(&Address::new("Location", "DE/EMP", "depot"))).unwrap().unwrap();
    assert_eq!((&odd.body[..], &*odd.format), (&[0, 0xFF][..], "2.2.1"));

    let window = |from: &str, to: &str| {
        let lists = Query::all("Location").from(from.parse().unwrap()).to(to.parse().unwrap());
        keys(&store, &lists)
    };
    let times = ["DE/EMP depot", "NL/ALF depot", "NL/ALF yard", "NL/ALF shop"];
    assert_eq!(window("2026-11-22T09:00:00Z", "2026-11-22T13:00:00Z"), times);
    assert_eq!(window("2026-11-22T13:00:00Z", "2026-11-22T13:00:00.000001Z"), ["NL/ALF wharf"]);
    let token = Query::all("Token").from("2026-11-22T10:00:00.000001Z".parse().unwrap());
    assert_eq!(keys(&store, &token.to("2026-11-22T10:00:00.000002Z".parse().unwrap())).len(), 1);
}

#[test]
fn the_feed_has_all_documents_in_the_order_of_their_last_writes() {
    let place = former();
    let store = place.open();
    let feed = |after| {
        let changes = block_on(store.changes(after, 100)).unwrap();
        let rows: Vec<_> =
            changes.rows.iter().map(|row| (row.at.key().to_owned(), row.part.clone())).collect();
        (rows, changes.upto)
    };
    let (rows, upto) = feed(Position::START);
    let part = |key: &str| (key.to_owned(), String::new());
    // The records of partners are nothing to tell.
    assert_eq!(rows, ["depot", "card\x007", "yard", "shop", "wharf", "depot"].map(part));

    // It goes on behind all of them.
    let at = Address::new("Location", "NL/ALF", "yard");
    let before = block_on(store.get(&at)).unwrap().unwrap().revision;
    put(&store, &at, &NewDocument::new("2", "2.3.0", time()).in_list("NL/ALF").with_part(""));
    assert!(block_on(store.get(&at)).unwrap().unwrap().revision > before);
    let new = Address::new("Location", "NL/ALF", "new");
    put(&store, &new, &NewDocument::new("1", "2.3.0", time()).in_list("NL/ALF").with_part(""));
    assert_eq!(feed(upto).0, ["yard", "new"].map(part));
    let locations = ["NL/ALF depot", "NL/ALF yard", "NL/ALF wharf", "NL/ALF new"];
    assert_eq!(keys(&store, &Query::list("Location", "NL/ALF")), locations);
}

#[test]
fn rows_that_cannot_be_understood_are_kept_apart() {
    let place = former();
    let store = place.open();
    assert_eq!(block_on(store.unmigrated()).unwrap(), 10);
    let beside = place.beside();
    let mut statement = beside.prepare("SELECT place, reason FROM unmigrated ORDER BY place").unwrap();
    let reasons = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let reasons: Vec<(i64, String)> = reasons.collect::<Result<_, _>>().unwrap();
    let expected = [
        (-1, "the place is out of range"),
        (20, "the owner is no party"),
        (21, "the owner is no party"),
        (22, "the owner is no party"),
        (23, "the audience is no party"),
        (24, "the time of the last update cannot be read"),
        (25, "the key is no text"),
        (26, "the format is no text"),
        (27, "the revision is out of range"),
        (28, "an earlier document has the same address"),
    ];
    assert_eq!(reasons, expected.map(|(place, reason)| (place, reason.to_owned())));
    let kept =
        beside.query_row("SELECT CAST(key AS BLOB), body FROM unmigrated WHERE place = 25", [], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
    assert_eq!(kept.unwrap(), (vec![0xFF], br#"{"odd":1}"#.to_vec()));
}

#[test]
fn a_file_without_odd_rows_has_nothing_apart() {
    let place = Place::new();
    let beside = place.beside();
    beside.execute_batch(VERSION_1).unwrap();
    beside.execute_batch("DELETE FROM documents WHERE place NOT BETWEEN 1 AND 14").unwrap();
    let store = place.open();
    assert_eq!(block_on(store.unmigrated()).unwrap(), 0);
    assert_eq!(keys(&store, &Query::all("Location")).len(), 5);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('unmigrated', 'former_documents', 'former_counter')";
    assert_eq!(beside.query_row(tables, [], |row| row.get::<_, i64>(0)), Ok(0));
    let new = Place::new();
    assert_eq!(block_on(new.open().unmigrated()).unwrap(), 0);
}

#[test]
fn an_empty_former_file_becomes_a_store() {
    let place = Place::new();
    let beside = place.beside();
    beside.execute_batch(VERSION_1).unwrap();
    beside.execute_batch("DELETE FROM documents; DELETE FROM counter").unwrap();
    let store = place.open();
    let at = Address::new("Location", "NL/ALF", "a");
    put(&store, &at, &NewDocument::new("1", "2.3.0", time()).in_list("NL/ALF").with_part(""));
    assert_eq!(keys(&store, &Query::all("Location")), ["NL/ALF a"]);
}

#[test]
fn it_is_brought_forward_once() {
    let place = former();
    let everything = |store: &Sqlite| {
        let queries = ["Location", "Token", "Partner/1"].map(Query::all);
        assert!(queries.iter().all(|query| *query.wanted_lists() == Lists::All));
        let pages = queries.map(|query| block_on(store.page(&query, Start::First, 100)).unwrap());
        (pages, block_on(store.changes(Position::START, 100)).unwrap())
    };
    let first = everything(&place.open());
    assert_eq!(everything(&place.open()), first);
    assert_eq!(block_on(place.open().unmigrated()).unwrap(), 10);

    // By many at the same time, too.
    let place = former();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(everything(&place.open()), first));
        }
    });
}

#[test]
fn a_file_with_other_tables_is_damaged_and_left_alone() {
    let place = Place::new();
    let tables =
        "PRAGMA application_id = 0x4F435049; PRAGMA user_version = 1; CREATE TABLE documents (place)";
    place.beside().execute_batch(tables).unwrap();
    let error = Sqlite::open(place.file()).unwrap_err();
    assert_eq!(error.to_string(), "storage: the tables of the file are not those of its schema version 1");
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
    let names = "SELECT group_concat(name) FROM sqlite_schema";
    let names: String = place.beside().query_row(names, [], |row| row.get(0)).unwrap();
    assert_eq!(names, "documents");
}
