//! A process that is killed while it brings a file forward.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use rusqlite::{Connection, TransactionBehavior};

use crate::sqlite::file;
use crate::sqlite::schema::{bring_forward, prepare};

/// Names the file for the process that is killed.
const FILE: &str = "OCPI_STORE_TEST_MIGRATION";

/// The name of the test that is killed.
const KILLED: &str = "sqlite::schema::former::tests::stops_before_the_commit";

/// More rows than SQLite keeps in memory: some are in the log before the commit.
const FILL: &str = "
    WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO documents
        SELECT i, 'Location', 'NL', 'ALF', 'k' || i, i, '', '2.3.0', '2026-11-22T10:00:00.000000000',
            '2026-11-22T10:00:00Z', zeroblob(1000)
        FROM n";

#[test]
fn a_kill_in_the_middle_leaves_the_former_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.sqlite");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(include_str!("../../../../tests/it/migration/version_1.sql")).unwrap();
    connection.execute_batch(FILL).unwrap();
    let whole = |connection: &Connection| {
        let sql =
            "SELECT count(*), sum(place), sum(length(body)), (SELECT user_version FROM pragma_user_version),
                       (SELECT group_concat(integrity_check) FROM pragma_integrity_check)
                   FROM documents";
        let numbers = |row: &rusqlite::Row<'_>| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, String>(4)?,
            ))
        };
        connection.query_row(sql, [], numbers).unwrap()
    };
    let before = whole(&connection);
    assert_eq!((before.0, before.3, &*before.4), (4_918, 1, "ok"));
    drop(connection);

    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([KILLED, "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "nearly done"));
    let log = directory.path().join("store.sqlite-wal");
    assert!(std::fs::metadata(log).unwrap().len() > 1_000_000, "nothing was written before the kill");
    child.kill().unwrap();
    child.wait().unwrap();

    let mut connection = file::connect(&path).unwrap();
    assert_eq!(whole(&connection), before);
    prepare(&mut connection).unwrap();
    let documents = "SELECT count(*) FROM documents";
    assert_eq!(connection.query_row(documents, [], |row| row.get::<_, i64>(0)), Ok(4_908));
    assert_eq!(super::count_unmigrated(&connection), Ok(10));
}

/// Runs in the process that is killed; otherwise it has nothing to do.
#[test]
fn stops_before_the_commit() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let mut connection = file::connect(path.as_ref()).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA cache_size = 10").unwrap();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    bring_forward(&transaction, 1).unwrap();
    let mut output = std::io::stdout();
    writeln!(output, "\nnearly done").unwrap();
    output.flush().unwrap();
    // Nobody writes: it waits here for its end.
    let _ = std::io::stdin().lines().next();
    drop(transaction);
}
