//! Fetching the objects of a partner.

mod error;
mod options;
mod progress;
mod pulled;

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::paging::Cursor;
use ocpi_client::{Answer, Client, Error as ClientError, Pages, Transport};
use ocpi_server_traits::{Cause, Store};
use ocpi_types::DateTime;
use ocpi_types::endpoint::{Page, RootResource};

use crate::{Error, Platform};

pub use error::PullError;
pub use options::PullOptions;
pub use progress::PullProgress;
pub use pulled::Pulled;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Fetches all objects of a kind from a partner, page by page, and stores them. After each page, `on_page` is
    /// called with the number of objects stored so far, and the total if the partner gives one.
    ///
    /// Requests for pages are repeated ([`Settings::retry`](crate::Settings::retry)), and wait for their turn
    /// ([`Settings::rate`](crate::Settings::rate)), as those of [`Platform::send`].
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::locations::Location;
    ///
    /// async fn copy<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<usize, Error> {
    ///     Ok(emsp.pull::<Location>("cpo", |_, _| {}).await?.objects)
    /// }
    /// ```
    ///
    /// # Errors
    /// When the partner is not registered, a request or the store fails, or a quota of the partner is used up. Objects
    /// stored before an error are kept; [`PullError`] counts them, and has the cursor to continue from.
    pub async fn pull<R: RootResource>(
        &self,
        partner: &str,
        mut on_page: impl FnMut(usize, Option<u64>),
    ) -> Result<Pulled, PullError> {
        let on_page = |progress: &PullProgress<'_>| on_page(progress.pulled().objects, progress.total());
        self.pull_with::<R>(partner, &PullOptions::new(), on_page).await
    }

    /// [`Platform::pull`], with options: only changes since a time, another page size, a party behind a hub, or the
    /// cursor of an earlier pull. `on_page` may store the cursor.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_client::paging::Watermark;
    /// use ocpi_platform::{Error, Platform, PullOptions};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    ///
    /// /// Fetches what changed since the last time, and says from where to go on the next time.
    /// async fn news<S: Store, T: Transport>(
    ///     emsp: &Platform<S, T>,
    ///     since: Watermark,
    /// ) -> Result<Watermark, Error> {
    ///     let options = PullOptions::new().since(since).limit(50);
    ///     let pulled = emsp.pull_with::<Tariff>("cpo", &options, |_| {}).await?;
    ///     println!("{} of {} pages", pulled.objects, pulled.pages);
    ///     Ok(pulled.watermark)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Platform::pull`], and when the cursor in the options belongs to another list.
    pub async fn pull_with<R: RootResource>(
        &self,
        partner: &str,
        options: &PullOptions,
        mut on_page: impl FnMut(&PullProgress<'_>),
    ) -> Result<Pulled, PullError> {
        let mut pulled = options.nothing_yet();
        let mut pull = match self.begin_pull::<R>(partner, options).await {
            Ok(pull) => pull,
            Err(error) => return Err(PullError::new(error, pulled, options.cursor.clone())),
        };
        loop {
            let asked = self.now();
            let page = pull.pages.next().await.transpose();
            if !matches!(page, Ok(Some(_))) {
                self.keep_learned(partner, &pull.client).await;
            }
            let page = match page {
                Ok(Some(page)) => page,
                Ok(None) => {
                    pulled.end(pull.pages.outcome(), pull.pages.watermark());
                    return Ok(pulled);
                }
                Err(error) => {
                    if let Some(newer) = self.with_newer_token(partner, &pull, options, &error).await {
                        pull = newer;
                        continue;
                    }
                    return Err(PullError::new(error.into(), pulled, Some(pull.pages.cursor())));
                }
            };
            let total = page.value.total_count;
            if let Err(error) = self.take_page(partner, page, asked, &mut pulled).await {
                return Err(PullError::new(error, pulled, Some(pull.stored.cursor)));
            }
            pull.stored.note(&pull.pages, pulled.seen());
            on_page(&PullProgress::new(&pulled, total, &|| pull.pages.cursor()));
        }
    }

    pub(crate) async fn begin_pull<R: RootResource>(
        &self,
        partner: &str,
        options: &PullOptions,
    ) -> Result<Pull<R, T>, Error> {
        let (client, token) = self.client_and_token(partner).await?;
        let pages = options.applied_to(client.pages::<R>().clock(self.clock().clone()))?;
        let stored = Place { cursor: pages.cursor(), seen: 0 };
        Ok(Pull { client, token, pages, stored })
    }

    /// The same pull with the token that was exchanged meanwhile, if it failed for the former one.
    pub(crate) fn with_newer_token<R: RootResource>(
        &self,
        partner: &str,
        pull: &Pull<R, T>,
        options: &PullOptions,
        error: &ClientError,
    ) -> impl Future<Output = Option<Pull<R, T>>> + Send {
        let place = error
            .is_unauthorized()
            .then(|| (pull.token.clone(), options.clone().resume(pull.pages.cursor()), pull.stored.clone()));
        async move {
            let (used, options, stored) = place?;
            let newer = self.used_token(partner, &used, true).await.and_then(|newer| {
                let Some((client, token)) = newer else { return Ok(None) };
                let pages = options.applied_to(client.pages::<R>().clock(self.clock().clone()))?;
                Ok(Some(Pull { client, token, pages, stored }))
            });
            newer.unwrap_or_else(|missing| {
                self.tell_missing(partner, "the use of a token is not noted", &missing);
                None
            })
        }
    }

    /// Stores a page, and counts it once it is stored.
    async fn take_page<R: RootResource>(
        &self,
        partner: &str,
        page: Answer<Page<R>>,
        asked: DateTime,
        pulled: &mut Pulled,
    ) -> Result<(), Error> {
        let by = Cause::Sync(Self::named(partner)?);
        // As it is now: the partner may have lost a party while pages came.
        let parties = self.parties_of(partner).await?;
        let (theirs, foreign): (Vec<R>, Vec<R>) =
            page.value.items.into_iter().partition(|object| parties.contains(&object.identity().owner));
        let taken = self.objects.answer_all(theirs, asked, self.now(), &by).await?;
        let malformed = taken.iter().filter(|taken| taken.is_err()).count();
        pulled.pages += 1;
        pulled.objects += taken.len() - malformed;
        pulled.partial += page.value.partial.len();
        pulled.rejected += page.value.rejected.len() + malformed;
        pulled.foreign += foreign.len();
        pulled.findings.extend(page.findings);
        pulled.ledger.append(page.ledger);
        Ok(())
    }
}

/// A pull under way.
pub(crate) struct Pull<R, T> {
    pub(crate) client: Client<Arc<T>>,
    token: ocpi_types::CredentialsToken,
    pub(crate) pages: Pages<R, Arc<T>>,
    stored: Place,
}

impl<R, T> Pull<R, T> {
    /// Whether its next request would wait because of our own rate, not because of the partner.
    pub(crate) fn is_out_of_turns(&self, now: Duration) -> bool {
        let (pace, no_time) = (self.client.pace(), Some(Duration::ZERO));
        let is_paused = pace.without_rate().take(now, no_time).is_none();
        !is_paused && pace.take_in_background(now, no_time).is_none()
    }
}

/// A place in a list before which every page is stored. Pages that the store refuses have been passed by the pages
/// themselves.
#[derive(Clone)]
struct Place {
    cursor: Cursor,
    /// Number of objects that this pull had seen there.
    seen: usize,
}

/// Number of objects up to which each page has a place.
const FEW: usize = 4_096;

impl Place {
    /// Notes the place behind a page. A cursor holds a mark of each object, so in a long list most pages have none: of a pull
    /// that began with the list, all places together cost no more than some times the last one.
    fn note<R: RootResource, T>(&mut self, pages: &Pages<R, T>, seen: usize) {
        if seen <= FEW || seen - self.seen > self.seen / 8 {
            *self = Self { cursor: pages.cursor(), seen };
        }
    }
}
