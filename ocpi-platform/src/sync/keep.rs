//! Lists that are kept right by schedule.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Query, Rejected, Start, StoreExt, UpdateError};
use ocpi_types::DateTime;

use super::kinds::{KindList, SyncedKinds};
use super::schedule::{Ended, SCHEDULES, Schedule, address, list_of};
use super::{Every, Incomplete, SyncError, SyncOptions, Synced};
use crate::documents::{failure, just_after};
use crate::holding::Asked;
use crate::trust::PartnerState;
use crate::{Error, Platform};

/// Partners that are synced side by side.
const PARTNERS: usize = 16;
/// Most schedules that are read at once.
const ROWS: u32 = 500;
/// Time that one tick spends on syncs. A sync that is cut off goes on in the next one.
const SLICE: Duration = Duration::from_secs(10);

/// Result of the syncs that were due.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct KeptLists {
    /// The syncs, with partner and kind of object.
    pub synced: Vec<(String, &'static str, Result<Synced, SyncError>)>,
    /// When the next one is due, as far as it is known now.
    pub next: Option<DateTime>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Keeps the copies of a partner's lists up to date from now on, with deltas and whole lists at the intervals of `every`. The
    /// schedule is stored; call this again after a restart, with the same or another interval: due syncs stay due. The first
    /// sync is due at once. [`Platform::tick`] and [`Platform::keep_due`] run what is due; of several nodes one at a time
    /// serves a partner. A partner that fails is asked less and less often, one that is suspect or not registered not at all;
    /// when it is back, a delta is due at once.
    ///
    /// Doubts about objects of these kinds are looked up, too: see [`Platform::look_ups_due`].
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

    /// Ends the schedule of a partner's lists. The copies stay.
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

    /// Runs the syncs that are due, some partners side by side, each one list after the other. It may be dropped: what was
    /// reached is stored, and the next call goes on.
    ///
    /// # Errors
    /// When the store fails. Syncs that fail are in the result.
    pub async fn keep_due(&self) -> Result<KeptLists, Error> {
        let now = self.now();
        let mut partners: BTreeMap<String, Vec<Address>> = BTreeMap::new();
        let mut start = Start::First;
        let due = Query::all(SCHEDULES).to(just_after(now));
        loop {
            let page = self.store().page(&due, start, ROWS).await?;
            for (at, _) in page.rows {
                let Some([partner, kind]) = list_of(&at) else { continue };
                if self.kinds.get(&kind).is_some() {
                    partners.entry(partner).or_default().push(at);
                }
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => break,
            }
        }
        let partners: Vec<_> = partners.into_iter().collect();
        let mut lists = KeptLists::default();
        for some in partners.chunks(PARTNERS) {
            let served =
                join_all(some.iter().map(|(partner, lists)| self.keep_partner(partner, lists))).await;
            for served in served {
                lists.synced.extend(served?);
            }
        }
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
        let work = async {
            self.look_ups_due().await?;
            self.keep_due().await
        };
        let Some(kept) = self.settings.timer.within(SLICE, work).await else { return Ok(()) };
        for (partner, _, synced) in kept?.synced {
            if let Err(error) = synced {
                self.tell_missing(&*partner, "a list of a partner is not synced", error.error());
            }
        }
        Ok(())
    }

    /// Runs the syncs of a partner that are due.
    async fn keep_partner(
        &self,
        partner: &str,
        lists: &[Address],
    ) -> Result<Vec<(String, &'static str, Result<Synced, SyncError>)>, Error> {
        let mut synced = Vec::new();
        let is_there = match self.partners.read(self.store(), partner).await? {
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
            for at in lists {
                self.keep_list(partner, at, &mut synced).await?;
            }
            Ok(())
        };
        let done = held.during(self.store(), &self.settings.timer, work).await;
        held.release(self.store()).await?;
        // Another node goes on where this one was cut off.
        done.unwrap_or(Ok(())).map(|()| synced)
    }

    async fn keep_list(
        &self,
        partner: &str,
        at: &Address,
        synced: &mut Vec<(String, &'static str, Result<Synced, SyncError>)>,
    ) -> Result<(), Error> {
        let Some([_, name]) = list_of(at) else { return Ok(()) };
        let Some(kind) = self.kinds.get(&name) else { return Ok(()) };
        // Another node may have been here since.
        let known = self.store().get(at).await?;
        let Some(schedule) = known.as_ref().and_then(Schedule::read) else { return Ok(()) };
        let now = self.now();
        if schedule.due() > now {
            return Ok(());
        }
        let mut is_full = schedule.is_full_due(now);
        let extent = |is_full| if is_full { SyncOptions::full() } else { SyncOptions::delta() };
        let with = |options: SyncOptions| if schedule.is_stuck { options.afresh() } else { options };
        let mut result = kind.sync(self, partner, &with(extent(is_full))).await;
        if matches!(&result, Ok(synced) if synced.incomplete == Some(Incomplete::FullUnderWay)) {
            is_full = true;
            result = kind.sync(self, partner, &with(extent(true))).await;
        }
        let ended = match &result {
            Ok(synced) => match synced.incomplete {
                None | Some(Incomplete::Unsure(_)) => Ended::Done,
                Some(Incomplete::Elsewhere { .. }) => return Ok(()),
                Some(_) => Ended::Stuck,
            },
            Err(_) => Ended::Failed,
        };
        let chance = self.settings.secrets.bytes::<8>().map(|[a, b, c, d, e, f, g, h]| {
            [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
        })?;
        let next = schedule.after(ended, is_full, self.now(), chance);
        let place = at.clone();
        let stored = self.store().update(vec![at.clone()], move |transaction| {
            // Unless somebody has set another interval, or ended it.
            if transaction.get(&place)?.and_then(Schedule::read).is_some_and(|known| known == schedule) {
                transaction.put(&place, next.to_document())?;
            }
            Ok::<_, Rejected<()>>(())
        });
        stored.await.map_err(failure)?;
        synced.push((partner.to_owned(), kind.name(), result));
        Ok(())
    }
}
