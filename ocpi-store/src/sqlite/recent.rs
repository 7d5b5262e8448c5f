//! Rows that the writer wrote last, as they are in the file.

use ocpi_server_traits::storage::{Address, Loaded};
use quick_cache::Weighter;
use quick_cache::unsync::Cache;
use rusqlite::{Connection, Result};

use super::load;
use super::statements;

/// Bytes of rows that are kept, about.
const BYTES: u64 = 8 << 20;

/// Bytes of a row beside its texts, about.
const OVERHEAD: usize = 512;

/// Bytes of a term beside its texts, about.
const TERM: usize = 48;

/// Keeps rows from one transaction of the writer to the next, so that an update need not read what the one before it wrote.
///
/// They hold only as long as nobody else has written to the file, which [its version](statements::VERSION) tells, and the
/// last transaction has come to its end.
pub(super) struct Recent {
    /// By address; `None`: there is no row.
    rows: Cache<Address, Option<Loaded>, Weigh>,
    /// The version of the file that they are of; `None`: of none.
    version: Option<i64>,
}

/// Rows that a transaction leaves; `None`: to be read again.
pub(super) type Left = Vec<(Address, Option<Loaded>)>;

#[derive(Clone)]
struct Weigh;

impl Weighter<Address, Option<Loaded>> for Weigh {
    fn weight(&self, at: &Address, row: &Option<Loaded>) -> u64 {
        let of_row = row.as_ref().map_or(0, |row| {
            let document = &row.document;
            let terms: usize =
                document.terms.iter().map(|(name, value)| name.len() + value.len() + TERM).sum();
            document.body.len() + document.stamps.len() + document.cause.len() + document.list.len() + terms
        });
        let bytes = at.owner().len() + at.key().len() + of_row + OVERHEAD;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

impl Recent {
    pub(super) fn new() -> Self {
        Self { rows: Cache::with_weighter(1 << 12, BYTES, Weigh), version: None }
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.version = None;
    }

    /// Begins a transaction: forgets all rows if they are not of this version of the file. Until it [ends](Self::end) they
    /// are of none, so one that fails or panics leaves nothing.
    pub(super) fn begin(&mut self, connection: &Connection) -> Result<i64> {
        let before = self.version.take();
        let version = connection.prepare_cached(statements::VERSION)?.query_row([], |row| row.get(0))?;
        if before != Some(version) {
            self.rows.clear();
        }
        Ok(version)
    }

    /// Takes out a row, or reads it.
    pub(super) fn take(&mut self, connection: &Connection, at: &Address) -> Result<Option<Loaded>> {
        match self.rows.get(at) {
            Some(None) => return Ok(None),
            Some(Some(_)) => {
                if let Some((_, row)) = self.rows.remove(at) {
                    return Ok(row);
                }
            }
            None => {}
        }
        let row = load::load(connection, at)?;
        if row.is_none() {
            self.rows.insert(at.clone(), None);
        }
        Ok(row)
    }

    /// Ends a transaction, which left these rows and the version of the file at its beginning: a version counts what others
    /// write.
    pub(super) fn end(&mut self, version: i64, left: Left) {
        for (at, row) in left {
            match row {
                Some(row) => self.rows.insert(at, Some(row)),
                None => drop(self.rows.remove(&at)),
            }
        }
        self.version = Some(version);
    }
}
