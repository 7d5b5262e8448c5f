//! Numbers of live documents by list and range of places: the totals, and the way to an offset.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::{After, Persist};

use super::numbers::to_bigint;

/// Places of a bucket, as a power of two.
const SHIFT: u32 = 12;

/// The bucket of a place.
pub(super) fn bucket_of(place: i64) -> i64 {
    place >> SHIFT
}

/// The place before the first one of a bucket.
pub(super) fn place_before(bucket: i64) -> i64 {
    bucket.saturating_mul(1 << SHIFT).saturating_sub(1)
}

/// Changes of the numbers.
#[derive(Debug, Default)]
pub(super) struct Deltas<'a>(BTreeMap<(&'a str, &'a str, i64), i64>);

impl<'a> Deltas<'a> {
    /// Counts a change of a document, which has this place afterwards.
    pub(super) fn count(&mut self, change: &'a Persist, place: i64) {
        let collection = change.at.collection();
        if let Some(before) = change.before.as_ref().filter(|before| !before.document.is_deleted) {
            let bucket = bucket_of(to_bigint(before.place));
            *self.0.entry((collection, &before.document.list, bucket)).or_default() -= 1;
        }
        if let After::Row { document, .. } = &change.after {
            if !document.is_deleted {
                *self.0.entry((collection, &document.list, bucket_of(place))).or_default() += 1;
            }
        }
    }

    /// The changes as columns: collections, lists, buckets and what is added to them.
    pub(super) fn columns(&self) -> (Vec<&'a str>, Vec<&'a str>, Vec<i64>, Vec<i64>) {
        let mut columns = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let changed = self.0.iter().map(|(key, delta)| (*key, *delta)).filter(|(_, delta)| *delta != 0);
        for ((collection, list, bucket), delta) in changed {
            columns.0.push(collection);
            columns.1.push(list);
            columns.2.push(bucket);
            columns.3.push(delta);
        }
        columns
    }
}
