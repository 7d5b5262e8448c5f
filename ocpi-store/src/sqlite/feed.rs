//! The change feed.

use ocpi_server_traits::storage::{Address, Change, Changes, Position};
use rusqlite::{Connection, Result};

use super::counter::Counter;
use super::numbers::{signed, unsigned};
use super::{rows, statements};

/// Most tombstones that are purged in one transaction, so that nobody waits long.
const PURGED_AT_ONCE: usize = 1_000;

/// Reads changes after a position.
pub(super) fn changes(connection: &Connection, after: Position, limit: u32) -> Result<Changes> {
    let mut statement = connection.prepare_cached(statements::FEED)?;
    let rows = statement.query_map((signed(after.number()), limit), |row| {
        let at = Address::new(row.get::<_, String>(2)?, row.get::<_, String>(3)?, row.get::<_, String>(4)?);
        let position = Position::new(unsigned(row.get(0)?));
        Ok(Change::new(position, at, row.get(1)?, unsigned(row.get(5)?), row.get(6)?))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    let purged = Position::new(unsigned(Counter::read(connection)?.purged));
    let mut upto = rows.last().map_or(after, |last| last.position);
    if u32::try_from(rows.len()).is_ok_and(|read| read < limit) {
        // Nothing is left before what was purged: the next read has no gap.
        upto = upto.max(purged);
    }
    Ok(Changes::new(rows, upto, purged))
}

/// Returns the newest position.
pub(super) fn head(connection: &Connection) -> Result<Position> {
    let mut statement = connection.prepare_cached(statements::HEAD)?;
    statement.query_row([], |row| Ok(Position::new(unsigned(row.get(0)?))))
}

/// Returns the newest position of a place.
pub(super) fn newest(connection: &Connection, place: i64) -> Result<i64> {
    connection.prepare_cached(statements::NEWEST)?.query_row([place], |row| row.get(0))
}

/// Removes the oldest tombstones of deletions before a time; says how many, and whether there may be more.
pub(super) fn purge(connection: &Connection, before: i64) -> Result<(u64, bool)> {
    let mut counter = Counter::read(connection)?;
    let mut statement = connection.prepare_cached(statements::OLD_TOMBSTONES)?;
    let limit = i64::try_from(PURGED_AT_ONCE).unwrap_or(i64::MAX);
    let old = statement.query_map((before, limit), |row| row.get(0))?;
    let old: Vec<i64> = old.collect::<Result<_>>()?;
    for place in &old {
        counter.purged = counter.purged.max(newest(connection, *place)?);
        rows::delete(connection, *place)?;
    }
    counter.store(connection)?;
    Ok((u64::try_from(old.len()).unwrap_or(0), old.len() == PURGED_AT_ONCE))
}
