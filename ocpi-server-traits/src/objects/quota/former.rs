//! Counting of objects stored before there were accounts.

use std::sync::atomic::Ordering;

use super::Charge;
use crate::Error;
use crate::objects::{Cause, Objects, put};
use crate::storage::{Address, Document, NewDocument, Position, Store, StoreExt};

/// Format of the document with the place in the feed.
const FORMAT: &str = "counted/1";
/// Its body when nothing is left.
const DONE: &str = "done";
/// Most objects of one step, each with an account.
const OBJECTS: usize = 250;
/// Most bytes of one step of more than one object: two of the largest would be too large for a write.
const BYTES: usize = 8 << 20;
/// Most reads of the feed in one step.
const READS: usize = 100;

impl<S: Store> Objects<S> {
    /// Counts some objects that an earlier release stored without counting them: at most 250, in one write. Returns
    /// `false` when all are counted. Until then [`Objects::usage`] includes only objects written since, and updates of
    /// the others are not refused.
    ///
    /// `Platform::tick` of the crate `ocpi-platform` calls it. It costs nothing once it is done, and several processes
    /// may call it concurrently.
    ///
    /// ```
    /// use ocpi_server_traits::{Error, Objects, Store};
    /// async fn count_all(objects: &Objects<impl Store>) -> Result<(), Error> {
    ///     while objects.count_former().await? {}
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn count_former(&self) -> Result<bool, Error> {
        if self.is_counted.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let place = place_at();
        let known = self.store.get(&place).await?;
        let known = known.as_ref().and_then(|document| std::str::from_utf8(&document.body).ok());
        if known == Some(DONE) {
            self.is_counted.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        let number = known.and_then(|number| number.parse().ok());
        let step = self.next_former(number.map_or(Position::START, Position::new)).await?;
        let (former, body) =
            (step.former, step.next.map_or(DONE.to_owned(), |next| next.number().to_string()));
        let addresses = former.iter().cloned().chain([place.clone()]).collect();
        let written = self.charged(addresses, None, move |transaction, charges| {
            for at in &former {
                // Whoever wrote it meanwhile has counted it.
                let document = transaction.get(at)?.filter(|document| is_former(document)).cloned();
                if let Some(document) = document.and_then(counted) {
                    put(transaction, charges, at, document)?;
                }
            }
            let now = transaction.now();
            transaction.put(&place, NewDocument::new(body.clone(), FORMAT, now))?;
            Ok(())
        });
        written.await?;
        Ok(step.next.is_some())
    }

    /// Looks for objects that are not counted, in the feed: it has every object once.
    async fn next_former(&self, mut after: Position) -> Result<Step, Error> {
        let (mut former, mut bytes) = (Vec::new(), 0_usize);
        for _ in 0..READS {
            let limit = u32::try_from(OBJECTS).unwrap_or(u32::MAX);
            let changes = self.store.changes(after, limit).await?;
            if changes.rows.is_empty() {
                return Ok(Step { former, next: None });
            }
            let addresses: Vec<Address> = changes.rows.iter().map(|change| change.at.clone()).collect();
            let documents = self.store.read(&addresses).await?;
            for ((change, at), document) in changes.rows.iter().zip(addresses).zip(documents) {
                if let Some(document) = document.filter(is_former) {
                    bytes = bytes.saturating_add(document.text_bytes());
                    if former.len() >= OBJECTS || (bytes > BYTES && !former.is_empty()) {
                        return Ok(Step { former, next: Some(after) });
                    }
                    former.push(at);
                }
                after = change.position;
            }
            after = changes.upto;
        }
        Ok(Step { former, next: Some(after) })
    }
}

/// Objects that are to be counted, and the position behind them; `None`: there are no more.
struct Step {
    former: Vec<Address>,
    next: Option<Position>,
}

fn is_former(document: &Document) -> bool {
    Charge::of(document).is_some_and(|charge| !charge.is_counted())
}

/// The same document with the mark. It names no part, so nobody is told of a change.
fn counted(document: Document) -> Option<NewDocument> {
    let cause = Cause::from_bytes(&document.cause)?;
    let new = NewDocument::new(document.body, document.format, document.last_updated)
        .in_list(document.list)
        .with_stamps(document.stamps)
        .with_cause(cause.to_bytes());
    Some(document.terms.into_iter().fold(new, |new, (name, value)| new.with_term(name, value)))
}

fn place_at() -> Address {
    Address::new("AccountsCounted", "", "")
}
