//! Which partners our credentials are on their way to.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The partners that our credentials are on their way to.
///
/// A partner calls back with its new token before it says whether it takes it, so meanwhile a use of the new
/// token does not mean that the old one is good no more. And if both sides renewed at the same time, each would
/// end with a token that the other has replaced.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Arc<Mutex<BTreeSet<String>>>);

/// One of them; over when it is dropped.
#[derive(Debug)]
pub(super) struct Begun {
    partners: Arc<Mutex<BTreeSet<String>>>,
    id: String,
}

impl InFlight {
    /// Begins; `None` if credentials are on their way to this partner already.
    pub(super) fn begin(&self, id: &str) -> Option<Begun> {
        let is_first = lock(&self.0).insert(id.to_owned());
        is_first.then(|| Begun { partners: Arc::clone(&self.0), id: id.to_owned() })
    }

    pub(super) fn to(&self, id: &str) -> bool {
        lock(&self.0).contains(id)
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
