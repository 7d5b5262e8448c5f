//! Documents of requests: one for each request, changed in transactions, and deleted when old.

use ocpi_server_traits::storage::{
    Address, NewDocument, Query, Rejected, Start, Store, StoreError, StoreErrorKind, StoreExt, UpdateError,
};
use ocpi_types::DateTime;

use crate::Error;

/// Form of the documents of a collection.
pub(crate) struct Form<E> {
    pub(crate) collection: &'static str,
    pub(crate) read: fn(&[u8]) -> Option<E>,
    pub(crate) write: fn(&E, DateTime) -> Option<NewDocument>,
}

impl<E: 'static> Form<E> {
    /// The address of an entry.
    pub(crate) fn at(&self, key: &str) -> Address {
        Address::new(self.collection, "", key)
    }

    /// Reads an entry.
    pub(crate) async fn get(&self, store: &impl Store, key: &str) -> Result<Option<E>, Error> {
        match store.get(&self.at(key)).await? {
            Some(document) => (self.read)(&document.body).map(Some).ok_or_else(corrupt),
            None => Ok(None),
        }
    }

    /// Changes an entry in a transaction; the edit says whether it did. `None`: there is no such entry.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        store: &impl Store,
        key: &str,
        now: DateTime,
        mut edit: impl FnMut(&mut E) -> (T, bool) + Send + 'static,
    ) -> Result<Option<T>, Error> {
        let (at, read, write) = (self.at(key), self.read, self.write);
        let changed = store.update(vec![at.clone()], move |tx| {
            let Some(document) = tx.get(&at)? else { return Ok(None) };
            let mut entry = read(&document.body).ok_or(Rejected::Because(()))?;
            let (value, is_changed) = edit(&mut entry);
            if is_changed {
                tx.put(&at, write(&entry, now).ok_or(Rejected::Because(()))?)?;
            }
            Ok(Some(value))
        });
        changed.await.map_err(failure)
    }

    /// Forgets what was of use before `cut` only, at most so many. Returns their number.
    pub(crate) async fn forget(
        &self,
        store: &impl Store,
        cut: DateTime,
        most: u32,
        now: DateTime,
    ) -> Result<usize, Error> {
        let page = store.page(&Query::all(self.collection).to(cut), Start::First, most).await?;
        let old: Vec<Address> = page.rows.into_iter().map(|(at, _)| at).collect();
        if old.is_empty() {
            return Ok(0);
        }
        let forgotten = store.update(old.clone(), move |tx| {
            let mut count = 0;
            for at in &old {
                let is_old = tx.get(at)?.is_some_and(|document| document.last_updated < cut);
                if is_old && tx.delete(at, now)? {
                    count += 1;
                }
            }
            Ok::<_, Rejected<()>>(count)
        });
        forgotten.await.map_err(failure)
    }
}

/// The first time at which a deadline at `now` is past.
pub(crate) fn just_after(now: DateTime) -> DateTime {
    DateTime::from_unix_micros(now.to_unix_micros().saturating_add(1)).unwrap_or(now)
}

pub(crate) fn failure(error: UpdateError<()>) -> Error {
    match error {
        UpdateError::Store(error) => error.into(),
        UpdateError::Rejected(()) | UpdateError::Aborted => corrupt(),
    }
}

/// The document of a request is broken.
pub(crate) fn corrupt() -> Error {
    StoreError::new(StoreErrorKind::Corrupt, "the document of a request cannot be read or written").into()
}
