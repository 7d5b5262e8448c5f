//! Answers of the owner to look-ups of an object.

use ocpi_types::DateTime;
use ocpi_types::endpoint::Resource;

use super::copy::{StoredCopy, millis};
use super::layout::last_updated;
use super::pair::Pair;
use super::parts::tidy;
use super::round::{How, Round};
use super::rule::Answered;
use super::settings::Limits;
use super::{DoubtReason, OrderError, OrderSettings, Taken, UpdateOutcome};

impl<R: Resource<Root = R>> StoredCopy<R> {
    /// Takes the owner's answer to a look-up that was sent at `asked` and answered at `came`; `None`: the owner does
    /// not have the object.
    ///
    /// It outweighs all updates that arrived before the look-up; later ones are compared by their times. An answer
    /// older than the copy, for example from a cache, is believed only after several such answers: until then the copy
    /// stays in doubt, and should be looked up again.
    ///
    /// # Errors
    /// When the object is malformed: see [`OrderError`].
    pub fn answer(
        &mut self,
        answer: Option<R>,
        asked: DateTime,
        came: DateTime,
        settings: &OrderSettings,
    ) -> Result<UpdateOutcome, OrderError> {
        let limits = Limits::from(settings);
        // What came up after the question was asked is another doubt.
        self.doubt.take_if(|doubt| doubt.latest < asked);
        let is_believed = self.is_believed(settings);
        let times = Answered { asked: millis(asked), came: millis(came), is_believed };
        let mut outcome = match answer {
            Some(mut object) => {
                tidy(&mut object)?;
                self.take_answer(object, times, &limits, came)
            }
            None => self.take_absence(times, &limits, came),
        };
        self.stamps.prune(times.came, limits.window, limits.keep);
        self.name_parts(&mut outcome);
        // What is done with a whole object is not looked at.
        outcome.is_touched = true;
        Ok(outcome)
    }

    /// Whether the next answer is believed even if it looks old, because enough earlier ones did.
    pub fn is_believed(&self, settings: &OrderSettings) -> bool {
        self.stamps.old_answers >= settings.old_answers
    }

    /// Records that none of the owner's complete lists contains the object any more. An update that arrived at `asked`
    /// or later keeps the object.
    ///
    /// ```
    /// use ocpi_server_traits::order::{Arrival, OrderSettings, StoredCopy, Taken, Update};
    /// use ocpi_types::endpoint::RootResource;
    /// use ocpi_types::{DateTime, json, v2_3_0::tariffs::Tariff};
    /// let tariff: Tariff = json::from_str(r#"{"country_code":"SE","party_id":"KRA","id":"T1","currency":"SEK",
    ///     "elements":[{"price_components":[{"type":"ENERGY","price":3.5,"step_size":1}]}],
    ///     "tax_included":"YES","last_updated":"2026-11-22T10:00:00Z"}"#)?;
    /// let (at, settings) = (tariff.identity(), OrderSettings::default());
    /// let time = |text: &str| format!("2026-11-22T{text}Z").parse::<DateTime>();
    /// let mut copy = StoredCopy::<Tariff>::default();
    /// let update = Update::put(tariff);
    /// copy.take(&at, update.clone(), Arrival::of(&update, time("10:00:01")?), &settings)?;
    /// assert_eq!(copy.vanish(time("10:00:00")?, time("10:00:05")?, &settings).taken, Taken::Unchanged);
    /// assert_eq!(copy.vanish(time("10:01:00")?, time("10:01:05")?, &settings).taken, Taken::Updated);
    /// assert!(copy.object.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn vanish(&mut self, asked: DateTime, came: DateTime, settings: &OrderSettings) -> UpdateOutcome {
        let limits = Limits::from(settings);
        let times = Answered { asked: millis(asked), came: millis(came), is_believed: true };
        let newest = self.newest_arrival(settings).map(DateTime::to_unix_micros);
        if newest.is_none_or(|newest| newest >= times.asked) {
            return Round::new(&mut self.stamps, limits, How::Answer(times)).end_as(Taken::Unchanged).0;
        }
        let mut outcome = self.take_absence(times, &limits, came);
        self.doubt = None;
        self.stamps.prune(times.came, limits.window, limits.keep);
        self.name_parts(&mut outcome);
        outcome.is_touched = true;
        outcome
    }

    /// Returns the time of arrival of the object's newest value; `None` if there is no object.
    pub fn newest_arrival(&self, settings: &OrderSettings) -> Option<DateTime> {
        let limits = Limits::from(settings);
        let newest = self.stamps.newest("", self.object.as_ref()?, limits.tolerance).ours;
        Some(DateTime::from_unix_micros(newest).unwrap_or(DateTime::UNIX_EPOCH))
    }

    /// The owner has no such object.
    fn take_absence(&mut self, answer: Answered, limits: &Limits, came: DateTime) -> UpdateOutcome {
        let mut is_gone = false;
        if let Some(object) = &self.object {
            let newest = self.stamps.newest("", object, limits.tolerance).ours;
            let was_there = newest < answer.asked;
            is_gone =
                newest < answer.asked.saturating_sub(limits.window) || (was_there && answer.is_believed);
            if is_gone {
                self.bury(answer.asked, limits);
                self.stamps.old_answers = 0;
            } else {
                // Perhaps an old copy of the list.
                self.stamps.old_answers = self.stamps.old_answers.saturating_add(u32::from(was_there));
                self.add_doubts([DoubtReason::OldAnswer].into(), came);
            }
        }
        let mut round = Round::new(&mut self.stamps, *limits, How::Answer(answer));
        if is_gone {
            round.change("");
        }
        round.end().0
    }

    /// The owner has this object.
    pub(super) fn take_answer(
        &mut self,
        mut new: R,
        answer: Answered,
        limits: &Limits,
        came: DateTime,
    ) -> UpdateOutcome {
        let theirs = last_updated(&new);
        if let Some(held) = self.doubt_the_deleted(theirs, answer, limits, came) {
            return held;
        }
        self.stamps.tomb = None;
        let mut round = Round::new(&mut self.stamps, *limits, How::Answer(answer));
        let Some(stored) = &mut self.object else {
            round.adds("", Some(&new));
            round.stamps.adopt_periods(&new, Some(Pair { theirs, ours: answer.asked }));
            round.stamps.old_answers = 0;
            self.object = Some(new);
            return round.end_as(Taken::Created).0;
        };
        round.whole("", stored, &mut new);
        round.replace_periods(stored, &mut new, theirs);
        let is_old = round.is_old;
        round.doubt_if(is_old, DoubtReason::OldAnswer);
        let (outcome, doubts) = round.end();
        self.stamps.old_answers = if is_old { self.stamps.old_answers.saturating_add(1) } else { 0 };
        self.add_doubts(doubts, came);
        outcome
    }

    /// An object that was deleted here is in the owner's list: perhaps an old copy of it.
    fn doubt_the_deleted(
        &mut self,
        theirs: Option<i64>,
        answer: Answered,
        limits: &Limits,
        came: DateTime,
    ) -> Option<UpdateOutcome> {
        let tomb = self.stamps.tomb?;
        let is_since = tomb.deleted >= answer.asked;
        let is_soon = answer.asked < tomb.deleted.saturating_add(limits.window);
        if !is_since && (answer.is_believed || !is_soon || theirs > Some(tomb.stamp)) {
            return None;
        }
        if !is_since {
            self.stamps.old_answers = self.stamps.old_answers.saturating_add(1);
        }
        self.add_doubts([DoubtReason::OldAnswer].into(), came);
        Some(Round::new(&mut self.stamps, *limits, How::Answer(answer)).end_as(Taken::Held).0)
    }
}
