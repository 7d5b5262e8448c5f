//! Indexes for the orders in which documents are listed, updated with every write.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::btree_set::Range;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Bound;

use crate::storage::{Address, Document, Lists};

/// A row's place in the order of creation.
pub(super) type Place = u64;

/// Places in one bucket: an offset passes over whole buckets, and over the places of one.
const BUCKET: u64 = 1 << 8;

/// Live documents, by collection.
#[derive(Debug, Default)]
pub(super) struct Index {
    collections: BTreeMap<String, Collection>,
    steps: Cell<u64>,
}

#[derive(Debug, Default)]
struct Collection {
    lists: BTreeMap<String, List>,
    terms: BTreeMap<(String, String), BTreeSet<Place>>,
}

#[derive(Debug, Default)]
struct List {
    places: BTreeSet<Place>,
    times: BTreeSet<(i64, Place)>,
    /// Numbers of documents by place: the way to an offset.
    buckets: BTreeMap<u64, u64>,
}

impl Index {
    pub(super) fn add(&mut self, place: Place, at: &Address, document: &Document) {
        let collection = self.collections.entry(at.collection().to_owned()).or_default();
        let list = collection.lists.entry(document.list.clone()).or_default();
        list.places.insert(place);
        list.times.insert((document.micros(), place));
        *list.buckets.entry(place / BUCKET).or_default() += 1;
        for term in &document.terms {
            collection.terms.entry(term.clone()).or_default().insert(place);
        }
    }

    pub(super) fn remove(&mut self, place: Place, at: &Address, document: &Document) {
        let Some(collection) = self.collections.get_mut(at.collection()) else { return };
        if let Some(list) = collection.lists.get_mut(&document.list) {
            list.places.remove(&place);
            list.times.remove(&(document.micros(), place));
            let bucket = place / BUCKET;
            let left = list.buckets.get(&bucket).map_or(0, |count| count.saturating_sub(1));
            if left == 0 {
                list.buckets.remove(&bucket);
            } else {
                list.buckets.insert(bucket, left);
            }
            if list.places.is_empty() {
                collection.lists.remove(&document.list);
            }
        }
        for term in &document.terms {
            let Some(places) = collection.terms.get_mut(term) else { continue };
            places.remove(&place);
            if places.is_empty() {
                collection.terms.remove(term);
            }
        }
        if collection.lists.is_empty() {
            self.collections.remove(at.collection());
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.collections.is_empty()
    }

    /// Returns the number of entries that were gone over until now.
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Places in lists that are merged, from one on.
    pub(super) fn places(&self, collection: &str, lists: &Lists, from: Place) -> Merged<'_, Place> {
        let lists = self.lists(collection, lists, "").into_iter();
        Merged::new(lists.map(|(_, list)| list.places.range(from..)), &self.steps)
    }

    /// Places in all lists, one behind the other, from a place in a list on.
    pub(super) fn all_places<'a>(
        &'a self,
        collection: &str,
        list: &'a str,
        from: Place,
    ) -> impl Iterator<Item = (&'a str, Place)> + use<'a> {
        self.lists(collection, &Lists::All, list).into_iter().flat_map(move |(name, found)| {
            let from = if name == list { from } else { 0 };
            let places = Merged::new([found.places.range(from..)], &self.steps);
            places.map(move |place| (name, place))
        })
    }

    /// Times and places in lists that are merged, from the first pair to before the second.
    pub(super) fn times(
        &self,
        collection: &str,
        lists: &Lists,
        from: (i64, Place),
        to: (i64, Place),
    ) -> Merged<'_, (i64, Place)> {
        let lists = if from < to { self.lists(collection, lists, "") } else { Vec::new() };
        Merged::new(lists.into_iter().map(|(_, list)| list.times.range(from..to)), &self.steps)
    }

    /// Places of documents with a term, from one on.
    pub(super) fn term(&self, collection: &str, term: (&str, &str), from: Place) -> Merged<'_, Place> {
        Merged::new(self.with_term(collection, term).map(|places| places.range(from..)), &self.steps)
    }

    /// Places of all documents with a term.
    pub(super) fn with_term(
        &self,
        collection: &str,
        (name, value): (&str, &str),
    ) -> Option<&BTreeSet<Place>> {
        let term = (name.to_owned(), value.to_owned());
        self.collections.get(collection).and_then(|found| found.terms.get(&term))
    }

    /// Number of documents in lists.
    pub(super) fn total(&self, collection: &str, lists: &Lists) -> u64 {
        let lists = self.lists(collection, lists, "").into_iter();
        lists.map(|(_, list)| self.total_of(list)).sum()
    }

    /// Finds the bucket of a document in lists that are merged. Returns its first place, and the number of documents in it
    /// before the one that is sought; none if there are fewer documents.
    pub(super) fn seek(&self, collection: &str, lists: &Lists, offset: u64) -> Option<(Place, u64)> {
        let mut buckets: BTreeMap<u64, u64> = BTreeMap::new();
        for (_, list) in self.lists(collection, lists, "") {
            for (bucket, count) in &list.buckets {
                self.step();
                *buckets.entry(*bucket).or_default() += count;
            }
        }
        seek(buckets, offset)
    }

    /// Finds the list and the bucket of a document in all lists, one behind the other.
    pub(super) fn seek_all(&self, collection: &str, offset: u64) -> Option<(&str, Place, u64)> {
        let mut left = offset;
        for (name, list) in self.lists(collection, &Lists::All, "") {
            let total = self.total_of(list);
            if left < total {
                let buckets = list.buckets.iter().map(|(bucket, count)| (*bucket, *count));
                let (place, within) = seek(buckets.inspect(|_| self.step()), left)?;
                return Some((name, place, within));
            }
            left -= total;
        }
        None
    }

    fn total_of(&self, list: &List) -> u64 {
        self.step();
        u64::try_from(list.places.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn step(&self) {
        self.steps.set(self.steps.get().saturating_add(1));
    }

    /// Lists of a collection in the order of their names, from one on.
    fn lists(&self, collection: &str, lists: &Lists, from: &str) -> Vec<(&str, &List)> {
        let Some(Collection { lists: known, .. }) = self.collections.get(collection) else {
            return Vec::new();
        };
        let behind = (Bound::Included(from), Bound::Unbounded);
        match lists {
            Lists::All => known.range::<str, _>(behind).map(|(name, list)| (&**name, list)).collect(),
            Lists::These(names) => self.these(known, names),
        }
    }
}

impl Index {
    /// Those of many lists that there are: as many steps as the shorter of both has entries, not as are asked for.
    fn these<'a>(&self, known: &'a BTreeMap<String, List>, names: &[String]) -> Vec<(&'a str, &'a List)> {
        let (mut found, mut names) = (Vec::new(), names);
        while let Some(first) = names.first() {
            self.step();
            let behind = (Bound::Included(first.as_str()), Bound::Unbounded);
            let Some((name, list)) = known.range::<str, _>(behind).next() else { break };
            let passed = names.partition_point(|wanted| wanted < name);
            names = names.get(passed..).unwrap_or_default();
            if let Some((_, rest)) = names.split_first().filter(|(wanted, _)| *wanted == name) {
                found.push((&**name, list));
                names = rest;
            }
        }
        found
    }
}

fn seek(buckets: impl IntoIterator<Item = (u64, u64)>, offset: u64) -> Option<(Place, u64)> {
    let mut left = offset;
    for (bucket, count) in buckets {
        if left < count {
            return Some((bucket * BUCKET, left));
        }
        left -= count;
    }
    None
}

/// Ranges, merged in order.
pub(super) struct Merged<'a, T> {
    ranges: Vec<Range<'a, T>>,
    /// The next of each range.
    heads: BinaryHeap<Reverse<(T, usize)>>,
    steps: &'a Cell<u64>,
}

impl<'a, T: Copy + Ord> Merged<'a, T> {
    fn new(ranges: impl IntoIterator<Item = Range<'a, T>>, steps: &'a Cell<u64>) -> Self {
        let ranges: Vec<_> = ranges.into_iter().collect();
        let mut merged = Self { heads: BinaryHeap::with_capacity(ranges.len()), ranges, steps };
        for range in 0..merged.ranges.len() {
            merged.advance(range);
        }
        merged
    }

    fn advance(&mut self, range: usize) {
        self.steps.set(self.steps.get().saturating_add(1));
        let next = self.ranges.get_mut(range).and_then(Iterator::next);
        self.heads.extend(next.map(|next| Reverse((*next, range))));
    }
}

impl<T: Copy + Ord> Iterator for Merged<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let Reverse((next, range)) = self.heads.pop()?;
        self.advance(range);
        Some(next)
    }
}
