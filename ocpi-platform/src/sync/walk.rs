//! Paging through a list, which continues after a crash.

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::paging::{Cursor, ListOutcome, Stop};
use ocpi_client::{Answer, Error as ClientError, Pages, Transport};
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Rejected, StoreExt, UpdateError, fenced};
use ocpi_types::Version;
use ocpi_types::endpoint::{Page, RootResource};

use super::run::Task;
use super::state::{StoredWalk, walk_address};
use crate::documents::failure;
use crate::pull::Pull;
use crate::{Error, Platform, PullOptions};

/// Number of objects up to which each page has a place that is stored.
const FEW: u64 = 4_096;

/// End of a walk over pages.
pub(super) struct Walked<R, T> {
    pub(super) pages: Pages<R, Arc<T>>,
    pub(super) outcome: ListOutcome,
    pub(super) version: Version,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Reads the pages of a list and stores them. `is_kept`: the place behind each page is stored, and an earlier walk of
    /// the same extent goes on.
    pub(super) async fn walk_list<R: RootResource>(
        &self,
        task: &mut Task<'_>,
        options: PullOptions,
        is_full: bool,
        is_kept: bool,
    ) -> Result<Walked<R, T>, Error> {
        let seal = self.settings.seal.as_deref();
        let known = StoredWalk::load::<R>(self.store(), task.partner, seal).await?;
        let known = known.filter(|walk| is_kept && walk.is_full == is_full && task.options.resumes);
        let known = known.and_then(|walk| Some((walk.cursor.parse::<Cursor>().ok()?, walk)));
        let (from_start, mut options) = (options.clone(), options);
        let (mut is_new, mut seen) = (known.is_none(), 0);
        task.unread = 0;
        if let Some((cursor, walk)) = known {
            options = options.resume(cursor);
            (seen, task.unread) = (walk.seen, walk.unread);
        }
        let place_at = |pull: &Pull<R, T>, seen, unread| StoredWalk {
            is_full,
            seen,
            unread,
            cursor: pull.pages.cursor().to_string(),
        };
        let mut pull: Pull<R, T> = match self.begin_pull(task.partner, &options).await {
            // The partner speaks another version now, or is at another host: its list is another one.
            Err(Error::Cursor(_)) if !is_new => {
                (options, is_new, seen, task.unread) = (from_start, true, 0, 0);
                self.begin_pull(task.partner, &options).await?
            }
            pull => pull?,
        };
        if is_new {
            pull.pages = pull.pages.begun_at(self.now());
            if is_kept {
                let begun = place_at(&pull, seen, task.unread);
                self.store_walk::<R>(task, &begun).await?;
            }
        }
        let (begun, mut has_page) = (self.clock().ticks(), false);
        // Where a place was stored last, and where it was tried: one that is too long is not made for each page.
        let (mut stored, mut tried) = (seen, seen);
        let ended = loop {
            let asked = self.now();
            let until = task.options.slice.map(|slice| slice.until(begun, has_page));
            let Some(page) = self.next_page(&mut pull, until).await else {
                let may_go_on = has_page || pull.is_out_of_turns(self.clock().ticks());
                break if may_go_on { Ok(()) } else { Err(Error::NoAnswer) };
            };
            let page = page.transpose();
            if !matches!(page, Ok(Some(_))) {
                self.keep_learned(task.partner, &pull.client).await;
            }
            let page = match page {
                Ok(Some(page)) => page,
                Ok(None) => break Ok(()),
                Err(error) => {
                    if let Some(newer) = self.with_newer_token(task.partner, &pull, &options, &error).await {
                        pull = newer;
                        continue;
                    }
                    task.synced.requests += 1;
                    // A walk that must not go on is an outcome; a request that failed is an error.
                    match pull.pages.outcome() {
                        ListOutcome::Incomplete(Stop::UnderWay) => break Err(error.into()),
                        _ => break Ok(()),
                    }
                }
            };
            if !task.held.keep(self.store()).await {
                return Err(Error::Conflict(task.partner.to_owned()));
            }
            let unread = page.value.partial.len() + page.value.rejected.len();
            task.unread = task.unread.saturating_add(u64::try_from(unread).unwrap_or(u64::MAX));
            let came = page.value.items.len() + unread;
            seen = seen.saturating_add(u64::try_from(came).unwrap_or(u64::MAX));
            // A place has a mark of each object, so in a long list most pages have none.
            let is_due = is_kept && (seen <= FEW || seen - tried > seen / 8);
            let place = is_due.then(|| place_at(&pull, seen, task.unread));
            let place = place.and_then(|place| place.to_document(task.partner, seal, self.now()));
            if is_due {
                tried = seen;
            }
            if place.is_some() {
                stored = seen;
            }
            self.take_synced(task, page, asked, place).await?;
            has_page = true;
        };
        let (mut outcome, version) = (pull.pages.outcome(), pull.client.version());
        if is_kept && seen > stored && matches!(outcome, ListOutcome::Incomplete(_)) {
            let place = place_at(&pull, seen, task.unread);
            match (self.store_walk::<R>(task, &place).await, &ended) {
                (Ok(true), _) => {}
                // The next run would begin where this one did, and come no further.
                (Ok(false), _) => outcome = ListOutcome::Incomplete(Stop::Objects),
                (Err(error), Ok(())) => return Err(error),
                (Err(error), Err(_)) => {
                    self.tell_missing(task.partner, "a place in a list is not stored", &error)
                }
            }
        }
        ended?;
        task.synced.add_findings(pull.pages.findings().to_vec());
        Ok(Walked { pages: pull.pages, outcome, version })
    }

    /// The next page of a pull; `None`: it did not come before a time of the clock's ticks.
    async fn next_page<R: RootResource>(
        &self,
        pull: &mut Pull<R, T>,
        until: Option<Duration>,
    ) -> Option<Option<Result<Answer<Page<R>>, ClientError>>> {
        let Some(until) = until else { return Some(pull.pages.next().await) };
        let left = until.saturating_sub(self.clock().ticks());
        if left.is_zero() {
            return None;
        }
        self.settings.timer.within(left, pull.pages.next()).await
    }

    /// Stores a place. `false`: it is too long, or cannot be sealed.
    async fn store_walk<R: RootResource>(&self, task: &Task<'_>, walk: &StoredWalk) -> Result<bool, Error> {
        let (at, lease) = (walk_address::<R>(task.partner), task.held.lease.clone());
        let document = walk.to_document(task.partner, self.settings.seal.as_deref(), self.now());
        let Some(document) = document else { return Ok(false) };
        let stored = self.store().update(vec![at.clone(), lease.address()], move |transaction| {
            fenced(transaction, &lease)?;
            transaction.put(&at, document.clone())?;
            Ok::<_, Rejected<()>>(())
        });
        match stored.await {
            Ok(()) => Ok(true),
            Err(UpdateError::Aborted) => Err(Error::Conflict(task.partner.to_owned())),
            Err(error) => Err(failure(error)),
        }
    }
}
