//! Pushes: PUT, PATCH and DELETE.

use ocpi_types::endpoint::Resource;
use ocpi_types::{AnyList, AnyObject, json};

use super::copy::{StoredCopy, millis};
use super::finality::{keep_final, without_state};
use super::layout::{Layout, element_mut, last_updated, list_at_mut};
use super::members::Which;
use super::pair::Pair;
use super::parts::{part_mut, path_to, tidy};
use super::round::{How, Round};
use super::rule::Answered;
use super::settings::Limits;
use super::stamps::{Held, Tomb};
use super::{Arrival, DoubtReason, OrderError, OrderFinding, OrderSettings, Taken, UpdateOutcome};

impl<R: Resource<Root = R>> StoredCopy<R> {
    /// PUT of the object itself.
    pub(super) fn put_root(
        &mut self,
        mut new: R,
        arrival: Arrival,
        settings: &OrderSettings,
    ) -> Result<UpdateOutcome, OrderError> {
        let (limits, ours) = (Limits::from(settings), millis(arrival.ours));
        let is_twice = tidy(&mut new)?;
        let is_kept_final = keep_final(self.object.as_ref(), &mut new);
        // A PUT of an object of which nothing is known cannot lose.
        let knows_nothing = self.object.is_none() && self.stamps.held.is_none() && self.stamps.tomb.is_none();
        let digest = if knows_nothing { 0 } else { digest(&new) };
        let mut outcome = if self.insists(digest, ours, &limits) {
            (self.stamps.held, self.stamps.tomb) = (None, None);
            let answer = Answered { asked: ours, came: ours, is_believed: true };
            self.take_answer(new, answer, &limits, arrival.ours)
        } else if let Some(held) = self.hold_if_deleted(&new, digest, arrival, &limits) {
            held
        } else {
            self.store_root(new, digest, arrival, &limits)
        };
        if is_twice {
            outcome.findings.push(OrderFinding::EvseTwice);
        }
        if is_kept_final {
            outcome.findings.push(OrderFinding::FinalKept);
        }
        Ok(outcome)
    }

    /// A PUT that lost comes again much later: an owner that repeats itself is heard.
    fn insists(&self, digest: u64, ours: i64, limits: &Limits) -> bool {
        self.stamps
            .held
            .is_some_and(|held| held.digest == digest && ours.saturating_sub(held.ours) >= limits.window)
    }

    /// A PUT of an object that was deleted: it may be older than the DELETE, which has no time.
    fn hold_if_deleted(
        &mut self,
        new: &R,
        digest: u64,
        arrival: Arrival,
        limits: &Limits,
    ) -> Option<UpdateOutcome> {
        let tomb = self.stamps.tomb?;
        let (theirs, ours) = (last_updated(new), millis(arrival.ours));
        let put = Pair { theirs, ours };
        let is_soon = ours < tomb.deleted.saturating_add(limits.window);
        let is_older = if is_soon {
            put.raw() <= tomb.stamp
        } else {
            let newest = Pair { theirs: Some(tomb.stamp), ours: tomb.ours };
            put.effective(limits.tolerance) < newest.effective(limits.tolerance)
        };
        if is_soon || is_older {
            self.add_doubts([DoubtReason::Deleted].into(), arrival.ours);
        }
        if is_older {
            self.hold(digest, ours);
            return Some(Round::new(&mut self.stamps, *limits, How::Push(ours)).end_as(Taken::Held).0);
        }
        self.stamps.tomb = None;
        None
    }

    fn hold(&mut self, digest: u64, ours: i64) {
        if self.stamps.held.is_none_or(|held| held.digest != digest) {
            self.stamps.held = Some(Held { digest, ours });
        }
    }

    fn store_root(&mut self, mut new: R, digest: u64, arrival: Arrival, limits: &Limits) -> UpdateOutcome {
        let (theirs, ours) = (last_updated(&new), millis(arrival.ours));
        let mut round = Round::new(&mut self.stamps, *limits, How::Push(ours));
        let Some(stored) = &mut self.object else {
            round.adds("", Some(&new));
            round.stamps.adopt_periods(&new, Some(Pair { theirs, ours }));
            self.object = Some(new);
            let (outcome, _) = round.end_as(Taken::Created);
            return outcome;
        };
        let status = status_of(stored);
        round.whole("", stored, &mut new);
        round.replace_periods(stored, &mut new, theirs);
        if is_reopened(status.as_deref(), stored) {
            round.findings.insert(OrderFinding::Reopened);
        }
        let (outcome, doubts) = round.end();
        if !doubts.is_empty() {
            self.hold(digest, ours);
        }
        self.add_doubts(doubts, arrival.ours);
        outcome
    }

    /// PUT of a part; `new` is a list of it alone.
    pub(super) fn put_part(
        &mut self,
        key: &str,
        new: &mut dyn AnyList,
        arrival: Arrival,
        settings: &OrderSettings,
    ) -> Result<UpdateOutcome, OrderError> {
        let object = element_mut(new, 0).ok_or(OrderError::UnreadablePart)?;
        let is_twice = tidy(object)?;
        let theirs = last_updated(object);
        let parent = key.rsplit_once('/').map_or("", |(parent, _)| parent);
        let mut round = Round::new(&mut self.stamps, Limits::from(settings), How::Push(millis(arrival.ours)));
        let path = self.object.as_ref().and_then(|root| path_to(&mut round, root, parent));
        let (Some(root), Some(mut path)) = (&mut self.object, path) else {
            return Ok(self.missing(arrival));
        };
        let known = path_to(&mut round, root, key);
        let taken = match known {
            Some(known) => {
                if let Some(stored) = part_mut(root, &known) {
                    round.whole(key, stored, object);
                }
                None
            }
            None if round.adds(key, Some(object)) => {
                let parent = part_mut(root, &path);
                let list = parent.and_then(|parent| {
                    let place = Layout::of(parent.info()).parts?.place;
                    list_at_mut(parent, place)
                });
                if let Some(list) = list {
                    let known = (0..list.count()).map(ocpi_types::Pick::Mine);
                    let picks: Vec<_> = known.chain([ocpi_types::Pick::Other(0)]).collect();
                    list.rebuild(Some(new), &picks);
                }
                Some(Taken::Created)
            }
            None => None,
        };
        raise_all(&mut round, root, &mut path, theirs);
        if is_twice {
            round.findings.insert(OrderFinding::EvseTwice);
        }
        let (outcome, doubts) = match taken {
            Some(taken) => round.end_as(taken),
            None => round.end(),
        };
        self.add_doubts(doubts, arrival.ours);
        Ok(outcome)
    }

    /// PATCH of the object or of a part: the members at `places`.
    pub(super) fn patch(
        &mut self,
        key: &str,
        new: &mut dyn AnyObject,
        places: &[usize],
        theirs: Option<i64>,
        arrival: Arrival,
        settings: &OrderSettings,
    ) -> Result<UpdateOutcome, OrderError> {
        let is_twice = tidy(new)?;
        takes_nothing_away(new, places)?;
        let ours = millis(arrival.ours);
        let mut round = Round::new(&mut self.stamps, Limits::from(settings), How::Push(ours));
        let path = self.object.as_ref().and_then(|root| path_to(&mut round, root, key));
        let (Some(root), Some(mut path)) = (&mut self.object, path) else {
            return Ok(self.missing(arrival));
        };
        let status = status_of(root);
        let Some(stored) = part_mut(root, &path) else { return Ok(self.missing(arrival)) };
        keeps_ids(stored, new, places)?;
        let allowed = without_state(stored, new, places);
        if allowed.is_some() {
            round.findings.insert(OrderFinding::FinalKept);
        }
        let places = allowed.as_deref().unwrap_or(places);
        round.look_at_time(theirs);
        round.members(key, stored, new, Which::Named(places), theirs);
        round.nested(key, stored, new);
        round.add_periods(stored, new, theirs);
        round.saw(key, theirs);
        // One without a time is of the time at which it came, if it says anything new.
        let shown = theirs.or((!round.changed.is_empty()).then_some(ours));
        if theirs.is_none() || path.pop().is_some() {
            raise_all(&mut round, root, &mut path, shown);
        }
        if is_reopened(status.as_deref(), root) {
            round.findings.insert(OrderFinding::Reopened);
        }
        if is_twice {
            round.findings.insert(OrderFinding::EvseTwice);
        }
        let (outcome, doubts) = round.end();
        self.add_doubts(doubts, arrival.ours);
        Ok(outcome)
    }

    /// DELETE of the object. It has no time; what is left says when.
    pub(super) fn delete(&mut self, arrival: Arrival, settings: &OrderSettings) -> UpdateOutcome {
        let (limits, ours) = (Limits::from(settings), millis(arrival.ours));
        let Some(object) = &self.object else {
            let mut taken = Taken::Missing;
            if let Some(tomb) = &mut self.stamps.tomb {
                (tomb.deleted, taken) = (ours, Taken::Unchanged);
            }
            return Round::new(&mut self.stamps, limits, How::Push(ours)).end_as(taken).0;
        };
        let newest = self.stamps.newest("", object, limits.tolerance);
        let is_soon = ours.saturating_sub(newest.ours) < limits.window;
        self.bury(ours, &limits);
        if is_soon {
            self.add_doubts([DoubtReason::Deleted].into(), arrival.ours);
        }
        let mut round = Round::new(&mut self.stamps, limits, How::Push(ours));
        round.change("");
        round.end_as(Taken::Updated).0
    }

    /// Leaves a tombstone.
    pub(super) fn bury(&mut self, deleted: i64, limits: &Limits) {
        let Some(object) = self.object.take() else { return };
        let (stamp, ours) = self.stamps.newest("", &object, limits.tolerance).last;
        self.stamps.tomb = Some(Tomb { stamp, ours, deleted });
        self.stamps.parts.clear();
        self.stamps.gone.clear();
        self.stamps.periods.clear();
        self.stamps.list = None;
    }

    /// A change of something that is not there.
    pub(super) fn missing(&mut self, arrival: Arrival) -> UpdateOutcome {
        self.add_doubts([DoubtReason::Missing].into(), arrival.ours);
        let limits = Limits::from(&OrderSettings::default());
        Round::new(&mut self.stamps, limits, How::Push(millis(arrival.ours))).end_as(Taken::Missing).0
    }
}

/// Raises the visible times of the objects on a path to that of a part.
fn raise_all(round: &mut Round<'_>, root: &mut dyn AnyObject, path: &mut Vec<usize>, theirs: Option<i64>) {
    loop {
        if let Some(object) = part_mut(root, path) {
            round.raise(object, theirs);
        }
        if path.pop().is_none() {
            return;
        }
    }
}

/// A PATCH has the ids of the object, or none.
fn keeps_ids(stored: &dyn AnyObject, new: &dyn AnyObject, places: &[usize]) -> Result<(), OrderError> {
    let layout = Layout::of(stored.info());
    let is_id = |place: &&usize| {
        stored.info().fields.get(**place).is_some_and(|field| layout.ids.contains(&field.name))
    };
    let same = |place: &usize| {
        stored.slot(*place).zip(new.slot(*place)).is_some_and(|(stored, new)| stored.equals_any(new))
    };
    if places.iter().filter(is_id).all(same) { Ok(()) } else { Err(OrderError::IdentityChange) }
}

/// A PATCH does not empty a list of parts that must have one.
fn takes_nothing_away(new: &mut dyn AnyObject, places: &[usize]) -> Result<(), OrderError> {
    let Some(parts) = Layout::of(new.info()).parts.filter(|parts| places.contains(&parts.place)) else {
        return Ok(());
    };
    let field = new.info().fields.get(parts.place);
    let is_required = field.is_some_and(|field| field.card == ocpi_types::Cardinality::AtLeastOne);
    let count = list_at_mut(new, parts.place).map_or(0, |list| list.count());
    if is_required && count == 0 { Err(OrderError::Required) } else { Ok(()) }
}

/// The state of a Session.
pub(super) fn status_of(root: &dyn AnyObject) -> Option<String> {
    let place = Layout::of(root.info()).periods.and(root.info().place("status"))?;
    root.slot(place).map(|slot| slot.node_any().to_json())
}

fn is_reopened(before: Option<&str>, root: &dyn AnyObject) -> bool {
    before == Some(r#""COMPLETED""#) && status_of(root).as_deref() == Some(r#""ACTIVE""#)
}

/// Digest of a PUT, by which the same one is known again (FNV-1a). Only its owner could make two of one digest.
fn digest<R: Resource>(object: &R) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    json::to_vec(object).iter().fold(0xcbf2_9ce4_8422_2325, step)
}
