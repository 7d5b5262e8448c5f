//! Rows of all tables, for the documents that a group of edits left.

use ocpi_server_traits::storage::{After, Loaded, Persist};

use super::buckets::Deltas;
use super::numbers::to_bigint;
use super::rows::{Batches, Row};
use crate::terms::without;

/// Whether a change needs a place or a position, or changes a total: then commits stand in line.
pub(super) fn is_ordered(change: &Persist) -> bool {
    let After::Row { document, is_new, parts } = &change.after else { return true };
    let has_moved = |before: &str| before != document.list;
    *is_new
        || !parts.is_empty()
        || document.is_deleted
        || change.before.as_ref().is_none_or(|before| has_moved(&before.document.list))
}

/// Whether all documents stay where they are: none comes, and none goes without a trace.
pub(super) fn all_stay(changes: &[Persist]) -> bool {
    changes.iter().all(|change| kept_place(change).is_some())
}

/// Whether a document or a tombstone goes without a trace.
pub(super) fn leaves_nothing(change: &Persist) -> bool {
    !matches!(change.after, After::Row { .. })
}

/// Number of places and positions that changes need.
pub(super) fn numbers(changes: &[Persist]) -> i64 {
    let of = |change: &Persist| match &change.after {
        After::Row { parts, .. } => parts.len() + usize::from(kept_place(change).is_none()),
        After::Gone => 0,
        After::Erased => usize::from(is_erased(change, false)),
    };
    i64::try_from(changes.iter().map(of).sum::<usize>()).unwrap_or(i64::MAX)
}

/// Documents that keep their place: they are written before commits stand in line.
pub(super) fn kept(changes: &[Persist]) -> Batches<'_> {
    let mut kept = Batches::default();
    for change in changes {
        if let (Some(place), After::Row { document, .. }) = (kept_place(change), &change.after) {
            let is_in_feed = is_in_feed(change);
            kept.push(&Row { at: &change.at, document, old: place, place, is_in_feed });
        }
    }
    kept
}

/// Rows that are written while commits stand in line.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) created: Batches<'a>,
    pub(super) moved: Batches<'a>,
    /// Places of documents that go without a trace.
    pub(super) gone: Vec<i64>,
    /// Places whose rows in the feed go.
    pub(super) forgotten: Vec<i64>,
    pub(super) feed: Feed<'a>,
    pub(super) terms_gone: Terms<'a>,
    pub(super) terms_new: Terms<'a>,
    pub(super) deltas: Deltas<'a>,
    /// The purge position that the feed gets at least; 0: none.
    pub(super) purged: i64,
    /// Places of tombstones that were erased: the feed gets at least their positions as purge position.
    pub(super) erased: Vec<i64>,
}

/// Rows of the feed.
#[derive(Debug, Default)]
pub(super) struct Feed<'a> {
    pub(super) positions: Vec<i64>,
    pub(super) places: Vec<i64>,
    pub(super) parts: Vec<&'a str>,
}

/// Rows of terms.
#[derive(Debug, Default)]
pub(super) struct Terms<'a> {
    pub(super) collections: Vec<&'a str>,
    pub(super) names: Vec<&'a str>,
    pub(super) values: Vec<&'a str>,
    pub(super) places: Vec<i64>,
}

impl<'a> Terms<'a> {
    fn push(&mut self, change: &'a Persist, (name, value): &'a (String, String), place: i64) {
        self.collections.push(change.at.collection());
        self.names.push(name);
        self.values.push(value);
        self.places.push(place);
    }
}

impl<'a> Plan<'a> {
    /// Gives out numbers from the first on, in the order of the changes.
    pub(super) fn new(changes: &'a [Persist], first: i64) -> Self {
        let mut plan = Self::default();
        let mut next = first;
        for change in changes {
            plan.add(change, &mut next);
        }
        plan
    }

    fn add(&mut self, change: &'a Persist, next: &mut i64) {
        let mut number = || {
            let number = *next;
            *next = next.saturating_add(1);
            number
        };
        let old = change.before.as_ref().map(|before| to_bigint(before.place));
        let After::Row { document, is_new, parts } = &change.after else {
            if is_erased(change, false) {
                self.purged = number();
            } else if is_erased(change, true) {
                self.erased.extend(old);
            }
            self.gone.extend(old);
            self.forgotten.extend(old);
            self.terms(change, &[], 0);
            return self.deltas.count(change, 0);
        };
        let place = kept_place(change).unwrap_or_else(&mut number);
        if *is_new || old.is_none() {
            let (at, is_in_feed) = (&change.at, is_in_feed(change));
            let row = Row { at, document, old: old.unwrap_or_default(), place, is_in_feed };
            let rows = if old.is_some() { &mut self.moved } else { &mut self.created };
            rows.push(&row);
        }
        if *is_new || document.is_deleted {
            self.forgotten.extend(old);
        }
        for part in parts {
            self.feed.positions.push(number());
            self.feed.places.push(place);
            self.feed.parts.push(part);
        }
        self.terms(change, &document.terms, place);
        self.deltas.count(change, place);
    }

    /// Terms that went, and those that came.
    fn terms(&mut self, change: &'a Persist, after: &'a [(String, String)], place: i64) {
        let old = change.before.as_ref().map(|before| to_bigint(before.place));
        let before = change.before.as_ref().map_or(&[][..], |before| &before.document.terms);
        let is_kept = old == Some(place);
        // With another place all of them are others.
        let (stays, stayed) = if is_kept { (after, before) } else { (&[][..], &[][..]) };
        for term in without(before, stays) {
            self.terms_gone.push(change, term, old.unwrap_or_default());
        }
        for term in without(after, stayed) {
            self.terms_new.push(change, term, place);
        }
    }
}

/// The place of a document that keeps it.
fn kept_place(change: &Persist) -> Option<i64> {
    match (&change.before, &change.after) {
        (Some(before), After::Row { is_new: false, .. }) => Some(to_bigint(before.place)),
        _ => None,
    }
}

/// Whether a document was erased of which the feed has rows, or a tombstone of one.
fn is_erased(change: &Persist, is_tombstone: bool) -> bool {
    let is_known = |before: &Loaded| before.is_in_feed && before.document.is_deleted == is_tombstone;
    matches!(change.after, After::Erased) && change.before.as_ref().is_some_and(is_known)
}

/// Whether the feed has rows of a document afterwards.
fn is_in_feed(change: &Persist) -> bool {
    match &change.after {
        After::Row { is_new, parts, .. } => {
            let was = change.before.as_ref().is_some_and(|before| before.is_in_feed);
            !parts.is_empty() || (was && !*is_new)
        }
        After::Gone | After::Erased => false,
    }
}
