//! Look-ups of objects in doubt at their owners.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::order::UpdateOutcome;
use ocpi_server_traits::storage::Address;
use ocpi_server_traits::{Cause, Error as Refusal, InDoubt, Store};
use ocpi_types::DateTime;
use ocpi_types::endpoint::{GetOwn, Owned, RootResource};
use ocpi_types::protocol::Party;

use super::keep::is_silence;
use super::kinds::{KindList, SyncedKinds, has_single_get};
use super::look_up_log::later;
use super::options::Slice;
use super::{Incomplete, SyncOptions};
use crate::holding::Asked;
use crate::turns::AT_ONCE;
use crate::{Error, Platform};

/// Seconds until a partner that failed is asked again.
const AGAIN: i64 = 30;
/// Objects of a partner in doubt beyond which what changed is asked for in their place.
const MANY: usize = 20;
/// Time that a partner has for the objects that are due.
const MOST: Duration = Duration::from_secs(10);
/// Seconds between two deltas because of doubts.
const DELTA: i64 = 300;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Requests an object from its owner, and takes the answer, which outweighs all updates that arrived before the
    /// request. An answer that the owner does not have the object counts as well.
    ///
    /// # Errors
    /// When the partner is not registered, it does not own such objects, it answers with another object, a request or
    /// the store fails, or a guard refuses.
    pub async fn look_up<R: RootResource>(
        &self,
        partner: &str,
        at: &Owned<R::Key>,
    ) -> Result<UpdateOutcome, Error> {
        self.must_speak_for(partner, &at.owner).await?;
        let asked = self.now();
        let options = RequestOptions::new().to(at.owner.clone());
        let get = GetOwn::<R> { key: at.key.clone() };
        let answer = match self.send_with(partner, &get, &options).await {
            Ok(answer) => Some(answer.value),
            Err(Error::Client(error)) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        if answer.as_ref().is_some_and(|answer| answer.identity() != *at) {
            return Err(
                Refusal::invalid("the partner answered with another object than was asked for").into()
            );
        }
        // The partner may have lost the party while it was asked.
        self.must_speak_for(partner, &at.owner).await?;
        let by = Cause::LookUp(Self::named(partner)?);
        Ok(self.objects.answer::<R>(at, answer, asked, self.now(), &by).await?)
    }

    async fn must_speak_for(&self, partner: &str, party: &Party) -> Result<(), Error> {
        let is_theirs = self.parties_of(partner).await?.contains(party);
        is_theirs.then_some(()).ok_or_else(|| Error::no_partner(partner))
    }

    /// Enables look-ups of objects of these kinds that are in doubt, even if their lists are not [kept](Self::keep).
    pub fn settle_doubts<K: SyncedKinds>(&self) {
        self.kinds.add(&K::add_to(KindList(Vec::new())).0);
    }

    /// Looks up the due objects in doubt: 5 seconds after the doubt arose, a Location with a request of its own, other
    /// objects with a delta, which is also used if more than 20 objects of a partner are in doubt. An object is looked
    /// up again after 30 seconds, then at growing intervals, or 10, 20 and 40 seconds after an answer that looks old.
    /// Returns the time at which the next look-up is due. [`Platform::tick`] calls it.
    ///
    /// # Errors
    /// When the store fails. Failures of partners are reported to the observer, and the look-up is repeated.
    pub async fn look_ups_due(&self) -> Result<Option<DateTime>, Error> {
        self.look_ups_until(None).await
    }

    /// Looks up the objects that are due; no partner has its turn after a time of the clock's ticks.
    pub(super) async fn look_ups_until(&self, end: Option<Duration>) -> Result<Option<DateTime>, Error> {
        let now = self.now();
        let doubts = self.objects.doubts().await?;
        let mut partners: BTreeMap<String, Vec<InDoubt>> = BTreeMap::new();
        let mut next: Option<DateTime> = None;
        {
            let mut made = self.look_ups.lock();
            let known: BTreeSet<&Address> = doubts.iter().map(|doubt| &doubt.at).collect();
            made.objects.retain(|at, _| known.contains(at));
            made.forget_ahead(now, DELTA);
            for doubt in doubts {
                let Some(partner) = &doubt.partner else { continue };
                if self.kinds.get(doubt.at.collection()).is_none() {
                    continue;
                }
                let due = made.peace(partner.as_str()).into_iter().fold(made.due(&doubt, now), DateTime::max);
                if due <= now {
                    partners.entry(partner.as_str().to_owned()).or_default().push(doubt);
                } else {
                    next = next.into_iter().chain([due]).min();
                }
            }
        }
        let serve = |partner, doubts| self.look_up_of(partner, doubts, now);
        let take = |looked_up: Result<Option<DateTime>, Error>| {
            next = next.into_iter().chain(looked_up?).min();
            Ok(())
        };
        self.look_ups.turns.serve(partners, AT_ONCE, || self.is_over(end), serve, take).await?;
        Ok(next)
    }

    /// Looks up objects of a partner. Returns when it is time again.
    async fn look_up_of(
        &self,
        partner: String,
        mut doubts: Vec<InDoubt>,
        now: DateTime,
    ) -> Result<Option<DateTime>, Error> {
        let name = format!("look_up/{partner}");
        let held = match self.node.ask(self.store(), &name).await? {
            Asked::Held(held) => held,
            Asked::Elsewhere(until) => return Ok(Some(until)),
        };
        {
            // An object that is never answered for does not hold up the others for ever.
            let made = self.look_ups.lock();
            doubts.sort_by_key(|doubt| made.tries(&doubt.at));
        }
        let work = self.ask_for(&partner, &doubts, now);
        let done = held.during(self.store(), &self.settings.timer, work).await;
        held.release(self.store()).await?;
        let looked_up = done.unwrap_or(Ok(()));
        let is_silent = looked_up.as_ref().is_err_and(is_silence);
        self.look_ups.lock().note_silence(&partner, is_silent, self.now());
        match looked_up {
            Ok(()) => {}
            Err(error @ Error::Store(_)) => return Err(error),
            Err(error) => self.tell_missing(&*partner, "objects in doubt are not looked up", &error),
        }
        Ok(Some(later(now, AGAIN)))
    }

    async fn ask_for(&self, partner: &str, doubts: &[InDoubt], now: DateTime) -> Result<(), Error> {
        let mut lists: BTreeSet<String> = BTreeSet::new();
        let end = self.clock().ticks().saturating_add(MOST);
        for doubt in doubts {
            let left = end.saturating_sub(self.clock().ticks());
            if left.is_zero() {
                return Ok(());
            }
            self.look_ups.lock().note(&doubt.at, now);
            let Some(kind) = self.kinds.get(doubt.at.collection()) else { continue };
            if doubts.len() > MANY || !has_single_get(&kind.module()) {
                lists.insert(doubt.at.collection().to_owned());
                continue;
            }
            let answer = self.settings.timer.within(left, kind.look_up(self, partner, &doubt.spelled)).await;
            answer.unwrap_or(Err(Error::NoAnswer))?;
        }
        for list in lists {
            let its = doubts.iter().filter(|doubt| doubt.at.collection() == list);
            self.delta_for(partner, &list, its, now).await?;
        }
        Ok(())
    }

    /// Asks for what changed, unless that was done shortly before.
    async fn delta_for(
        &self,
        partner: &str,
        list: &str,
        doubts: impl Iterator<Item = &InDoubt> + Send,
        now: DateTime,
    ) -> Result<(), Error> {
        {
            let mut made = self.look_ups.lock();
            let place = (partner.to_owned(), list.to_owned());
            if made.deltas.get(&place).is_some_and(|next| *next > now) {
                return Ok(());
            }
            made.deltas.retain(|_, next| *next > now);
            made.deltas.insert(place, later(now, DELTA));
        }
        let Some(kind) = self.kinds.get(list) else { return Ok(()) };
        let slice = Slice { end: self.clock().ticks().saturating_add(MOST), patience: MOST };
        let synced = kind.sync(self, partner, &SyncOptions::delta().slice(Some(slice))).await?;
        if matches!(synced.incomplete, Some(Incomplete::Elsewhere { .. })) {
            // It is synced at this moment, but was perhaps begun before the doubt.
            self.look_ups.lock().deltas.remove(&(partner.to_owned(), list.to_owned()));
        }
        if synced.is_complete() {
            for doubt in doubts.filter(|doubt| doubt.doubt.latest < now) {
                kind.settle_missing(self, partner, &doubt.at, now).await?;
            }
        }
        Ok(())
    }
}
