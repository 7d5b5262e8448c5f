//! Paging: a list read page by page.

use std::collections::BTreeSet;

use ocpi_types::endpoint::{List, Page, Resource};
use ocpi_types::{Url, json};

use crate::error::Kind;
use crate::{Answer, Client, Error, Transport};

/// Limits of a walk: the most pages and objects that it may read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Budget {
    /// Pages.
    pub pages: usize,
    /// Objects.
    pub objects: usize,
}

impl Default for Budget {
    /// 100,000 pages, 10,000,000 objects.
    fn default() -> Self {
        Self { pages: 100_000, objects: 10_000_000 }
    }
}

/// A walk over the pages of a list.
///
/// Follows the header `Link` as it stands. Where a partner sends none although its count says that there is
/// more, it goes on by offset. It ends at the last page, or with an error: a walk that ended with `Ok(None)` saw
/// every page.
///
/// ```
/// use ocpi_client::{Budget, Client, Error, Transport};
/// use ocpi_types::v2_3_0::locations::Location;
///
/// async fn count(cpo: &Client, http: &impl Transport) -> Result<usize, Error> {
///     let mut crawl = cpo.crawl::<Location>(Budget::default());
///     let mut count = 0;
///     while let Some(page) = crawl.next(http).await? {
///         count += page.value.items.len();
///         for finding in &page.findings {
///             println!("{finding}");
///         }
///     }
///     Ok(count)
/// }
/// ```
#[derive(Debug)]
pub struct Crawl<T> {
    client: Client,
    next: Option<List<T>>,
    /// The URLs of the pages that were read.
    read: BTreeSet<String>,
    pages: usize,
    received: u64,
    budget: Budget,
}

impl<C> Client<C> {
    /// Every object of a list, page by page, all in memory. [`Client::crawl`] goes page by page. Indexes, of findings
    /// and rejected objects, are those in their page.
    ///
    /// # Errors
    /// As [`Crawl::next`].
    pub async fn fetch_all<T: Resource>(&self, transport: &impl Transport) -> Result<json::List<T>, Error> {
        let mut crawl = self.crawl::<T>(Budget::default());
        let mut all = json::List::default();
        while let Some(page) = crawl.next(transport).await? {
            all.append(json::List { findings: page.findings, ..page.value.into() });
        }
        Ok(all)
    }

    /// A walk over the pages of a list.
    pub fn crawl<T: Resource>(&self, budget: Budget) -> Crawl<T> {
        Crawl::new(self.without_transport(), List::all(), budget)
    }
}

impl<T: Resource> Crawl<T> {
    fn new(client: Client, first: List<T>, budget: Budget) -> Self {
        Self { client, next: Some(first), read: BTreeSet::new(), pages: 0, received: 0, budget }
    }

    /// Starts from another page than the first.
    #[must_use]
    pub fn from(self, first: List<T>) -> Self {
        Self { next: Some(first), ..self }
    }

    /// The next page; `None` when the last one was read.
    ///
    /// # Errors
    /// When a request fails, the partner named a next page of another host or one that was read already, or the
    /// budget is used up. The same call may be made again: it asks for the same page.
    pub async fn next(&mut self, transport: &impl Transport) -> Result<Option<Answer<Page<T>>>, Error> {
        let Some(list) = &self.next else { return Ok(None) };
        if self.pages >= self.budget.pages
            || self.received > self.budget.objects.try_into().unwrap_or(u64::MAX)
        {
            return Err(fail::<T>(Kind::Budget));
        }
        let request = self.client.request(list);
        let request = request.inspect_err(|error| self.client.unsent::<List<T>>(error))?;
        let url = request.uri().to_string();
        if self.read.contains(&url) {
            return Err(fail::<T>(Kind::Budget));
        }
        let answer = self.client.via(transport).exchange::<List<T>>(request).await?;
        let following = following(list, &url, &answer.value)?;
        self.read.insert(url);
        self.pages += 1;
        self.received += count(&answer.value);
        self.next = following;
        Ok(Some(answer))
    }
}

/// The request for the page after the one that `list` asked for at `url`.
fn following<T: Resource>(list: &List<T>, url: &str, page: &Page<T>) -> Result<Option<List<T>>, Error> {
    if let Some(next) = &page.next {
        let url = resolve(url, next).ok_or_else(|| fail::<T>(Kind::Unsendable))?;
        return Ok(Some(List::at(url)));
    }
    let reached = list.offset.unwrap_or(0).saturating_add(count(page));
    let more = page.total_count.is_some_and(|total| total > reached) && count(page) > 0;
    // Without a link, only a walk by offsets can go on by offset.
    Ok((more && list.url.is_none()).then(|| List { offset: Some(reached), ..list.clone() }))
}

/// A link may be relative to the URL of the request.
fn resolve(request: &str, next: &str) -> Option<Url> {
    let base = url::Url::parse(request).ok()?;
    Url::from_header(base.join(next).ok()?.as_str()).ok()
}

fn count<T>(page: &Page<T>) -> u64 {
    u64::try_from(page.items.len() + page.partial.len() + page.rejected.len()).unwrap_or(u64::MAX)
}

fn fail<T: Resource>(kind: Kind) -> Error {
    use ocpi_types::endpoint::Endpoint;
    Error::new(List::<T>::name(), kind)
}
