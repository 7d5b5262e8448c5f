//! Pace of requests with credentials.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ocpi_types::DateTime;

/// Counts the POSTs and PUTs of credentials of each partner, in windows of a minute.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<BTreeMap<String, Window>>);

#[derive(Debug)]
struct Window {
    from: DateTime,
    count: u32,
}

const MINUTE: i64 = 60;

impl Pace {
    /// Counts one; the seconds to wait if there were too many.
    pub(super) fn count(&self, id: &str, most: u32, now: DateTime) -> Option<u32> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| (0..MINUTE).contains(&now.seconds_since(window.from)));
        let window = windows.entry(id.to_owned()).or_insert(Window { from: now, count: 0 });
        window.count = window.count.saturating_add(1);
        let left = MINUTE - now.seconds_since(window.from);
        (window.count > most).then(|| u32::try_from(left).unwrap_or(1).max(1))
    }
}
