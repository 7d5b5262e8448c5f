//! End of a sync: the watermark, and copies that a complete list no longer contains.

use ocpi_client::Transport;
use ocpi_client::paging::Watermark;
use ocpi_server_traits::storage::{Rejected, Start, StoreExt, UpdateError, fenced};
use ocpi_server_traits::{KeptCopy, Store};
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;
use ocpi_types::{ModuleId, Version};

use super::absent::Known;
use super::run::Task;
use super::state::{address, walk_address};
use super::walk::Walked;
use super::{Incomplete, Sweep};
use crate::documents::failure;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Ends a walk over the whole list: what it did not show is absent.
    pub(super) async fn end_full<R: RootResource>(
        &self,
        task: &mut Task<'_>,
        walked: &mut Walked<R, T>,
    ) -> Result<(), Error> {
        let mark = walked.pages.watermark();
        if mark.time().is_some() {
            task.state.watermark = mark;
        }
        let is_complete = Incomplete::of(walked.outcome).is_none();
        // An object of 2.1.1 that cannot be read does not name its owner, so it cannot be told which one it is.
        let is_known = task.unread == 0 || walked.version >= Version::V2_2;
        let is_swept = matches!(R::MODULE, ModuleId::Locations | ModuleId::Tariffs);
        if is_complete {
            task.state.full = walked.pages.began();
        }
        if is_complete && is_known && is_swept && task.options.sweep != Sweep::Never {
            self.sweep(task, walked).await?;
        }
        self.end_walk::<R>(task, is_complete).await
    }

    /// Ends a walk over what changed.
    pub(super) async fn end_delta<R: RootResource>(
        &self,
        task: &mut Task<'_>,
        walked: &mut Walked<R, T>,
        is_turned_back: bool,
    ) -> Result<(), Error> {
        task.state.watermark.raise(walked.pages.watermark());
        if is_turned_back {
            task.state.watermark = Watermark::default();
        }
        self.end_walk::<R>(task, Incomplete::of(walked.outcome).is_none()).await
    }

    /// Removes what two complete lists did not show.
    async fn sweep<R: RootResource>(
        &self,
        task: &mut Task<'_>,
        walked: &mut Walked<R, T>,
    ) -> Result<(), Error> {
        let Some(began) = walked.pages.began() else { return Ok(()) };
        let owners: Vec<Party> = self.parties_of(task.partner).await?.into_iter().collect();
        let (mut copies, mut start) = (Vec::new(), Start::First);
        loop {
            let (some, next) = self.objects.copies_of::<R>(&owners, start).await?;
            copies.extend(some.into_iter().map(|KeptCopy { address, object, newest_arrival, .. }| Known {
                at: address,
                came: newest_arrival,
                is_seen: walked.pages.has_seen(&object),
            }));
            match next {
                Some(cursor) => start = Start::After(cursor),
                None => break,
            }
        }
        let verdict = task.state.judge(&copies, began, task.options);
        let (by, now) = (Self::named(task.partner)?, self.now());
        let lease = Some(&task.held.lease);
        let vanished = self.objects.vanish::<R>(verdict.vanish, began, now, &by, lease).await?;
        task.synced.vanished.extend(vanished);
        task.synced.held = verdict.held;
        Ok(())
    }

    /// Stores what is known of the list, and forgets the place in it, in one write.
    async fn end_walk<R: RootResource>(&self, task: &mut Task<'_>, is_complete: bool) -> Result<(), Error> {
        let now = self.now();
        if is_complete {
            task.state.success = Some(now);
        }
        let (at, walk) = (address::<R>(task.partner), walk_address::<R>(task.partner));
        let (lease, document) = (task.held.lease.clone(), task.state.to_document(task.partner, now));
        let addresses = vec![at.clone(), walk.clone(), lease.address()];
        let ended = self.store().update(addresses, move |transaction| {
            fenced(transaction, &lease)?;
            transaction.put(&at, document.clone())?;
            transaction.delete(&walk, now)?;
            Ok::<_, Rejected<()>>(())
        });
        match ended.await {
            Ok(()) => Ok(()),
            Err(UpdateError::Aborted) => Err(Error::Conflict(task.partner.to_owned())),
            Err(error) => Err(failure(error)),
        }
    }
}
