//! Partners with an exchange of credentials in progress.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The partners that credentials are exchanged with at this moment, by this process. It saves useless work, and keeps
/// partners of other makes from crossing requests; the record is safe without it.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Arc<Mutex<BTreeSet<String>>>);

/// One of them; over when it is dropped.
#[derive(Debug)]
pub(super) struct Begun {
    partners: Arc<Mutex<BTreeSet<String>>>,
    id: String,
}

impl InFlight {
    /// Begins; `None` if one with this partner is under way already, or too many are.
    pub(super) fn begin(&self, id: &str, most: usize) -> Option<Begun> {
        let mut partners = lock(&self.0);
        let may_begin = partners.len() < most && partners.insert(id.to_owned());
        may_begin.then(|| Begun { partners: Arc::clone(&self.0), id: id.to_owned() })
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        lock(&self.partners).remove(&self.id);
    }
}

fn lock(partners: &Mutex<BTreeSet<String>>) -> MutexGuard<'_, BTreeSet<String>> {
    partners.lock().unwrap_or_else(PoisonError::into_inner)
}
