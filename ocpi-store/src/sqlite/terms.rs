//! Documents with a term.

use std::collections::BTreeSet;

use ocpi_server_traits::storage::{Lists, Query, Start};
use rusqlite::{Connection, Result};

use super::merge::Key;
use super::numbers::{signed, unsigned};
use super::statements;

/// A term's name and value.
type Term<'a> = (&'a str, &'a str);

/// Finds the keys of a page. Few documents have one term: with a window, all of them are sorted.
pub(super) fn find(
    connection: &Connection,
    query: &Query,
    term: Term<'_>,
    start: &Start,
    wanted: usize,
) -> Result<Vec<Key>> {
    let mut skipped = match start {
        Start::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
        Start::First | Start::After(_) => 0,
    };
    let after = match start {
        Start::After(cursor) => Some(Key { updated: cursor.updated, place: signed(cursor.place) }),
        Start::First | Start::Offset(_) => None,
    };
    let mut keys = Vec::new();
    if query.window().is_some() {
        visit(connection, query, term, 0, |key| {
            if after.is_none_or(|after| key > after) {
                keys.push(key);
            }
            true
        })?;
        keys.sort_unstable();
        return Ok(keys.into_iter().skip(skipped).take(wanted).collect());
    }
    visit(connection, query, term, after.map_or(0, |after| after.place), |key| {
        if skipped > 0 {
            skipped -= 1;
        } else {
            keys.push(key);
        }
        keys.len() < wanted
    })?;
    Ok(keys)
}

/// Counts the documents with a term.
pub(super) fn count(connection: &Connection, query: &Query, term: Term<'_>) -> Result<u64> {
    if *query.wanted_lists() == Lists::All && query.window().is_none() {
        let mut statement = connection.prepare_cached(statements::COUNT_TERM)?;
        let count = statement.query_row((query.collection(), term.0, term.1), |row| row.get(0))?;
        return Ok(unsigned(count));
    }
    let mut count = 0;
    visit(connection, query, term, 0, |_| {
        count += 1;
        true
    })?;
    Ok(count)
}

/// Goes through the documents with a term behind a place, until `found` returns `false`.
fn visit(
    connection: &Connection,
    query: &Query,
    (name, value): Term<'_>,
    after: i64,
    mut found: impl FnMut(Key) -> bool,
) -> Result<()> {
    let lists: Option<BTreeSet<&str>> = match query.wanted_lists() {
        Lists::All => None,
        Lists::These(lists) => Some(lists.iter().map(|list| &**list).collect()),
    };
    let window = query.window();
    let mut statement = connection.prepare_cached(statements::WITH_TERM)?;
    let mut rows = statement.query((query.collection(), name, value, after))?;
    while let Some(row) = rows.next()? {
        let list = row.get_ref(1)?.as_str()?;
        let updated = row.get(2)?;
        if lists.as_ref().is_none_or(|lists| lists.contains(list))
            && window.as_ref().is_none_or(|window| window.contains(&updated))
            && !found(Key { updated, place: row.get(0)? })
        {
            break;
        }
    }
    Ok(())
}
