//! Work that is due at a certain time.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::protocol::PartnerId;

use super::judge::{Claimed, Named};
use crate::directory::{Also, Kept};
use crate::trust::{Due, PartnerState, Terms};
use crate::{Error, Platform};

/// Result of a [`Platform::tick`].
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct TickReport {
    /// Number of partners with completed work.
    pub done: usize,
    /// Number of requests that timed out without a result, or were deleted because they ended long ago.
    pub results: usize,
    /// Number of charge point results that were posted or given up.
    pub posted: usize,
    /// Number of requests for pushes. Zero if [`Platform::run`] pushes.
    pub pushed: usize,
    /// Number of documents about drivers that were erased or rewritten: see [`Platform::driver`] and
    /// [`Platform::retain`].
    pub forgotten: u64,
    /// Partners with a failure, which is retried in a later tick.
    pub failed: Vec<(PartnerId, Error)>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Performs all work that is due. Call it every few seconds, from one or more processes.
    ///
    /// - Registrations: sends open exchanges and DELETEs again, uses new tokens, repairs partners that may be locked out, and
    ///   ends invitations.
    /// - Results: ends the wait for overdue results, forgets old ones, and posts results of charge points that did not arrive:
    ///   see [`Chargers`](crate::Chargers).
    /// - Pushes: sends [published](Self::publish) objects for some seconds, unless [`Platform::run`] does; the next tick
    ///   continues.
    /// - Changes and copies: starts reactors ([`Platform::react`]) in the background, looks up objects in doubt, and syncs kept
    ///   lists ([`Platform::keep`]), for some seconds; the next tick continues.
    /// - Drivers' data: continues erasures ([`Platform::driver`]), and deletes objects that are too old ([`Platform::retain`]).
    /// - Counts: stores once an hour how often partners deviated, and counts objects that were stored before there were quotas.
    /// - Messages and latencies: stores messages that are to be logged ([`Settings::messages`](crate::Settings::messages)) and deletes
    ///   old ones; stores the latencies of partners.
    ///
    /// If neither this nor [`Platform::run`] is called, due work waits: pushes, syncs, overdue results, interrupted
    /// registrations, erasures. Nothing is lost.
    ///
    /// # Errors
    /// When the store fails: the first failure, returned after all other work. Unreachable partners are in the result.
    pub async fn tick(&self) -> Result<TickReport, Error> {
        let (mut ticked, mut failures) = (TickReport::default(), Vec::new());
        // What fails holds up nothing that stands behind it.
        failures.extend(self.tick_partners(&mut ticked).await.err());
        let mut count = |done: Result<usize, Error>| {
            done.unwrap_or_else(|error| {
                failures.push(error);
                0
            })
        };
        ticked.results = count(self.requests.tidy().await);
        ticked.posted = count(self.deliver_results().await);
        ticked.pushed = count(self.push_due().await);
        if let Err(error) = self.objects.count_former().await {
            self.tell_missing(None, "objects of a time without accounts are not counted", &error.into());
        }
        if let Err(error) = self.store_latencies().await {
            self.tell_missing(None, "latencies of partners are not stored", &error);
        }
        self.recorder.store().await;
        if let Err(error) = self.recorder.purge().await {
            self.tell_missing(None, "messages that are too old are still logged", &error);
        }
        self.reactors.start(&self.settings.spawn);
        let (forgotten, failed) = self.forget_due().await;
        ticked.forgotten = forgotten;
        if let Some(error) = failed {
            self.tell_missing(None, "data of drivers that is to go is still there", &error);
        }
        failures.extend(self.keep_some().await.err());
        let mut failures = failures.into_iter();
        let first = failures.next();
        failures.for_each(|error| self.tell_missing(None, "a part of a tick failed", &error));
        first.map_or(Ok(ticked), Err)
    }

    async fn tick_partners(&self, ticked: &mut TickReport) -> Result<(), Error> {
        for kept in self.partners.all(self.store()).await?.0 {
            let id = kept.record.id.clone();
            self.keep_numbers(&id).await;
            match self.tick_partner(kept).await {
                Ok(true) => ticked.done += 1,
                Ok(false) => {}
                Err(error) => ticked.failed.push((Self::named(&id)?, error)),
            }
        }
        Ok(())
    }

    async fn tick_partner(&self, kept: Kept) -> Result<bool, Error> {
        let now = self.now();
        let limits = &self.settings.limits;
        let terms = Terms { heal_every: limits.heal_every.into(), repeat_for: limits.repeat_for.into() };
        let id = kept.record.id.clone();
        match kept.record.due(now, &terms) {
            None => return self.decide_again(kept).await,
            Some(Due::Tidy) => {
                let Some(tidied) = kept.record.tidied(now, &terms) else { return Ok(false) };
                self.replace(&kept, tidied, Also::default()).await?;
            }
            Some(Due::Exchange) => {
                self.exchange(&id).await?;
            }
            Some(Due::Heal) => {
                self.begin_to_heal(&kept).await?;
                self.exchange(&id).await?;
            }
            Some(Due::Delete) => self.deliver_delete(kept).await?,
            Some(Due::Use) => self.use_new_token(&kept).await?,
        }
        Ok(true)
    }

    /// A crash between storing an answer and judging it leaves a partner that waits although all was named.
    async fn decide_again(&self, kept: Kept) -> Result<bool, Error> {
        if kept.record.state != PartnerState::Pending {
            return Ok(false);
        }
        let known = self.partners.details(self.store(), &kept.record).await?;
        let Some(contact) = &kept.record.contact else { return Ok(false) };
        let claimed = Claimed {
            version: contact.version,
            url: contact.versions_url.clone(),
            roles: known.roles.iter().chain(&known.asked).cloned().collect(),
            endpoints: known.endpoints.clone(),
            is_hub: known.is_hub,
        };
        if claimed.roles.is_empty() || !Named::of(&known, &claimed).is_all() {
            return Ok(false);
        }
        self.decide(kept, &claimed).await.map(|_| true)
    }
}
