//! Requests for pages, and facts from their answers.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use ocpi_types::endpoint::{List, Page, Resource};
use ocpi_types::{Clock, DateTime, Rule};

use super::{ItemFacts, LinkHeader, PageFacts, PageFailure};
use crate::{Answer, Client, Error, ErrorKind, RequestOptions, Transport, retry_after};

/// A page, with the size of its body and the time of the header `Date`.
pub(super) type Weighed<R> = (Answer<Page<R>>, u64, Option<DateTime>);

/// Result of a request for a page.
pub(super) struct Fetched<R> {
    pub(super) answer: Result<Weighed<R>, Error>,
    pub(super) asked: DateTime,
    pub(super) took: Duration,
}

pub(super) async fn fetch<R: Resource, T: Transport>(
    client: &Client<T>,
    list: &List<R>,
    options: &RequestOptions<'static>,
    clock: &Clock,
) -> Fetched<R> {
    let (asked, started) = (clock.now(), clock.ticks());
    let (mut bytes, mut date) = (0, None);
    let look = |response: &http::Response<Bytes>| {
        bytes = u64::try_from(response.body().len()).unwrap_or(u64::MAX);
        date = retry_after::date(response.headers());
    };
    let answer = client.send_and_look(list, options, look).await;
    let took = clock.ticks().saturating_sub(started);
    Fetched { answer: answer.map(|answer| (answer, bytes, date)), asked, took }
}

/// The facts of a page.
pub(super) fn facts<R: Resource>(
    answer: &Answer<Page<R>>,
    bytes: u64,
    date: Option<DateTime>,
    asked: DateTime,
    took: Duration,
) -> PageFacts<'_> {
    let page = &answer.value;
    let is_odd = answer.findings.iter().any(|finding| finding.rule == Rule::PageLinkSyntax);
    PageFacts {
        items: items(page),
        link: match &page.next {
            Some(next) => LinkHeader::Next(next),
            None if is_odd => LinkHeader::Unreadable,
            None => LinkHeader::Absent,
        },
        total: page.total_count,
        limit: page.limit,
        bytes,
        timestamp: answer.timestamp.or(date),
        asked,
        took,
    }
}

/// The facts of all objects in the order of the page.
fn items<R: Resource>(page: &Page<R>) -> Vec<ItemFacts> {
    let partial = page.partial.iter().map(|item| (item.index, ItemFacts::of_partial(&item.object)));
    let rejected = page.rejected.iter().map(|item| (item.index, ItemFacts::of_raw::<R>(&item.raw)));
    let mut apart: Vec<_> = partial.chain(rejected).collect();
    apart.sort_by_key(|(index, _)| *index);
    let mut all = Vec::with_capacity(page.items.len() + apart.len());
    let mut whole = page.items.iter().map(ItemFacts::of);
    for (index, facts) in apart {
        all.extend(whole.by_ref().take(index.saturating_sub(all.len())));
        all.push(facts);
    }
    all.extend(whole);
    all
}

/// Takes the objects out that came before just as they are.
pub(super) fn without_repeats<R>(page: &mut Page<R>, repeated: &[bool]) {
    let is_repeated = |index: usize| repeated.get(index).copied().unwrap_or(false);
    let mut apart: Vec<usize> = page.partial.iter().map(|item| item.index).collect();
    apart.extend(page.rejected.iter().map(|item| item.index));
    apart.sort_unstable();
    page.partial.retain(|item| !is_repeated(item.index));
    page.rejected.retain(|item| !is_repeated(item.index));
    let mut indexes = (0..repeated.len()).filter(|index| apart.binary_search(index).is_err());
    page.items.retain(|_| !indexes.next().is_some_and(is_repeated));
}

/// The kind of a failure.
pub(super) fn failure(error: &Error) -> PageFailure {
    if error.is_too_large() {
        return PageFailure::TooLarge;
    }
    // A link to a host that the partner registered no more, or that was never its.
    if matches!(error.kind(), ErrorKind::ForeignUrl) {
        return PageFailure::NotThere;
    }
    match error.http_status() {
        Some(StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE) => {
            PageFailure::NotThere
        }
        Some(
            StatusCode::BAD_REQUEST | StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::UNPROCESSABLE_ENTITY,
        ) => PageFailure::Refused,
        Some(http) if http.is_success() => match error.status_code() {
            Some(code) if (2000..3000).contains(&code.get()) => PageFailure::Refused,
            _ => PageFailure::Other,
        },
        _ => PageFailure::Other,
    }
}
