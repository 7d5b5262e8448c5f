//! Erased documents and tombstones, and readers that keep a copy by the feed.

use super::context::{KIND, StoreContext, at, document, silent, time};
use crate::conformance::Failure;
use crate::storage::{Position, Query, Start, Store};

/// Erased documents and tombstones leave nothing that can be read: not in pages, not by terms, not in the feed.
pub async fn erasures_leave_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("erasures_leave_nothing", store);
    context.put(&at("a"), document("1")).await?;
    context.put(&at("b"), document("1").with_term("t", "1")).await?;
    context.put(&at("c"), silent("1").with_term("t", "1")).await?;
    context.put(&at("d"), document("1")).await?;
    context.delete(&at("d"), time(1)).await?;
    for key in ["b", "c", "d"] {
        context.same("erasure", erase(&context, key).await?, true)?;
        context.same("a second erasure", erase(&context, key).await?, false)?;
        context.same("delete of the erased", context.delete(&at(key), time(2)).await?, false)?;
        context.same("document", context.get(&at(key)).await?, None)?;
        context.same("tombstone", context.tombstone(&at(key)).await?, None)?;
        let all = context.feed(Position::START, 100).await?;
        context.holds("a feed without it", all.iter().all(|change| change.at != at(key)))?;
    }
    context.lists(&Query::all(KIND).with_term("t", "1"), &[]).await?;
    context.lists(&Query::all(KIND), &["a"]).await?;
    let total = context.page(&Query::all(KIND), Start::First, 1).await?.total;
    context.same("total", total, 1)?;
    // What is created there again is a new document, told as any other.
    let known = context.head().await?;
    context.put(&at("b"), document("2")).await?;
    context.lists(&Query::all(KIND), &["a", "b"]).await?;
    let told = context.feed(known, 10).await?;
    context.holds("the new document in the feed", told.iter().any(|change| change.at == at("b")))?;
    // Within one write, too.
    let gone = context.update(vec![at("b")], |tx| {
        let is_gone = tx.erase(&at("b"))?;
        Ok((is_gone, tx.get(&at("b"))?.is_some(), tx.tombstone(&at("b"))?.is_some()))
    });
    context.same("erased, there, a tombstone", gone.await?, (true, false, false))
}

/// An erased document is a gap for all readers of the feed, an erased tombstone only for those that have not reached
/// it, and a document that was never in the feed for none.
pub async fn erasures_leave_a_gap(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("erasures_leave_a_gap", store);
    context.put(&at("a"), document("1")).await?;
    let before = context.head().await?;
    context.put(&at("b"), document("1")).await?;
    context.delete(&at("b"), time(1)).await?;
    let behind = context.head().await?;
    context.put(&at("c"), silent("1")).await?;
    context.put(&at("d"), document("1")).await?;
    let head = context.head().await?;

    erase(&context, "c").await?;
    gaps(&context, &[(Position::START, false), (before, false), (behind, false), (head, false)]).await?;
    erase(&context, "b").await?;
    gaps(&context, &[(Position::START, false), (before, true), (behind, false), (head, false)]).await?;
    erase(&context, "d").await?;
    gaps(&context, &[(Position::START, false), (before, true), (behind, true), (head, true)]).await?;
    // Whoever reads on comes to an end without a gap, and a write goes on behind it.
    let end = context.ok("changes", store.changes(head, 10).await)?.upto;
    gaps(&context, &[(end, false)]).await?;
    context.put(&at("e"), document("1")).await?;
    let told = context.feed(end, 10).await?;
    context.same("what is told behind it", told.len(), 1)?;
    // Older tombstones do not take the purge position back.
    context.delete(&at("a"), time(3)).await?;
    erase(&context, "a").await?;
    gaps(&context, &[(behind, true), (head, true)]).await?;
    // A tombstone that an aborted write erased is still there.
    context.delete(&at("e"), time(4)).await?;
    let last = context.head().await?;
    let address = at("e");
    let aborted = store.write(
        vec![address.clone()],
        Box::new(move |tx| {
            tx.erase(&address)?;
            Err(crate::storage::Abort::new())
        }),
    );
    context.ok("an aborted erasure", aborted.await)?;
    context.holds("its tombstone", context.tombstone(&at("e")).await?.is_some())?;
    gaps(&context, &[(last, false)]).await
}

async fn erase<S: Store>(context: &StoreContext<'_, S>, key: &'static str) -> Result<bool, Failure> {
    context.update(vec![at(key)], move |tx| tx.erase(&at(key))).await
}

async fn gaps<S: Store>(context: &StoreContext<'_, S>, expected: &[(Position, bool)]) -> Result<(), Failure> {
    for (known, is_gap) in expected {
        let changes = context.ok("changes", context.store.changes(*known, 10).await)?;
        context.same(&format!("gap after {known:?}"), changes.is_gap(*known), *is_gap)?;
    }
    Ok(())
}
