//! Documents with a term.

use std::collections::BTreeSet;
use std::ops::Range;

use ocpi_server_traits::storage::{Lists, Query, Start};
use rusqlite::{Connection, Result};

use super::merge::{Key, Source, merge};
use super::numbers::{signed, unsigned};
use super::{statements, windows};

/// A term's name and value.
type Term<'a> = (&'a str, &'a str);

/// Keys of a window that are read at once, at first.
const PIECE: usize = 128;

/// Finds the keys of a page.
pub(super) fn find(
    connection: &Connection,
    query: &Query,
    term: Term<'_>,
    start: &Start,
    wanted: usize,
) -> Result<Vec<Key>> {
    let documents = Documents { connection, query, term };
    let mut keys = Vec::new();
    let mut take = |key, skipped: &mut u64| {
        if *skipped > 0 {
            *skipped -= 1;
        } else {
            keys.push(key);
        }
        keys.len() < wanted
    };
    if let Some(window) = query.window() {
        let (after, mut skipped) = windows::begin(&window, start);
        documents.in_window(&window, after, wanted.clamp(PIECE, 4_096), |key| take(key, &mut skipped))?;
        return Ok(keys);
    }
    let (after, mut skipped) = match start {
        Start::First => (0, 0),
        Start::After(cursor) => (signed(cursor.place), 0),
        Start::Offset(offset) => (0, *offset),
    };
    documents.visit(after, |key| take(key, &mut skipped))?;
    Ok(keys)
}

/// Counts the documents with a term.
pub(super) fn count(connection: &Connection, query: &Query, term: Term<'_>) -> Result<u64> {
    let documents = Documents { connection, query, term };
    if *query.wanted_lists() == Lists::All && query.window().is_none() {
        let mut statement = connection.prepare_cached(statements::COUNT_TERM)?;
        let count = statement.query_row((query.collection(), term.0, term.1), |row| row.get(0))?;
        return Ok(unsigned(count));
    }
    let mut count = 0;
    let add = |_| {
        count += 1;
        true
    };
    match query.window() {
        Some(window) => {
            let (after, _) = windows::begin(&window, &Start::First);
            documents.in_window(&window, after, PIECE, add)?;
        }
        None => documents.visit(0, add)?,
    }
    Ok(count)
}

/// Documents of a query with a term.
struct Documents<'a> {
    connection: &'a Connection,
    query: &'a Query,
    term: Term<'a>,
}

impl Documents<'_> {
    /// Goes through documents behind a key in the order of times, until `found` returns `false`.
    ///
    /// It goes through the window, and passes over documents without the term. When it has passed as many as have the term,
    /// it sorts those instead: neither a long window nor a term of many documents makes it long.
    fn in_window(
        &self,
        window: &Range<i64>,
        mut after: Key,
        mut piece: usize,
        mut found: impl FnMut(Key) -> bool,
    ) -> Result<()> {
        let lists = windows::lists(self.connection, self.query)?;
        let collection = self.query.collection();
        let source = Source { connection: self.connection, collection, until: Some(window.end) };
        loop {
            if !self.are_more_than(piece)? {
                return self.sorted(after, found);
            }
            let keys = merge(&source, &lists, after, 0, piece)?;
            let is_end = keys.len() < piece;
            for key in keys {
                after = key;
                if self.has_term(key)? && !found(key) {
                    return Ok(());
                }
            }
            if is_end {
                return Ok(());
            }
            piece = piece.saturating_mul(2);
        }
    }

    /// Goes through documents behind a key in the order of times: sorts all with the term.
    fn sorted(&self, after: Key, mut found: impl FnMut(Key) -> bool) -> Result<()> {
        let mut keys = Vec::new();
        self.visit(0, |key| {
            if key > after {
                keys.push(key);
            }
            true
        })?;
        keys.sort_unstable();
        for key in keys {
            if !found(key) {
                break;
            }
        }
        Ok(())
    }

    /// Goes through documents behind a place in the order of places, until `found` returns `false`.
    fn visit(&self, after: i64, mut found: impl FnMut(Key) -> bool) -> Result<()> {
        let lists: Option<BTreeSet<&str>> = match self.query.wanted_lists() {
            Lists::All => None,
            Lists::These(lists) => Some(lists.iter().map(|list| &**list).collect()),
        };
        let window = self.query.window();
        let (name, value) = self.term;
        let mut statement = self.connection.prepare_cached(statements::WITH_TERM)?;
        let mut rows = statement.query((self.query.collection(), name, value, after))?;
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

    fn has_term(&self, key: Key) -> Result<bool> {
        let (name, value) = self.term;
        let mut statement = self.connection.prepare_cached(statements::HAS_TERM)?;
        statement.exists((self.query.collection(), name, value, key.place))
    }

    /// Whether more than so many documents have the term, in whatever list.
    fn are_more_than(&self, count: usize) -> Result<bool> {
        let (name, value) = self.term;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(statements::MORE_WITH_TERM)?;
        statement.exists((self.query.collection(), name, value, count))
    }
}
