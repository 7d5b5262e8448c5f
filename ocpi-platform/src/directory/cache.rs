//! Facts about partners that never change, kept in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::Permissions;
use ocpi_types::Role;
use ocpi_types::protocol::Party;

use super::details::Details;
use crate::trust::TokenHash;

/// Which partner a token was issued to, and details by their number. Neither ever changes, so that another process
/// cannot make it out of date. Rights are not in here: they are read in each request.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    ids: Mutex<BTreeMap<String, String>>,
    details: Mutex<BTreeMap<String, (u64, Arc<Details>)>>,
    shared: Mutex<BTreeMap<String, (u64, Arc<Shared>)>>,
}

/// Facts about a partner that all its requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) parties: Arc<BTreeSet<Party>>,
    pub(crate) permissions: Arc<(Vec<Role>, Permissions)>,
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
        get(&self.details, id, number)
    }

    pub(super) fn remember_details(&self, id: &str, number: u64, known: &Arc<Details>) {
        remember(&self.details, id, number, known);
    }

    pub(super) fn shared(&self, id: &str, number: u64) -> Option<Arc<Shared>> {
        get(&self.shared, id, number)
    }

    pub(super) fn remember_shared(&self, id: &str, number: u64, known: &Arc<Shared>) {
        remember(&self.shared, id, number, known);
    }
}

type Numbered<T> = Mutex<BTreeMap<String, (u64, Arc<T>)>>;

fn get<T>(known: &Numbered<T>, id: &str, number: u64) -> Option<Arc<T>> {
    lock(known).get(id).filter(|(known, _)| *known == number).map(|(_, known)| Arc::clone(known))
}

fn remember<T>(all: &Numbered<T>, id: &str, number: u64, known: &Arc<T>) {
    let mut all = lock(all);
    if all.len() >= MOST {
        all.clear();
    }
    all.insert(id.to_owned(), (number, Arc::clone(known)));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
