//! Result of a sync.

use std::fmt;

use ocpi_client::paging::{Doubt, ListOutcome, Stop};
use ocpi_server_traits::storage::Address;
use ocpi_types::convert::Ledger;
use ocpi_types::{DateTime, Finding};

/// Most objects of each kind whose ids are listed, and most findings.
pub(super) const LISTED: usize = 1_000;

/// Result of a sync, or of the part before an error.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Synced {
    /// Number of new objects.
    pub created: u64,
    /// Number of changed objects.
    pub changed: u64,
    /// Number of unchanged objects, which were not written.
    pub unchanged: u64,
    /// Number of objects with missing required members; not stored.
    pub partial: u64,
    /// Number of objects that were not stored because they are unreadable, malformed, or refused by a guard.
    pub rejected: u64,
    /// These objects with the reasons, including partial ones; the first 1,000.
    pub reasons: Vec<RejectedItem>,
    /// Number of objects of parties that the partner does not speak for; not stored.
    pub foreign: u64,
    /// Addresses of these objects; the first 1,000.
    pub foreign_at: Vec<Address>,
    /// Copies that were removed because the list no longer contains them.
    pub vanished: Vec<Address>,
    /// Copies that the list no longer contains, but that were kept because there are too many. See
    /// [`Sweep::Forced`](super::Sweep::Forced).
    pub held: Vec<Address>,
    /// Number of settled doubts.
    pub settled: u64,
    /// Time of the partner up to which the list is now known.
    pub watermark: Option<DateTime>,
    /// Reason why the list is not complete, if it is not.
    pub incomplete: Option<Incomplete>,
    /// Number of page requests.
    pub requests: u64,
    /// Findings in the answers; the first 1,000. Pointers start with the index in the page.
    pub findings: Vec<Finding>,
    /// Losses and assumptions, if the partner uses another version.
    pub ledger: Ledger,
    /// Whether the whole list was read to its end, whatever came of the delta behind it.
    pub(super) has_ended_full: bool,
}

/// Nothing yet.
impl Default for Synced {
    fn default() -> Self {
        Self {
            created: 0,
            changed: 0,
            unchanged: 0,
            partial: 0,
            rejected: 0,
            reasons: Vec::new(),
            foreign: 0,
            foreign_at: Vec::new(),
            vanished: Vec::new(),
            held: Vec::new(),
            settled: 0,
            watermark: None,
            incomplete: Some(Incomplete::Stopped(Stop::UnderWay)),
            requests: 0,
            findings: Vec::new(),
            ledger: Ledger::new(),
            has_ended_full: false,
        }
    }
}

/// Reason why a sync is incomplete.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Incomplete {
    /// The end was reached, but objects may have been missed.
    #[error("unsure: {0}")]
    Unsure(Doubt),
    /// The end was not reached. The next sync of the same extent continues, unless a schedule stopped it because it has
    /// more objects than a stored cursor can hold ([`Stop::Objects`]): then it starts over.
    #[error("stopped: {0}")]
    Stopped(Stop),
    /// A full sync was started and has to be completed first: it ends with a delta.
    #[error("a full sync is to be ended first")]
    FullUnderWay,
    /// Another node syncs the same list, at least until this time.
    #[error("another node syncs the same list")]
    Elsewhere {
        /// End of its lease.
        until: DateTime,
    },
}

impl Incomplete {
    pub(super) fn of(outcome: ListOutcome) -> Option<Self> {
        match outcome {
            ListOutcome::Complete => None,
            ListOutcome::Unsure(doubt) => Some(Self::Unsure(doubt)),
            ListOutcome::Incomplete(stop) => Some(Self::Stopped(stop)),
            _ => Some(Self::Stopped(Stop::UnderWay)),
        }
    }
}

/// An object that was not stored. Its id may be that of a driver's card.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct RejectedItem {
    /// Id of the object, if readable.
    pub id: Option<String>,
    /// Reason: rules and places, or the text of a guard.
    pub reason: String,
}

/// The id is left out.
impl fmt::Debug for RejectedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RejectedItem").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl Synced {
    /// Whether the whole list was read, without omissions.
    ///
    /// ```
    /// assert!(!ocpi_platform::Synced::default().is_complete(), "nothing was read");
    /// ```
    pub fn is_complete(&self) -> bool {
        self.incomplete.is_none()
    }

    pub(super) fn reject(&mut self, id: Option<String>, reason: String) {
        if self.reasons.len() < LISTED {
            self.reasons.push(RejectedItem { id, reason });
        }
    }
}

/// `3 new, 1 changed, 96 unchanged; complete`
impl fmt::Display for Synced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} new, {} changed, {} unchanged", self.created, self.changed, self.unchanged)?;
        let more = [
            (self.partial, "partial"),
            (self.rejected, "rejected"),
            (self.foreign, "foreign"),
            (self.vanished.len().try_into().unwrap_or(u64::MAX), "vanished"),
            (self.held.len().try_into().unwrap_or(u64::MAX), "held"),
        ];
        for (count, what) in more.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, ", {count} {what}")?;
        }
        match self.incomplete {
            None => f.write_str("; complete"),
            Some(reason) => write!(f, "; {reason}"),
        }
    }
}
