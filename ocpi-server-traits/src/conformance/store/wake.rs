//! Waiting for changes.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::join;

use super::beside::{poll_once, within};
use super::context::{StoreContext, at, document};
use super::fixture::Fixture;
use crate::conformance::{Applied, Failure};
use crate::storage::{Position, Store};

/// Longer than anybody waits.
const LONG: Duration = Duration::from_secs(86_400);

/// A reader that is behind does not wait.
pub async fn moved_returns_if_behind<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("moved_returns_if_behind", &store);
    let first = context.commit(&at("a"), document("1")).await?;
    context.commit(&at("b"), document("1")).await?;
    for after in [Position::START, first] {
        let moved = within(fixture.patience(), store.moved(after, LONG)).await;
        context.came("the end of waiting behind the newest position", moved)?;
    }
    Ok(Applied::Tested)
}

/// A waiting reader is woken by a commit, and then finds it in the feed.
pub async fn moved_returns_after_a_commit<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("moved_returns_after_a_commit", &store);
    for turn in 0..10 {
        woken(fixture, &context, &store, turn).await?;
    }
    Ok(Applied::Tested)
}

/// [`moved_returns_after_a_commit`] with a commit through another store on the same database.
pub async fn moved_returns_after_a_commit_elsewhere<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let Some(second) = fixture.second(&store).await else { return Ok(Applied::NotApplicable) };
    let context = StoreContext::new("moved_returns_after_a_commit_elsewhere", &store);
    for turn in 0..10 {
        woken(fixture, &context, &second, turn).await?;
    }
    Ok(Applied::Tested)
}

async fn woken<F: Fixture>(
    fixture: &F,
    context: &StoreContext<'_, F::Store>,
    writer: &F::Store,
    turn: u32,
) -> Result<(), Failure> {
    let before = context.head().await?;
    // It may return early: then it is asked again, until the feed has something.
    let reading = async {
        loop {
            context.store.moved(before, LONG).await;
            let changes = context.ok("changes", context.store.changes(before, 10).await)?;
            if !changes.rows.is_empty() {
                return Ok(changes.rows.len());
            }
        }
    };
    let mut reading = pin!(reading);
    context.holds("nothing before the commit", poll_once(&mut reading).await.is_none())?;
    let writing = context.with(writer);
    let address = at(turn.to_string());
    let writing = writing.commit(&address, document(""));
    let both = within(fixture.patience(), join(reading, writing)).await;
    let (read, written) = context.came("the end of waiting for a commit", both)?;
    written?;
    context.same("changes", read?, 1)
}

/// A waiting reader is released at its time-out.
pub async fn moved_returns_in_time<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("moved_returns_in_time", &store);
    let head = context.commit(&at("a"), document("1")).await?;
    for timeout in [Duration::ZERO, Duration::from_millis(1)] {
        let moved = within(fixture.patience(), store.moved(head, timeout)).await;
        context.came("the end of waiting in vain", moved)?;
    }
    Ok(Applied::Tested)
}
