//! A receiver's copy of a partner's object.

use std::collections::BTreeSet;

use ocpi_types::endpoint::{Key, Outgoing, Owned, Resource};
use ocpi_types::{AnyObject, DateTime};

use super::arrival::Kind;
use super::parts::{case_differs, spelled};
use super::{Arrival, Doubt, DoubtReason, OrderError, OrderSettings, Stamps, Update, UpdateOutcome};

/// A copy of a partner's object, with the times that order its updates.
#[derive(Clone, Debug)]
pub struct StoredCopy<R> {
    /// The object, if it exists.
    pub object: Option<R>,
    /// The times. Those of a deleted object are kept for a while.
    pub stamps: Stamps,
    /// The doubt, if the copy may differ from the owner's object.
    pub doubt: Option<Doubt>,
}

impl<R> Default for StoredCopy<R> {
    fn default() -> Self {
        Self { object: None, stamps: Stamps::default(), doubt: None }
    }
}

impl<R: Resource<Root = R>> StoredCopy<R> {
    /// Creates a copy from its stored form. If it has no stored times, the object's own are used; if they cannot be
    /// read, the order is that of arrival, and the copy is in doubt.
    pub fn load(object: Option<R>, stamps: &[u8], doubt: Option<Doubt>, now: DateTime) -> Self {
        if stamps.is_empty() {
            let stamps = object.as_ref().map(|object| Stamps::of_object(object, millis(now)));
            return Self { object, stamps: stamps.unwrap_or_default(), doubt };
        }
        let known = Stamps::from_bytes(stamps);
        let is_unreadable = known.is_none();
        let mut copy = Self { object, stamps: known.unwrap_or_default(), doubt };
        if is_unreadable {
            copy.add_doubts([DoubtReason::Unreadable].into(), now);
        }
        copy
    }

    /// Takes an update of a partner.
    ///
    /// # Errors
    /// When the update is malformed: see [`OrderError`].
    pub fn take<T: Resource<Root = R>>(
        &mut self,
        at: &Owned<T::Key>,
        update: Update<T>,
        arrival: Arrival,
        settings: &OrderSettings,
    ) -> Result<UpdateOutcome, OrderError> {
        let part = part_of::<T>(&at.key);
        if arrival.exact_ids {
            self.check_case::<T>(&at.key, &update)?;
        }
        let now = millis(arrival.ours);
        let is_patch = matches!(update.0, Kind::Patch(_));
        let mut outcome = match update.0 {
            Kind::Put(object) if part.is_empty() => match object.into_root() {
                Some(object) => self.put_root(object, arrival, settings)?,
                None => self.missing(arrival),
            },
            Kind::Put(object) => self.put_part(&part, &mut vec![object], arrival, settings)?,
            Kind::Patch(mut change) => {
                let theirs = arrival.theirs.map(DateTime::to_unix_micros);
                let outcome =
                    self.patch(&part, &mut change.object, &change.places, theirs, arrival, settings)?;
                let found = self.object.as_ref().and_then(|root| T::find(root, &at.key));
                if found.is_some_and(|found| !found.is_at(at)) {
                    return Err(OrderError::IdentityChange);
                }
                outcome
            }
            Kind::Delete => self.delete(arrival, settings),
        };
        let limits = super::settings::Limits::from(settings);
        self.stamps.prune(now, limits.window, limits.keep);
        self.name_parts(&mut outcome);
        // What else is done with a whole object is not looked at.
        outcome.is_touched |= !is_patch || outcome.is_changed;
        Ok(outcome)
    }

    /// Names the parts that changed as the object spells their ids. One that went is a change of the object.
    pub(super) fn name_parts(&self, outcome: &mut UpdateOutcome) {
        if outcome.parts.iter().all(String::is_empty) {
            return;
        }
        let spelled = self.object.as_ref().map(|root| spelled(root, &outcome.parts));
        outcome.parts = spelled.unwrap_or_else(|| [String::new()].into()).into_iter().collect();
    }

    /// Marks the start of a look-up at the owner: doubts from now on are new ones.
    pub fn ask(&mut self) {
        self.doubt = None;
    }

    /// Adds reasons to doubt.
    pub(crate) fn add_doubts(&mut self, reasons: BTreeSet<DoubtReason>, since: DateTime) {
        if reasons.is_empty() {
            return;
        }
        match &mut self.doubt {
            Some(doubt) => doubt.add(reasons, since),
            None => self.doubt = Some(Doubt::new(since, reasons)),
        }
    }

    /// Refuses ids that are known in another case.
    fn check_case<T: Resource<Root = R>>(&self, key: &T::Key, update: &Update<T>) -> Result<(), OrderError> {
        let Some(root) = &self.object else { return Ok(()) };
        let mut path = Outgoing::default();
        key.encode(&mut path);
        let new: Option<&dyn AnyObject> = match &update.0 {
            Kind::Put(object) => Some(object),
            Kind::Patch(change) => Some(&change.object),
            Kind::Delete => None,
        };
        if case_differs(root, &path.segments, new) { Err(OrderError::CaseOnly) } else { Ok(()) }
    }
}

/// The key of a part in its root: "" for the root itself.
fn part_of<T: Resource>(key: &T::Key) -> String {
    let (key, root) = (key.canonical(), T::root_key(key).canonical());
    key.strip_prefix(&root).map_or("", |part| part.trim_start_matches('/')).to_owned()
}

/// A time of our clock, to the millisecond.
pub(super) fn millis(time: DateTime) -> i64 {
    time.to_unix_micros().div_euclid(1_000).saturating_mul(1_000)
}
