//! Parts of an object, each ordered by its own times, never by those of the enclosing object.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::{AnyList, AnyObject, Node, Pick};

use super::layout::{
    Children, Layout, PartList, element_mut, id_of, last_updated, list_at, list_at_mut, set_last_updated,
};
use super::members::Which;
use super::pair::Pair;
use super::round::{How, Round};
use super::rule::Answered;
use super::{DoubtReason, OrderError};

/// Fate of the parts that a message does not name.
#[derive(Clone, Copy)]
enum Others {
    /// A PUT or an answer: parts that it does not mention are removed if they are older.
    Go,
    /// A PATCH: parts that it does not mention are kept.
    Stay,
}

impl Round<'_> {
    /// Takes a whole part, with the parts in it.
    pub(super) fn whole(&mut self, key: &str, stored: &mut dyn AnyObject, new: &mut dyn AnyObject) {
        let theirs = last_updated(new);
        self.look_at_time(theirs);
        let dropped = self.drop_others(key, stored, new, theirs);
        self.members(key, stored, new, Which::All, theirs);
        self.saw(key, theirs);
        self.merge(key, stored, new, Others::Go, &dropped);
        self.raise_to_parts(stored);
    }

    /// Takes the parts that a PATCH holds.
    pub(super) fn nested(&mut self, key: &str, stored: &mut dyn AnyObject, new: &mut dyn AnyObject) {
        // Most name none: the list stays then.
        if part_count(new) > 0 {
            self.merge(key, stored, new, Others::Stay, &BTreeSet::new());
        }
        self.raise_to_parts(stored);
    }

    pub(super) fn saw(&mut self, key: &str, theirs: Option<i64>) {
        if let (How::Push(ours), Some(theirs)) = (self.how, theirs) {
            self.stamps.saw(key, theirs, ours, self.limits.window);
        }
    }

    /// Drops the parts that a PUT or an answer does not name, unless they are newer. Returns their keys.
    fn drop_others(
        &mut self,
        key: &str,
        stored: &dyn AnyObject,
        new: &dyn AnyObject,
        theirs: Option<i64>,
    ) -> BTreeSet<String> {
        let named = Children::of(key, new).places();
        let mut dropped = BTreeSet::new();
        for (child, _, object) in Children::of(key, stored).filter(|(child, ..)| !named.contains_key(child)) {
            self.step();
            if self.leaves_out(&child, object, theirs) {
                self.stamps.drop_part(&child, self.pair(theirs));
                self.change(&child);
                dropped.insert(child);
            } else {
                self.lose(&child, "");
            }
        }
        dropped
    }

    /// Whether a part goes that a message of time `theirs` does not name.
    fn leaves_out(&mut self, key: &str, part: &dyn AnyObject, theirs: Option<i64>) -> bool {
        let newest = self.stamps.newest(key, part, self.limits.tolerance);
        let is_newer = self.effective(theirs) >= newest.effective;
        match self.how {
            How::Push(_) => {
                let is_odd = !is_newer || self.pair(theirs).raw() <= newest.raw;
                self.doubt_if(is_odd, DoubtReason::Parts);
                is_newer
            }
            How::Answer(answer) if newest.ours >= answer.asked => {
                self.doubt(DoubtReason::Parts);
                false
            }
            How::Answer(answer) => {
                let goes = is_newer || answer.is_believed;
                self.is_old |= !goes;
                goes
            }
        }
    }

    /// Merges the parts of a message into those that are there.
    fn merge(
        &mut self,
        key: &str,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        others: Others,
        dropped: &BTreeSet<String>,
    ) {
        let Some(parts) = Layout::of(stored.info()).parts else { return };
        let before = Children::of(key, stored).places();
        let after: Vec<_> = Children::of(key, new).map(|(child, place, _)| (child, place)).collect();
        let mut picks = Vec::with_capacity(before.len().max(after.len()));
        for (child, place) in &after {
            self.step();
            match before.get(child) {
                Some(known) => {
                    picks.push((child, Pick::Mine(*known)));
                    let lists = list_at_mut(stored, parts.place).zip(list_at_mut(new, parts.place));
                    if let Some((stored, new)) = lists {
                        if let Some((stored, new)) = element_mut(stored, *known).zip(element_mut(new, *place))
                        {
                            self.whole(child, stored, new);
                        }
                    }
                }
                None if self.adds(child, part_at(new, parts, *place)) => {
                    picks.push((child, Pick::Other(*place)));
                }
                None => {}
            }
        }
        let picks = arrange(&before, picks, others, dropped);
        let lists = list_at_mut(stored, parts.place).zip(list_at_mut(new, parts.place));
        if let Some((stored, new)) = lists.filter(|(stored, _)| !is_as_before(&picks, stored.count())) {
            stored.rebuild(Some(new), &picks);
        }
    }

    /// Takes a part that is not there, unless it went since. Its times are taken then.
    pub(super) fn adds(&mut self, key: &str, part: Option<&dyn AnyObject>) -> bool {
        let Some(part) = part else { return false };
        let theirs = last_updated(part);
        self.look_at_time(theirs);
        if let Some(gone) = self.stamps.gone.get(key).copied() {
            if !self.revives(gone, theirs) {
                self.lose(key, "");
                return false;
            }
            self.stamps.gone.remove(key);
        }
        let pair = self.pair(None);
        self.stamps.adopt(key, part, &|theirs| Pair { theirs, ..pair });
        self.saw(key, theirs);
        self.change(key);
        true
    }

    /// Whether a part that went comes back.
    fn revives(&mut self, gone: Pair, theirs: Option<i64>) -> bool {
        let is_older = self.effective(theirs) < gone.effective(self.limits.tolerance);
        match self.how {
            How::Push(_) => {
                self.doubt_if(is_older || self.pair(theirs).raw() <= gone.raw(), DoubtReason::Parts);
                !is_older
            }
            How::Answer(Answered { asked, .. }) if gone.ours >= asked => {
                self.doubt(DoubtReason::Parts);
                false
            }
            How::Answer(answer) => {
                let stays_away = is_older && !answer.is_believed;
                self.is_old |= stays_away;
                !stays_away
            }
        }
    }

    /// Raises the visible time of an object to those of its parts, as the specification wants it.
    fn raise_to_parts(&mut self, object: &mut dyn AnyObject) {
        let newest = Children::of("", object).objects().filter_map(last_updated).max();
        self.raise(object, newest);
    }

    /// Raises the visible time of an object to that of a part; but not into our future.
    pub(super) fn raise(&mut self, object: &mut dyn AnyObject, theirs: Option<i64>) {
        let is_higher = theirs > last_updated(object) && !self.pair(theirs).is_ahead(self.limits.tolerance);
        let time = theirs.and_then(ocpi_types::DateTime::from_unix_micros);
        if let Some(time) = time.filter(|_| is_higher) {
            self.shows_other_time = true;
            set_last_updated(object, time);
        }
    }
}

/// The list that is left: in the order of a PUT, with the parts behind it that stayed; or, after a PATCH, as it was, with
/// the new ones behind it.
fn arrange(
    before: &BTreeMap<String, usize>,
    named: Vec<(&String, Pick)>,
    others: Others,
    dropped: &BTreeSet<String>,
) -> Vec<Pick> {
    match others {
        Others::Go => {
            let keys: BTreeSet<_> = named.iter().map(|(key, _)| *key).collect();
            let stays = |(key, _): &(&String, &usize)| !keys.contains(key) && !dropped.contains(*key);
            let mut stay: Vec<_> = before.iter().filter(stays).map(|(_, place)| *place).collect();
            stay.sort_unstable();
            named.into_iter().map(|(_, pick)| pick).chain(stay.into_iter().map(Pick::Mine)).collect()
        }
        Others::Stay => {
            let mut places: Vec<_> = before.values().copied().collect();
            places.sort_unstable();
            let added = named.into_iter().map(|(_, pick)| pick).filter(|pick| matches!(pick, Pick::Other(_)));
            places.into_iter().map(Pick::Mine).chain(added).collect()
        }
    }
}

/// Whether a list of so many elements stays as it is.
pub(super) fn is_as_before(picks: &[Pick], count: usize) -> bool {
    picks.len() == count && picks.iter().enumerate().all(|(place, pick)| *pick == Pick::Mine(place))
}

/// Number of elements in the list of parts.
fn part_count(object: &dyn AnyObject) -> usize {
    let parts = Layout::of(object.info()).parts;
    parts.and_then(|parts| list_at(object, parts.place)).map_or(0, |list| list.count())
}

fn part_at(object: &dyn AnyObject, parts: PartList, place: usize) -> Option<&dyn AnyObject> {
    match list_at(object, parts.place)?.element(place)?.node_any() {
        Node::Object(part) => Some(part),
        _ => None,
    }
}

/// The places of a part and of the parts around it, from the outermost.
pub(super) fn path_to(round: &mut Round<'_>, root: &dyn AnyObject, key: &str) -> Option<Vec<usize>> {
    let mut path = Vec::new();
    let mut object = root;
    for segment in key.split('/').filter(|segment| !segment.is_empty()) {
        let (place, part) = Children::of("", object).find_one(segment, &mut round.steps)?;
        path.push(place);
        object = part;
    }
    Some(path)
}

/// The part that has a path.
pub(super) fn part_mut<'a>(root: &'a mut dyn AnyObject, path: &[usize]) -> Option<&'a mut dyn AnyObject> {
    let Some((place, rest)) = path.split_first() else { return Some(root) };
    let parts = Layout::of(root.info()).parts?;
    part_mut(element_mut(list_at_mut(root, parts.place)?, *place)?, rest)
}

/// Checks the parts of a message, and leaves the newest of those that have one id. Tells whether there were such.
///
/// # Errors
/// When a part has no id or cannot be read.
pub(super) fn tidy(object: &mut dyn AnyObject) -> Result<bool, OrderError> {
    let layout = Layout::of(object.info());
    let is_text = |name: &str| object.extra().get(name).is_some();
    if layout.parts.is_some_and(|list| is_text(list.name))
        || layout.periods.is_some_and(|list| is_text(list.name))
    {
        return Err(OrderError::UnreadablePart);
    }
    let Some(parts) = layout.parts else { return Ok(false) };
    let Some(list) = list_at_mut(object, parts.place) else { return Ok(false) };
    let mut found = false;
    let mut newest: BTreeMap<String, (Option<i64>, usize)> = BTreeMap::new();
    for place in 0..list.count() {
        let part = element_mut(list, place).filter(|part| id_of(*part, parts.id).is_some());
        found |= tidy(part.ok_or(OrderError::PartWithoutId)?)?;
    }
    for (child, place, part) in Children::of("", object) {
        let time = (last_updated(part), place);
        let known = newest.entry(child).or_insert(time);
        *known = time.max(*known);
    }
    let places: BTreeSet<_> = newest.into_values().map(|(_, place)| place).collect();
    let list = list_at_mut(object, parts.place).filter(|list| places.len() < list.count());
    if let Some(list) = list {
        found = true;
        leave(list, &places);
    }
    Ok(found)
}

/// Leaves the elements at some places.
fn leave(list: &mut dyn AnyList, places: &BTreeSet<usize>) {
    let picks: Vec<_> = places.iter().copied().map(Pick::Mine).collect();
    list.rebuild(None, &picks);
}

/// The ids of some parts of an object, as it spells them; "" for one that is not there.
pub(super) fn spelled(root: &dyn AnyObject, keys: &[String]) -> BTreeSet<String> {
    let Some(parts) = Layout::of(root.info()).parts else { return [String::new()].into() };
    let text = |part| id_of(part, parts.id).map(|id| id.text.to_owned()).unwrap_or_default();
    // One or two are looked for, many are looked up.
    if keys.len() < 4 {
        let find = |key: &String| Children::of("", root).find_one(key, &mut 0);
        return keys.iter().map(|key| find(key).map(|(_, part)| text(part)).unwrap_or_default()).collect();
    }
    let known: BTreeMap<_, _> = Children::of("", root).map(|(key, _, part)| (key, text(part))).collect();
    keys.iter().map(|key| known.get(key).cloned().unwrap_or_default()).collect()
}

/// Whether a path, or a part of a message about the object there, has an id that is known in another case.
pub(super) fn case_differs(root: &dyn AnyObject, path: &[String], new: Option<&dyn AnyObject>) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    let id = id_of(root, "uid").or_else(|| id_of(root, "id"));
    if id.is_some_and(|id| id.text != first) {
        return true;
    }
    let Some(next) = rest.first() else { return new.is_some_and(|new| parts_differ(root, new)) };
    let part = Children::of("", root).find(|(_, _, part)| {
        let id = id_of(*part, "uid").or_else(|| id_of(*part, "id"));
        id.is_some_and(|id| id.text.eq_ignore_ascii_case(next))
    });
    part.is_some_and(|(_, _, part)| case_differs(part, rest, new))
}

fn parts_differ(stored: &dyn AnyObject, new: &dyn AnyObject) -> bool {
    let Some(parts) = Layout::of(stored.info()).parts else { return false };
    let known: BTreeMap<_, _> = Children::of("", stored).map(|(key, _, part)| (key, part)).collect();
    Children::of("", new).any(|(key, _, part)| {
        known.get(&key).is_some_and(|known| {
            let ids = id_of(*known, parts.id).zip(id_of(part, parts.id));
            ids.is_some_and(|(known, new)| known.text != new.text) || parts_differ(*known, part)
        })
    })
}
