//! PATCHes: application to an object, and creation from two objects.

use std::collections::BTreeMap;

use crate::any::members;
use crate::{AnyObject, Object, Value};

/// An object that a PATCH can change.
pub trait Patched: Object {
    /// The type of its PATCH, in which every member is a [`Change`](crate::Change).
    type Patch: Object;

    /// Changes the members that `patch` mentions; unknown members of the patch are set too.
    fn apply(&mut self, patch: Self::Patch);

    /// Returns the PATCH from `self` to `new`: the members that differ, including unknown ones.
    ///
    /// A PATCH cannot remove EVSEs, Connectors, charging periods or unknown members; they are left as they are.
    ///
    /// ```
    /// use ocpi_types::{Patched, json};
    /// use ocpi_types::v2_3_0::locations::Connector;
    /// let old: Connector = json::from_str(r#"{"id":"1","standard":"IEC_62196_T2","format":"SOCKET",
    ///     "power_type":"AC_3_PHASE","max_voltage":230,"max_amperage":32,"max_electric_power":11000,
    ///     "last_updated":"2026-01-01T00:00:00Z"}"#)?;
    /// let new = Connector { max_amperage: 16, max_electric_power: None, ..old.clone() };
    /// let patch = old.diff(&new);
    /// assert_eq!(json::to_string(&patch), r#"{"max_amperage":16,"max_electric_power":null}"#);
    ///
    /// let mut changed = old;
    /// changed.apply(patch);
    /// assert_eq!(changed, new);
    /// # Ok::<(), json::Error>(())
    /// ```
    #[must_use]
    fn diff(&self, new: &Self) -> Self::Patch {
        let mut patch = <Self::Patch as Value>::blank();
        differences(self, new, &mut patch);
        patch
    }
}

/// Sets each change of a PATCH whose member differs.
fn differences(old: &dyn AnyObject, new: &dyn AnyObject, patch: &mut dyn AnyObject) {
    for (place, _, old) in members(old) {
        if let (Some(new), Some((change, _))) = (new.slot(place), patch.slot_mut(place)) {
            change.take_difference_any(old, new);
        }
    }
    let known = old.extra();
    let added = new.extra().iter().filter(|(name, raw)| known.get(name) != Some(raw));
    for (name, raw) in added {
        patch.extra_mut().insert(name, crate::json::RawJson::walked(raw));
    }
}

/// Sets the members that a PATCH mentions.
#[doc(hidden)]
pub fn apply(object: &mut dyn AnyObject, patch: &mut dyn AnyObject) {
    for (place, field) in object.info().fields.iter().enumerate() {
        let change = patch.slot_mut(place).map(|(change, _)| change);
        let Some(change) = change.filter(|change| !change.is_absent_any()) else { continue };
        if let Some((slot, extra)) = object.slot_mut(place) {
            extra.settle(field.name);
            change.give_any(slot);
        }
    }
    let extra = std::mem::take(patch.extra_mut());
    object.extra_mut().merge(extra);
}

/// Puts each part of a PATCH in the place of the one with its key, or behind all others. Removes none.
///
/// By key, because there may be very many.
pub(crate) fn merge_parts<T, K: Clone + Ord>(
    known: &mut Vec<T>,
    parts: impl IntoIterator<Item = T>,
    key: fn(&T) -> &K,
) {
    let mut parts = parts.into_iter().peekable();
    if parts.peek().is_none() {
        return;
    }
    let mut places = BTreeMap::new();
    for (place, part) in known.iter().enumerate() {
        places.entry(key(part).clone()).or_insert(place);
    }
    for part in parts {
        let place = *places.entry(key(&part).clone()).or_insert(known.len());
        match known.get_mut(place) {
            Some(known) => *known = part,
            None => known.push(part),
        }
    }
}

/// Appends the elements that a PATCH adds, except each that equals the last known one of the same time.
pub(crate) fn append_new<T: PartialEq>(known: &mut Vec<T>, added: Vec<T>, time: fn(&T) -> crate::DateTime) {
    // By time, because there may be very many.
    let mut last: BTreeMap<_, usize> =
        known.iter().enumerate().map(|(place, item)| (time(item), place)).collect();
    for item in added {
        let there = last.get(&time(&item)).and_then(|place| known.get(*place));
        if there != Some(&item) {
            last.insert(time(&item), known.len());
            known.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::cmp::Ordering;

    use super::merge_parts;

    thread_local! {
        static COMPARED: Cell<usize> = const { Cell::new(0) };
    }

    /// A key that counts how often keys are compared.
    #[derive(Clone, Debug, Eq, PartialEq)]
    struct Counted(usize);

    impl Ord for Counted {
        fn cmp(&self, other: &Self) -> Ordering {
            COMPARED.set(COMPARED.get() + 1);
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Counted {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    type Part = (Counted, &'static str);

    fn parts(keys: impl IntoIterator<Item = usize>, text: &'static str) -> Vec<Part> {
        keys.into_iter().map(|key| (Counted(key), text)).collect()
    }

    fn merged(known: Vec<Part>, added: Vec<Part>) -> Vec<Part> {
        let mut merged = known;
        merge_parts(&mut merged, added, |part| &part.0);
        merged
    }

    #[test]
    fn parts_take_the_place_of_the_first_with_their_key_or_stand_last() {
        let known = parts([3, 1, 3, 2], "old");
        let found = merged(known, parts([2, 5, 3, 5], "new"));
        let expected = [(3, "new"), (1, "old"), (3, "old"), (2, "new"), (5, "new")]
            .map(|(key, text)| (Counted(key), text));
        assert_eq!(found, expected);
    }

    #[test]
    fn work_grows_with_the_number_of_parts_and_not_with_its_square() {
        let compared = |count: usize| {
            COMPARED.set(0);
            let found = merged(parts(0..count, "old"), parts((count..2 * count).rev(), "new"));
            assert_eq!(found.len(), 2 * count);
            COMPARED.get()
        };
        let (one, two) = (compared(10_000), compared(20_000));
        assert!(two * 2 < one * 5, "{one} comparisons, then {two}");
    }
}
