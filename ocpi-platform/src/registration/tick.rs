//! Work that is due at a certain time.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join;
use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::protocol::PartnerId;

use super::judge::{Claimed, Named};
use crate::directory::{Also, Kept};
use crate::holding::Held;
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
    /// Partners with a failure, such as no answer in time, which is retried in a later tick.
    pub failed: Vec<(PartnerId, Error)>,
    /// Partners left out, because another node or task is just exchanging credentials with them.
    pub skipped: Vec<PartnerId>,
}

/// Time in which one tick begins to exchange credentials, and after which all other work no longer waits for it.
const SLICE: Duration = Duration::from_secs(10);

impl<S: Store, T: Transport> Platform<S, T> {
    /// Performs all work that is due. Call it every few seconds, from one or more processes.
    ///
    /// - Registrations: sends open exchanges and DELETEs again, uses new tokens, repairs partners that may be locked out, and
    ///   ends invitations. Partners are served side by side, half as many as [`Limits::exchanges`](crate::Limits), and each
    ///   request has [an end](crate::Limits::answer), so one that does not answer holds up no other. Of several nodes one at a
    ///   time sends credentials to a partner; the others [skip](TickReport::skipped) it.
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
        let mut partners = Box::pin(self.tick_partners());
        // What others wait for comes first, but is not waited for by all that has nothing to do with it.
        let (exchanged, rest) = match self.settings.timer.within(SLICE, partners.as_mut()).await {
            Some(exchanged) => (exchanged, Box::pin(self.tick_rest()).await),
            None => join(partners, Box::pin(self.tick_rest())).await,
        };
        let (mut ticked, mut failures) = rest;
        match exchanged {
            Ok(Exchanged { done, failed, skipped }) => {
                ticked = TickReport { done, failed, skipped, ..ticked };
            }
            Err(error) => failures.insert(0, error),
        }
        let mut failures = failures.into_iter();
        let first = failures.next();
        failures.for_each(|error| self.tell_missing(None, "a part of a tick failed", &error));
        first.map_or(Ok(ticked), Err)
    }

    /// All but the registrations, with what failed of it.
    async fn tick_rest(&self) -> (TickReport, Vec<Error>) {
        let (mut ticked, mut failures) = (TickReport::default(), Vec::new());
        // What fails holds up nothing that stands behind it.
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
        (ticked, failures)
    }

    async fn tick_partners(&self) -> Result<Exchanged, Error> {
        let mut exchanged = Exchanged::default();
        let mut sending = BTreeMap::new();
        for kept in self.partners.all(self.store()).await?.0 {
            // Nothing is stored under another name.
            let Ok(id) = Self::named(&kept.record.id) else { continue };
            self.keep_numbers(id.as_str()).await;
            match kept.record.due(self.now(), &self.terms()) {
                None => exchanged.note(id, self.decide_again(kept).await),
                Some(Due::Tidy) => exchanged.note(id, self.tidy(&kept).await),
                Some(Due::Exchange | Due::Heal | Due::Delete | Due::Use) => {
                    sending.insert(kept.record.id, id);
                }
            }
        }
        // The other half is for partners that come by themselves.
        let at_once = (self.settings.limits.exchanges / 2).max(1);
        let end = self.clock().ticks().saturating_add(SLICE);
        let serve = |name: String, id| async move { (id, self.send_due(&name).await) };
        let take = |(id, sent)| {
            exchanged.note(id, sent);
            Ok(())
        };
        self.exchanging.serve(sending, at_once, || self.clock().ticks() >= end, serve, take).await?;
        Ok(exchanged)
    }

    fn terms(&self) -> Terms {
        let limits = &self.settings.limits;
        Terms { heal_every: limits.heal_every.into(), repeat_for: limits.repeat_for.into() }
    }

    async fn tidy(&self, kept: &Kept) -> Result<bool, Error> {
        let Some(tidied) = kept.record.tidied(self.now(), &self.terms()) else { return Ok(false) };
        self.replace(kept, tidied, Also::default()).await.map(|_| true)
    }

    /// Sends what is due to a partner.
    async fn send_due(&self, id: &str) -> Result<bool, Error> {
        let held = self.hold_exchange(id).await?;
        self.under(&held, id, Box::pin(self.send_due_under(&held, id))).await
    }

    async fn send_due_under(&self, held: &Held, id: &str) -> Result<bool, Error> {
        // Another node may have done it before the lease was ours.
        let Some(kept) = self.partners.read(self.store(), id).await? else { return Ok(false) };
        match kept.record.due(self.now(), &self.terms()) {
            None => return Ok(false),
            Some(Due::Tidy) => return self.tidy(&kept).await,
            Some(Due::Exchange) => {
                self.exchange(held, id).await?;
            }
            Some(Due::Heal) => {
                self.begin_to_heal(&kept).await?;
                self.exchange(held, id).await?;
            }
            Some(Due::Delete) => self.deliver_delete(held, kept).await?,
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

/// Part of a tick that is about registrations.
#[derive(Default)]
struct Exchanged {
    done: usize,
    failed: Vec<(PartnerId, Error)>,
    skipped: Vec<PartnerId>,
}

impl Exchanged {
    fn note(&mut self, id: PartnerId, done: Result<bool, Error>) {
        match done {
            Ok(true) => self.done += 1,
            Ok(false) => {}
            Err(error) if error.is_busy() => self.skipped.push(id),
            Err(error) => self.failed.push((id, error)),
        }
    }
}
