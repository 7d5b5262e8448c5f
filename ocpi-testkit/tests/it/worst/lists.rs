//! Lists, compared with the truth.

use std::time::Duration;

use ocpi_client::paging::ListOutcome;
use ocpi_client::{Client, RequestOptions, Transport};
use ocpi_server_traits::Objects;
use ocpi_testkit::{Step, WorstPartner};
use ocpi_types::endpoint::RootResource;
use ocpi_types::{Version, check};

use super::ours::Ours;
use super::report::{Outcome, Report};

/// Time that a page may take.
const DEADLINE: Duration = Duration::from_secs(60);
/// Most pages of a list: whoever asks for more runs in a circle.
const PAGES: usize = 200;

/// Objects that were received.
struct Received<T> {
    items: Vec<T>,
    /// Number of objects that were set apart, each with a reason.
    apart: usize,
    has_losses: bool,
    read: ListOutcome,
}

/// Reads a list page by page.
pub(crate) async fn crawl<T: RootResource + PartialEq>(
    client: &Client<impl Transport + Clone + 'static>,
    partner: &WorstPartner,
    step: Step,
    report: &mut Report,
) -> Outcome {
    let mut pages = client.pages::<T>().limit(50).options(RequestOptions::new().within(DEADLINE));
    let mut received = Received { items: Vec::new(), apart: 0, has_losses: false, read: pages.outcome() };
    let mut count = 0;
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => return failed(&error, report),
        };
        count += 1;
        if count > PAGES {
            report.violation(format!("{step}: more than {PAGES} pages"));
            return Outcome::NotComplete("endless".to_owned());
        }
        report.tell(&page.findings);
        received.has_losses |= !page.ledger.is_empty();
        received.apart += page.value.partial.len() + page.value.rejected.len();
        for item in page.value.items {
            // One that has changed comes again.
            received.items.retain(|known: &T| known.identity() != item.identity());
            received.items.push(item);
        }
    }
    received.read = pages.outcome();
    compared(received, &partner.truth::<T>().await, step, report)
}

/// Pulls a list into the store of our platform.
pub(crate) async fn pull<T: RootResource + PartialEq>(
    ours: &Ours,
    partner: &WorstPartner,
    step: Step,
    report: &mut Report,
) -> Outcome {
    let pulled = match ours.pull::<T>("partner", |_, _| {}).await {
        Ok(pulled) => pulled,
        Err(error) => return failed(&error, report),
    };
    report.tell(&pulled.findings);
    report.foreign += pulled.foreign;
    let objects: &Objects<_> = ours.objects();
    let kept = objects.all::<T>().await.expect("a store");
    let theirs = kept.objects.into_iter().filter(|object| !ours.parties().contains(&object.identity().owner));
    let received = Received {
        items: theirs.collect(),
        apart: pulled.partial + pulled.rejected + pulled.foreign,
        has_losses: !pulled.ledger.is_empty(),
        read: pulled.outcome,
    };
    compared(received, &partner.truth::<T>().await, step, report)
}

fn compared<T: RootResource + PartialEq>(
    received: Received<T>,
    truth: &[T],
    step: Step,
    report: &mut Report,
) -> Outcome {
    report.apart += received.apart;
    let has = |object: &&T| received.items.iter().any(|item| item.identity() == object.identity());
    let missing = truth.iter().filter(|object| !has(object)).count();
    let is_explained = missing <= received.apart || !received.read.is_complete();
    if !is_explained {
        report.violation(format!("{step}: {missing} objects are missing, and nothing says so"));
    }
    let is_same = |item: &T| truth.contains(item);
    let differing: Vec<&T> = received.items.iter().filter(|item| !is_same(item)).collect();
    // Reading takes what it can; a check says what is wrong with it.
    for item in &differing {
        report.tell(&check(*item, Version::V2_3_0));
    }
    let differ = differing.len();
    match received.read {
        read if !read.is_complete() => Outcome::NotComplete(read.to_string()),
        _ if missing > received.apart || (differ > 0 && !received.has_losses) => Outcome::AsSaid,
        _ => Outcome::Fine,
    }
}

/// Keeps an error to be looked at, and returns the outcome.
pub(crate) fn failed(error: &(impl std::error::Error + 'static), report: &mut Report) -> Outcome {
    let text = ocpi_types::observe::Chain(error).to_string();
    report.shown.push(format!("{text} {error:?}"));
    Outcome::Failed(text)
}
