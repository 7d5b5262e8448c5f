//! Documents that were updated between two times.

use std::borrow::Cow;
use std::ops::Range;

use ocpi_server_traits::storage::{Lists, Query, Start};
use rusqlite::{Connection, Result};

use super::merge::{Key, Source, merge};
use super::numbers::{signed, unsigned};
use super::{buckets, statements};

/// Finds the keys of a page, in the order of the times.
pub(super) fn find(
    connection: &Connection,
    query: &Query,
    window: &Range<i64>,
    start: &Start,
    wanted: usize,
) -> Result<Vec<Key>> {
    let lists = lists(connection, query)?;
    let (after, skipped) = begin(window, start);
    let source = Source { connection, collection: query.collection(), until: Some(window.end) };
    merge(&source, &lists, after, skipped, wanted)
}

/// The key behind which a page begins, and the number of keys behind it that are passed over.
pub(super) fn begin(window: &Range<i64>, start: &Start) -> (Key, u64) {
    // Behind all documents of the moment before: one lower bound only, and the index is entered there.
    let beginning = Key { updated: window.start.saturating_sub(1), place: i64::MAX };
    match start {
        Start::First => (beginning, 0),
        Start::After(cursor) => {
            let last = Key { updated: cursor.updated, place: signed(cursor.place) };
            (last.max(beginning), 0)
        }
        Start::Offset(offset) => (beginning, *offset),
    }
}

/// Counts the documents in a window: every one of them, so cursors carry the number along.
pub(super) fn count(connection: &Connection, query: &Query, window: &Range<i64>) -> Result<u64> {
    let mut statement = connection.prepare_cached(statements::COUNT_WINDOW)?;
    let mut total = 0;
    for list in &*lists(connection, query)? {
        let values = (query.collection(), list, window.start, window.end);
        total += statement.query_row(values, |row| row.get::<_, i64>(0))?;
    }
    Ok(unsigned(total))
}

/// The lists of a query.
pub(super) fn lists<'a>(connection: &Connection, query: &'a Query) -> Result<Cow<'a, [String]>> {
    match query.wanted_lists() {
        Lists::These(lists) => Ok(Cow::Borrowed(lists)),
        Lists::All => {
            let mut found = Vec::new();
            let mut from = String::new();
            while let Some(list) = buckets::next_list(connection, query.collection(), &from)? {
                from = buckets::after(&list);
                found.push(list);
            }
            Ok(Cow::Owned(found))
        }
    }
}
