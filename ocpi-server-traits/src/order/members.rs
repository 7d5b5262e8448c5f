//! Members of one part, each ordered by its own times.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::AnyObject;

use super::layout::{LAST_UPDATED, Layout, last_updated};
use super::pair::Pair;
use super::round::{How, Round};
use super::stamps::PartStamps;

/// Members that a message is about.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// All members: missing ones are absent.
    All,
    /// Members at these places, and the unknown members present.
    Named(&'a [usize]),
}

impl Round<'_> {
    /// Takes the members of a part that are newer than those that are there. `theirs` is the time of the message.
    pub(super) fn members(
        &mut self,
        key: &str,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        which: Which<'_>,
        theirs: Option<i64>,
    ) {
        let layout = Layout::of(stored.info());
        let unknown = || PartStamps::of(Pair::UNKNOWN);
        let mut part = self.stamps.parts.remove(key).unwrap_or_else(unknown);
        let is_newest = self.is_newest(&part, theirs);
        // With the base go all members that have no times of their own.
        let moves_base = matches!(which, Which::All) && self.verdict(key, part.base, theirs, true).takes;
        let mut each = Members { key, part: &mut part, theirs, moves_base };
        match which {
            Which::All => {
                for (place, field) in layout.members() {
                    each.known(self, stored, new, place, field.name);
                }
            }
            Which::Named(places) => {
                for place in places {
                    let field = stored.info().fields.get(*place);
                    if let Some(field) = field.filter(|field| layout.is_member(*place, field)) {
                        each.known(self, stored, new, *place, field.name);
                    }
                }
            }
        }
        each.unknown(self, stored, new, which);
        if moves_base {
            part.base = self.pair(theirs);
        }
        self.stamps.parts.insert(key.into(), part);
        if moves_base || is_newest {
            self.is_touched = true;
            self.show_time(stored, new, which, theirs);
        }
    }

    /// Whether nothing newer is known of a part.
    fn is_newest(&self, part: &PartStamps, theirs: Option<i64>) -> bool {
        match self.how {
            How::Push(_) => self.effective(theirs) >= part.effective(self.limits.tolerance),
            How::Answer(answer) => answer.is_believed && part.base.ours < answer.asked,
        }
    }

    /// Sets the visible time of a part.
    fn show_time(
        &mut self,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        which: Which<'_>,
        theirs: Option<i64>,
    ) {
        match (which, theirs) {
            (Which::All, _) => self.shows_other_time |= swap_time(stored, new),
            // Parts may have raised it, but not into the future.
            (Which::Named(_), Some(theirs)) => {
                let shown = self.pair(last_updated(stored));
                if shown.raw() <= theirs || shown.is_ahead(self.limits.tolerance) {
                    self.shows_other_time |= swap_time(stored, new);
                }
            }
            // Without a time nothing is known of the newest but what came: see the end of a PATCH.
            (Which::Named(_), None) => {}
        }
    }
}

/// The members of a part, one after the other.
struct Members<'a> {
    key: &'a str,
    part: &'a mut PartStamps,
    theirs: Option<i64>,
    moves_base: bool,
}

impl Members<'_> {
    fn known(
        &mut self,
        round: &mut Round<'_>,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        place: usize,
        name: &str,
    ) {
        let is_same = is_same(stored, new, place, name);
        if self.takes(round, name, is_same) {
            take_member(stored, new, place, name);
        }
    }

    /// The members that the specification does not have. There may be very many.
    fn unknown(
        &mut self,
        round: &mut Round<'_>,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        which: Which<'_>,
    ) {
        if matches!(which, Which::Named(_)) && new.extra().is_empty() {
            return;
        }
        let layout = Layout::of(stored.info());
        let (mut taken, mut removed) = (BTreeSet::new(), BTreeSet::new());
        {
            let (before, after) = (texts(&layout, stored), texts(&layout, new));
            let mut names: BTreeSet<&str> = after.keys().copied().collect();
            let own: Vec<_> = self.part.members.keys().cloned().collect();
            if matches!(which, Which::All) {
                names.extend(before.keys());
                names.extend(own.iter().map(String::as_str).filter(|name| !layout.is_known(name)));
            }
            for name in names {
                let (known, text) = (before.get(name), after.get(name));
                if self.takes(round, name, known == text) && known != text {
                    if text.is_some() { &mut taken } else { &mut removed }.insert(name.to_owned());
                }
            }
        }
        if !removed.is_empty() {
            stored.extra_mut().retain(|name| !removed.contains(name));
        }
        if !taken.is_empty() {
            let mut texts = std::mem::take(new.extra_mut());
            texts.retain(|name| taken.contains(name));
            stored.extra_mut().merge(texts);
        }
    }

    /// Whether the new value counts.
    fn takes(&mut self, round: &mut Round<'_>, name: &str, is_same: bool) -> bool {
        round.step();
        let known = self.part.of_member(name);
        let verdict = round.verdict(self.key, known, self.theirs, is_same);
        if let Some(reason) = verdict.doubt {
            round.doubt(reason);
        }
        round.is_old |= verdict.is_old;
        match (verdict.takes, is_same) {
            (true, false) => round.change(self.key),
            (false, false) => round.lose(self.key, name),
            (_, true) => {}
        }
        if verdict.takes {
            round.is_touched = true;
            let pair = round.pair(self.theirs);
            if self.moves_base || pair == self.part.base {
                self.part.members.remove(name);
            } else {
                self.part.members.insert(name.to_owned(), pair);
            }
        }
        verdict.takes
    }
}

/// The unknown members of an object.
fn texts<'a>(layout: &Layout, object: &'a dyn AnyObject) -> BTreeMap<&'a str, &'a str> {
    object.extra().iter().filter(|(name, _)| !layout.is_known(name)).collect()
}

/// Whether a member has one value in both objects. A value that could not be read in whole is kept as text beside it.
fn is_same(stored: &dyn AnyObject, new: &dyn AnyObject, place: usize, name: &str) -> bool {
    let slots = stored.slot(place).zip(new.slot(place));
    slots.is_some_and(|(stored, new)| stored.equals_any(new))
        && stored.extra().get(name) == new.extra().get(name)
}

/// Gives a member of one object the value that it has in another.
pub(super) fn take_member(stored: &mut dyn AnyObject, new: &mut dyn AnyObject, place: usize, name: &str) {
    if let (Some((slot, extra)), Some((value, _))) = (stored.slot_mut(place), new.slot_mut(place)) {
        slot.swap_any(value);
        extra.settle(name);
    }
    if stored.extra().get(name) != new.extra().get(name) {
        take_text(stored, new, name);
    }
}

fn take_text(stored: &mut dyn AnyObject, new: &dyn AnyObject, name: &str) {
    match new.extra().get(name).and_then(|text| text.parse().ok()) {
        Some(text) => stored.extra_mut().insert(name, text),
        None => stored.extra_mut().remove(name),
    }
}

/// Shows the time of the message. Whether it is another one than before.
fn swap_time(stored: &mut dyn AnyObject, new: &mut dyn AnyObject) -> bool {
    let Some(place) = stored.info().place(LAST_UPDATED) else { return false };
    let (Some((slot, _)), Some((value, _))) = (stored.slot_mut(place), new.slot_mut(place)) else {
        return false;
    };
    slot.swap_any(value) && !slot.equals_any(value)
}
