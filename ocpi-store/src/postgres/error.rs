//! Failures of PostgreSQL, without a word of the data.

use std::error::Error as _;
use std::fmt;
use std::io;

use deadpool_postgres::PoolError;
use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

/// A failure in the words of the contract.
pub(super) fn explain(error: Error) -> StoreError {
    if let Some(error) = error.as_db_error() {
        let (kind, message) = classify(error.code().code());
        return StoreError::new(kind, message).with_source(Reported::new(error));
    }
    if is_no_primary(&error) {
        return StoreError::new(StoreErrorKind::Unavailable, STANDBY);
    }
    if let Some(cause) = error.source().and_then(|cause| cause.downcast_ref::<io::Error>()) {
        let message =
            "the connection to PostgreSQL failed: is the server running, and can it be reached from here?";
        // A copy: it may be an error of TLS, with names.
        return StoreError::new(StoreErrorKind::Unavailable, message)
            .with_source(io::Error::from(cause.kind()));
    }
    if error.is_closed() {
        return StoreError::new(
            StoreErrorKind::Unavailable,
            "the connection to PostgreSQL was closed: try again",
        );
    }
    let text = error.to_string();
    if text.starts_with("error performing TLS handshake") {
        return StoreError::new(
            StoreErrorKind::Unavailable,
            "PostgreSQL cannot be spoken to over TLS: it does not offer it, or its certificate is not of a trusted \
             authority or not for its name; see sslmode and sslrootcert",
        );
    }
    if text.starts_with("error connecting") || text.starts_with("timeout") {
        return StoreError::new(
            StoreErrorKind::Unavailable,
            "PostgreSQL cannot be reached: see host and port of the URL, and whether the server runs",
        );
    }
    StoreError::new(StoreErrorKind::Other, "the conversation with PostgreSQL failed")
}

/// A failure to get a connection.
pub(super) fn explain_pool(error: PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => explain(error),
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => StoreError::new(
            StoreErrorKind::Busy,
            "all connections to PostgreSQL are in use: try again, or allow more of them",
        ),
        PoolError::Timeout(_) => StoreError::new(
            StoreErrorKind::Unavailable,
            "PostgreSQL does not answer: is the server overloaded?",
        ),
        _ => StoreError::new(
            StoreErrorKind::Unavailable,
            "the connections to PostgreSQL are closed: open the store again",
        ),
    }
}

/// Whether the same transaction, run again, may succeed: another one was in its way. A division by zero is the sign that a
/// document has [come](super::absent) which was not there.
pub(super) fn is_conflict(error: &Error) -> bool {
    error.code().is_some_and(|code| ["40P01", "40001", "22012"].contains(&code.code()))
}

/// Whether the connection is gone.
pub(super) fn is_lost(error: &Error) -> bool {
    error.is_closed() || explain_kind(error) == Some(StoreErrorKind::Unavailable)
}

fn explain_kind(error: &Error) -> Option<StoreErrorKind> {
    match error.as_db_error() {
        Some(error) => Some(classify(error.code().code()).0),
        None => error.source()?.is::<io::Error>().then_some(StoreErrorKind::Unavailable),
    }
}

const STANDBY: &str = "PostgreSQL takes no writes: it is a standby or read-only; name the primary in the URL";

/// Whether the driver found a server that takes no writes. An operating system that denies something has a number for it.
fn is_no_primary(error: &Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| {
        cause.kind() == io::ErrorKind::PermissionDenied && cause.raw_os_error().is_none()
    })
}

fn classify(state: &str) -> (StoreErrorKind, &'static str) {
    use StoreErrorKind::{Busy, Corrupt, Full, Other, Refused, Unavailable};
    match state {
        "53100" => (Full, "PostgreSQL has no room left on its disk. Writes succeed again once there is some"),
        "53300" => (Busy, "PostgreSQL has too many connections: raise max_connections, or allow fewer here"),
        "40P01" | "40001" | "22012" => (Busy, "other writers were in the way every time: try again"),
        "55P03" | "57014" => (Busy, "PostgreSQL gave up waiting: try again"),
        // A transaction cannot be begun as one that writes, or turned out to be none. After a statement that was prepared has
        // become another one, a new connection helps, too.
        "0A000" | "25006" => (Unavailable, STANDBY),
        "42501" => (Other, "the role may not do this in PostgreSQL: grant it the schema and its tables"),
        "42P01" | "42703" | "3F000" => {
            (Corrupt, "tables are missing in PostgreSQL, or are not of this library")
        }
        "22021" | "22P05" => (Refused, "PostgreSQL cannot hold a text"),
        _ => match state.get(..2) {
            Some("08" | "57") => (Unavailable, "PostgreSQL closed the connection or does not take one"),
            Some("28") => (
                Other,
                "PostgreSQL does not let the role in: see name and password of the URL, and pg_hba.conf",
            ),
            Some("3D") => (Other, "PostgreSQL has no such database: create it, or correct the URL"),
            Some("53") => (Busy, "PostgreSQL is out of memory or of another resource: try again"),
            Some("54") => (Refused, "a write is larger than PostgreSQL takes: store less in one document"),
            Some("XX") => (Corrupt, "PostgreSQL found its files damaged: see its log, and restore a copy"),
            _ => (Other, "PostgreSQL refused a statement: the SQLSTATE is in the source of this error"),
        },
    }
}

/// The words of an error that PostgreSQL reported, where they cannot quote a value; its code always.
#[derive(Debug)]
struct Reported {
    state: String,
    message: Option<String>,
}

impl Reported {
    fn new(error: &DbError) -> Self {
        let state = error.code().code();
        // Detail and hint may quote a row. These classes are about connections, resources and names of ours.
        let is_harmless = ["08", "0A", "25", "28", "3D", "40", "42", "53", "55", "57", "58"];
        let message =
            state.get(..2).filter(|class| is_harmless.contains(class)).map(|_| error.message().to_owned());
        Self { state: state.to_owned(), message }
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL: SQLSTATE {}", self.state)?;
        self.message.iter().try_for_each(|message| write!(f, ": {message}"))
    }
}

impl std::error::Error for Reported {}

#[cfg(test)]
mod tests {
    use ocpi_server_traits::storage::StoreErrorKind;

    use super::classify;

    #[test]
    fn states_have_kinds() {
        for (state, kind) in [
            ("53100", StoreErrorKind::Full),
            ("53300", StoreErrorKind::Busy),
            ("57P01", StoreErrorKind::Unavailable),
            ("57014", StoreErrorKind::Busy),
            ("0A000", StoreErrorKind::Unavailable),
            ("25006", StoreErrorKind::Unavailable),
            ("22012", StoreErrorKind::Busy),
            ("08006", StoreErrorKind::Unavailable),
            ("28P01", StoreErrorKind::Other),
            ("54000", StoreErrorKind::Refused),
            ("XX001", StoreErrorKind::Corrupt),
            ("", StoreErrorKind::Other),
        ] {
            assert_eq!(classify(state).0, kind, "{state}");
        }
    }
}
