//! Parameters of the order of updates.

use std::time::Duration;

/// Times that order the updates.
///
/// The defaults were measured on schedules of late, repeated and misdated messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OrderSettings {
    /// Maximum lead of the owner's time over our clock at which it is still believed. Default: 30 seconds.
    pub tolerance: Duration,
    /// Maximum transmission time of a message. Default: 10 minutes.
    pub window: Duration,
    /// Maximum distance at which two changes without a time may have been reordered. Default: 30 seconds.
    pub near: Duration,
    /// Number of consecutive answers that look old; the next one is believed. Default: 3.
    pub old_answers: u32,
    /// Time for which EVSEs and Connectors that a PUT left out are remembered. Default: 30 days.
    pub keep: Duration,
}

impl Default for OrderSettings {
    fn default() -> Self {
        Self {
            tolerance: Duration::from_secs(30),
            window: Duration::from_secs(600),
            near: Duration::from_secs(30),
            old_answers: 3,
            keep: Duration::from_secs(30 * 86_400),
        }
    }
}

/// The settings in microseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) tolerance: i64,
    pub(super) window: i64,
    pub(super) near: i64,
    pub(super) keep: i64,
}

impl From<&OrderSettings> for Limits {
    fn from(settings: &OrderSettings) -> Self {
        let micros = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        Self {
            tolerance: micros(settings.tolerance),
            window: micros(settings.window),
            near: micros(settings.near),
            keep: micros(settings.keep),
        }
    }
}
