//! Writes that return a value.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Abort, Address, Document, Store, StoreError, StoreErrorKind, Transaction, WriteOutcome};

/// Reason why an edit was rejected. `?` converts an [`Abort`].
#[derive(Debug)]
pub enum Rejected<E> {
    /// The transaction failed, or the edit gives no reason.
    Abort(Abort),
    /// The reason given by the caller.
    Because(E),
}

impl<E> From<Abort> for Rejected<E> {
    fn from(abort: Abort) -> Self {
        Self::Abort(abort)
    }
}

/// A failure of [`StoreExt::update`].
#[derive(Debug, thiserror::Error)]
pub enum UpdateError<E> {
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The edit was aborted without a reason.
    #[error("the edit gave up a change without a reason: a lease may be lost, or the edit is at fault")]
    Aborted,
    /// The edit was rejected for this reason.
    #[error("the edit gave up for a reason of its own")]
    Rejected(E),
}

/// Additional methods of every store.
pub trait StoreExt: Store {
    /// [Writes](Store::write) with an edit that returns a value. Nothing is stored when it returns an error.
    ///
    /// # Errors
    /// When the store fails, or the edit gives up.
    fn update<T, E>(
        &self,
        at: Vec<Address>,
        mut edit: impl FnMut(&mut Transaction<'_>) -> Result<T, Rejected<E>> + Send + 'static,
    ) -> impl Future<Output = Result<T, UpdateError<E>>> + Send
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let newest = Arc::clone(&result);
        let write = self.write(
            at,
            Box::new(move |transaction| {
                let made = edit(transaction);
                let verdict = if made.is_ok() { Ok(()) } else { Err(Abort::new()) };
                // It may run again: the last result counts.
                *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
                verdict
            }),
        );
        async move {
            let outcome = write.await.map_err(UpdateError::Store)?;
            let made = result.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (outcome, made) {
                (WriteOutcome::Committed(_), Some(Ok(value))) => Ok(value),
                (_, Some(Err(Rejected::Because(reason)))) => Err(UpdateError::Rejected(reason)),
                (WriteOutcome::Aborted, _) => Err(UpdateError::Aborted),
                (WriteOutcome::Committed(_), _) => Err(UpdateError::Store(StoreError::new(
                    StoreErrorKind::Other,
                    "a write was committed whose edit did not end",
                ))),
            }
        }
    }

    /// Reads one document.
    ///
    /// # Errors
    /// When the store fails.
    fn get(&self, at: &Address) -> impl Future<Output = Result<Option<Document>, StoreError>> + Send {
        let at = at.clone();
        async move { Ok(self.read(std::slice::from_ref(&at)).await?.pop().flatten()) }
    }
}

impl<S: Store> StoreExt for S {}
