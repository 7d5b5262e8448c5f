//! Tables, and the way in which a file gets them.

mod former;

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::failure::explain;

pub(super) use former::count_unmigrated;

/// The version of a file of the former store.
const FORMER: usize = 1;

/// The tables of version 2, the first of this store.
const TABLES: &str = include_str!("schema/2.sql");

/// Steps that bring a file from each version to the next, from version 2 on. Only ever add to the end: there are files of
/// every version.
const STEPS: &[&str] = &[];

/// The version that the steps lead to.
const NEWEST: usize = 2 + STEPS.len();

/// Marks the file as one of this library: "OCPI" in ASCII.
const APPLICATION: i64 = 0x4F43_5049;

/// Most attempts at a statement that does not wait by itself. Each time somebody else was faster, who then is done.
const ATTEMPTS: usize = 100;

/// Brings the file behind a new connection to the newest version. Nothing is written to a file that is refused.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_what_is_not_ours(connection)?;
    keep_a_log(connection).map_err(explain)?;
    migrate(connection)
}

fn refuse_what_is_not_ours(connection: &Connection) -> Result<(), StoreError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(explain);
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    if application != APPLICATION && (application != 0 || tables != 0) {
        return Err(StoreError::new(StoreErrorKind::Refused, "the file is a database of another program"));
    }
    version(connection).map(|_| ())
}

/// Has changes written to a log first: readers and the writer do not wait for one another then.
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
    let version = version(&transaction)?;
    if version == NEWEST {
        return Ok(());
    }
    bring_forward(&transaction, version)?;
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(explain)?;
    transaction.pragma_update(None, "user_version", NEWEST).map_err(explain)?;
    transaction.commit().map_err(explain)
}

/// Brings tables to the newest version; of version 0 there are none.
fn bring_forward(connection: &Connection, version: usize) -> Result<(), StoreError> {
    if version == FORMER {
        former::set_aside(connection)?;
    }
    if version <= FORMER {
        connection.execute_batch(TABLES).map_err(explain)?;
    }
    if version == FORMER {
        former::take_over(connection).map_err(explain)?;
    }
    let steps = STEPS.get(version.saturating_sub(2)..).unwrap_or_default();
    steps.iter().try_for_each(|step| connection.execute_batch(step)).map_err(explain)
}

/// The version of a file, if this library knows it; 0 of a new one.
fn version(connection: &Connection) -> Result<usize, StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(explain)?;
    usize::try_from(found).ok().filter(|version| *version <= NEWEST).ok_or_else(|| {
        let message = format!(
            "the file has schema version {found}; this version of the library reads {FORMER} to {NEWEST}: open the \
             file with the version that wrote it"
        );
        StoreError::new(StoreErrorKind::Refused, message)
    })
}
