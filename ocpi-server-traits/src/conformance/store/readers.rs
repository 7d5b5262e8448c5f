//! Readers and writers do not wait for each other.

use std::pin::pin;
use std::sync::Arc;

use super::beside::{Gate, poll_once, start, within};
use super::context::{KIND, LIST, StoreContext, at, document};
use super::fixture::Fixture;
use crate::conformance::{Applied, Failure};
use crate::storage::{Edit, Position, Query, Start, Store, WriteOutcome};

/// Reads, pages and the feed return while an edit runs, and show the state before it.
pub async fn readers_do_not_wait_for_a_writer<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = Arc::new(fixture.fresh().await);
    let context = StoreContext::new("readers_do_not_wait_for_a_writer", &*store);
    context.put(&at("a"), document("1")).await?;
    let (inside, done) = (Gate::default(), Gate::default());
    let edit: Edit = {
        let (inside, done, patience) = (inside.clone(), done.clone(), fixture.patience());
        Box::new(move |tx| {
            tx.put(&at("a"), document("2"))?;
            inside.open();
            done.block(patience * 4);
            Ok(())
        })
    };
    let writing = {
        let store = Arc::clone(&store);
        start(fixture, async move { store.write(vec![at("a")], edit).await })
    };
    let reading = async {
        inside.opened().await;
        let read = context.there(&at("a")).await?;
        context.same("body while the edit runs", read.body, "1".into())?;
        for query in [Query::list(KIND, LIST), Query::all(KIND)] {
            context.lists(&query, &["a"]).await?;
        }
        context.same("changes", context.feed(Position::START, 10).await?.len(), 1)
    };
    let read = within(fixture.patience(), reading).await;
    done.open();
    let written = context.came("the end of the writer", writing.await)?;
    context.came("an answer while an edit runs", read)??;
    context.holds("a commit", matches!(context.ok("write", written)?, WriteOutcome::Committed(_)))?;
    context.same("body afterwards", context.there(&at("a")).await?.body, "2".into())?;
    Ok(Applied::Tested)
}

/// A hundred writes complete while a page and the feed are being read.
pub async fn writers_do_not_wait_for_a_reader<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("writers_do_not_wait_for_a_reader", &store);
    for key in 0..100 {
        context.put(&at(key.to_string()), document("1")).await?;
    }
    let query = Query::all(KIND);
    let addresses = [at("0"), at("1")];
    let mut page = pin!(store.page(&query, Start::First, 100));
    let mut read = pin!(store.read(&addresses));
    let mut changes = pin!(store.changes(Position::START, 100));
    // They are begun, and those that do not end at once are left alone.
    let begun = (poll_once(&mut page).await, poll_once(&mut read).await, poll_once(&mut changes).await);
    let writing = async {
        for key in 0..100 {
            context.put(&at(key.to_string()), document("2")).await?;
        }
        Ok(())
    };
    context.came("the end of 100 writes", within(fixture.patience(), writing).await)??;
    let page = match begun.0 {
        Some(page) => page,
        None => page.await,
    };
    context.same("rows", context.ok("page", page)?.rows.len(), 100)?;
    let read = match begun.1 {
        Some(read) => read,
        None => read.await,
    };
    context.same("documents", context.ok("read", read)?.len(), 2)?;
    let changes = match begun.2 {
        Some(changes) => changes,
        None => changes.await,
    };
    context.same("changes", context.ok("changes", changes)?.rows.len(), 100)?;
    Ok(Applied::Tested)
}
