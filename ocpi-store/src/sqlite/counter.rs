//! Numbers that are given out in the order of commits.

use rusqlite::{Connection, Result};

use super::statements;

/// The last numbers that were given out. Only the holder of the file's write lock has one.
pub(super) struct Counter {
    places: i64,
    positions: i64,
    /// The highest revision.
    pub(super) revisions: i64,
    /// The newest position of what was purged or erased.
    pub(super) purged: i64,
}

impl Counter {
    pub(super) fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached(statements::COUNTER)?;
        statement.query_row([], |row| {
            Ok(Self {
                places: row.get(0)?,
                positions: row.get(1)?,
                revisions: row.get(2)?,
                purged: row.get(3)?,
            })
        })
    }

    pub(super) fn next_place(&mut self) -> i64 {
        self.places += 1;
        self.places
    }

    pub(super) fn next_position(&mut self) -> i64 {
        self.positions += 1;
        self.positions
    }

    pub(super) fn store(&self, connection: &Connection) -> Result<()> {
        let mut statement = connection.prepare_cached(statements::SET_COUNTER)?;
        statement.execute((self.places, self.positions, self.revisions, self.purged))?;
        Ok(())
    }
}
