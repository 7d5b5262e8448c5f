//! State of this process concerning drivers' data.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ocpi_server_traits::storage::Start;

use super::retention::Retention;

/// State about drivers' data in this process.
#[derive(Debug, Default)]
pub(crate) struct Privacy {
    retention: Mutex<Retention>,
    /// Where the search for what is too old goes on, by collection.
    places: Mutex<BTreeMap<&'static str, Start>>,
}

impl Privacy {
    pub(super) fn retention(&self) -> Retention {
        self.retention.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn retain(&self, retention: Retention) {
        *self.retention.lock().unwrap_or_else(PoisonError::into_inner) = retention;
    }

    /// Takes the place at which the search in a collection goes on.
    pub(super) fn place(&self, collection: &str) -> Start {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.remove(collection).unwrap_or(Start::First)
    }

    pub(super) fn go_on_at(&self, collection: &'static str, place: Start) {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).insert(collection, place);
    }
}
