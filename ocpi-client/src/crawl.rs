//! Walking a list page by page.

use std::collections::BTreeSet;

use ocpi_types::Url;
use ocpi_types::endpoint::{List, Page, Resource};

use crate::error::Kind;
use crate::{Answer, Error, Peer, Transport};

/// What a walk may cost at most.
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
/// use ocpi_client::{Budget, Error, Peer, Transport};
/// use ocpi_types::v2_3_0::locations::Location;
///
/// async fn count(cpo: &Peer, http: &impl Transport) -> Result<usize, Error> {
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
pub struct Crawl<'p, T> {
    peer: &'p Peer,
    next: Option<List<T>>,
    seen: BTreeSet<Url>,
    pages: usize,
    received: u64,
    budget: Budget,
}

impl<'p, T: Resource> Crawl<'p, T> {
    pub(crate) fn new(peer: &'p Peer, first: List<T>, budget: Budget) -> Self {
        Self { peer, next: Some(first), seen: BTreeSet::new(), pages: 0, received: 0, budget }
    }

    /// Starts from another page than the first.
    #[must_use]
    pub fn from(self, first: List<T>) -> Self {
        Self { next: Some(first), ..self }
    }

    /// The next page; `None` when the last one was read.
    ///
    /// # Errors
    /// When a request fails, the partner names a next page of another host or one that was read already, or the
    /// budget is used up. The same call may be made again: it asks for the same page.
    pub async fn next(&mut self, transport: &impl Transport) -> Result<Option<Answer<Page<T>>>, Error> {
        let Some(list) = &self.next else { return Ok(None) };
        if self.pages >= self.budget.pages
            || self.received > self.budget.objects.try_into().unwrap_or(u64::MAX)
        {
            return Err(fail::<T>(Kind::Budget));
        }
        let answer = self.peer.send(transport, list).await?;
        let following = self.following(list, &answer.value)?;
        self.pages += 1;
        self.received += count(&answer.value);
        if let Some(url) = following.as_ref().and_then(|list| list.url.clone()) {
            if !self.seen.insert(url) {
                return Err(fail::<T>(Kind::Budget));
            }
        }
        self.next = following;
        Ok(Some(answer))
    }

    /// The request for the page after this one.
    fn following(&self, list: &List<T>, page: &Page<T>) -> Result<Option<List<T>>, Error> {
        if let Some(next) = &page.next {
            let url = self.resolve(list, next).ok_or_else(|| fail::<T>(Kind::Unsendable))?;
            return Ok(Some(List::at(url)));
        }
        let received = self.received + count(page);
        let more = page.total_count.is_some_and(|total| total > received) && count(page) > 0;
        // Without a link, only a walk by offsets can go on by offset.
        Ok((more && list.url.is_none()).then(|| List { offset: Some(received), ..list.clone() }))
    }

    /// A link may be relative to the URL of the request.
    fn resolve(&self, list: &List<T>, next: &str) -> Option<Url> {
        let request = self.peer.request(list).ok()?;
        let base = url::Url::parse(&request.uri().to_string()).ok()?;
        base.join(next).ok()?.as_str().parse().ok()
    }
}

fn count<T>(page: &Page<T>) -> u64 {
    u64::try_from(page.items.len() + page.rejected.len()).unwrap_or(u64::MAX)
}

fn fail<T: Resource>(kind: Kind) -> Error {
    use ocpi_types::endpoint::Endpoint;
    Error::new(List::<T>::name(), kind)
}
