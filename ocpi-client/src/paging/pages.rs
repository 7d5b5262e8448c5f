//! Pages of a list of a partner.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use ocpi_types::endpoint::{Endpoint, List, Page, Resource};
use ocpi_types::{Clock, DateTime, Finding, ModuleId};

use super::fetch::{Fetched, facts, failure, fetch, without_repeats};
use super::{
    Budget, Collected, Cursor, CursorError, ItemFacts, ListOutcome, ListUrls, Paging, Range, Watermark,
};
use crate::error::Kind;
use crate::{Answer, Client, Error, RequestOptions, Transport};

/// A page, or the reason why there is none.
pub(super) type Item<R> = Result<Answer<Page<R>>, Error>;
type InFlight<R> = Pin<Box<dyn Future<Output = Fetched<R>> + Send>>;

/// Pages of a partner's list, read one after the other while the list may change.
///
/// Read them with [`Pages::next`], as a [`Stream`](futures_core::Stream), with [`Pages::blocking`] without an async
/// runtime, or all at once with [`Pages::collect_items`]. An object that occurs again unchanged is left out; one that
/// changed meanwhile is returned again.
///
/// After an error, the next call requests the same page again. `None` is the end; [`Pages::outcome`] then says whether
/// the list is complete. [`Pages::cursor`] can be stored after each page, and [`Pages::resume`] continues from it.
///
/// ```
/// use ocpi_client::{Client, Error, Transport};
/// use ocpi_types::v2_3_0::locations::Location;
///
/// async fn count(cpo: &Client<impl Transport + Clone>) -> Result<usize, Error> {
///     let mut pages = cpo.pages::<Location>().limit(100);
///     let mut count = 0;
///     while let Some(page) = pages.next().await {
///         count += page?.value.items.len();
///     }
///     for finding in pages.findings() {
///         println!("{finding}");
///     }
///     println!("{}", pages.outcome());
///     Ok(count)
/// }
/// ```
pub struct Pages<R, T = ()> {
    client: Client<T>,
    paging: Paging,
    options: RequestOptions<'static>,
    clock: Clock,
    findings: Vec<Finding>,
    /// Findings without a page, until there is one.
    pending: Vec<Finding>,
    /// Whether the limit was lowered since a page came.
    is_lowered: bool,
    in_flight: Option<InFlight<R>>,
    marker: PhantomData<fn() -> R>,
}

impl<T> Client<T> {
    /// Returns the pages of one of the partner's lists: the whole list, unless [`Pages::from`] or [`Pages::to`]
    /// restricts it.
    ///
    /// For Sessions and CDRs `date_from` is always sent, with a date in 1970 if you set none: OCPI requires it for Sessions,
    /// and some partners require it for CDRs.
    pub fn pages<R: Resource>(&self) -> Pages<R, T>
    where
        T: Clone,
    {
        Pages {
            client: self.clone(),
            paging: self.paging::<R>().within(Range { from: first_date::<R>(), to: None }),
            options: RequestOptions::new().in_background(),
            clock: self.clock(),
            findings: Vec::new(),
            pending: Vec::new(),
            is_lowered: false,
            in_flight: None,
            marker: PhantomData,
        }
    }

    fn paging<R: Resource>(&self) -> Paging {
        let paging = Paging::new(self.list_urls::<R>()).of(self.list_name::<R>());
        match self.most_limit() {
            Some(most) => paging.with_limit(most),
            None => paging,
        }
    }

    /// Names a list, so that a cursor is used for no other: its kind, the version that it is read in, and its origin.
    fn list_name<R: Resource>(&self) -> String {
        let url = self.base_of::<List<R>>().and_then(|base| url::Url::parse(base.as_str()).ok());
        let origin = url.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        format!("{}+{}+{origin}", List::<R>::name().replace(char::is_whitespace, "+"), self.version())
    }

    fn list_urls<R: Resource>(&self) -> ListUrls {
        let base = self.base_of::<List<R>>();
        let list = base.and_then(|base| List::<R>::all().url_at(&base));
        let registered = list.and_then(|list| ListUrls::new(&list, self.registered_urls()).ok());
        // Without a URL the first request fails, and says so.
        registered.unwrap_or_else(ListUrls::nowhere)
    }
}

/// Date to begin with where one is required, or expected by some.
fn first_date<R: Resource>() -> Option<DateTime> {
    matches!(R::MODULE, ModuleId::Sessions | ModuleId::Cdrs).then_some(DateTime::UNIX_EPOCH)
}

impl<R: Resource, T> Pages<R, T> {
    /// Restricts the list to objects that changed at this time or later: the parameter `date_from`.
    ///
    /// ```
    /// use ocpi_client::Client;
    /// use ocpi_types::{DateTime, v2_3_0::sessions::Session};
    /// fn since(cpo: &Client, date: DateTime) -> ocpi_client::Pages<Session> {
    ///     cpo.pages().from(date)
    /// }
    /// ```
    #[must_use]
    pub fn from(self, date: DateTime) -> Self {
        self.with(|paging| {
            let range = Range { from: Some(date), ..paging.whole_range() };
            paging.within(range)
        })
    }

    /// Restricts the list to objects that changed before this time: the parameter `date_to`. Objects that change while
    /// the list is read drop out of it, so do not set it to get everything.
    #[must_use]
    pub fn to(self, date: DateTime) -> Self {
        self.with(|paging| {
            let range = Range { to: Some(date), ..paging.whole_range() };
            paging.within(range)
        })
    }

    /// Reads the list in consecutive windows of this length, each with its `date_from` and `date_to`: for partners that
    /// refuse or truncate lists over long periods. Without [`Pages::to`], the last window reaches the present and has
    /// no `date_to`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::{Client, Pages};
    /// use ocpi_types::{DateTime, v2_3_0::cdrs::Cdr};
    /// fn by_day(cpo: &Client, from: DateTime) -> Pages<Cdr> {
    ///     cpo.pages().from(from).windows(Duration::from_secs(24 * 60 * 60))
    /// }
    /// ```
    #[must_use]
    pub fn windows(self, length: Duration) -> Self {
        self.with(|paging| paging.with_windows(length))
    }

    /// Sets the maximum number of objects on a page: the parameter `limit`. It is lowered if the partner refuses it, or
    /// is known to; later lists begin with the value that the partner accepted.
    #[must_use]
    pub fn limit(self, limit: u64) -> Self {
        let most = self.client.most_limit().unwrap_or(limit);
        self.with(|paging| paging.with_limit(limit.min(most)))
    }

    /// Sets a budget; see [`Budget`] for the default.
    ///
    /// ```
    /// use ocpi_client::{Budget, Client, Pages};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    /// fn a_few(cpo: &Client) -> Pages<Tariff> {
    ///     cpo.pages().budget(Budget { pages: 3, ..Budget::default() })
    /// }
    /// ```
    #[must_use]
    pub fn budget(self, budget: Budget) -> Self {
        self.with(|paging| paging.with_budget(budget))
    }

    /// Sets options for every request, such as the receiving party or a deadline. Do not set ids: they belong to a
    /// single request.
    #[must_use]
    pub fn options(self, options: RequestOptions<'static>) -> Self {
        Self { options: options.in_background(), ..self }
    }

    /// Sets the clock for the time of the [`Budget`] and for [`Pages::watermark`]. By default it is the client's.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Continues at a cursor, with its dates, windows and limit. Call [`Pages::budget`] after this.
    ///
    /// # Errors
    /// When the cursor belongs to another list, version or host.
    ///
    /// ```
    /// use ocpi_client::{Client, RequestIds};
    /// use ocpi_types::v2_3_0::{locations::Location, tariffs::Tariff};
    /// use ocpi_types::Version;
    /// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"));
    /// let stored = client.pages::<Tariff>().limit(50).cursor().to_string();
    /// let pages = client.pages::<Tariff>().resume(stored.parse()?)?;
    /// assert_eq!(pages.cursor().to_string(), stored);
    /// assert!(client.pages::<Location>().resume(stored.parse()?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resume(self, cursor: Cursor) -> Result<Self, CursorError> {
        if !cursor.is_of(&self.client.list_name::<R>()) {
            return Err(CursorError);
        }
        let paging = Paging::resume(self.client.list_urls::<R>(), cursor);
        Ok(Self { paging, in_flight: None, ..self })
    }

    /// Returns the cursor, from which another run of the program can continue after the last page.
    pub fn cursor(&self) -> Cursor {
        self.paging.cursor()
    }

    /// Returns the outcome so far.
    ///
    /// ```
    /// use ocpi_client::paging::{ListOutcome, Stop};
    /// use ocpi_client::{Client, RequestIds};
    /// use ocpi_types::{Version, v2_3_0::tariffs::Tariff};
    /// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"));
    /// assert_eq!(client.pages::<Tariff>().outcome(), ListOutcome::Incomplete(Stop::UnderWay));
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn outcome(&self) -> ListOutcome {
        self.paging.outcome()
    }

    /// Returns the findings on paging so far, each once. They are also among those of the pages.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the time, by the partner's clock, up to which a complete list is known. See [`Paging::watermark`].
    pub fn watermark(&self) -> Watermark {
        self.paging.watermark(self.clock.now())
    }

    /// Whether an object occurred on any page so far, in any version; once the list is complete, whether it is in the
    /// list.
    ///
    /// ```
    /// use ocpi_client::Client;
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    /// fn is_gone(pages: &ocpi_client::Pages<Tariff>, tariff: &Tariff) -> bool {
    ///     pages.outcome().is_complete() && !pages.has_seen(tariff)
    /// }
    /// ```
    pub fn has_seen(&self, object: &R) -> bool {
        self.paging.has_seen(&ItemFacts::of(object))
    }

    /// Sets the start by our clock, which is otherwise the time of the first page request. See [`Paging::begun_at`].
    #[must_use]
    pub fn begun_at(self, now: DateTime) -> Self {
        self.with(|paging| paging.begun_at(now))
    }

    /// Returns the time of the first page request, by our clock. See [`Paging::began`].
    pub fn began(&self) -> Option<DateTime> {
        self.paging.began()
    }

    /// Returns the partner's time at the first page, if known.
    pub fn partner_time(&self) -> Option<DateTime> {
        self.paging.partner_time()
    }

    fn with(self, change: impl FnOnce(Paging) -> Paging) -> Self {
        Self { paging: change(self.paging), ..self }
    }
}

impl<R: Resource, T: Transport> Pages<R, T> {
    /// Fetches the next page; returns `None` at the end.
    ///
    /// # Errors
    /// When a request fails, a link is dead, the pages repeat, or the budget is used up. The next call requests the
    /// same page again, unless the budget is used up.
    pub async fn next(&mut self) -> Option<Item<R>> {
        self.in_flight = None;
        loop {
            let list = match self.request()? {
                Ok(list) => list,
                Err(error) => return Some(Err(error)),
            };
            let fetched = fetch(&self.client, &list, &self.options, &self.clock).await;
            if let Some(item) = self.take(fetched) {
                return Some(item);
            }
        }
    }

    /// Fetches all remaining pages, and returns their objects, all in memory. For an object that changed meanwhile,
    /// only the last version is returned.
    ///
    /// # Errors
    /// As [`Pages::next`]; in contrast to it, the objects before the error are lost.
    ///
    /// ```
    /// use ocpi_client::{Client, Error, Transport};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    /// async fn tariffs(cpo: &Client<impl Transport + Clone>) -> Result<Vec<Tariff>, Error> {
    ///     Ok(cpo.pages::<Tariff>().collect_items().await?.items)
    /// }
    /// ```
    pub async fn collect_items(&mut self) -> Result<Collected<R>, Error> {
        let mut collected = Collected::new();
        while let Some(page) = self.next().await {
            collected.append(page?);
        }
        collected.end(self.outcome());
        Ok(collected)
    }

    /// The page to ask for; `None` at the end.
    fn request(&mut self) -> Option<Result<List<R>, Error>> {
        let fail = |kind| Error::new(List::<R>::name(), kind);
        match self.paging.next() {
            Ok(None) => None,
            Ok(Some(request)) => Some(request.to_list().map_err(|_| fail(Kind::Unsendable))),
            Err(stop) => Some(Err(fail(Kind::Paging(stop)))),
        }
    }

    /// Takes an answer; `None` if another request is to be sent.
    fn take(&mut self, fetched: Fetched<R>) -> Option<Item<R>> {
        let Fetched { answer, asked, took } = fetched;
        let (mut page, bytes, date) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let limit = self.paging.limit();
                let Some(findings) = self.paging.failed(failure(&error)) else { return Some(Err(error)) };
                // In the middle of a list, a refusal may have any cause.
                self.is_lowered |= self.paging.limit() != limit && self.paging.is_at_start();
                self.findings.extend_from_slice(&findings);
                self.client.learned().tell(&List::<R>::name(), &findings);
                self.pending.extend(findings);
                return None;
            }
        };
        if let Some(limit) = self.paging.limit().filter(|_| std::mem::take(&mut self.is_lowered)) {
            self.client.learned().learn_limit(limit);
        }
        let taken = self.paging.page(&facts(&page, bytes, date, asked, took));
        without_repeats(&mut page.value, &taken.repeated);
        page.findings.append(&mut self.pending);
        page.findings.extend_from_slice(&taken.findings);
        self.client.learned().tell(&List::<R>::name(), &taken.findings);
        self.findings.extend(taken.findings);
        Some(Ok(page))
    }
}

impl<R: Resource, T: Transport + Clone + 'static> Pages<R, T> {
    /// Polls for the next page: the stream's.
    pub(super) fn poll(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Option<Item<R>>> {
        use std::task::Poll;
        loop {
            let mut in_flight = match self.in_flight.take() {
                Some(in_flight) => in_flight,
                None => match self.request() {
                    None => return Poll::Ready(None),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Some(Ok(list)) => {
                        let (client, options, clock) =
                            (self.client.clone(), self.options.clone(), self.clock.clone());
                        Box::pin(async move { fetch(&client, &list, &options, &clock).await })
                    }
                },
            };
            match in_flight.as_mut().poll(context) {
                Poll::Pending => {
                    self.in_flight = Some(in_flight);
                    return Poll::Pending;
                }
                Poll::Ready(fetched) => {
                    if let Some(item) = self.take(fetched) {
                        return Poll::Ready(Some(item));
                    }
                }
            }
        }
    }
}

/// Nothing in it is pinned: what is under way stands in a box.
impl<R, T> Unpin for Pages<R, T> {}

/// The client, with its token, and what is under way are left out.
impl<R, T> fmt::Debug for Pages<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("outcome", &self.paging.outcome())
            .field("seen", &self.paging.seen())
            .finish_non_exhaustive()
    }
}
