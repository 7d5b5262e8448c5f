//! Tables, and how a file comes to have them.

use std::time::Duration;

use ocpi_server_traits::StoreError;
use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::failure::explain;

/// Steps that bring a file from each version to the next. Only ever add to the end: there are files of every version.
const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql")];

/// Marks the file as one of this library: "OCPI" in ASCII.
const APPLICATION: i64 = 0x4F43_5049;

/// Longest wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Most attempts at a statement that does not wait by itself. Each time somebody else was faster, who then is done.
const ATTEMPTS: usize = 100;

/// Brings the file behind a new connection to the schema of this version.
///
/// Nothing is written to a file that is refused.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE).map_err(explain)?;
    // There are more shapes of lists than the cache has room for by default.
    connection.set_prepared_statement_cache_capacity(64);
    refuse_what_is_not_ours(connection)?;
    configure(connection).map_err(explain)?;
    migrate(connection)
}

fn refuse_what_is_not_ours(connection: &Connection) -> Result<(), StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(explain);
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    if application != APPLICATION && (application != 0 || tables != 0) {
        return Err(StoreError::new("the file is a database of another program"));
    }
    version(connection).map(|_| ())
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    keep_a_log(connection)?;
    // NORMAL would be faster and keeps the file whole too, but a loss of power may undo the last transactions:
    // the partner was told that its object is stored, and does not send it again.
    connection.execute_batch("PRAGMA synchronous = FULL")
}

/// Has changes written to a log first: readers and the writer do not wait for one another then.
///
/// In memory there is no such mode, and no need.
fn keep_a_log(connection: &Connection) -> rusqlite::Result<()> {
    let switch = || connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
    for _ in 0..ATTEMPTS {
        match switch() {
            // Two that switch the same new file would wait for one another for ever, so SQLite has one of them
            // fail at once instead. A transaction does wait until the other one is done.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
            }
            result => return result,
        }
    }
    switch()
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    // Another process may do the same at the same time: one waits here, and then finds nothing left to do.
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let steps = MIGRATIONS.get(version(&transaction)?..).unwrap_or_default();
    if steps.is_empty() {
        return Ok(());
    }
    for step in steps {
        transaction.execute_batch(step).map_err(explain)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(explain)?;
    transaction.pragma_update(None, "user_version", MIGRATIONS.len()).map_err(explain)?;
    transaction.commit().map_err(explain)
}

/// The version of the file's schema, if this library knows it.
fn version(connection: &Connection) -> Result<usize, StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(explain)?;
    match usize::try_from(found) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(version),
        _ => Err(StoreError::new(format!(
            "the file has schema version {found}, and this version of the library knows those up to {}",
            MIGRATIONS.len()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_reaches_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(directory.path().join("store.sqlite")).unwrap();
        prepare(&mut connection).unwrap();
        let full: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap();
        let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!((full, mode.as_str()), (2, "wal"));
    }
}
