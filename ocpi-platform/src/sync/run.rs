//! Syncs from start to end.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::ModuleId;
use ocpi_types::endpoint::RootResource;

use super::state::{StoredWalk, SyncState};
use super::{Extent, Incomplete, SyncError, SyncOptions, Synced};
use crate::holding::{Asked, Held};
use crate::{Error, Platform, PullOptions};

/// Days of Sessions and CDRs that are fetched at first.
const DAYS: i64 = 30;

/// A sync under way.
pub(super) struct Task<'a> {
    pub(super) partner: &'a str,
    pub(super) options: &'a SyncOptions,
    pub(super) held: &'a Held,
    pub(super) state: SyncState,
    pub(super) synced: &'a mut Synced,
    /// Objects of the list that could not be read, also in the runs before.
    pub(super) unread: u64,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Brings the copies of a partner's objects of a kind up to date: fetches the changes since the last sync, or the
    /// full list, and stores it page by page. The cursor is stored with each page, so an interrupted sync can continue.
    /// Copies that complete lists no longer contain are removed: see [`Sweep`](super::Sweep). Of several nodes, one at
    /// a time syncs a list.
    ///
    /// Unchanged objects are not written, and reactors are not called for them.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform, SyncOptions};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::locations::Location;
    ///
    /// async fn refresh<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<(), Error> {
    ///     let synced = emsp.sync::<Location>("cpo", &SyncOptions::delta()).await?;
    ///     println!("{synced}");
    ///     for item in &synced.reasons {
    ///         println!("{:?}: {}", item.id, item.reason);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the partner is not registered, a request or the store fails, or a quota of the partner is used up.
    /// [`SyncError`] has the result so far. A used-up budget, or a list that may be incomplete, is not an error: see
    /// [`Synced::incomplete`].
    pub async fn sync<R: RootResource>(
        &self,
        partner: &str,
        options: &SyncOptions,
    ) -> Result<Synced, SyncError> {
        let mut synced = Synced::default();
        match self.sync_into::<R>(partner, options, &mut synced).await {
            Ok(()) => Ok(synced),
            Err(error) => Err(SyncError::new(error, synced)),
        }
    }

    async fn sync_into<R: RootResource>(
        &self,
        partner: &str,
        options: &SyncOptions,
        synced: &mut Synced,
    ) -> Result<(), Error> {
        let name = format!("sync/{partner}/{}", R::INFO.name);
        let held = match self.node.ask(self.store(), &name).await? {
            Asked::Held(held) => held,
            Asked::Elsewhere(until) => {
                synced.incomplete = Some(Incomplete::Elsewhere { until });
                return Ok(());
            }
        };
        let state = SyncState::load::<R>(self.store(), partner).await?;
        let mut task = Task { partner, options, held: &held, state, synced, unread: 0 };
        let work = self.sync_extent::<R>(&mut task);
        let done = held.during(self.store(), &self.settings.timer, work).await;
        task.synced.watermark = task.state.watermark.time();
        held.release(self.store()).await?;
        done.unwrap_or_else(|| Err(Error::Conflict(partner.to_owned())))
    }

    async fn sync_extent<R: RootResource>(&self, task: &mut Task<'_>) -> Result<(), Error> {
        match task.options.extent {
            Extent::Window(from, to) => {
                let range = task.pull_options().from(from).to(to);
                let walked = self.walk_list::<R>(task, range, false, false).await?;
                task.synced.incomplete = Incomplete::of(walked.outcome);
                Ok(())
            }
            Extent::Full => self.sync_all::<R>(task).await,
            Extent::Delta if task.state.watermark.time().is_none() => self.sync_all::<R>(task).await,
            Extent::Delta => {
                let seal = self.settings.seal.as_deref();
                let known = StoredWalk::load::<R>(self.store(), task.partner, seal).await?;
                if known.is_some_and(|walk| walk.is_full) {
                    task.synced.incomplete = Some(Incomplete::FullUnderWay);
                    return Ok(());
                }
                let is_turned_back = self.sync_delta::<R>(task).await?;
                // The partner's clock was put back: what it stamps now lies before the watermark.
                if is_turned_back { self.sync_all::<R>(task).await } else { Ok(()) }
            }
        }
    }

    /// The whole list, and what changed while it was read.
    async fn sync_all<R: RootResource>(&self, task: &mut Task<'_>) -> Result<(), Error> {
        let mut whole = task.pull_options();
        if matches!(R::MODULE, ModuleId::Sessions | ModuleId::Cdrs) {
            let from = self.now().checked_add_seconds(-DAYS * 24 * 60 * 60);
            whole = from.into_iter().fold(whole, PullOptions::from);
        }
        let mut walked = self.walk_list::<R>(task, whole, true, true).await?;
        let incomplete = Incomplete::of(walked.outcome);
        if matches!(incomplete, Some(Incomplete::Stopped(_))) {
            task.synced.incomplete = incomplete;
            return Ok(());
        }
        self.end_full(task, &mut walked).await?;
        task.synced.has_ended_full = true;
        drop(walked);
        if task.state.watermark.time().is_some() {
            self.sync_delta::<R>(task).await?;
            task.synced.incomplete = incomplete.or(task.synced.incomplete);
        } else {
            task.synced.incomplete = incomplete;
        }
        Ok(())
    }

    /// Fetches what changed since the watermark. Whether the partner's clock was put back.
    async fn sync_delta<R: RootResource>(&self, task: &mut Task<'_>) -> Result<bool, Error> {
        let since = task.state.watermark.date_from(task.options.overlap);
        let range = since.into_iter().fold(task.pull_options(), PullOptions::from);
        let mut walked = self.walk_list::<R>(task, range, false, true).await?;
        let incomplete = Incomplete::of(walked.outcome);
        task.synced.incomplete = incomplete;
        if matches!(incomplete, Some(Incomplete::Stopped(_))) {
            return Ok(false);
        }
        let is_turned_back =
            matches!((walked.pages.partner_time(), since), (Some(theirs), Some(since)) if theirs < since);
        self.end_delta(task, &mut walked, is_turned_back).await?;
        Ok(is_turned_back)
    }
}

impl Task<'_> {
    fn pull_options(&self) -> PullOptions {
        let options = PullOptions::new().budget(self.options.budget).options(self.options.options.clone());
        let options = self.options.windows.into_iter().fold(options, PullOptions::windows);
        self.options.limit.into_iter().fold(options, PullOptions::limit)
    }
}
