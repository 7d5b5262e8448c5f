//! Documents in memory, and the change feed.

use std::collections::BTreeMap;
use std::ops::Bound;

use ocpi_types::DateTime;

use super::index::{Index, Place};
use crate::storage::{Address, After, Change, Changes, Document, Loaded, Persist, Position, State};

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) rows: BTreeMap<Place, Row>,
    pub(super) index: Index,
    places: BTreeMap<Address, Place>,
    feed: BTreeMap<Position, (Place, String)>,
    /// Counts places and positions.
    counter: u64,
    /// The newest position of what was purged or erased.
    purged: Position,
    /// The highest revision that was given out.
    revision: u64,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) at: Address,
    pub(super) document: Document,
    parts: BTreeMap<String, Position>,
}

impl Tables {
    pub(super) fn live(&self, at: &Address) -> Option<&Document> {
        let row = self.rows.get(self.places.get(at)?)?;
        Some(&row.document).filter(|document| !document.is_deleted)
    }

    /// A state with the documents at these addresses.
    pub(super) fn state(&self, now: DateTime, at: &[Address]) -> State {
        let mut state = State::new(now).above(self.revision);
        for at in at {
            if let Some(loaded) = self.load(at) {
                state.load(at.clone(), loaded);
            }
        }
        state
    }

    fn load(&self, at: &Address) -> Option<Loaded> {
        let place = *self.places.get(at)?;
        let row = self.rows.get(&place)?;
        Some(Loaded { document: row.document.clone(), place, is_in_feed: !row.parts.is_empty() })
    }

    /// Stores what edits left.
    pub(super) fn commit(&mut self, state: State) {
        self.revision = self.revision.max(state.highest());
        for persist in state.finish() {
            self.persist(persist);
        }
    }

    /// The newest position of the feed.
    pub(super) fn head(&self) -> Position {
        self.feed.last_key_value().map_or(self.purged, |(position, _)| (*position).max(self.purged))
    }

    fn persist(&mut self, persist: Persist) {
        let Persist { at, before, after } = persist;
        let (document, is_new, parts) = match after {
            After::Row { document, is_new, parts } => (document, is_new, parts),
            After::Gone => return self.forget(&at),
            After::Erased => {
                self.purged = match before.filter(|before| before.is_in_feed) {
                    Some(before) if before.document.is_deleted => self.purged.max(self.newest(&at)),
                    Some(_) => {
                        self.counter += 1;
                        Position::new(self.counter)
                    }
                    None => self.purged,
                };
                return self.forget(&at);
            }
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
        let mut known = self.take(place).map(|row| row.parts).unwrap_or_default();
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
        if !document.is_deleted {
            self.index.add(place, &at, &document);
        }
        self.rows.insert(place, Row { at, document, parts: known });
    }

    /// Takes a row out, and out of the index.
    fn take(&mut self, place: Place) -> Option<Row> {
        let row = self.rows.remove(&place)?;
        if !row.document.is_deleted {
            self.index.remove(place, &row.at, &row.document);
        }
        Some(row)
    }

    fn forget(&mut self, at: &Address) {
        let row = self.places.remove(at).and_then(|place| self.take(place));
        for position in row.into_iter().flat_map(|row| row.parts.into_values()) {
            self.feed.remove(&position);
        }
    }

    /// The newest position of the feed's rows of a document.
    fn newest(&self, at: &Address) -> Position {
        let row = self.places.get(at).and_then(|place| self.rows.get(place));
        row.and_then(|row| row.parts.values().max().copied()).unwrap_or_default()
    }

    pub(super) fn purge(&mut self, before: DateTime) {
        let is_old = |row: &&Row| row.document.is_deleted && row.document.last_updated < before;
        let old: Vec<_> = self.rows.values().filter(is_old).map(|row| row.at.clone()).collect();
        for at in old {
            self.purged = self.purged.max(self.newest(&at));
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
        Changes::new(rows, upto, self.purged)
    }
}
