//! Times stored with an object.

use std::collections::BTreeMap;
use std::ops::Bound;

use ecow::EcoString;
use ocpi_types::AnyObject;

use super::layout::{Children, Layout, PeriodKey, last_updated};
use super::pair::{Newest, Pair};

/// Times of the parts and members of an object, which order later updates. Opaque; stored with the object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stamps {
    /// By part: "" for the object itself, `e1` for an EVSE, `e1/c1` for a Connector.
    pub(super) parts: BTreeMap<EcoString, PartStamps>,
    /// Parts that a PUT left out, and the times of that PUT.
    pub(super) gone: BTreeMap<EcoString, Pair>,
    /// The greatest time of the owner that a part had lately, and when it came.
    pub(super) tops: BTreeMap<EcoString, Top>,
    pub(super) periods: BTreeMap<PeriodKey, Pair>,
    /// The newest PUT that gave the list of periods.
    pub(super) list: Option<Pair>,
    /// The object is deleted.
    pub(super) tomb: Option<Tomb>,
    /// A PUT that lost against what is there.
    pub(super) held: Option<Held>,
    /// Number of answers in a row that looked old.
    pub(super) old_answers: u32,
}

/// Times of one part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct PartStamps {
    /// Of every member that has none of its own.
    pub(super) base: Pair,
    pub(super) members: BTreeMap<String, Pair>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Top {
    pub(super) stamp: i64,
    pub(super) ours: i64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Tomb {
    /// The greatest time of the owner that the object had.
    pub(super) stamp: i64,
    /// When that came.
    pub(super) ours: i64,
    pub(super) deleted: i64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Held {
    pub(super) digest: u64,
    pub(super) ours: i64,
}

impl PartStamps {
    pub(super) fn of(base: Pair) -> Self {
        Self { base, members: BTreeMap::new() }
    }

    pub(super) fn of_member(&self, name: &str) -> Pair {
        self.members.get(name).copied().unwrap_or(self.base)
    }

    /// The newest effective time of any member.
    pub(super) fn effective(&self, tolerance: i64) -> i64 {
        let own = self.members.values().map(|pair| pair.effective(tolerance)).max();
        self.base.effective(tolerance).max(own.unwrap_or(i64::MIN))
    }
}

impl Stamps {
    /// Whether the object is deleted, with times kept in case a late PUT arrives.
    pub fn is_deleted(&self) -> bool {
        self.tomb.is_some()
    }

    /// Returns keys of recently removed parts: `e1` for an EVSE, `e1/c1` for a Connector.
    pub fn gone(&self) -> impl Iterator<Item = &str> {
        self.gone.keys().map(EcoString::as_str)
    }

    /// The times of an object that was not received, or before there were stamps: its own, and none that lies in the
    /// future.
    pub(super) fn of_object(object: &dyn AnyObject, ours: i64) -> Self {
        let mut stamps = Self::default();
        stamps.adopt("", object, &|theirs| {
            let ours = theirs.map(|theirs| ours.min(theirs.div_euclid(1_000).saturating_mul(1_000)));
            ours.map_or(Pair::UNKNOWN, |ours| Pair { theirs, ours })
        });
        let base = stamps.parts.get("").map(|part| part.base);
        stamps.adopt_periods(object, base);
        stamps
    }

    /// Takes a part, and the parts in it, as new.
    pub(super) fn adopt(&mut self, key: &str, object: &dyn AnyObject, pair_of: &dyn Fn(Option<i64>) -> Pair) {
        self.parts.insert(key.into(), PartStamps::of(pair_of(last_updated(object))));
        for (child, _, object) in Children::of(key, object) {
            self.adopt(&child, object, pair_of);
        }
    }

    pub(super) fn adopt_periods(&mut self, root: &dyn AnyObject, pair: Option<Pair>) {
        let (Some(list), Some(pair)) = (Layout::of(root.info()).periods, pair) else { return };
        self.periods = list.periods_in(root).into_iter().map(|key| (key, pair)).collect();
        self.list = Some(pair);
    }

    /// Forgets a part with the parts in it; the times of the PUT that left it out stay.
    pub(super) fn drop_part(&mut self, key: &str, left_out: Pair) {
        self.parts.remove(key);
        remove_inside(&mut self.parts, key);
        remove_inside(&mut self.gone, key);
        self.gone.insert(key.into(), left_out);
    }

    /// The newest times of a part and of the parts in it.
    ///
    /// The times that members share count as long as a member has them that can change at all.
    pub(super) fn newest(&self, key: &str, object: &dyn AnyObject, tolerance: i64) -> Newest {
        let mut newest = Newest::NONE;
        if let Some(part) = self.parts.get(key) {
            newest = part.members.values().fold(newest, |newest, pair| newest.with(*pair, tolerance));
            if part.members.is_empty() || has_more_than(object, &part.members) {
                newest = newest.with(part.base, tolerance);
            }
        }
        Children::of(key, object).fold(newest, |newest, (child, _, object)| {
            let of_child = self.newest(&child, object, tolerance);
            Newest {
                effective: newest.effective.max(of_child.effective),
                raw: newest.raw.max(of_child.raw),
                ours: newest.ours.max(of_child.ours),
                last: newest.last.max(of_child.last),
            }
        })
    }

    /// The greatest time that a part had in the last minutes.
    pub(super) fn top(&self, key: &str, ours: i64, window: i64) -> Option<i64> {
        let top = self.tops.get(key)?;
        (ours < top.ours.saturating_add(window)).then_some(top.stamp)
    }

    pub(super) fn saw(&mut self, key: &str, stamp: i64, ours: i64, window: i64) {
        if self.top(key, ours, window).is_none_or(|top| stamp > top) {
            self.tops.insert(key.into(), Top { stamp, ours });
        }
    }

    /// Forgets what has served its time.
    pub(super) fn prune(&mut self, ours: i64, window: i64, keep: i64) {
        self.tops.retain(|_, top| ours < top.ours.saturating_add(window));
        self.gone.retain(|_, pair| ours < pair.ours.saturating_add(keep));
        let over = self.gone.len().saturating_sub(MOST_GONE);
        if over > 0 {
            let mut times: Vec<i64> = self.gone.values().map(|pair| pair.ours).collect();
            let (_, oldest_kept, _) = times.select_nth_unstable(over);
            let oldest_kept = *oldest_kept;
            self.gone.retain(|_, pair| pair.ours >= oldest_kept);
        }
    }
}

/// Most parts that were left out whose times are kept: the newest.
const MOST_GONE: usize = 10_000;

/// Removes the parts in a part, `key/…`.
fn remove_inside<T>(parts: &mut BTreeMap<EcoString, T>, key: &str) {
    // The character behind `/`.
    let (from, to) = (format!("{key}/"), format!("{key}0"));
    let range = (Bound::Included(from.as_str()), Bound::Excluded(to.as_str()));
    let inside: Vec<EcoString> = parts.range::<str, _>(range).map(|(part, _)| part.clone()).collect();
    for part in inside {
        parts.remove(&part);
    }
}

/// Whether an object has a member that can change, besides those in the map.
fn has_more_than(object: &dyn AnyObject, members: &BTreeMap<String, Pair>) -> bool {
    let layout = Layout::of(object.info());
    let mut places = layout.members().filter_map(|(place, field)| Some((field, object.slot(place)?)));
    places.any(|(field, slot)| !slot.is_absent_any() && !members.contains_key(field.name))
        || object.extra().iter().any(|(name, _)| !members.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(ours: i64) -> Pair {
        Pair { theirs: Some(ours), ours }
    }

    #[test]
    fn a_part_is_dropped_with_the_parts_in_it_and_no_others() {
        let mut stamps = Stamps::default();
        for key in ["", "e1", "e1/c1", "e1/c2", "e10", "e10/c1", "e1-a", "e1-a/c1"] {
            stamps.parts.insert(key.into(), PartStamps::of(pair(1)));
        }
        stamps.gone.insert("e1/c9".into(), pair(1));
        stamps.gone.insert("e10/c9".into(), pair(1));
        stamps.drop_part("e1", pair(2));
        let parts: Vec<&str> = stamps.parts.keys().map(EcoString::as_str).collect();
        assert_eq!(parts, ["", "e1-a", "e1-a/c1", "e10", "e10/c1"]);
        let gone: Vec<&str> = stamps.gone.keys().map(EcoString::as_str).collect();
        assert_eq!(gone, ["e1", "e10/c9"]);
    }

    #[test]
    fn the_parts_that_are_remembered_have_a_limit() {
        let mut stamps = Stamps::default();
        for index in 0..12_000 {
            stamps.gone.insert(format!("e{index}").into(), pair(index));
        }
        stamps.prune(12_000, 1_000, i64::MAX);
        assert_eq!(stamps.gone.len(), MOST_GONE);
        assert!(stamps.gone.values().all(|pair| pair.ours >= 2_000), "the newest stay");
    }
}
