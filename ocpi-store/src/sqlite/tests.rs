//! Plans and costs of statements, by counted steps and not by time.

use std::path::PathBuf;

use ocpi_server_traits::storage::{Address, Cursor, Page, Position, Query, Start};
use ocpi_types::DateTime;
use rusqlite::{Connection, StatementStatus};
use tempfile::TempDir;

use super::kept::Kept;
use super::recent::Recent;
use super::{feed, file, page, schema, statements};

/// Documents of a collection in the lists `a`, all of one time, and `b`, each of its own; every one has the term `t` = `v`.
const FILL: &str = "
    CREATE TEMP TABLE numbers AS
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n;
    INSERT INTO documents
        SELECT i, 'C', 'o', 'k' || i, iif(i % 2, 'a', 'b'), iif(i % 2, 5, i), i, 0, '', '', x'', x'', x'00'
        FROM numbers;
    INSERT INTO terms SELECT 'C', 't', 'v', i FROM numbers;
    INSERT INTO terms SELECT 'C', 't', 'few', i FROM numbers WHERE i % (?1 / 100) = 0;
    INSERT INTO changes SELECT i, i, '' FROM numbers;
    INSERT INTO buckets SELECT collection, list, place >> 12, count(*) FROM documents GROUP BY 1, 2, 3;";

fn opened() -> (TempDir, PathBuf, Connection) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.sqlite");
    file::create(&path).unwrap();
    let mut connection = file::connect(&path).unwrap();
    schema::prepare(&mut connection).unwrap();
    (directory, path, connection)
}

#[test]
fn every_commit_reaches_the_disk() {
    let (_directory, path, connection) = opened();
    let full: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap();
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!((full, mode.as_str()), (2, "wal"));
    let reader = file::connect_to_read(&path).unwrap();
    assert!(reader.execute_batch("DELETE FROM documents").is_err());
}

#[test]
fn a_document_is_read_again_when_its_revision_is_another_one() {
    let (_directory, path, connection) = opened();
    let insert =
        "INSERT INTO documents VALUES (1, 'C', 'o', 'k', 'a', 5, 1, 0, '', '', x'', x'', zeroblob(?1))";
    for bytes in [2_000, 10] {
        connection.execute("DELETE FROM documents", []).unwrap();
        connection.execute(insert, [bytes]).unwrap();
        let (reader, kept) = (file::connect_to_read(&path).unwrap(), Kept::new(1 << 20));
        let body = || {
            let page = page::page(&reader, &kept, &Query::list("C", "a"), &Start::First, 10).unwrap();
            page.rows.first().unwrap().1.body.first().copied()
        };
        assert_eq!(body(), Some(0));
        // Nobody writes like this: it shows that the body is not looked at.
        connection.execute("UPDATE documents SET body = x'07'", []).unwrap();
        assert_eq!(body(), Some(if bytes == 2_000 { 0 } else { 7 }));
        connection.execute("UPDATE documents SET revision = 2", []).unwrap();
        assert_eq!(body(), Some(7));
        connection.execute("UPDATE documents SET body = x'08'", []).unwrap();
        assert_eq!(body(), Some(8), "small ones are not kept");
    }
}

#[test]
fn no_statement_goes_through_a_table() {
    let (_directory, _, connection) = opened();
    for sql in statements::ALL {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        // Parameters that are not bound are NULL, which is no matter to the plan.
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get(3).unwrap();
            assert!(!step.starts_with("SCAN") || step == "SCAN CONSTANT ROW", "{step} in {sql}");
            assert!(!step.contains("TEMP B-TREE"), "{step} in {sql}");
        }
    }
}

/// Steps of the virtual machine that all statements took so far.
fn steps(connection: &Connection) -> i32 {
    let taken = |sql: &&str| connection.prepare_cached(sql).unwrap().get_status(StatementStatus::VmStep);
    statements::ALL.iter().map(taken).sum()
}

/// Steps that each kind of request takes among so many documents.
fn costs(documents: u64) -> Vec<(&'static str, i32)> {
    let (_directory, _, connection) = opened();
    for sql in FILL.split_inclusive(';') {
        let mut statement = connection.prepare(sql).unwrap();
        match statement.parameter_count() {
            0 => statement.execute([]),
            _ => statement.execute([documents]),
        }
        .unwrap();
    }
    let middle = documents / 2;
    let time = |micros: u64| DateTime::from_unix_micros(i64::try_from(micros).unwrap()).unwrap();
    let both = || Query::lists("C", vec!["a".to_owned(), "b".to_owned()]);
    let window = |query: Query| query.from(time(0)).to(time(documents));
    let after = |list: &str, updated: u64, place: u64| {
        let updated = i64::try_from(updated).unwrap();
        Start::After(Cursor { list: list.to_owned(), updated, place, total: Some(documents) })
    };
    let page = |name, query: Query, start: Start| {
        let before = steps(&connection);
        let Page { rows, next, .. } = page::page(&connection, &Kept::new(0), &query, &start, 50).unwrap();
        assert_eq!((rows.len(), next.is_some()), (50, true), "{name}");
        (name, steps(&connection) - before)
    };
    let total = |name, query: Query, total| {
        let before = steps(&connection);
        let page = page::page(&connection, &Kept::new(0), &query, &Start::First, 0).unwrap();
        assert_eq!(page.total, total, "{name}");
        (name, steps(&connection) - before)
    };
    let short = |query: Query| query.from(time(middle)).to(time(middle + 100));
    let mut costs = vec![
        total("total of few in a long window", window(Query::all("C").with_term("t", "few")), 99),
        total("total of many in a short window", short(Query::all("C").with_term("t", "v")), 50),
        page("list", Query::list("C", "a"), Start::First),
        page("list by cursor", Query::list("C", "a"), after("", 0, middle)),
        page("list by offset", Query::list("C", "a"), Start::Offset(middle / 10)),
        page("lists", both(), Start::First),
        page("lists by cursor", both(), after("", 0, middle)),
        page("all", Query::all("C"), Start::First),
        page("all by cursor", Query::all("C"), after("a", 0, middle)),
        page("window of one time", window(Query::list("C", "a")), after("", 5, middle)),
        page("window", window(Query::list("C", "b")), after("", middle, middle)),
        page("window of lists", window(both()), after("", 5, middle)),
        page("window of all", window(Query::all("C")), after("", middle, middle)),
        page("term", Query::all("C").with_term("t", "v"), after("", 0, middle)),
        page("term in a window", window(Query::all("C").with_term("t", "v")), after("", middle, middle)),
        page("term in a window of lists", window(both().with_term("t", "v")), after("", 5, middle)),
        page("term of few in a window", window(Query::all("C").with_term("t", "few")), after("", 5, 0)),
        page("term in a list", Query::list("C", "a").with_term("t", "v"), after("", 0, middle)),
    ];
    let before = steps(&connection);
    let changes = feed::changes(&connection, Position::new(middle), 50).unwrap();
    assert_eq!(changes.rows.len(), 50);
    feed::head(&connection).unwrap();
    costs.push(("feed", steps(&connection) - before));
    costs
}

#[test]
fn costs_do_not_grow_with_the_number_of_documents() {
    for ((name, few), (_, many)) in costs(1_000).into_iter().zip(costs(100_000)) {
        assert!(few > 50, "{name} took {few} steps: it is not counted");
        // An offset passes over up to 4,095 keys of a bucket; totals are sums over buckets.
        let allowed = if name.contains("offset") { 20_000 } else { few + few / 2 + 500 };
        assert!(many < allowed, "{name} took {few} steps among 1,000 documents, and {many} among 100,000");
    }
}

/// Of thousands of lists that are asked for, those are read that there are.
#[test]
fn lists_that_do_not_exist_cost_nothing() {
    let (_directory, _, connection) = opened();
    connection.execute_batch(&FILL.replace("?1", "2000")).unwrap();
    let few = Query::lists("C", vec!["a".to_owned(), "b".to_owned()]);
    let many = (0..10_000).map(|number| format!("a{number}")).chain(["a".to_owned(), "b".to_owned()]);
    let many = Query::lists("C", many.collect());
    let from = |query: &Query| query.clone().from(DateTime::from_unix_micros(3).unwrap());
    let term = |query: &Query| query.clone().with_term("t", "v");
    for (few, many) in [(few.clone(), many.clone()), (from(&few), from(&many)), (term(&few), term(&many))] {
        for start in [Start::First, Start::Offset(700)] {
            let cost = |query: &Query| {
                let before = steps(&connection);
                let page = page::page(&connection, &Kept::new(0), query, &start, 100).unwrap();
                (page, steps(&connection) - before)
            };
            let ((of_few, less), (of_many, more)) = (cost(&few), cost(&many));
            assert_eq!(of_few, of_many);
            assert!(2 * more <= 3 * less, "{more} steps, and {less} for lists that exist");
        }
    }
}

#[test]
fn a_row_is_read_again_when_it_may_be_another_one() {
    let (_directory, path, connection) = opened();
    let other = file::connect(&path).unwrap();
    let insert = "INSERT INTO documents VALUES (1, 'C', 'o', 'k', 'a', 5, 1, 0, '', '', x'', x'', x'00')";
    connection.execute(insert, []).unwrap();
    let (mut recent, here) = (Recent::new(), Address::new("C", "o", "k"));
    let set = |connection: &Connection, body: u8| {
        connection.execute("UPDATE documents SET body = ?1", [[body]]).unwrap();
    };
    let body = |recent: &mut Recent, is_ended: bool| {
        let version = recent.begin(&connection).unwrap();
        let row = recent.take(&connection, &here).unwrap().unwrap();
        let body = row.document.body[0];
        if is_ended {
            recent.end(version, vec![(here.clone(), Some(row))]);
        }
        body
    };
    assert_eq!(body(&mut recent, true), 0);
    // Which only the writer does: it shows that the row is not read.
    set(&connection, 1);
    assert_eq!(body(&mut recent, true), 0);
    set(&other, 2);
    assert_eq!(body(&mut recent, true), 2, "others have written");
    set(&connection, 3);
    assert_eq!(body(&mut recent, false), 2);
    assert_eq!(body(&mut recent, true), 3, "a transaction did not come to its end");
    set(&connection, 4);
    assert_eq!(body(&mut recent, true), 3);
    recent.clear();
    assert_eq!(body(&mut recent, true), 4);
}

#[test]
fn that_there_is_no_row_is_remembered_until_there_is_one() {
    let (_directory, path, connection) = opened();
    let other = file::connect(&path).unwrap();
    let (mut recent, here) = (Recent::new(), Address::new("C", "o", "k"));
    let found = |recent: &mut Recent| {
        let version = recent.begin(&connection).unwrap();
        let is_there = recent.take(&connection, &here).unwrap().is_some();
        recent.end(version, Vec::new());
        is_there
    };
    assert!(!found(&mut recent));
    let insert = "INSERT INTO documents VALUES (1, 'C', 'o', 'k', 'a', 5, 1, 0, '', '', x'', x'', x'00')";
    connection.execute(insert, []).unwrap();
    assert!(!found(&mut recent), "it is remembered");
    other.execute("UPDATE documents SET revision = 2", []).unwrap();
    assert!(found(&mut recent));
}
