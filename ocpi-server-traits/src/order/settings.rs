//! Parameters of the rule.

use std::time::Duration;

/// Times by which updates are ordered.
///
/// The defaults were measured on schedules of late, repeated and misdated messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OrderSettings {
    /// Greatest lead of a time over our clock at which it is still believed; 30 seconds by default.
    pub tolerance: Duration,
    /// Longest time that a message is under way; 10 minutes by default.
    pub window: Duration,
    /// Changes without a time that are as near to each other as this may have changed places; 30 seconds by default.
    pub near: Duration,
    /// Number of answers in a row that look old; the next one is believed. 3 by default.
    pub old_answers: u32,
    /// Time for which EVSEs and Connectors that a PUT left out are remembered; 30 days by default.
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
