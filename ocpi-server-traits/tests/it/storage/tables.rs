//! Documents of the store with a fault, in their simplest form.

use std::collections::BTreeMap;
use std::ops::Bound;

use ocpi_server_traits::storage::{
    Address, After, Change, Changes, Cursor, Document, Lists, Loaded, Page, Persist, Position, Query, Start,
    State, StoreError, StoreErrorKind,
};
use ocpi_types::DateTime;

use super::fault::Fault;

/// Where a row stands in the order of a query.
type Key = (String, i64, u64);

pub(crate) struct Tables {
    fault: Fault,
    pub(crate) rows: BTreeMap<u64, Row>,
    counter: u64,
    purged: Position,
    /// The same, before it last grew.
    purged_before: Position,
    revision: u64,
}

pub(crate) struct Row {
    pub(crate) at: Address,
    document: Document,
    parts: BTreeMap<String, Position>,
}

impl Tables {
    pub(crate) fn new(fault: Fault) -> Self {
        let (purged, purged_before) = (Position::START, Position::START);
        Self { fault, rows: BTreeMap::new(), counter: 0, purged, purged_before, revision: 0 }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn find(&self, at: &Address) -> Option<(u64, &Row)> {
        let is_same = |row: &Row| {
            let is_same_key = row.at.key().eq_ignore_ascii_case(at.key());
            let is_near =
                row.at.collection() == at.collection() && row.at.owner() == at.owner() && is_same_key;
            row.at == *at || (self.has(Fault::IgnoresCase) && is_near)
        };
        self.rows.iter().find(|(_, row)| is_same(row)).map(|(place, row)| (*place, row))
    }

    pub(crate) fn live(&self, at: &Address) -> Option<Document> {
        self.find(at).map(|(_, row)| row.document.clone()).filter(|document| !document.is_deleted)
    }

    pub(crate) fn state(&self, now: DateTime, declared: &[Address]) -> State {
        let revision = if self.has(Fault::ForgetsRevisions) { 0 } else { self.revision };
        let mut state = State::new(now).above(revision);
        for at in declared {
            let Some((place, row)) = self.find(at) else { continue };
            let is_in_feed = !row.parts.is_empty() || self.has(Fault::KeepsTombstones);
            state.load(at.clone(), Loaded { document: row.document.clone(), place, is_in_feed });
        }
        state
    }

    pub(crate) fn head(&self) -> Position {
        self.rows
            .values()
            .flat_map(|row| row.parts.values())
            .max()
            .copied()
            .unwrap_or_default()
            .max(self.purged)
    }

    pub(crate) fn commit(&mut self, mut persists: Vec<Persist>, highest: u64) {
        self.revision = self.revision.max(highest);
        if self.has(Fault::StoresOneDocument) {
            persists.truncate(1);
        }
        for persist in persists {
            self.persist(persist);
        }
    }

    fn persist(&mut self, Persist { at, before, after }: Persist) {
        let old = self.find(&at).map(|(place, _)| place);
        let (mut document, mut is_new, mut parts) = match after {
            After::Row { document, is_new, parts } => (document, is_new, parts),
            After::Gone => return drop(old.and_then(|place| self.rows.remove(&place))),
            After::Erased => return self.erase(old),
        };
        if document.is_deleted && self.has(Fault::DeletesWithoutATrace) {
            return drop(old.and_then(|place| self.rows.remove(&place)));
        }
        self.spoil(&mut document, &mut parts);
        let known = before.as_ref().map(|loaded| &loaded.document);
        match self.fault {
            Fault::KeepsOldStamps if document.stamps.is_empty() => {
                document.stamps = known.map_or(document.stamps, |known| known.stamps.clone());
            }
            Fault::KeepsOldTerms => {
                document.terms.extend(known.into_iter().flat_map(|known| known.terms.clone()))
            }
            Fault::KeepsTheFirstList => {
                document.list = known.map_or(document.list, |known| known.list.clone())
            }
            Fault::KeepsThePlace => is_new = before.is_none(),
            Fault::MovesOnUpdate => is_new = true,
            Fault::MovesWithTheList => is_new |= known.is_some_and(|known| known.list != document.list),
            Fault::ForgetsDeletionsBehindTheNew if is_new && before.is_some() && !document.is_deleted => {
                parts.retain(|part| !part.is_empty());
            }
            _ => {}
        }
        let mut row = old.and_then(|place| self.rows.remove(&place));
        if is_new {
            row = None;
        }
        let place = match old.filter(|_| !is_new) {
            Some(place) => place,
            None => self.next_place(),
        };
        let mut told = row.map(|row| row.parts).unwrap_or_default();
        if document.is_deleted && !self.has(Fault::FeedKeepsPartsOfTheDeleted) {
            told.clear();
        }
        for part in parts {
            self.counter += 1;
            told.insert(part, Position::new(self.counter));
        }
        self.rows.insert(place, Row { at, document, parts: told });
    }

    fn erase(&mut self, place: Option<u64>) {
        let Some(mut row) = place.and_then(|place| self.rows.remove(&place)) else { return };
        let Some(newest) = row.parts.values().max().copied() else { return };
        self.counter += 1;
        if self.has(Fault::ErasesToATombstone) {
            (row.document.is_deleted, row.parts) = (true, [(String::new(), newest)].into());
            self.rows.insert(place.unwrap_or_default(), row);
        } else if !self.has(Fault::ErasesWithoutAGap) {
            let is_behind = row.document.is_deleted && !self.has(Fault::ErasesForEverybody);
            let position = if is_behind { newest } else { Position::new(self.counter) };
            self.purged = self.purged.max(position);
        }
    }

    fn next_place(&mut self) -> u64 {
        self.counter += 1;
        let late = if self.has(Fault::PlacesOutOfOrder) && (self.counter / 2) % 2 == 1 { 5_500 } else { 0 };
        self.counter * 1_000 + late
    }

    fn spoil(&self, document: &mut Document, parts: &mut Vec<String>) {
        match self.fault {
            Fault::ChangesRevisions => document.revision = 1,
            Fault::CutsBodies => document.body.truncate(1_000_000),
            Fault::FeedForgetsParts => parts.iter_mut().for_each(String::clear),
            Fault::FeedTellsEverything if parts.is_empty() => parts.push(String::new()),
            Fault::ForgetsStampsOfDeletions if document.is_deleted => document.stamps = [].as_slice().into(),
            Fault::ForgetsStamps => document.stamps = [].as_slice().into(),
            Fault::RoundsToMilliseconds => {
                let micros = document.micros();
                document.last_updated =
                    DateTime::from_unix_micros(micros - micros.rem_euclid(1_000)).expect("a time of before");
            }
            Fault::TrimsTexts => document.list = document.list.trim().to_owned(),
            _ => {}
        }
    }

    pub(crate) fn purge(&mut self, before: DateTime) {
        let old = |row: &Row| row.document.is_deleted && row.document.last_updated < before;
        let newest =
            self.rows.values().filter(|row| old(row)).flat_map(|row| row.parts.values()).max().copied();
        if newest > Some(self.purged) {
            self.purged_before = self.purged;
        }
        self.purged = self.purged.max(newest.unwrap_or_default());
        self.rows.retain(|_, row| !old(row));
    }

    pub(crate) fn changes(&self, after: Position, limit: u32) -> Changes {
        let is_behind = |position: &Position| {
            *position > after || (self.has(Fault::FeedGivesTheLastAgain) && *position == after)
        };
        let mut rows: Vec<_> = self
            .rows
            .values()
            .flat_map(|row| row.parts.iter().map(move |(part, position)| (row, part, *position)))
            .filter(|(_, _, position)| is_behind(position))
            .map(|(row, part, position)| {
                let Document { revision, is_deleted, .. } = row.document;
                Change::new(position, row.at.clone(), part.clone(), revision, is_deleted)
            })
            .collect();
        rows.sort_by_key(|change| change.position);
        let last = rows.last().map_or(after, |change| change.position);
        rows.truncate(whole(limit));
        let upto = rows.last().map_or(after, |change| change.position);
        let upto = if rows.is_empty() && limit > 0 { upto.max(self.purged) } else { upto };
        let upto = if self.has(Fault::FeedPassesOverRows) { last } else { upto };
        let purged = match self.fault {
            Fault::HidesGaps => Position::START,
            Fault::PurgedIsTheHead => self.head(),
            Fault::PurgesAreToldLate => self.purged_before,
            _ => self.purged,
        };
        Changes::new(rows, upto, purged)
    }

    pub(crate) fn page(&self, query: &Query, start: &Start, limit: u32) -> Result<Page, StoreError> {
        self.answers(query, start)?;
        let found: BTreeMap<_, _> = self
            .rows
            .iter()
            .filter(|(_, row)| self.matches(query, row))
            .map(|(place, row)| (self.key(query, &row.document.list, row.document.micros(), *place), row))
            .collect();
        let is_exact = query.window().is_none() && query.term().is_none() && !self.has(Fault::CountsOnce);
        let (mut behind, mut skipped) = (Bound::Unbounded, 0);
        let mut total = whole(found.len());
        match start {
            Start::First => {}
            Start::Offset(offset) => {
                skipped = whole(*offset);
                if self.has(Fault::OffsetStopsAtTheLast) {
                    skipped = skipped.min(found.len().saturating_sub(1));
                }
            }
            Start::After(cursor) => {
                total = cursor.total.filter(|_| !is_exact).unwrap_or(total);
                if self.has(Fault::CursorIsANumber) {
                    skipped = whole(cursor.updated);
                } else {
                    behind = Bound::Excluded(self.key(query, &cursor.list, cursor.updated, cursor.place));
                }
            }
        }
        let limit = whole(limit);
        let mut shown: Vec<_> = found.range((behind, Bound::Unbounded)).skip(skipped).collect();
        if self.has(Fault::ListsByKey) {
            shown = found.iter().collect();
            shown.sort_by_key(|(_, row)| row.at.key());
            shown = shown.into_iter().skip(skipped).collect();
        }
        let is_last = shown.len() <= limit && !self.has(Fault::CursorBehindTheLastPage);
        shown.truncate(limit);
        let last = shown.last().filter(|_| !is_last && !self.has(Fault::ListsByKey));
        let mut next = last.map(|((list, updated, place), _)| Cursor {
            list: list.clone(),
            updated: *updated,
            place: *place,
            total: (!is_exact).then_some(total),
        });
        if let Some(next) = next.as_mut().filter(|_| self.has(Fault::CursorIsANumber)) {
            next.updated = whole(skipped + shown.len());
        }
        let rows: Vec<_> = shown.into_iter().map(|(_, row)| self.shown(row)).collect();
        let total = if self.has(Fault::CountsThePage) { whole(rows.len()) } else { total };
        Ok(Page::new(rows, next, total))
    }

    fn answers(&self, query: &Query, start: &Start) -> Result<(), StoreError> {
        let is_odd = |row: &Row| row.document.list.contains('\0');
        let fails = match (self.fault, start) {
            (Fault::FailsWhenEmpty, _) => self.rows.is_empty(),
            (Fault::FailsOnOddTexts, _) => self.rows.values().any(is_odd),
            (Fault::RefusesForeignCursors, Start::After(cursor)) => {
                *query.wanted_lists() != Lists::All && !cursor.list.is_empty()
            }
            _ => false,
        };
        if fails { Err(StoreError::new(StoreErrorKind::Corrupt, "out of order")) } else { Ok(()) }
    }

    fn shown(&self, row: &Row) -> (Address, Document) {
        let mut document = row.document.clone();
        if self.has(Fault::PagesWithoutRevisions) {
            document.revision = 0;
        }
        (row.at.clone(), document)
    }

    fn key(&self, query: &Query, list: &str, updated: i64, place: u64) -> Key {
        let is_windowed = query.window().is_some() && !self.has(Fault::WindowsByPlace);
        let is_all = *query.wanted_lists() == Lists::All && !self.has(Fault::MergesAllLists);
        let is_by_list = (is_all || self.has(Fault::ListsOneBehindTheOther)) && query.term().is_none();
        let list = if is_by_list && query.window().is_none() { list.to_owned() } else { String::new() };
        (list, if is_windowed { updated } else { 0 }, place)
    }

    fn matches(&self, query: &Query, Row { at, document, .. }: &Row) -> bool {
        let is_listed = match query.wanted_lists() {
            Lists::All => true,
            Lists::These(lists) => lists.contains(&document.list),
        };
        let has_term = |(name, value): (&str, &str)| {
            let is_it =
                |term: &(String, String)| term.0 == name && (term.1 == value || self.has(Fault::TermsByName));
            document.terms.iter().any(is_it)
        };
        let is_inside = |window: std::ops::Range<i64>| {
            let is_end = self.has(Fault::ToIsInclusive) && window.end == document.micros();
            let is_free = self.has(Fault::TermsIgnoreWindows) && query.term().is_some();
            window.contains(&document.micros()) || is_end || is_free
        };
        (!document.is_deleted || self.has(Fault::ListsTheDeleted))
            && (at.collection() == query.collection() || self.has(Fault::MixesCollections))
            && is_listed
            && query.term().is_none_or(has_term)
            && query.window().is_none_or(is_inside)
    }
}

/// The same number in another type. None of the tests is too large.
pub(crate) fn whole<A, B: TryFrom<A>>(number: A) -> B {
    B::try_from(number).ok().expect("a number of the tests")
}
