//! Concurrent edits.

use std::sync::Arc;

use super::beside::start;
use super::context::{KIND, StoreContext, at, document, number, silent, time};
use super::fixture::Fixture;
use crate::conformance::test_context::together;
use crate::conformance::{Applied, Failure};
use crate::storage::{Abort, Address, Query, Store, Transaction};

/// Adds one to a number, and returns the one before.
fn add_one(at: &Address, tx: &mut Transaction<'_>) -> Result<u64, Abort> {
    let before = number(tx.get(at)?);
    tx.put(at, document((before + 1).to_string()))?;
    Ok(before)
}

/// Each of 400 and of 1,000 concurrent edits of one document sees the result of the previous one, and none is refused.
pub async fn edits_of_one_document_are_all_kept(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("edits_of_one_document_are_all_kept", store);
    for edits in [400_u64, 1_000] {
        let at = at(edits.to_string());
        let writes = (0..edits).map(|_| {
            let edited = at.clone();
            context.update(vec![at.clone()], move |tx| add_one(&edited, tx))
        });
        let mut seen = together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        seen.sort_unstable();
        context.same("numbers that the edits saw", seen, (0..edits).collect())?;
        context.same("number", number(context.get(&at).await?.as_ref()), edits)?;
    }
    Ok(())
}

/// [`edits_of_one_document_are_all_kept`] through two stores on one database, on two threads.
pub async fn edits_through_two_stores_are_all_kept<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let first = fixture.fresh().await;
    let Some(second) = fixture.second(&first).await else { return Ok(Applied::NotApplicable) };
    let behavior = "edits_through_two_stores_are_all_kept";
    let stores = [Arc::new(first), Arc::new(second)];
    let writers: Vec<_> = stores
        .iter()
        .map(|store| {
            let store = Arc::clone(store);
            start(fixture, async move {
                let context = StoreContext::new(behavior, &*store);
                let writes = (0..200).map(|_| context.update(vec![at("a")], |tx| add_one(&at("a"), tx)));
                together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()
            })
        })
        .collect();
    let mut seen = Vec::new();
    for store in together(writers).await {
        let context = StoreContext::new(behavior, &*stores[0]);
        seen.extend(context.came("the end of a writer", store)??);
    }
    seen.sort_unstable();
    for store in &stores {
        let context = StoreContext::new(behavior, &**store);
        context.same("numbers that the edits saw", seen.clone(), (0..400).collect())?;
        context.same("number", number(context.get(&at("a")).await?.as_ref()), 400)?;
    }
    Ok(Applied::Tested)
}

/// Creates a document unless it is there; returns whether it did.
fn create(at: &Address, writer: usize, tx: &mut Transaction<'_>) -> Result<bool, Abort> {
    if tx.get(at)?.is_some() {
        return Ok(false);
    }
    tx.put(at, document(writer.to_string()))?;
    Ok(true)
}

/// Exactly one of 16 concurrent writers creates a missing document: 50 times, also after a deletion.
pub async fn one_of_many_creators_wins(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("one_of_many_creators_wins", store);
    for round in 0..50 {
        let at = prepare(&context, round).await?;
        let writes = (0..16).map(|writer| {
            let created = at.clone();
            context.update(vec![at.clone()], move |tx| create(&created, writer, tx))
        });
        let won = together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        check(&context, &at, &won, round).await?;
    }
    Ok(())
}

/// [`one_of_many_creators_wins`] with 8 writers on each of two stores on one database, on two threads.
pub async fn one_creator_through_two_stores_wins<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let first = fixture.fresh().await;
    let Some(second) = fixture.second(&first).await else { return Ok(Applied::NotApplicable) };
    let behavior = "one_creator_through_two_stores_wins";
    let stores = [Arc::new(first), Arc::new(second)];
    for round in 0..50 {
        let context = StoreContext::new(behavior, &*stores[0]);
        let at = prepare(&context, round).await?;
        let writers = stores.iter().enumerate().map(|(number, store)| {
            let (store, at) = (Arc::clone(store), at.clone());
            start(fixture, async move {
                let context = StoreContext::new(behavior, &*store);
                let writes = (number * 8..number * 8 + 8).map(|writer| {
                    let created = at.clone();
                    context.update(vec![at.clone()], move |tx| create(&created, writer, tx))
                });
                together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()
            })
        });
        let mut won = Vec::new();
        for store in together(writers.collect::<Vec<_>>()).await {
            won.extend(context.came("the end of a writer", store)??);
        }
        check(&context, &at, &won, round).await?;
    }
    Ok(Applied::Tested)
}

/// An address at which nothing is: every second one has the tombstone of a document, every fourth not even that.
async fn prepare<S: Store>(context: &StoreContext<'_, S>, round: u64) -> Result<Address, Failure> {
    let at = at(round.to_string());
    match round % 4 {
        1 | 3 => drop(context.put(&at, document("before")).await?),
        2 => drop(context.put(&at, silent("before")).await?),
        _ => return Ok(at),
    }
    context.delete(&at, time(0)).await?;
    Ok(at)
}

async fn check<S: Store>(
    context: &StoreContext<'_, S>,
    at: &Address,
    won: &[bool],
    round: u64,
) -> Result<(), Failure> {
    let winners: Vec<_> = won.iter().enumerate().filter(|(_, won)| **won).map(|(writer, _)| writer).collect();
    context.same("writers and winners", (won.len(), winners.len()), (16, 1))?;
    let body = context.there(at).await?.body;
    context.same("body", body, winners.iter().map(ToString::to_string).collect::<String>().into())?;
    let total = context.page(&Query::all(KIND), crate::storage::Start::First, 0).await?.total;
    context.same("documents", total, round + 1)
}

/// A hundred concurrent edits create a document that does not exist and delete one that does: each sees the result of
/// the previous one, and gets a higher revision.
pub async fn edits_at_once_see_each_other(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("edits_at_once_see_each_other", store);
    for is_told in [true, false] {
        let at = at(is_told.to_string());
        let writes = (0..100).map(|_| {
            let toggled = at.clone();
            context.update(vec![at.clone()], move |tx| {
                if tx.delete(&toggled, time(1))? {
                    return Ok(None);
                }
                let new = if is_told { document("") } else { silent("") };
                Ok(Some(tx.put(&toggled, new)?))
            })
        });
        let made = together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut revisions: Vec<_> = made.into_iter().flatten().collect();
        revisions.sort_unstable();
        revisions.dedup();
        context.same("creations, with revisions of their own", revisions.len(), 50)?;
        context.same("document", context.get(&at).await?, None)?;
        context.lists(&Query::all(KIND), &[]).await?;
    }
    Ok(())
}

/// An edit sees its own changes: created, deleted, and created again.
pub async fn edits_see_their_own_changes(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("edits_see_their_own_changes", store);
    context.put(&at("other"), document("")).await?;
    let seen = context
        .update(vec![at("a")], |tx| {
            let mut seen = vec![tx.get(&at("a"))?.is_some()];
            tx.put(&at("a"), document("1").in_list("first").with_term("t", "1"))?;
            seen.push(tx.get(&at("a"))?.is_some_and(|found| found.body == "1"));
            seen.push(tx.delete(&at("a"), time(5))?);
            seen.push(tx.get(&at("a"))?.is_some());
            seen.push(tx.tombstone(&at("a"))?.is_some_and(|found| found.last_updated == time(5)));
            tx.put(&at("a"), document("2"))?;
            seen.push(tx.tombstone(&at("a"))?.is_some());
            Ok(seen)
        })
        .await?;
    context.same("what the edit saw", seen, vec![false, true, true, false, true, false])?;
    context.same("body", context.there(&at("a")).await?.body, "2".into())?;
    context.lists(&Query::all(KIND), &["other", "a"]).await?;
    context.lists(&Query::list(KIND, "first"), &[]).await?;
    context.lists(&Query::all(KIND).with_term("t", "1"), &[]).await
}
