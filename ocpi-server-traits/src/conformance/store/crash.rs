//! Tests in which a process is killed. The tests of the store itself run them, since only they can start and kill one:
//!
//! 1. A child process opens the store and runs [`write_until_killed`]; each number that it acknowledges goes to its
//!    parent, by standard output.
//! 2. The parent kills it at any moment, opens the store, and calls [`verify_after_kill`] with the highest number that
//!    it got.
//!
//! [`hold_until_killed`] and [`take_over`] do the same for leases.

use std::time::Duration;

use super::beside::yield_now;
use super::context::{StoreContext, at, document, number};
use crate::conformance::Failure;
use crate::storage::{Address, Edit, Lease, LeaseError, Position, Store, WriteOutcome, fenced, take};

const LEASE: &str = "conformance";

/// Documents that are written together.
fn group() -> [Address; 3] {
    ["first", "second", "third"].map(at)
}

/// Writes consecutive numbers, each to three documents in one write and to one of its own, and reports each when it is
/// acknowledged. Continues from the stored number, and ends only if the store fails or `acknowledge` returns `false`.
pub async fn write_until_killed(
    store: &impl Store,
    mut acknowledge: impl FnMut(u64) -> bool,
) -> Result<(), Failure> {
    let context = StoreContext::new("acknowledged_writes_outlast_a_kill", store);
    let mut next = number(context.get(&at("first")).await?.as_ref()) + 1;
    loop {
        let own = at(next.to_string());
        let mut declared = group().to_vec();
        declared.push(own);
        let documents = declared.into_iter().map(|at| (at, document(next.to_string()))).collect();
        context.put_all(documents).await?;
        if !acknowledge(next) {
            return Ok(());
        }
        next += 1;
    }
}

/// Checks that nothing up to the highest acknowledged number is lost, and that no write is torn.
pub async fn verify_after_kill(store: &impl Store, acknowledged: u64) -> Result<(), Failure> {
    let context = StoreContext::new("acknowledged_writes_outlast_a_kill", store);
    let found: Vec<_> = context.read(&group()).await?.iter().map(|found| number(found.as_ref())).collect();
    let last = found.first().copied().unwrap_or(0);
    context.same("numbers of documents that are written together", found, vec![last; 3])?;
    context.holds(&format!("{acknowledged} or more, not {last}"), last >= acknowledged)?;
    for own in 1..=last {
        let found = number(context.get(&at(own.to_string())).await?.as_ref());
        context.same("number of a document", found, own)?;
    }
    context.same("a number behind the last", context.get(&at((last + 1).to_string())).await?, None)?;
    let told = context.feed(Position::START, 1_000).await?.len();
    let expected = if last == 0 { 0 } else { usize::try_from(last).unwrap_or(usize::MAX).saturating_add(3) };
    context.same("changes", told, expected)
}

/// Holds and renews a lease, writes under it, and reports each write's fence when it is acknowledged. Ends with an
/// error if another holder has the lease.
pub async fn hold_until_killed(
    store: &impl Store,
    holder: &str,
    term: Duration,
    mut acknowledge: impl FnMut(&Lease) -> bool,
) -> Result<(), Failure> {
    let context = StoreContext::new("leases_outlast_a_kill", store);
    loop {
        let lease = context.ok("take", take(store, LEASE, holder, term).await)?;
        // Its time may be over by now: then it is taken again.
        if write_under(&context, &lease).await? && !acknowledge(&lease) {
            return Ok(());
        }
    }
}

/// Takes the lease of a killed holder as soon as it expires: with the next fence, so that writes under the old one
/// change nothing.
pub async fn take_over(store: &impl Store, holder: &str, killed: &Lease) -> Result<Lease, Failure> {
    let context = StoreContext::new("leases_outlast_a_kill", store);
    let taken = loop {
        match take(store, LEASE, holder, Duration::from_secs(3_600)).await {
            Err(LeaseError::Held { .. }) => yield_now().await,
            taken => break context.ok("take", taken)?,
        }
    };
    // The killed one may have renewed it after it told of it, under the same fence.
    context.same("fence", taken.fence, killed.fence + 1)?;
    let before = context.get(&at("fenced")).await?;
    context.same("write under the old lease", write_under(&context, killed).await?, false)?;
    context.same("document", context.get(&at("fenced")).await?, before)?;
    context.same("write under the new lease", write_under(&context, &taken).await?, true)?;
    Ok(taken)
}

async fn write_under<S: Store>(context: &StoreContext<'_, S>, lease: &Lease) -> Result<bool, Failure> {
    let held = lease.clone();
    let edit: Edit = Box::new(move |tx| {
        fenced(tx, &held)?;
        tx.put(&at("fenced"), document(held.fence.to_string())).map(drop)
    });
    let outcome = context.write(&[at("fenced"), lease.address()], edit).await?;
    Ok(matches!(outcome, WriteOutcome::Committed(_)))
}
