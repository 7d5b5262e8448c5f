//! The change feed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::beside::{Gate, start, within, yield_now};
use super::context::{StoreContext, at, document, silent, time};
use super::fixture::Fixture;
use crate::conformance::test_context::together;
use crate::conformance::{Applied, Failure};
use crate::storage::{Change, Position, Store};

/// Address, part and whether the document is deleted, of changes in their order.
fn told(changes: &[Change]) -> Vec<(String, String, bool)> {
    changes.iter().map(|row| (row.at.key().to_owned(), row.part.clone(), row.is_deleted)).collect()
}

fn expected(rows: &[(&str, &str, bool)]) -> Vec<(String, String, bool)> {
    rows.iter().map(|(key, part, is_deleted)| ((*key).to_owned(), (*part).to_owned(), *is_deleted)).collect()
}

/// The feed has the newest change of each part, in commit order, with the current revision of the document.
pub async fn feed_has_each_part_once(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("feed_has_each_part_once", store);
    context.put(&at("a"), silent("1").with_part("").with_part("evse 1")).await?;
    context.put(&at("b"), document("1")).await?;
    context.put(&at("a"), silent("2").with_part("evse 2")).await?;
    context.put(&at("a"), silent("3").with_part("evse 1")).await?;
    let order = [("a", "", false), ("b", "", false), ("a", "evse 2", false), ("a", "evse 1", false)];
    for limit in [1, 2, 100] {
        let feed = context.feed(Position::START, limit).await?;
        context.same("feed", told(&feed), expected(&order))?;
        for change in &feed {
            let revision = context.there(&change.at).await?.revision;
            context.same("revision", change.revision, revision)?;
        }
    }
    context.put(&at("a"), document("4")).await?;
    let order = [("b", "", false), ("a", "evse 2", false), ("a", "evse 1", false), ("a", "", false)];
    context.same("feed", told(&context.feed(Position::START, 3).await?), expected(&order))
}

/// A deletion is one change of the part "", and those of the other parts are gone.
pub async fn feed_has_deletions(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("feed_has_deletions", store);
    context.put(&at("a"), silent("1").with_part("evse 1").with_part("evse 2")).await?;
    context.put(&at("b"), document("1")).await?;
    context.delete(&at("a"), time(5)).await?;
    let feed = context.feed(Position::START, 10).await?;
    context.same("feed", told(&feed), expected(&[("b", "", false), ("a", "", true)]))?;
    let tombstone = context.came("the tombstone", context.tombstone(&at("a")).await?)?;
    context.same("revision", feed.last().map(|change| change.revision), Some(tombstone.revision))?;
    context.put(&at("a"), document("2")).await?;
    let feed = context.feed(Position::START, 10).await?;
    context.same("feed", told(&feed), expected(&[("b", "", false), ("a", "", false)]))
}

/// Documents without parts do not come, nor do their deletions, and the position does not move. A part that was told stays
/// when a later write names none.
pub async fn feed_has_no_silent_writes(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("feed_has_no_silent_writes", store);
    let first = context.commit(&at("a"), document("1")).await?;
    for key in ["b", "c", "a", "b"] {
        let position = context.commit(&at(key), silent("2")).await?;
        context.same("position after a write without parts", position, first)?;
    }
    context.delete(&at("c"), time(0)).await?;
    context.same("feed", told(&context.feed(Position::START, 10).await?), expected(&[("a", "", false)]))?;
    let revision = context.feed(Position::START, 10).await?.first().map(|change| change.revision);
    context.same("revision", revision, Some(context.there(&at("a")).await?.revision))
}

/// A reader that continues from its last position gets all later changes, and nothing else.
pub async fn feed_goes_on_from_a_position(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("feed_goes_on_from_a_position", store);
    let mut after = Position::START;
    for turn in 0..20_u32 {
        let key = (turn % 7).to_string();
        let position = context.commit(&at(key.clone()), document("")).await?;
        context.holds("a position behind the one before", position > after)?;
        let changes = context.ok("changes", store.changes(after, 10).await)?;
        context.same("changes since", told(&changes.rows), expected(&[(&key, "", false)]))?;
        context.same(
            "position of the change",
            changes.rows.last().map(|row| row.position),
            Some(position),
        )?;
        context.same(
            "position to go on from",
            (changes.upto, changes.purged),
            (position, Position::START),
        )?;
        after = changes.upto;
        let nothing = context.ok("changes", store.changes(after, 10).await)?;
        context.same("changes at the end", (nothing.rows.len(), nothing.upto), (0, after))?;
    }
    Ok(())
}

/// A reader that has not reached a deletion learns that the document is a new one, even if the new one has no parts of
/// its own, or is deleted as well.
pub async fn feed_loses_no_deletion(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("feed_loses_no_deletion", store);
    for (key, is_deleted) in [("a", false), ("b", true)] {
        let before = context.commit(&at(key), silent("1").with_part("evse 1")).await?;
        let at = at(key);
        context
            .update(vec![at.clone()], move |tx| {
                tx.delete(&at, time(1))?;
                tx.put(&at, silent("2"))?;
                if is_deleted { tx.delete(&at, time(2)).map(drop) } else { Ok(()) }
            })
            .await?;
        let told = told(&context.feed(before, 10).await?);
        context.same("changes since", told, expected(&[(key, "", is_deleted)]))?;
    }
    context.commit(&at("c"), document("1")).await?;
    let before = context.head().await?;
    context.delete(&at("c"), time(1)).await?;
    context.put(&at("c"), silent("2").with_part("evse 2")).await?;
    let told = told(&context.feed(before, 10).await?);
    context.same("changes since", told, expected(&[("c", "", false), ("c", "evse 2", false)]))
}

/// A reader misses no change while two stores write different documents.
pub async fn feed_misses_no_commit<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let behavior = "feed_misses_no_commit";
    let first = fixture.fresh().await;
    let Some(second) = fixture.second(&first).await else { return Ok(Applied::NotApplicable) };
    let reader = Arc::new(first);
    let context = StoreContext::new(behavior, &*reader);
    for key in 0..20 {
        context.put(&at(key.to_string()), document("")).await?;
    }
    let over = Gate::default();
    let writers = [Arc::clone(&reader), Arc::new(second)].into_iter().enumerate().map(|(number, store)| {
        start(fixture, async move {
            let context = StoreContext::new(behavior, &*store);
            for turn in 0..60 {
                // Some old and some new documents, several at once.
                let keys = [
                    format!("{number} {turn}"),
                    format!("{number} {}", turn % 5),
                    format!("{number} x{turn}"),
                ];
                let addresses = keys.map(at);
                let writes = addresses.iter().map(|at| context.put(at, document(turn.to_string())));
                together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()?;
            }
            Ok::<_, Failure>(())
        })
    });
    let writers: Vec<_> = writers.collect();
    let reading = {
        let (reader, over) = (Arc::clone(&reader), over.clone());
        start(fixture, async move {
            let context = StoreContext::new(behavior, &*reader);
            let (mut newest, mut after) = (BTreeMap::new(), Position::START);
            loop {
                let is_last = over.is_open();
                let (changes, upto) = context.feed_upto(after, 7).await?;
                newest.extend(changes.into_iter().map(|row| (row.at.key().to_owned(), row.revision)));
                after = upto;
                if is_last {
                    return Ok::<_, Failure>(newest);
                }
                yield_now().await;
            }
        })
    };
    let written = together(writers).await;
    over.open();
    let newest =
        context.came("the end of the reader", within(fixture.patience(), reading).await.flatten())??;
    for ended in written {
        context.came("the end of a writer", ended)??;
    }
    context.same("documents in the feed", newest.len(), 260)?;
    for (key, revision) in newest {
        let found = context.there(&at(key)).await?;
        context.same("newest revision that was read", revision, found.revision)?;
    }
    Ok(Applied::Tested)
}
