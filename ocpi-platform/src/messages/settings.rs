//! Settings of the log of messages.

use std::collections::BTreeSet;
use std::time::Duration;

/// Log of the messages to and from partners, in the store: see [`Platform::messages`](crate::Platform::messages). It is
/// [off](Self::off) by default.
///
/// ```
/// use std::time::Duration;
/// use ocpi_platform::{MessageLog, Settings};
/// # fn with_log(settings: Settings) -> Settings {
/// let log = MessageLog::of(["cpo"]).keep_for(Duration::from_secs(3 * 24 * 60 * 60)).keep_bytes(64 << 20);
/// Settings { messages: log, ..settings }
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MessageLog {
    partners: Logged,
    pub(super) keep: Duration,
    pub(super) bytes: u64,
    pub(super) body: usize,
    pub(super) queue: usize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Logged {
    None,
    These(BTreeSet<String>),
    All,
}

impl MessageLog {
    /// Logs no messages. Earlier messages are kept until they expire.
    pub fn off() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            partners: Logged::None,
            keep: DAY.saturating_mul(7),
            bytes: 256 << 20,
            body: 64 << 10,
            queue: 8 << 20,
        }
    }

    /// Logs the messages of all partners. Requests with unknown tokens belong to no partner, and are not logged.
    pub fn all() -> Self {
        Self { partners: Logged::All, ..Self::off() }
    }

    /// Logs the messages of these partners, by their ids.
    pub fn of(partners: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let partners = partners.into_iter().map(Into::into).collect();
        Self { partners: Logged::These(partners), ..Self::off() }
    }

    /// Sets the time for which messages are kept; the default is 7 days.
    #[must_use]
    pub fn keep_for(self, keep: Duration) -> Self {
        Self { keep, ..self }
    }

    /// Sets the maximum number of bytes in the store, beyond which the oldest messages are deleted; the default is 256
    /// MiB.
    #[must_use]
    pub fn keep_bytes(self, bytes: u64) -> Self {
        Self { bytes, ..self }
    }

    /// Sets the maximum number of bytes kept of each body, which is truncated; the default is 64 KiB. If the body has
    /// more than 1 MiB, or the exchange more than 20,000 different secrets or 512 KiB of them, only the length is kept.
    #[must_use]
    pub fn keep_body_bytes(self, body: usize) -> Self {
        Self { body, ..self }
    }

    /// Sets the maximum number of bytes queued in memory for the store. Further messages are not logged, which is
    /// [reported](ocpi_types::observe::EventKind::NotLogged); the default is 8 MiB.
    #[must_use]
    pub fn queue_bytes(self, queue: usize) -> Self {
        Self { queue, ..self }
    }

    /// Whether messages of a partner are logged.
    pub fn takes(&self, partner: &str) -> bool {
        match &self.partners {
            Logged::None => false,
            Logged::These(partners) => partners.contains(partner),
            Logged::All => true,
        }
    }

    /// Whether no messages are logged.
    pub fn is_off(&self) -> bool {
        self.partners == Logged::None
    }
}

impl Default for MessageLog {
    fn default() -> Self {
        Self::off()
    }
}
