//! Settings for drivers' data in this process.

use std::sync::{Mutex, PoisonError};

use super::retention::Retention;

/// Settings for drivers' data in this process.
#[derive(Debug, Default)]
pub(crate) struct Privacy {
    retention: Mutex<Retention>,
}

impl Privacy {
    pub(super) fn retention(&self) -> Retention {
        self.retention.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn retain(&self, retention: Retention) {
        *self.retention.lock().unwrap_or_else(PoisonError::into_inner) = retention;
    }
}
