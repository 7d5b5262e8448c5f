//! Revisions increase, and never repeat.

use std::pin::pin;

use super::beside::{poll_once, yield_now};
use super::context::{StoreContext, at, count, document, silent, time};
use super::fixture::Fixture;
use crate::conformance::{Applied, Failure};
use crate::storage::{Edit, NewDocument, Store};

/// Every write gives a document a higher revision, also when it changes nothing, deletes, or creates again.
pub async fn revisions_grow(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("revisions_grow", store);
    let mut last = 0;
    for turn in 0..20 {
        let list = if turn % 3 == 0 { "one" } else { "other" };
        let told = context.put(&at("a"), document("").in_list(list)).await?;
        let found = context.there(&at("a")).await?.revision;
        context.same("revision that the write told", told, found)?;
        context.holds(&format!("a revision above {last}"), found > last)?;
        last = found;
        if turn % 4 == 3 {
            context.delete(&at("a"), time(turn)).await?;
            let tombstone = context.came("the tombstone", context.tombstone(&at("a")).await?)?;
            context.holds("a higher revision of the tombstone", tombstone.revision > last)?;
            last = tombstone.revision;
        }
    }
    Ok(())
}

/// Revisions continue for a document that left no tombstone because it was never in the feed.
pub async fn revisions_go_on_without_a_tombstone(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("revisions_go_on_without_a_tombstone", store);
    let mut last = 0;
    for _ in 0..100 {
        let revision = context.put(&at("a"), silent("")).await?;
        context.holds(&format!("a revision above {last}"), revision > last)?;
        last = context.put(&at("a"), silent("")).await?;
        context.delete(&at("a"), time(0)).await?;
        context.same("tombstone", context.tombstone(&at("a")).await?, None)?;
    }
    Ok(())
}

/// Revisions continue after a tombstone was purged.
pub async fn revisions_go_on_after_a_purge<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("revisions_go_on_after_a_purge", &store);
    let mut last = 0;
    for _ in 0..20 {
        let revision = context.put(&at("a"), document("")).await?;
        context.holds(&format!("a revision above {last}"), revision > last)?;
        last = context.put(&at("a"), document("")).await?;
        context.delete(&at("a"), time(0)).await?;
        if !fixture.purge(&store, time(1)).await {
            return Ok(Applied::NotApplicable);
        }
        context.same("tombstone", context.tombstone(&at("a")).await?, None)?;
    }
    Ok(Applied::Tested)
}

/// A write that is dropped before its end is stored in full or not at all, and the store still works.
pub async fn dropped_writes_are_all_or_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("dropped_writes_are_all_or_nothing", store);
    for round in 0..60_u64 {
        let pair = [at(format!("{round} one")), at(format!("{round} other"))];
        let put = pair.clone();
        let edit: Edit = Box::new(move |tx| {
            put.iter()
                .try_for_each(|at| tx.put(at, NewDocument::new("", "", time(0)).with_part("")).map(drop))
        });
        {
            let mut write = pin!(store.write(pair.to_vec(), edit));
            for _ in 0..round % 6 {
                if poll_once(&mut write).await.is_some() {
                    break;
                }
                yield_now().await;
            }
        }
        let found = context.read(&pair).await?;
        let there = found.iter().flatten().count();
        context.holds("both documents of a dropped write, or none", there != 1)?;
        // Waits for the dropped write, if it is still under way.
        context.put(&pair[0], silent("2")).await?;
        let after = context.read(&pair).await?;
        context.same("body of a later write", after[0].as_ref().map(|found| found.body.len()), Some(1))?;
        if there == 2 {
            context.same("documents that were there", count(after.iter().flatten().count()), 2)?;
        }
    }
    Ok(())
}

/// An acknowledged write survives closing and reopening the store.
pub async fn acknowledged_writes_outlast_the_store<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let behavior = "acknowledged_writes_outlast_the_store";
    let mut store = fixture.fresh().await;
    for round in 1..=5_u64 {
        let context = StoreContext::new(behavior, &store);
        let before = context.put(&at("a"), document(round.to_string())).await?;
        let Some(reopened) = fixture.reopened(store).await else { return Ok(Applied::NotApplicable) };
        store = reopened;
        let context = StoreContext::new(behavior, &store);
        let found = context.there(&at("a")).await?;
        context.same(
            "body and revision",
            (found.body, found.revision),
            (round.to_string().into(), before),
        )?;
        context.same("feed", context.feed(crate::storage::Position::START, 10).await?.len(), 1)?;
    }
    Ok(Applied::Tested)
}
