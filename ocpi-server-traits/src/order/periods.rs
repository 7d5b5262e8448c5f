//! Charging periods: a PATCH adds them, a PUT replaces the list.

use std::collections::BTreeMap;

use ocpi_types::{AnyObject, Pick};

use super::layout::{Layout, PeriodKey, PeriodList, list_at, list_at_mut};
use super::pair::Pair;
use super::parts::is_as_before;
use super::round::{How, Round};
use super::rule::Answered;
use super::{DoubtReason, OrderFinding};

/// The periods that are there and those of a message, by their places in the two lists.
struct Merge {
    list: PeriodList,
    before: BTreeMap<PeriodKey, usize>,
    /// In the order of the message.
    new: Vec<PeriodKey>,
    /// The periods that are left.
    left: BTreeMap<PeriodKey, Pick>,
}

impl Round<'_> {
    /// Takes the periods of a PUT or of an answer: they replace those that are there.
    pub(super) fn replace_periods(
        &mut self,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        theirs: Option<i64>,
    ) {
        let Some(mut merge) = Merge::of(stored, new) else { return };
        for (place, key) in merge.new.clone().into_iter().enumerate() {
            self.step();
            let is_same = merge.is_same(stored, new, key, place);
            let known = merge.before.contains_key(&key).then(|| self.period_pair(key));
            let takes = match self.how {
                How::Push(_) => self.takes_put(known, theirs, is_same),
                How::Answer(answer) => self.takes_answered(known, theirs, answer),
            };
            self.settle(&mut merge, key, place, takes, is_same, theirs);
        }
        let named: BTreeMap<_, _> = merge.new.iter().map(|key| (*key, ())).collect();
        for key in merge.before.clone().into_keys().filter(|key| !named.contains_key(key)) {
            self.step();
            let known = self.period_pair(key);
            let goes = match self.how {
                How::Push(_) => self.removes_put(known, theirs),
                How::Answer(answer) => self.removes_answered(known, theirs, answer),
            };
            if goes {
                merge.left.remove(&key);
                self.stamps.periods.remove(&key);
                self.change("");
            } else {
                self.lose("", merge.list.name);
            }
        }
        let pair = self.pair(theirs);
        let is_newest = match self.how {
            How::Push(_) => self
                .stamps
                .list
                .is_none_or(|list| self.effective(theirs) >= list.effective(self.limits.tolerance)),
            How::Answer(answer) => self.stamps.list.is_none_or(|list| list.ours < answer.asked),
        };
        if is_newest {
            self.stamps.list = Some(pair);
        }
        merge.finish(stored, new);
    }

    /// Takes the periods of a PATCH: all are added, whatever its time.
    pub(super) fn add_periods(
        &mut self,
        stored: &mut dyn AnyObject,
        new: &mut dyn AnyObject,
        theirs: Option<i64>,
    ) {
        let Some(mut merge) = Merge::of(stored, new) else { return };
        let tolerance = self.limits.tolerance;
        // Without a time it is ordered by its arrival for good.
        let theirs_or_ours = Some(self.pair(theirs).raw());
        for (place, key) in merge.new.clone().into_iter().enumerate() {
            self.step();
            let is_same = merge.is_same(stored, new, key, place);
            if merge.before.contains_key(&key) {
                let known = self.period_pair(key);
                if is_same {
                    continue;
                }
                self.doubt_if(theirs_or_ours <= Some(known.raw()), DoubtReason::Periods);
                let takes = self.effective(theirs_or_ours) >= known.effective(tolerance);
                self.settle(&mut merge, key, place, takes, false, theirs_or_ours);
            } else {
                // A PUT may have removed it on purpose. A period too many is seen and cured, one too few is not.
                self.doubt_if(self.may_be_removed(theirs), DoubtReason::Periods);
                self.settle(&mut merge, key, place, true, false, theirs_or_ours);
            }
        }
        merge.finish(stored, new);
    }

    fn may_be_removed(&self, theirs: Option<i64>) -> bool {
        let (How::Push(ours), Some(list)) = (self.how, self.stamps.list) else { return false };
        let Some(stamp) = theirs else { return ours.saturating_sub(list.ours) < self.limits.near };
        let top = self.stamps.top("", ours, self.limits.window);
        self.effective(theirs) <= list.effective(self.limits.tolerance)
            || stamp <= list.raw()
            || top.is_some_and(|top| stamp <= top)
    }

    /// Whether a period of a PUT counts.
    fn takes_put(&mut self, known: Option<Pair>, theirs: Option<i64>, is_same: bool) -> bool {
        let tolerance = self.limits.tolerance;
        let now = self.effective(theirs);
        let Some(known) = known else {
            // What a newer PUT lacks stays away.
            let is_late = self.stamps.list.is_some_and(|list| now < list.effective(tolerance));
            self.doubt_if(is_late, DoubtReason::Periods);
            return !is_late;
        };
        let takes = now >= known.effective(tolerance);
        let is_odd = !takes || self.pair(theirs).raw() <= known.raw();
        self.doubt_if(!is_same && is_odd, DoubtReason::Periods);
        takes
    }

    /// Whether a period goes that a PUT does not have.
    fn removes_put(&mut self, known: Pair, theirs: Option<i64>) -> bool {
        let tolerance = self.limits.tolerance;
        let (new, now) = (self.pair(theirs), self.effective(theirs));
        let is_newer = now > known.effective(tolerance) && new.raw() > known.raw();
        let is_of_list = now == known.effective(tolerance) && self.stamps.list == Some(known);
        if !is_newer && !is_of_list {
            // The orders disagree, or it came by a PATCH of the same time: it stays.
            self.doubt(DoubtReason::Periods);
            return false;
        }
        // The PUT may have been written before the period was.
        let was_old = known.ours.saturating_sub(known.raw()) > self.limits.near.saturating_mul(2);
        let is_odd = !is_newer || new.raw() <= known.ours || new.is_ahead(tolerance) || was_old;
        self.doubt_if(is_odd, DoubtReason::Periods);
        true
    }

    /// Whether a period of an answer counts.
    fn takes_answered(&mut self, known: Option<Pair>, theirs: Option<i64>, answer: Answered) -> bool {
        match (known, self.stamps.list) {
            (None, Some(list)) if list.ours >= answer.asked => {
                // Removed since we asked.
                self.doubt_if(Some(list.raw()) <= theirs, DoubtReason::Periods);
                false
            }
            (None, _) => true,
            (Some(known), _) => known.ours < answer.asked,
        }
    }

    /// Whether a period goes that an answer does not have.
    fn removes_answered(&mut self, known: Pair, theirs: Option<i64>, answer: Answered) -> bool {
        if known.ours >= answer.asked {
            self.doubt_if(Some(known.raw()) <= theirs, DoubtReason::Periods);
            return false;
        }
        let goes = self.effective(theirs) >= known.effective(self.limits.tolerance) || answer.is_believed;
        self.is_old |= !goes;
        goes
    }

    fn period_pair(&self, key: PeriodKey) -> Pair {
        self.stamps.periods.get(&key).copied().unwrap_or(Pair::UNKNOWN)
    }

    /// Writes down whether a period of the message counts.
    fn settle(
        &mut self,
        merge: &mut Merge,
        key: PeriodKey,
        place: usize,
        takes: bool,
        is_same: bool,
        theirs: Option<i64>,
    ) {
        if merge.before.contains_key(&key) && !is_same {
            self.findings.insert(OrderFinding::PeriodChanged);
        }
        if takes {
            merge.left.insert(key, Pick::Other(place));
            self.stamps.periods.insert(key, self.pair(theirs));
        }
        match (takes, is_same) {
            (true, false) => self.change(""),
            (false, false) => self.lose("", merge.list.name),
            (_, true) => {}
        }
    }
}

impl Merge {
    fn of(stored: &dyn AnyObject, new: &dyn AnyObject) -> Option<Self> {
        let list = Layout::of(stored.info()).periods?;
        let before = list.periods_in(stored).into_iter().enumerate();
        let before: BTreeMap<_, _> = before.map(|(place, key)| (key, place)).collect();
        let left = before.iter().map(|(key, place)| (*key, Pick::Mine(*place))).collect();
        Some(Self { list, before, new: list.periods_in(new), left })
    }

    /// Whether a period is there with the content that it has in the message.
    fn is_same(&self, stored: &dyn AnyObject, new: &dyn AnyObject, key: PeriodKey, place: usize) -> bool {
        let stored = list_at(stored, self.list.place).zip(self.before.get(&key));
        let stored = stored.and_then(|(list, place)| list.element(*place));
        let new = list_at(new, self.list.place).and_then(|list| list.element(place));
        stored.zip(new).is_some_and(|(stored, new)| stored.equals_any(new))
    }

    /// Makes the list that is left: as the message has it if it is the message's, otherwise by time.
    fn finish(mut self, stored: &mut dyn AnyObject, new: &mut dyn AnyObject) {
        let is_message = self.left.len() == self.new.len()
            && self.left.values().all(|pick| matches!(pick, Pick::Other(_)));
        let picks: Vec<_> = if is_message {
            (0..self.new.len()).map(Pick::Other).collect()
        } else if self.left.values().all(|pick| matches!(pick, Pick::Mine(_))) {
            // Nothing came: those that are left keep their order.
            let mut places: Vec<_> = std::mem::take(&mut self.left).into_values().collect();
            places.sort_unstable_by_key(|pick| match pick {
                Pick::Mine(place) | Pick::Other(place) => *place,
            });
            places
        } else {
            self.left.into_values().collect()
        };
        let lists = list_at_mut(stored, self.list.place).zip(list_at_mut(new, self.list.place));
        if let Some((stored, new)) = lists.filter(|(stored, _)| !is_as_before(&picks, stored.count())) {
            stored.rebuild(Some(new), &picks);
        }
    }
}
