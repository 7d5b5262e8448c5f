//! Pages, read from the indexes.

use std::collections::BTreeSet;
use std::ops::Range;
use std::vec::IntoIter;

use super::index::{Merged, Place};
use super::tables::Tables;
use crate::storage::{Cursor, Document, Lists, Page, Query, Start};

/// Where a row stands in the order of a query: list (where all are read), time (where a window is read), place.
type Key<'a> = (&'a str, i64, Place);

/// The first key of a page, and the number of rows behind it that are passed over.
struct Begin<'a> {
    key: Key<'a>,
    skipped: u64,
}

impl Tables {
    pub(super) fn page(&self, query: &Query, start: &Start, limit: u32) -> Page {
        let is_exact = query.window().is_none() && query.term().is_none();
        let carried = match start {
            Start::After(cursor) if !is_exact => cursor.total,
            _ => None,
        };
        let total = carried.unwrap_or_else(|| self.total(query));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut rows = Vec::new();
        let mut last = None;
        let mut is_last = true;
        // A page without rows ends nowhere: there is nothing to go on from.
        if let Some(Begin { key, skipped }) = self.begin(query, start).filter(|_| limit > 0) {
            for key in self.keys(query, key).skip(usize::try_from(skipped).unwrap_or(usize::MAX)) {
                if rows.len() == limit {
                    is_last = false;
                    break;
                }
                if let Some(row) = self.rows.get(&key.2) {
                    rows.push((row.at.clone(), row.document.clone()));
                    last = Some(key);
                }
            }
        }
        let next = last.filter(|_| !is_last).map(|(list, updated, place)| Cursor {
            list: list.to_owned(),
            updated,
            place,
            total: (!is_exact).then_some(total),
        });
        Page::new(rows, next, total)
    }

    fn total(&self, query: &Query) -> u64 {
        if query.window().is_some() || query.term().is_some() {
            return self.keys(query, ("", i64::MIN, 0)).fold(0, |total, _| total + 1);
        }
        self.index.total(query.collection(), query.wanted_lists())
    }

    fn begin<'a>(&'a self, query: &Query, start: &'a Start) -> Option<Begin<'a>> {
        let first = ("", i64::MIN, 0);
        Some(match start {
            Start::First => Begin { key: first, skipped: 0 },
            Start::After(Cursor { list, updated, place, .. }) => {
                Begin { key: (list, *updated, place.saturating_add(1)), skipped: 0 }
            }
            Start::Offset(offset) if query.window().is_some() || query.term().is_some() => {
                Begin { key: first, skipped: *offset }
            }
            Start::Offset(offset) if *query.wanted_lists() == Lists::All => {
                let (list, place, skipped) = self.index.seek_all(query.collection(), *offset)?;
                Begin { key: (list, 0, place), skipped }
            }
            Start::Offset(offset) => {
                let (place, skipped) = self.index.seek(query.collection(), query.wanted_lists(), *offset)?;
                Begin { key: ("", 0, place), skipped }
            }
        })
    }

    /// Keys of the rows of a query in its order, from one on.
    fn keys<'a>(&'a self, query: &Query, from: Key<'a>) -> Box<dyn Iterator<Item = Key<'a>> + 'a> {
        let (list, updated, place) = from;
        let (collection, lists) = (query.collection(), query.wanted_lists());
        match (query.term(), query.window()) {
            (Some(term), None) => {
                let lists = lists.clone();
                let places = self.index.term(collection, term, place).map(|place| ("", 0, place));
                Box::new(
                    places.filter(move |key| self.document(*key).is_some_and(|found| is_in(&lists, found))),
                )
            }
            (Some(term), Some(window)) => {
                let from = (updated, place).max((window.start, 0));
                Box::new(TermInWindow::new(self, query, term, from..(window.end, 0)))
            }
            (None, Some(window)) => {
                let from = (updated, place).max((window.start, 0));
                let times = self.index.times(collection, lists, from, (window.end, 0));
                Box::new(times.map(|(updated, place)| ("", updated, place)))
            }
            (None, None) if *lists == Lists::All => {
                let places = self.index.all_places(collection, list, place);
                Box::new(places.map(|(list, place)| (list, 0, place)))
            }
            (None, None) => {
                let places = self.index.places(collection, lists, place);
                Box::new(places.map(|place| ("", 0, place)))
            }
        }
    }

    fn document(&self, (_, _, place): Key<'_>) -> Option<&Document> {
        self.rows.get(&place).map(|row| &row.document)
    }
}

/// Keys of documents with a term, in the order of times. It goes through the window, until it has passed as many documents
/// as have the term; then those are sorted.
struct TermInWindow<'a> {
    tables: &'a Tables,
    lists: Lists,
    /// Places of the documents with the term.
    places: Option<&'a BTreeSet<Place>>,
    window: Merged<'a, (i64, Place)>,
    /// Documents of the window that were passed.
    passed: usize,
    /// Range of the keys that are left.
    left: Range<(i64, Place)>,
    /// The keys that are left, from when on they are sorted.
    sorted: Option<IntoIter<(i64, Place)>>,
}

impl<'a> TermInWindow<'a> {
    fn new(tables: &'a Tables, query: &Query, term: (&str, &str), keys: Range<(i64, Place)>) -> Self {
        let (collection, lists) = (query.collection(), query.wanted_lists());
        Self {
            tables,
            lists: lists.clone(),
            places: tables.index.with_term(collection, term),
            window: tables.index.times(collection, lists, keys.start, keys.end),
            passed: 0,
            left: keys,
            sorted: None,
        }
    }

    fn sort(&self) -> IntoIter<(i64, Place)> {
        let key = |place: &Place| {
            self.tables.index.step();
            let found = self.tables.document(("", 0, *place)).filter(|found| is_in(&self.lists, found))?;
            Some((found.micros(), *place)).filter(|key| self.left.contains(key))
        };
        let mut keys: Vec<_> = self.places.into_iter().flatten().filter_map(key).collect();
        keys.sort_unstable();
        keys.into_iter()
    }
}

impl<'a> Iterator for TermInWindow<'a> {
    type Item = Key<'a>;

    fn next(&mut self) -> Option<Key<'a>> {
        let places = self.places?;
        while self.sorted.is_none() && self.passed < places.len() {
            let (updated, place) = self.window.next()?;
            self.passed += 1;
            self.left.start = (updated, place.saturating_add(1));
            if places.contains(&place) {
                return Some(("", updated, place));
            }
        }
        if self.sorted.is_none() {
            self.sorted = Some(self.sort());
        }
        self.sorted.as_mut()?.next().map(|(updated, place)| ("", updated, place))
    }
}

fn is_in(lists: &Lists, document: &Document) -> bool {
    match lists {
        Lists::All => true,
        Lists::These(lists) => lists.contains(&document.list),
    }
}
