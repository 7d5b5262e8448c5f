//! Purged tombstones, and readers that keep a copy by the feed.

use std::collections::BTreeSet;

use super::context::{KIND, Random, StoreContext, at, document, keys, silent, time};
use super::fixture::Fixture;
use crate::conformance::{Applied, Failure};
use crate::storage::{Position, Query, Start, Store};

/// Purged tombstones are a gap only for readers behind them. The purge position shows it, wherever and however much is
/// read.
pub async fn purges_leave_a_gap<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("purges_leave_a_gap", &store);
    let before = context.commit(&at("a"), document("1")).await?;
    context.commit(&at("b"), document("1")).await?;
    context.delete(&at("b"), time(5)).await?;
    let deleted = context.head().await?;
    context.commit(&at("c"), document("1")).await?;
    context.delete(&at("c"), time(9)).await?;
    let head = context.head().await?;
    if !fixture.purge(&store, time(6)).await {
        return Ok(Applied::NotApplicable);
    }
    context.same("tombstone", context.tombstone(&at("b")).await?, None)?;
    context.holds("the newer tombstone", context.tombstone(&at("c")).await?.is_some())?;
    let rows = context.feed(Position::START, 10).await?;
    let told: Vec<_> = rows.iter().map(|row| (row.at.key(), row.is_deleted)).collect();
    context.same("feed", told, vec![("a", false), ("c", true)])?;
    for (after, is_gap) in [(before, true), (Position::START, false), (deleted, false), (head, false)] {
        for limit in [0, 1, 10] {
            let changes = context.ok("changes", store.changes(after, limit).await)?;
            context.same(&format!("gap after {after:?}"), changes.is_gap(after), is_gap)?;
            let is_exact = changes.purged >= deleted && changes.purged < head;
            context.holds(&format!("a purge position of {deleted:?} after {after:?}"), is_exact)?;
        }
    }
    // Nothing is left to purge, so nothing moves.
    fixture.purge(&store, time(6)).await;
    let purged = context.ok("changes", store.changes(Position::START, 1).await)?.purged;
    context.holds("a purge position that stays", purged >= deleted && purged < head)?;
    fixture.purge(&store, time(99)).await;
    let changes = context.ok("changes", store.changes(before, 10).await)?;
    context.holds("a purge position that grows", changes.purged >= head)?;
    // The newest position does not go back with the newest change.
    let position = context.commit(&at("d"), silent("")).await?;
    context.holds("a position that does not go back", position >= head)?;
    // Whoever has come to the end has no gap.
    let end = context.ok("changes", store.changes(changes.upto, 10).await)?;
    context.same("gap at the end", end.is_gap(changes.upto), false)?;
    Ok(Applied::Tested)
}

/// A copy kept by the feed is correct, however slowly it is read and whatever is purged or erased meanwhile: the purge
/// position shows when to start again and what to drop.
pub async fn copies_outlive_purges<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("copies_outlive_purges", &store);
    let mut random = Random(1);
    let mut copies = [1, 2, 5].map(Copy::new);
    for round in 0..240_i64 {
        for _ in 0..random.below(5) {
            let at = at(random.below(12).to_string());
            if random.below(6) == 0 {
                context.update(vec![at.clone()], move |tx| tx.erase(&at)).await?;
            } else if random.below(2) == 0 {
                // Deletions do not come in the order of their times.
                context.delete(&at, time(round + i64::try_from(random.below(8)).unwrap_or(0))).await?;
            } else {
                context.put(&at, document("")).await?;
            }
        }
        if random.below(4) == 0 && !fixture.purge(&store, time(round)).await {
            return Ok(Applied::NotApplicable);
        }
        for copy in &mut copies {
            if random.below(3) == 0 {
                copy.read(&context).await?;
            }
        }
        if round % 40 == 39 {
            let page = context.page(&Query::all(KIND), Start::First, 100).await?;
            let expected: BTreeSet<_> = keys(&page.rows).into_iter().collect();
            for copy in &mut copies {
                let mut reads = 0;
                while copy.read(&context).await? {
                    reads += 1;
                    context.holds("an end of the feed", reads < 1_000)?;
                }
                let what = format!("keys of a copy that is read by {} in round {round}", copy.limit);
                context.same(&what, &copy.keys, &expected)?;
            }
        }
    }
    Ok(Applied::Tested)
}

/// Keys of all documents, kept by the feed.
struct Copy {
    limit: u32,
    keys: BTreeSet<String>,
    after: Position,
    walk: Option<Walk>,
}

/// A way through the feed from the start.
struct Walk {
    came: BTreeSet<String>,
    /// The purge position at its beginning.
    purged: Position,
}

impl Copy {
    fn new(limit: u32) -> Self {
        Self { limit, keys: BTreeSet::new(), after: Position::START, walk: None }
    }

    /// Reads once. `false`: there was nothing to read.
    async fn read<S: Store>(&mut self, context: &StoreContext<'_, S>) -> Result<bool, Failure> {
        let changes = context.ok("changes", context.store.changes(self.after, self.limit).await)?;
        let known = self.walk.as_ref().map_or(Position::START, |walk| walk.purged);
        if changes.is_gap(self.after.max(known)) {
            (self.after, self.walk) = (Position::START, None);
            return Ok(true);
        }
        if self.after == Position::START {
            self.walk = Some(Walk { came: BTreeSet::new(), purged: changes.purged });
        }
        for change in &changes.rows {
            for keys in
                [Some(&mut self.keys), self.walk.as_mut().map(|walk| &mut walk.came)].into_iter().flatten()
            {
                if change.is_deleted {
                    keys.remove(change.at.key());
                } else {
                    keys.insert(change.at.key().to_owned());
                }
            }
        }
        self.after = changes.upto;
        let is_over = changes.rows.is_empty();
        if let Some(walk) = self.walk.take_if(|_| is_over) {
            self.keys = walk.came;
        }
        Ok(!is_over)
    }
}
