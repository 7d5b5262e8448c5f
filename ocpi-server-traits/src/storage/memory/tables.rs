//! Documents in memory, and the orders in which they are listed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use ocpi_types::DateTime;

use crate::storage::{
    Address, After, Change, Changes, Cursor, Document, Lists, Loaded, Page, Persist, Position, Query, Start,
};

/// A row's place in the order of creation.
type Place = u64;

/// Where a row stands in the order of a query: list (where all are read), time (where a window is read), place.
type Key = (String, i64, Place);

#[derive(Debug, Default)]
pub(super) struct Tables {
    rows: BTreeMap<Place, Row>,
    places: BTreeMap<Address, Place>,
    feed: BTreeMap<Position, (Place, String)>,
    /// Counts places and positions.
    counter: u64,
    /// The newest position of a tombstone that was purged.
    purged: Position,
}

#[derive(Debug)]
struct Row {
    at: Address,
    document: Document,
    parts: BTreeMap<String, Position>,
}

impl Tables {
    pub(super) fn live(&self, at: &Address) -> Option<&Document> {
        let row = self.rows.get(self.places.get(at)?)?;
        Some(&row.document).filter(|document| !document.is_deleted)
    }

    pub(super) fn load(&self, at: &Address) -> Option<Loaded> {
        let place = *self.places.get(at)?;
        let row = self.rows.get(&place)?;
        Some(Loaded { document: row.document.clone(), place, is_in_feed: !row.parts.is_empty() })
    }

    /// The newest position of the feed.
    pub(super) fn head(&self) -> Position {
        self.feed.last_key_value().map_or(self.purged, |(position, _)| (*position).max(self.purged))
    }

    pub(super) fn persist(&mut self, persist: Persist) {
        let Persist { at, before, after } = persist;
        let (document, is_new, parts) = match after {
            After::Row { document, is_new, parts } => (document, is_new, parts),
            After::Gone => return self.forget(&at),
        };
        let kept = before.filter(|_| !is_new).map(|loaded| loaded.place);
        let place = match kept {
            Some(place) => place,
            None => {
                self.forget(&at);
                self.counter += 1;
                self.places.insert(at.clone(), self.counter);
                self.counter
            }
        };
        let mut known = self.rows.remove(&place).map(|row| row.parts).unwrap_or_default();
        if document.is_deleted {
            // One row of the feed is left of it.
            for position in std::mem::take(&mut known).into_values() {
                self.feed.remove(&position);
            }
        }
        for part in parts {
            self.counter += 1;
            let position = Position::new(self.counter);
            if let Some(earlier) = known.insert(part.clone(), position) {
                self.feed.remove(&earlier);
            }
            self.feed.insert(position, (place, part));
        }
        self.rows.insert(place, Row { at, document, parts: known });
    }

    fn forget(&mut self, at: &Address) {
        let row = self.places.remove(at).and_then(|place| self.rows.remove(&place));
        for position in row.into_iter().flat_map(|row| row.parts.into_values()) {
            self.feed.remove(&position);
        }
    }

    pub(super) fn purge(&mut self, before: DateTime) {
        let is_old = |row: &&Row| row.document.is_deleted && row.document.last_updated < before;
        let old: Vec<_> = self.rows.values().filter(is_old).map(|row| row.at.clone()).collect();
        for at in old {
            let row = self.places.get(&at).and_then(|place| self.rows.get(place));
            let newest = row.and_then(|row| row.parts.values().max().copied()).unwrap_or_default();
            self.purged = self.purged.max(newest);
            self.forget(&at);
        }
    }

    pub(super) fn changes(&self, after: Position, limit: u32) -> Changes {
        let behind = (Bound::Excluded(after), Bound::Unbounded);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows: Vec<_> = self
            .feed
            .range(behind)
            .take(limit)
            .filter_map(|(position, (place, part))| {
                let Row { at, document, .. } = self.rows.get(place)?;
                Some(Change::new(*position, at.clone(), part.clone(), document.revision, document.is_deleted))
            })
            .collect();
        let mut upto = rows.last().map_or(after, |last| last.position);
        if rows.len() < limit {
            // Nothing is left before what was purged: the next read has no gap.
            upto = upto.max(self.purged);
        }
        // A reader from the start learns of no tombstone: to it nothing is missing.
        Changes::new(rows, upto, after != Position::START && after < self.purged)
    }

    pub(super) fn page(&self, query: &Query, start: &Start, limit: u32) -> Page {
        let is_windowed = query.window().is_some();
        let is_all = *query.wanted_lists() == Lists::All && query.term().is_none();
        let found: BTreeSet<(Key, Place)> = self
            .rows
            .iter()
            .filter(|(_, row)| matches(query, row))
            .map(|(place, row)| (key(row, *place, is_all, is_windowed), *place))
            .collect();
        let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let carried = match start {
            Start::After(cursor) => cursor.total,
            Start::First | Start::Offset(_) => None,
        };
        let is_exact = !is_windowed && query.term().is_none();
        let total = carried.filter(|_| !is_exact).unwrap_or(total);
        let after = match start {
            Start::After(Cursor { list, updated, place, .. }) => {
                Bound::Excluded(((list.clone(), *updated, *place), Place::MAX))
            }
            Start::First | Start::Offset(_) => Bound::Unbounded,
        };
        let skipped = match start {
            Start::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            Start::First | Start::After(_) => 0,
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut behind = found.range((after, Bound::Unbounded)).skip(skipped).peekable();
        let mut rows = Vec::new();
        let mut last = None;
        while let Some((key, place)) = behind.next_if(|_| rows.len() < limit) {
            if let Some(row) = self.rows.get(place) {
                rows.push((row.at.clone(), row.document.clone()));
                last = Some(key.clone());
            }
        }
        let next = last.filter(|_| behind.peek().is_some());
        let next = next.map(|(list, updated, place)| Cursor {
            list,
            updated,
            place,
            total: (!is_exact).then_some(total),
        });
        Page::new(rows, next, total)
    }
}

fn key(row: &Row, place: Place, is_all: bool, is_windowed: bool) -> Key {
    let list = if is_all && !is_windowed { row.document.list.clone() } else { String::new() };
    (list, if is_windowed { row.document.micros() } else { 0 }, place)
}

fn matches(query: &Query, Row { at, document, .. }: &Row) -> bool {
    let is_listed = match query.wanted_lists() {
        Lists::All => true,
        Lists::These(lists) => lists.contains(&document.list),
    };
    let has_term =
        |(name, value): (&str, &str)| document.terms.iter().any(|term| (&*term.0, &*term.1) == (name, value));
    !document.is_deleted
        && at.collection() == query.collection()
        && is_listed
        && query.term().is_none_or(has_term)
        && query.window().is_none_or(|window| window.contains(&document.micros()))
}
