//! Leases: one holder at a time, across processes, relying on no clock but the store's.

use std::time::Duration;

use ocpi_types::DateTime;

use super::{
    Abort, Address, Document, NewDocument, Rejected, Store, StoreError, StoreErrorKind, StoreExt,
    Transaction, UpdateError,
};

/// A lease that is held. Writes under it have to [check](fenced) it in the same transaction.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Lease {
    /// Its name.
    pub name: String,
    /// The holder.
    pub holder: String,
    /// Number that increases by one with each new holder.
    pub fence: u64,
    /// End of the lease, by the store's clock.
    pub until: DateTime,
}

/// Reason why a lease cannot be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeaseError {
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// Another node holds it.
    #[error("another node holds the lease until {until}")]
    Held {
        /// End of the other's lease.
        until: DateTime,
    },
}

impl LeaseError {
    /// Whether another node holds the lease.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Held { .. })
    }
}

impl Lease {
    /// Returns the address of the document that names the holder. A write under the lease has to declare it.
    pub fn address(&self) -> Address {
        address(&self.name)
    }
}

/// Takes a lease, or extends one that the holder already has.
///
/// ```
/// use std::time::Duration;
/// use ocpi_server_traits::storage::{LeaseError, Memory, take};
/// # pollster::block_on(async {
/// let store = Memory::new();
/// let first = take(&store, "push/FR*VIC", "node 1", Duration::from_secs(6)).await?;
/// assert_eq!(take(&store, "push/FR*VIC", "node 1", Duration::from_secs(6)).await?.fence, first.fence);
/// let second = take(&store, "push/FR*VIC", "node 2", Duration::from_secs(6)).await;
/// assert!(matches!(second, Err(LeaseError::Held { .. })));
/// # Ok::<(), LeaseError>(())
/// # }).unwrap();
/// ```
///
/// # Errors
/// When another node holds it, or the store fails. A term that would end after the year 9999 ends then.
///
/// If the store's clock was ahead when a lease was taken, the lease lasts no longer than its term from the first
/// attempt of another holder, so a clock that is set back does not lock anybody out for as long as it was ahead.
pub async fn take(store: &impl Store, name: &str, holder: &str, term: Duration) -> Result<Lease, LeaseError> {
    let (at, name, holder) = (address(name), name.to_owned(), holder.to_owned());
    let micros = i64::try_from(term.as_micros()).unwrap_or(i64::MAX);
    let result = store.update(vec![at.clone()], move |transaction| {
        let now = transaction.now();
        // A lease whose fence began again would let the writes of earlier holders pass.
        let read = |document: &Document| {
            let held = Held::read(&document.body).ok_or(Rejected::Because(unreadable()))?;
            Ok::<_, Rejected<LeaseError>>((held, document.last_updated))
        };
        let fence = match transaction.get(&at)?.map(read).transpose()? {
            None => 1,
            Some((held, _)) if held.until <= now => held.fence.saturating_add(1),
            Some((held, _)) if held.holder == holder => held.fence,
            Some((held, taken)) if taken > now => {
                // It may still be held: it is not taken away, but made to end.
                let until = end(now, held.until.to_unix_micros().saturating_sub(taken.to_unix_micros()));
                transaction.put(&at, Held { until, ..held }.written(now))?;
                return Ok(Err(until));
            }
            Some((held, _)) => return Ok(Err(held.until)),
        };
        let until = end(now, micros);
        transaction.put(&at, Held { fence, until, holder: holder.clone() }.written(now))?;
        Ok(Ok(Lease { name: name.clone(), holder: holder.clone(), fence, until }))
    });
    let taken = result.await.map_err(|error| match error {
        UpdateError::Store(error) => LeaseError::Store(error),
        UpdateError::Rejected(error) => error,
        UpdateError::Aborted => {
            LeaseError::Store(StoreError::new(StoreErrorKind::Other, "a lease was not taken"))
        }
    })?;
    taken.map_err(|until| LeaseError::Held { until })
}

/// Releases a lease, if it is still held. The next holder gets the next fence.
///
/// # Errors
/// When the store fails.
pub async fn release(store: &impl Store, lease: &Lease) -> Result<(), StoreError> {
    let (at, lease) = (lease.address(), lease.clone());
    let result = store.update(vec![at.clone()], move |transaction| {
        fenced(transaction, &lease)?;
        // Over by any clock, also where that of now is ahead.
        let over = Held { fence: lease.fence, until: DateTime::UNIX_EPOCH, holder: lease.holder.clone() };
        transaction.put(&at, over.written(transaction.now()))?;
        Ok::<_, Rejected<()>>(())
    });
    match result.await {
        Ok(()) | Err(UpdateError::Aborted | UpdateError::Rejected(())) => Ok(()),
        Err(UpdateError::Store(error)) => Err(error),
    }
}

/// Aborts an edit unless the lease is held. The write has to declare [the lease's address](Lease::address).
///
/// # Errors
/// When it is no longer held.
pub fn fenced(transaction: &mut Transaction<'_>, lease: &Lease) -> Result<(), Abort> {
    let now = transaction.now();
    let known = transaction.get(&lease.address())?.and_then(|document| Held::read(&document.body));
    match known {
        Some(held) if held.fence == lease.fence && held.holder == lease.holder && held.until > now => Ok(()),
        _ => Err(Abort::new()),
    }
}

fn unreadable() -> LeaseError {
    LeaseError::Store(StoreError::new(StoreErrorKind::Corrupt, "a lease cannot be read"))
}

/// End of a term of so many microseconds.
fn end(now: DateTime, term: i64) -> DateTime {
    DateTime::from_unix_micros(now.to_unix_micros().saturating_add(term)).unwrap_or_else(end_of_time)
}

fn end_of_time() -> DateTime {
    const MICROS: i64 = 253_402_300_799_999_999;
    DateTime::from_unix_micros(MICROS).unwrap_or(DateTime::UNIX_EPOCH)
}

fn address(name: &str) -> Address {
    Address::new("lease", "", name)
}

/// A lease as it is stored.
struct Held {
    fence: u64,
    until: DateTime,
    holder: String,
}

impl Held {
    fn written(&self, now: DateTime) -> NewDocument {
        let body = format!("{} {} {}", self.fence, self.until.to_unix_micros(), self.holder);
        NewDocument::new(body, "lease", now)
    }

    fn read(body: &[u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(body).ok()?.splitn(3, ' ');
        let fence = parts.next()?.parse().ok()?;
        let until = DateTime::from_unix_micros(parts.next()?.parse().ok()?)?;
        Some(Self { fence, until, holder: parts.next()?.to_owned() })
    }
}

#[cfg(test)]
mod tests;
