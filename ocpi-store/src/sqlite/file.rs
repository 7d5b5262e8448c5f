//! Connections to a file.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use rusqlite::{Connection, OpenFlags};

use super::failure::explain;

/// Longest wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longest wait for readers while writes wait: pages of our own are read in less.
const HASTE: Duration = Duration::from_millis(20);

/// Statements that are kept prepared: more than there are.
const STATEMENTS: usize = 64;

/// Creates the file unless it is there. Only its owner may read it: SQLite would leave that to the umask. The files that
/// SQLite adds get the mode of this one.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    refuse_what_is_no_file(path)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => {
            let words = "the file cannot be created";
            Err(StoreError::new(StoreErrorKind::Unavailable, words).with_source(error))
        }
    }
}

/// Refuses what SQLite would not take for the name of a file.
fn refuse_what_is_no_file(path: &Path) -> Result<(), StoreError> {
    let text = path.as_os_str().as_encoded_bytes();
    let words = match text {
        // A temporary file that is deleted at the end.
        b"" => "the path of the file is empty",
        b":memory:" => "`:memory:` is no file: open the store `memory:`, which keeps nothing either",
        // SQLite is built to read URIs, whatever the flags of a connection say.
        _ if text.starts_with(b"file:") => {
            "SQLite would read a path that begins with `file:` as a URI: write it without, or `./file:…` for a file of that name"
        }
        _ => return Ok(()),
    };
    Err(StoreError::new(StoreErrorKind::Refused, words))
}

/// Opens a connection that writes.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    // Without the flag that creates a file, which would have another mode, and without a lock that one thread does not need.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(explain)?;
    configure(&connection).map_err(explain)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn connect_to_read(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON").map_err(explain)?;
    Ok(connection)
}

/// Brings the log into the file and empties it, so that it has no byte of what was there before. `false`: somebody reads an
/// older state of the file, or it cannot be written; the log goes on as it is, and this can be tried again.
pub(super) fn empty_log(connection: &Connection) -> bool {
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    is_busy.is_ok_and(|is_busy| !is_busy)
}

/// [`empty_log`] with hardly a wait for those who read or write.
pub(super) fn empty_log_soon(connection: &Connection) -> bool {
    let is_empty = connection.busy_timeout(HASTE).is_ok() && empty_log(connection);
    // It does not fail: it only notes a number.
    connection.busy_timeout(PATIENCE).is_ok() && is_empty
}

/// Writes the whole file anew: what SQLite has left in unused places of pages, when it moved rows, is not in it.
pub(super) fn rewrite(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("VACUUM")
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // NORMAL would be faster and keeps the file whole too, but a loss of power may undo the last transactions:
    // the partner was told that its object is stored, and does not send it again.
    // The log goes into the file when it has 16 MiB, not 4: a page that changes often is copied and brought to the disk once
    // for more commits. After a rush of writes, the log shrinks to 64 MiB again.
    // Bytes of what is deleted are overwritten: an erasure leaves none on free pages.
    let settings = "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4096; \
                    PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON";
    connection.execute_batch(settings)
}
