//! The log, which may have bytes that were erased.

use std::time::Duration;

use rusqlite::Connection;

use super::file;

/// Time between two attempts, if somebody reads an older state of the file all the while: each brings the log to the disk.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Whether the log is to be emptied, and when that was in vain.
#[derive(Debug)]
pub(super) struct Log {
    is_to_empty: bool,
    in_vain: Option<Duration>,
}

impl Log {
    /// A log of before this program was started: nobody knows what is in it.
    pub(super) fn unknown() -> Self {
        Self { is_to_empty: true, in_vain: None }
    }

    /// It may have erased bytes from now on.
    pub(super) fn soil(&mut self) {
        self.is_to_empty = true;
    }

    pub(super) fn is_to_empty(&self) -> bool {
        self.is_to_empty
    }

    /// Empties it, if that is to be done and was not in vain a moment ago.
    pub(super) fn empty(&mut self, connection: &Connection, ticks: Duration) {
        if self.is_to_empty && self.in_vain.is_none_or(|last| ticks.saturating_sub(last) >= PAUSE) {
            self.end(file::empty_log_soon(connection), ticks);
        }
    }

    /// Notes the end of an attempt.
    pub(super) fn end(&mut self, is_empty: bool, ticks: Duration) {
        *self = Self { is_to_empty: !is_empty, in_vain: (!is_empty).then_some(ticks) };
    }
}
