//! What may be kept in memory of partners: what never changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::details::Details;
use crate::trust::TokenHash;

/// Which partner a token was issued to, and details by their number. Neither ever changes, so that another process
/// cannot make it out of date. Rights are not in here: they are read in each request.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    ids: Mutex<BTreeMap<String, String>>,
    details: Mutex<BTreeMap<String, (u64, Arc<Details>)>>,
}

/// Most entries of either; then it begins empty again.
const MOST: usize = 10_000;

impl Cache {
    pub(super) fn id(&self, token: &TokenHash) -> Option<String> {
        lock(&self.ids).get(&token.to_string()).cloned()
    }

    pub(super) fn remember_id(&self, token: &TokenHash, id: &str) {
        let mut ids = lock(&self.ids);
        if ids.len() >= MOST {
            ids.clear();
        }
        ids.insert(token.to_string(), id.to_owned());
    }

    pub(super) fn details(&self, id: &str, number: u64) -> Option<Arc<Details>> {
        let details = lock(&self.details);
        details.get(id).filter(|(known, _)| *known == number).map(|(_, details)| Arc::clone(details))
    }

    pub(super) fn remember_details(&self, id: &str, number: u64, known: &Arc<Details>) {
        let mut details = lock(&self.details);
        if details.len() >= MOST {
            details.clear();
        }
        details.insert(id.to_owned(), (number, Arc::clone(known)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
