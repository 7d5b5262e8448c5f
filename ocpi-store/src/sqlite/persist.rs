//! Rows that a group of writes leaves.

use ocpi_server_traits::storage::{After, Document, Persist, State};
use rusqlite::{Connection, Result};

use super::buckets::Buckets;
use super::counter::Counter;
use super::numbers::signed;
use super::rows::{self, NewRow};
use super::statements;

/// Stores the rows that edits left, in their order.
pub(super) fn persist(connection: &Connection, state: State, counter: &mut Counter) -> Result<()> {
    counter.revisions = counter.revisions.max(signed(state.highest()));
    let mut buckets = Buckets::default();
    for row in state.finish() {
        store(connection, counter, &mut buckets, row)?;
    }
    buckets.store(connection)?;
    counter.store(connection)
}

fn store(connection: &Connection, counter: &mut Counter, buckets: &mut Buckets, row: Persist) -> Result<()> {
    let Persist { at, before, after } = row;
    let before = before.map(|loaded| (signed(loaded.place), loaded.document));
    let live = before.as_ref().filter(|(_, document)| !document.is_deleted);
    if let Some((place, document)) = live {
        buckets.count(&at, &document.list, *place, -1);
    }
    let known = live.map_or(Known::default(), |(_, document)| Known::of(document));

    let (document, is_new, parts) = match after {
        After::Row { document, is_new, parts } => (document, is_new, parts),
        After::Gone => return forget(connection, at.collection(), before.as_ref(), &known),
    };
    let kept = before.as_ref().map(|(place, _)| *place).filter(|_| !is_new);
    let place = kept.unwrap_or_else(|| counter.next_place());
    let row = NewRow::new(place, &document)?;
    match kept {
        None => {
            forget(connection, at.collection(), before.as_ref(), &known)?;
            row.insert(connection, &at)?;
            rows::set_terms(connection, at.collection(), place, &[], &document.terms)?;
        }
        Some(_) => {
            if known.list == Some(&document.list) && !document.is_deleted {
                row.update_in_list(connection)?;
            } else {
                row.update(connection)?;
            }
            rows::set_terms(connection, at.collection(), place, known.terms, &document.terms)?;
        }
    }
    if document.is_deleted {
        // One row of the feed is left of it.
        connection.prepare_cached(statements::UNTELL)?.execute([place])?;
    } else {
        buckets.count(&at, &document.list, place, 1);
    }
    for part in parts {
        let position = counter.next_position();
        connection.prepare_cached(statements::TELL)?.execute((position, place, part))?;
    }
    Ok(())
}

/// Data of a document, not of a tombstone, that stands in other tables too.
#[derive(Default)]
struct Known<'a> {
    list: Option<&'a String>,
    terms: &'a [(String, String)],
}

impl<'a> Known<'a> {
    fn of(document: &'a Document) -> Self {
        Self { list: Some(&document.list), terms: &document.terms }
    }
}

fn forget(
    connection: &Connection,
    collection: &str,
    before: Option<&(i64, Document)>,
    known: &Known<'_>,
) -> Result<()> {
    let Some((place, _)) = before else { return Ok(()) };
    rows::set_terms(connection, collection, *place, known.terms, &[])?;
    rows::delete(connection, *place)
}
