//! Objects that the paging has seen.

use std::collections::BTreeMap;

use super::ItemFacts;
use super::marks::mark;

/// Marks of the objects that were seen, with the version in which each was seen last; 0 for one that was seen behind a
/// gap, or whose version is not known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Seen(BTreeMap<u64, u32>);

impl Seen {
    pub(super) fn from_pairs(pairs: impl IntoIterator<Item = (u64, u32)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (u64, u32)> {
        self.0.iter().map(|(mark, version)| (*mark, *version))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn has(&self, item: &ItemFacts) -> bool {
        self.0.contains_key(&item.mark)
    }

    /// Whether the object was seen with nothing before it left out, and has not changed since. All that is unseen and
    /// unchanged stands behind it then, whether the list is in the order of creation or of change.
    pub(super) fn has_unchanged(&self, item: &ItemFacts) -> bool {
        item.version != 0 && self.0.get(&item.mark) == Some(&item.version)
    }

    /// Notes the objects of a page that joins the pages before.
    pub(super) fn join(&mut self, items: &[ItemFacts]) {
        self.0.extend(items.iter().map(|item| (item.mark, item.version)));
    }

    /// Notes the objects of a page with a gap before it.
    pub(super) fn note(&mut self, items: &[ItemFacts]) {
        for item in items.iter().filter(|item| !self.has_unchanged(item)).copied().collect::<Vec<_>>() {
            self.0.insert(item.mark, 0);
        }
    }
}

/// A mark of the ids of a page, in their order.
pub(super) fn mark_of_all(items: &[ItemFacts]) -> u64 {
    let bytes: Vec<u8> = items.iter().flat_map(|item| item.mark.to_le_bytes()).collect();
    mark(&bytes)
}
