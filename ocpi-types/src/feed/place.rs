//! Places of objects and places in them, in a compact form because a feed has many.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pointer::push_index;

/// A place in a feed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FeedPlace {
    /// The name of the file, as it was given.
    pub file: Arc<str>,
    /// Position of the object in the file, as it was given.
    pub item: Option<usize>,
    /// Id of the object, if it has one that may be shown: the id of a token identifies a driver.
    pub id: Option<Box<str>>,
    /// Place in the object, as a JSON pointer.
    pub pointer: String,
}

/// Place of an object: its file, and its position there.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct At {
    pub(super) file: u32,
    pub(super) item: Option<u32>,
}

/// Place in an object: a pointer with a `*` for each index.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Spot {
    // First: findings are told in the order of the document.
    indices: [u32; 3],
    pattern: &'static str,
}

impl Spot {
    pub(super) fn member(pattern: &'static str) -> Self {
        Self::within(pattern, &[])
    }

    /// Indices that do not fit are cut: no list is that long.
    pub(super) fn within(pattern: &'static str, indices: &[usize]) -> Self {
        let mut spot = Self { pattern, indices: [0; 3] };
        for (slot, index) in spot.indices.iter_mut().zip(indices) {
            *slot = u32::try_from(*index).unwrap_or(u32::MAX);
        }
        spot
    }

    pub(super) fn pointer(self) -> String {
        let mut pointer = String::new();
        let mut indices = self.indices.into_iter();
        for segment in self.pattern.split('/').skip(1) {
            match segment {
                "*" => push_index(&mut pointer, indices.next().unwrap_or_default() as usize),
                name => {
                    pointer.push('/');
                    pointer.push_str(name);
                }
            }
        }
        pointer
    }
}

/// The names of the files, numbered, and the ids of the objects in them.
#[derive(Debug, Default)]
pub(super) struct Files {
    names: Vec<Arc<str>>,
    ids: BTreeMap<At, Box<str>>,
}

impl Files {
    /// The number of a file. Objects come file by file, so that the last one is looked at first.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        let place = self.names.iter().rposition(|known| **known == *name);
        let place = place.unwrap_or_else(|| {
            self.names.push(super::shared(name));
            self.names.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Keeps the id of an object, for people.
    pub(super) fn name(&mut self, at: At, id: Box<str>) {
        self.ids.insert(at, id);
    }

    pub(super) fn place(&self, at: At, spot: Spot) -> FeedPlace {
        let file = self.names.get(at.file as usize).cloned().unwrap_or_else(|| super::shared(""));
        let (item, id) = (at.item.map(|item| item as usize), self.ids.get(&at).cloned());
        FeedPlace { file, item, id, pointer: spot.pointer() }
    }
}

#[cfg(test)]
mod tests {
    use super::Spot;

    #[test]
    fn stars_are_indices() {
        let spot = Spot::within("/evses/*/connectors/*/tariff_ids/*", &[3, 0, 12]);
        assert_eq!(spot.pointer(), "/evses/3/connectors/0/tariff_ids/12");
        assert_eq!(Spot::member("/id").pointer(), "/id");
    }
}
