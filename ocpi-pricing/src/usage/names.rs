//! The tariffs that the periods of a usage name.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The ids of tariffs that periods name, each once. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Option<Arc<Ids>>);

#[derive(Clone, Debug, Default)]
struct Ids {
    ids: Vec<Box<str>>,
    /// Place of each of them, by id in lower case.
    places: BTreeMap<Box<str>, u32>,
}

impl Names {
    pub(super) fn ids(&self) -> &[Box<str>] {
        self.0.as_ref().map_or(&[], |names| &names.ids)
    }

    /// The place of an id, which is added if it is new.
    pub(super) fn place(&mut self, id: &str) -> u32 {
        let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        // Most sessions have one or two.
        if let Some(known) = self.ids().iter().take(4).position(|known| known.eq_ignore_ascii_case(id)) {
            return index(known);
        }
        let names = Arc::make_mut(self.0.get_or_insert_default());
        let count = names.ids.len();
        let place = *names.places.entry(id.to_ascii_lowercase().into()).or_insert(index(count));
        if place == index(count) {
            names.ids.push(id.into());
        }
        place
    }
}
