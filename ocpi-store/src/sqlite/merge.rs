//! Several lists in one order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::vec::IntoIter;

use rusqlite::{Connection, Result};

use super::numbers::signed;
use super::statements;

/// Place of a document in the order of a page.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Key {
    /// The time, where a window is read; otherwise 0.
    pub(super) updated: i64,
    pub(super) place: i64,
}

/// Lists of a collection, in the order of a query.
pub(super) struct Source<'a> {
    pub(super) connection: &'a Connection,
    pub(super) collection: &'a str,
    /// The end of a window, which is not included.
    pub(super) until: Option<i64>,
}

impl Source<'_> {
    /// Reads keys of one list behind a key, from the index alone.
    pub(super) fn fetch(&self, list: &str, after: Key, wanted: usize, skipped: u64) -> Result<Vec<Key>> {
        let limit = i64::try_from(wanted).unwrap_or(i64::MAX);
        let skipped = signed(skipped);
        let Some(until) = self.until else {
            let mut statement = self.connection.prepare_cached(statements::PLACES)?;
            let keys = statement.query_map((self.collection, list, after.place, limit, skipped), |row| {
                Ok(Key { updated: 0, place: row.get(0)? })
            })?;
            return keys.collect();
        };
        let mut found = Vec::new();
        let key = |row: &rusqlite::Row<'_>| Ok(Key { updated: row.get(0)?, place: row.get(1)? });
        // Two ranges, one behind the other.
        if after.updated < until && after.place < i64::MAX {
            let mut statement = self.connection.prepare_cached(statements::SAME_TIME)?;
            let keys =
                statement.query_map((self.collection, list, after.updated, after.place, limit), key)?;
            found = keys.collect::<Result<_>>()?;
        }
        if found.len() < wanted {
            let mut statement = self.connection.prepare_cached(statements::LATER)?;
            let rest = limit - i64::try_from(found.len()).unwrap_or(0);
            let keys =
                statement.query_map((self.collection, list, after.updated, until, rest, skipped), key)?;
            for key in keys {
                found.push(key?);
            }
        }
        Ok(found)
    }
}

/// Merges lists behind a key. Each is read in small pieces: many lists do not make a page long.
pub(super) fn merge(
    source: &Source<'_>,
    lists: &[String],
    after: Key,
    mut skipped: u64,
    wanted: usize,
) -> Result<Vec<Key>> {
    if let [list] = lists {
        return source.fetch(list, after, wanted, skipped);
    }
    let needed = wanted.saturating_add(usize::try_from(skipped).unwrap_or(usize::MAX));
    let piece = (needed / lists.len().max(1)).saturating_mul(2).clamp(8, 4_096);
    let mut runs: Vec<_> = lists.iter().map(|list| Run::new(list, after)).collect();
    let mut heads = BinaryHeap::new();
    for (number, run) in runs.iter_mut().enumerate() {
        heads.extend(run.next(source, piece)?.map(|key| Reverse((key, number))));
    }
    let mut keys = Vec::new();
    while let Some(Reverse((key, number))) = heads.pop() {
        if skipped > 0 {
            skipped -= 1;
        } else {
            keys.push(key);
            if keys.len() >= wanted {
                break;
            }
        }
        if let Some(run) = runs.get_mut(number) {
            heads.extend(run.next(source, piece)?.map(|key| Reverse((key, number))));
        }
    }
    Ok(keys)
}

/// Keys of one list.
struct Run<'a> {
    list: &'a str,
    ahead: IntoIter<Key>,
    last: Key,
    is_over: bool,
}

impl<'a> Run<'a> {
    fn new(list: &'a str, after: Key) -> Self {
        Self { list, ahead: Vec::new().into_iter(), last: after, is_over: false }
    }

    fn next(&mut self, source: &Source<'_>, piece: usize) -> Result<Option<Key>> {
        if let Some(key) = self.ahead.next() {
            return Ok(Some(key));
        }
        if self.is_over {
            return Ok(None);
        }
        let keys = source.fetch(self.list, self.last, piece, 0)?;
        self.is_over = keys.len() < piece;
        self.last = keys.last().copied().unwrap_or(self.last);
        self.ahead = keys.into_iter();
        Ok(self.ahead.next())
    }
}
