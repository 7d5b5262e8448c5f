//! Pages.

use std::borrow::Cow;

use ocpi_server_traits::storage::{Address, Cursor, Document, Lists, Page, Query, Start};
use rusqlite::{Connection, Result};

use super::kept::Kept;
use super::load::document;
use super::merge::Key;
use super::numbers::unsigned;
use super::{buckets, keys, statements, terms, windows};

/// Reads a page: keys first, from an index, then the documents.
pub(super) fn page(
    connection: &Connection,
    kept: &Kept,
    query: &Query,
    start: &Start,
    limit: u32,
) -> Result<Page> {
    let query = &*narrowed(connection, query)?;
    let is_windowed = query.window().is_some();
    let is_exact = !is_windowed && query.term().is_none();
    let total = match start {
        Start::After(Cursor { total: Some(total), .. }) if !is_exact => *total,
        _ => total(connection, query)?,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Page::new(Vec::new(), None, total));
    }
    // One more than asked for, to see whether there are more.
    let wanted = limit.saturating_add(1);
    let mut keys = match query.term() {
        Some(term) => terms::find(connection, query, term, start, wanted)?,
        None => keys::find(connection, query, start, wanted)?,
    };
    let has_more = keys.len() > limit;
    keys.truncate(limit);
    let rows = documents(connection, kept, query.collection(), &keys)?;
    let last = keys.last().zip(rows.last()).filter(|_| has_more);
    let next = last.map(|(key, (_, document))| {
        let names_list = is_exact && *query.wanted_lists() == Lists::All;
        Cursor {
            list: if names_list { document.list.clone() } else { String::new() },
            updated: if is_windowed { key.updated } else { 0 },
            place: unsigned(key.place),
            total: (!is_exact).then_some(total),
        }
    });
    Ok(Page::new(rows, next, total))
}

/// Lists of a query up to which each is looked for in the index, whether it is there or not.
const FEW: usize = 16;

/// The query, without lists that do not exist. A partner may be in thousands of groups, of which few have documents.
fn narrowed<'a>(connection: &Connection, query: &'a Query) -> Result<Cow<'a, Query>> {
    let mut wanted = match query.wanted_lists() {
        Lists::These(lists) if lists.len() > FEW => lists.as_slice(),
        _ => return Ok(Cow::Borrowed(query)),
    };
    let mut there = Vec::new();
    while let Some(first) = wanted.first() {
        let Some(found) = buckets::next_list(connection, query.collection(), first)? else { break };
        wanted = wanted.get(wanted.partition_point(|list| *list < found)..).unwrap_or_default();
        if let Some((_, rest)) = wanted.split_first().filter(|(list, _)| **list == found) {
            there.push(found);
            wanted = rest;
        }
    }
    Ok(Cow::Owned(query.clone().of_lists(there)))
}

fn total(connection: &Connection, query: &Query) -> Result<u64> {
    match (query.term(), query.window()) {
        (Some(term), _) => terms::count(connection, query, term),
        (None, Some(window)) => windows::count(connection, query, &window),
        (None, None) => buckets::total(connection, query),
    }
}

/// Reads the documents at some places; of those that are kept, only whether they are still the same.
fn documents(
    connection: &Connection,
    kept: &Kept,
    collection: &str,
    keys: &[Key],
) -> Result<Vec<(Address, Document)>> {
    let mut statement = connection.prepare_cached(statements::ROW)?;
    let mut newest = connection.prepare_cached(statements::REVISION)?;
    let mut rows = Vec::with_capacity(keys.len());
    for key in keys {
        if let Some(known) = kept.at(key.place) {
            let revision = newest.query_row([key.place], |row| row.get(0))?;
            if unsigned(revision) == known.1.revision {
                rows.push((*known).clone());
                continue;
            }
        }
        let row = statement.query_row([key.place], |row| {
            let at = Address::new(collection.to_owned(), row.get::<_, String>(9)?, row.get::<_, String>(10)?);
            Ok((at, document(row)?))
        })?;
        kept.keep(key.place, &row);
        rows.push(row);
    }
    Ok(rows)
}
