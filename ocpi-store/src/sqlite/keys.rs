//! Keys of the documents of a page, in the order of a query without a term.

use ocpi_server_traits::storage::{Lists, Query, Start};
use rusqlite::{Connection, Result};

use super::buckets::{self, Jump};
use super::merge::{Key, Source, merge};
use super::numbers::signed;
use super::windows;

/// Finds the keys of a page, at most so many.
pub(super) fn find(connection: &Connection, query: &Query, start: &Start, wanted: usize) -> Result<Vec<Key>> {
    match (query.window(), query.wanted_lists()) {
        (Some(window), _) => windows::find(connection, query, &window, start, wanted),
        (None, Lists::These(lists)) => {
            let (after, skipped) = match start {
                Start::First => (0, 0),
                Start::After(cursor) => (signed(cursor.place), 0),
                Start::Offset(offset) => match buckets::jump(connection, query, *offset)? {
                    Some(Jump { after, rest, .. }) => (after, rest),
                    None => return Ok(Vec::new()),
                },
            };
            let source = Source { connection, collection: query.collection(), until: None };
            merge(&source, lists, Key { updated: 0, place: after }, skipped, wanted)
        }
        (None, Lists::All) => one_behind_the_other(connection, query, start, wanted),
    }
}

/// Finds keys of all lists, one list behind the other.
fn one_behind_the_other(
    connection: &Connection,
    query: &Query,
    start: &Start,
    wanted: usize,
) -> Result<Vec<Key>> {
    let Jump { mut list, mut after, rest: mut skipped } = match start {
        Start::First => Jump { list: String::new(), after: 0, rest: 0 },
        Start::After(cursor) => Jump { list: cursor.list.clone(), after: signed(cursor.place), rest: 0 },
        Start::Offset(offset) => match buckets::jump(connection, query, *offset)? {
            Some(jump) => jump,
            None => return Ok(Vec::new()),
        },
    };
    let source = Source { connection, collection: query.collection(), until: None };
    let mut keys = Vec::new();
    loop {
        keys.extend(source.fetch(&list, Key { updated: 0, place: after }, wanted - keys.len(), skipped)?);
        if keys.len() >= wanted {
            return Ok(keys);
        }
        match buckets::next_list(connection, query.collection(), &buckets::after(&list))? {
            Some(next) => (list, after, skipped) = (next, 0, 0),
            None => return Ok(keys),
        }
    }
}
