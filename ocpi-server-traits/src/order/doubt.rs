//! Doubts: reasons to look up an object at its owner.

use std::collections::BTreeSet;

use ocpi_types::DateTime;

/// Reason why an object may differ from the owner's.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum DoubtReason {
    /// The owner's times and the order of arrival disagree about a value.
    Overtaken,
    /// A change has a time in our future.
    Ahead,
    /// Two changes of a member without a time came shortly after each other.
    Undated,
    /// An EVSE or Connector was removed, kept or restored although the times disagree.
    Parts,
    /// A charging period was added, removed or kept although the times disagree.
    Periods,
    /// A deletion and a PUT arrived shortly after each other.
    Deleted,
    /// A change arrived for an object or a part that does not exist.
    Missing,
    /// The owner's answer is older than the copy.
    OldAnswer,
    /// The stored times cannot be read.
    Unreadable,
}

impl DoubtReason {
    const ALL: [Self; 9] = [
        Self::Overtaken,
        Self::Ahead,
        Self::Undated,
        Self::Parts,
        Self::Periods,
        Self::Deleted,
        Self::Missing,
        Self::OldAnswer,
        Self::Unreadable,
    ];

    /// Returns the name in stored doubts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overtaken => "overtaken",
            Self::Ahead => "ahead",
            Self::Undated => "undated",
            Self::Parts => "parts",
            Self::Periods => "periods",
            Self::Deleted => "deleted",
            Self::Missing => "missing",
            Self::OldAnswer => "old_answer",
            Self::Unreadable => "unreadable",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// Doubt about an object, which should be looked up at its owner.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Doubt {
    /// Time of the first reason.
    pub since: DateTime,
    /// Time of the newest reason.
    pub latest: DateTime,
    /// Reasons.
    pub reasons: BTreeSet<DoubtReason>,
}

impl Doubt {
    /// Creates a doubt since a time.
    pub fn new(since: DateTime, reasons: impl IntoIterator<Item = DoubtReason>) -> Self {
        Self { since, latest: since, reasons: reasons.into_iter().collect() }
    }

    /// Adds reasons.
    pub(super) fn add(&mut self, reasons: BTreeSet<DoubtReason>, at: DateTime) {
        self.reasons.extend(reasons);
        self.latest = self.latest.max(at);
    }
}
