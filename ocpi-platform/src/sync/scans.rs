//! Scans of all schedules, including those in the future.

use std::sync::{Mutex, PoisonError};

use ocpi_types::DateTime;

/// Seconds after which all schedules are read: another node may have stored times while its clock was ahead.
const EVERY: i64 = 300;

/// The last time, and when all schedules were read last.
#[derive(Debug, Default)]
pub(crate) struct Scans(Mutex<Option<(DateTime, DateTime)>>);

impl Scans {
    /// Whether all schedules are to be read: at first, where the clock was put back, and now and then.
    pub(super) fn is_due(&self, now: DateTime) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = known.is_none_or(|(last, scan)| now < last || now.seconds_since(scan) >= EVERY);
        let scan = known.filter(|_| !is_due).map_or(now, |(_, scan)| scan);
        *known = Some((now, scan));
        is_due
    }
}
