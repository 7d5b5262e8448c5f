//! Lists that are synced by schedule.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join;
use ocpi_client::Transport;
use ocpi_client::paging::Stop;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Query, Rejected, Start, StoreExt, UpdateError};
use ocpi_types::DateTime;
use ocpi_types::observe::{Degraded, EventKind};

use super::kinds::{KindList, SyncedKinds};
use super::options::Slice;
use super::schedule::{Ended, SCHEDULES, Schedule, address, list_of};
use super::{Every, Incomplete, SyncError, SyncOptions, Synced};
use crate::documents::{failure, just_after};
use crate::holding::Asked;
use crate::trust::PartnerState;
use crate::turns::AT_ONCE;
use crate::{Error, Platform};

/// Most schedules that are read at once.
const ROWS: u32 = 500;
/// Time in which one tick begins syncs. One that makes progress goes on in the next tick.
const SLICE: Duration = Duration::from_secs(10);
/// Most slices that a partner has for the first page, after failures. The first time it has one.
const SLICES: u32 = 3;

/// Result of the due syncs.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct KeptLists {
    /// The syncs, with partner and kind of object.
    pub synced: Vec<(String, &'static str, Result<Synced, SyncError>)>,
    /// Time at which the next one is due, as far as known.
    pub next: Option<DateTime>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Keeps the copies of a partner's lists up to date from now on, with deltas and full lists at the intervals of
    /// `every`. The schedule is stored; call this again after a restart, with the same or another interval: due syncs
    /// stay due. The first sync is due at once. [`Platform::tick`] and [`Platform::keep_due`] run due syncs; of several
    /// nodes, one at a time serves a partner. A failing partner is asked at growing intervals, and one that is suspect
    /// or not registered not at all; when it is back, a delta is due at once.
    ///
    /// Objects of these kinds that are in doubt are looked up, too: see [`Platform::look_ups_due`].
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Every, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::{locations::Location, tariffs::Tariff};
    ///
    /// async fn keep<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<(), Error> {
    ///     emsp.keep::<(Location, Tariff)>("cpo", Every::hour()).await
    /// }
    /// ```
    ///
    /// # Errors
    /// When `partner` is not a valid [`PartnerId`](ocpi_types::protocol::PartnerId), or the store fails.
    pub async fn keep<K: SyncedKinds>(&self, partner: &str, every: Every) -> Result<(), Error> {
        Self::named(partner)?;
        let kinds = K::add_to(KindList(Vec::new()));
        self.kinds.add(&kinds.0);
        let now = self.now();
        for kind in &kinds.0 {
            let (at, every) = (address(partner, kind.name()), every.seconds(&kind.module()));
            let kept = self.store().update(vec![at.clone()], move |transaction| {
                let known = transaction.get(&at)?.and_then(Schedule::read);
                if known.is_none_or(|known| known.every != every) {
                    transaction.put(&at, Schedule::new(every, now).to_document())?;
                }
                Ok::<_, Rejected<()>>(())
            });
            kept.await.map_err(failure)?;
        }
        Ok(())
    }

    /// Ends the schedule of a partner's lists. The copies are kept.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stop_keeping<K: SyncedKinds>(&self, partner: &str) -> Result<(), Error> {
        let now = self.now();
        for kind in &K::add_to(KindList::<S, T>(Vec::new())).0 {
            let at = address(partner, kind.name());
            let ended: Result<_, UpdateError<()>> = self
                .store()
                .update(vec![at.clone()], move |transaction| Ok(transaction.delete(&at, now)?))
                .await;
            ended.map_err(failure)?;
        }
        Ok(())
    }

    /// Runs the due syncs, for some partners concurrently, for each partner one list after the other: a slow partner
    /// does not delay others. The future may be dropped: progress is stored, and the next call continues.
    ///
    /// # Errors
    /// When the store fails. Failed syncs are in the result.
    pub async fn keep_due(&self) -> Result<KeptLists, Error> {
        self.keep_until(None).await
    }

    /// Runs the syncs that are due, until a time of the clock's ticks.
    async fn keep_until(&self, end: Option<Duration>) -> Result<KeptLists, Error> {
        let now = self.now();
        let mut partners: BTreeMap<String, Vec<(DateTime, Address)>> = BTreeMap::new();
        let mut start = Start::First;
        let some = Query::all(SCHEDULES);
        // Those that were stored while the clock was ahead stand behind the others.
        let some = if self.scans.is_due(now) { some } else { some.to(just_after(now)) };
        loop {
            let page = self.store().page(&some, start, ROWS).await?;
            for (at, document) in page.rows {
                let Some([partner, kind]) = list_of(&at) else { continue };
                let due = Schedule::read(&document).map(|schedule| schedule.due(now));
                let due = due.filter(|due| *due <= now && self.kinds.get(&kind).is_some());
                partners.entry(partner).or_default().extend(due.map(|due| (due, at)));
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => break,
            }
        }
        partners.retain(|_, lists| {
            lists.sort();
            !lists.is_empty()
        });
        let mut lists = KeptLists::default();
        let serve = |partner, its| self.keep_partner(partner, its, end);
        let take = |served: Result<Vec<KeptList>, Error>| {
            lists.synced.extend(served?);
            Ok(())
        };
        self.keeping.serve(partners, AT_ONCE, || self.is_over(end), serve, take).await?;
        let later = Query::all(SCHEDULES).from(just_after(now));
        let next = self.store().page(&later, Start::First, 1).await?.rows;
        lists.next = next.first().map(|(_, document)| document.last_updated);
        Ok(lists)
    }

    /// Look-ups and syncs that are due, for the time that a tick may take.
    pub(crate) async fn keep_some(&self) -> Result<(), Error> {
        if self.kinds.is_empty() {
            return Ok(());
        }
        let end = Some(self.clock().ticks().saturating_add(SLICE));
        let (looked_up, kept) = join(self.look_ups_until(end), self.keep_until(end)).await;
        looked_up?;
        for (partner, _, synced) in kept?.synced {
            match synced {
                Err(error) => {
                    self.tell_missing(&*partner, "a list of a partner is not synced", error.error())
                }
                Ok(Synced { incomplete: Some(reason @ Incomplete::Stopped(stop)), .. })
                    if stop != Stop::UnderWay =>
                {
                    let degraded = Degraded::new("a list of a partner is not read to its end", &reason);
                    self.requests.tell(&*partner, EventKind::Degraded(degraded));
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Whether a time of the clock's ticks has come.
    pub(super) fn is_over(&self, end: Option<Duration>) -> bool {
        end.is_some_and(|end| self.clock().ticks() >= end)
    }

    /// Runs the syncs of a partner that are due.
    async fn keep_partner(
        &self,
        partner: String,
        lists: Vec<(DateTime, Address)>,
        end: Option<Duration>,
    ) -> Result<Vec<KeptList>, Error> {
        let mut synced = Vec::new();
        let is_there = match self.partners.read(self.store(), &partner).await? {
            Some(kept) => kept.record.state == PartnerState::Registered && !kept.record.suspect,
            None => false,
        };
        if !is_there {
            return Ok(synced);
        }
        let held = match self.node.ask(self.store(), &format!("keep/{partner}")).await? {
            Asked::Held(held) => held,
            Asked::Elsewhere(_) => return Ok(synced),
        };
        let work = async {
            for (_, at) in &lists {
                if self.is_over(end) {
                    break;
                }
                let Some(result) = self.keep_list(&partner, at, end).await? else { continue };
                let is_silent = result.1.as_ref().is_err_and(|error| is_silence(error.error()));
                synced.push((partner.clone(), result.0, result.1));
                if is_silent {
                    // The others wait for the next tick: a partner costs one time-out.
                    break;
                }
            }
            Ok(())
        };
        let done = held.during(self.store(), &self.settings.timer, work).await;
        held.release(self.store()).await?;
        // Another node goes on where this one was cut off.
        done.unwrap_or(Ok(())).map(|()| synced)
    }

    /// Runs a sync, if it is due, and stores when the next one is.
    async fn keep_list(
        &self,
        partner: &str,
        at: &Address,
        end: Option<Duration>,
    ) -> Result<Option<(&'static str, Result<Synced, SyncError>)>, Error> {
        let Some([_, name]) = list_of(at) else { return Ok(None) };
        let Some(kind) = self.kinds.get(&name) else { return Ok(None) };
        // Another node may have been here since.
        let known = self.store().get(at).await?;
        let Some(schedule) = known.as_ref().and_then(Schedule::read) else { return Ok(None) };
        let now = self.now();
        if schedule.due(now) > now {
            return Ok(None);
        }
        let patience = SLICE.saturating_mul(schedule.failures.saturating_add(1).min(SLICES));
        let slice = end.map(|end| Slice { end, patience });
        let mut is_full = schedule.is_full_due(now);
        let extent = |is_full| if is_full { SyncOptions::full() } else { SyncOptions::delta() };
        let with = |options: SyncOptions| if schedule.is_stuck { options.afresh() } else { options };
        let options = |is_full| with(extent(is_full)).slice(slice);
        let mut result = kind.sync(self, partner, &options(is_full)).await;
        if matches!(&result, Ok(synced) if synced.incomplete == Some(Incomplete::FullUnderWay)) {
            is_full = true;
            result = kind.sync(self, partner, &options(true)).await;
        }
        let ended = match &result {
            Ok(synced) => match synced.incomplete {
                None | Some(Incomplete::Unsure(_)) => Ended::Done,
                Some(Incomplete::Elsewhere { .. }) => return Ok(None),
                Some(Incomplete::Stopped(Stop::UnderWay)) => Ended::UnderWay,
                Some(_) => Ended::Stuck,
            },
            Err(_) => Ended::Failed,
        };
        let chance = self.settings.secrets.bytes::<8>().map(|[a, b, c, d, e, f, g, h]| {
            [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
        })?;
        let synced = result.as_ref().unwrap_or_else(|error| error.synced());
        let next = if synced.has_ended_full && ended != Ended::Done {
            schedule.after_full(self.now(), chance[1]).after(ended, false, self.now(), chance)
        } else {
            schedule.after(ended, is_full, self.now(), chance)
        };
        let place = at.clone();
        let stored = self.store().update(vec![at.clone()], move |transaction| {
            // Unless somebody has set another interval, or ended it.
            if transaction.get(&place)?.and_then(Schedule::read).is_some_and(|known| known == schedule) {
                transaction.put(&place, next.to_document())?;
            }
            Ok::<_, Rejected<()>>(())
        });
        stored.await.map_err(failure)?;
        Ok(Some((kind.name(), result)))
    }
}

/// A sync, with partner and kind of object.
type KeptList = (String, &'static str, Result<Synced, SyncError>);

/// Whether a partner was not heard of in its time.
pub(super) fn is_silence(error: &Error) -> bool {
    match error {
        Error::NoAnswer => true,
        Error::Client(error) => error.is_timeout(),
        _ => false,
    }
}
