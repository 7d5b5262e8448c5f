//! Doubts: reasons to ask the owner for an object.

use std::collections::BTreeSet;

use ocpi_types::DateTime;

/// Reason why an object may not be as its owner has it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum DoubtReason {
    /// The owner's times and the order of arrival disagree about a value.
    Overtaken,
    /// A change has a time in our future.
    Ahead,
    /// Two changes of a member without a time came shortly after each other.
    Undated,
    /// An EVSE or Connector went, stayed or came back although the times disagree.
    Parts,
    /// A charging period came, went or stayed although the times disagree.
    Periods,
    /// A deletion and a publication came shortly after each other.
    Deleted,
    /// A change came for an object or a part that is not there.
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

    /// The name by which it is kept.
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

/// An object is in doubt: it should be asked for at its owner.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Doubt {
    /// Since when.
    pub since: DateTime,
    /// When the newest reason came up.
    pub latest: DateTime,
    /// Reasons.
    pub reasons: BTreeSet<DoubtReason>,
}

impl Doubt {
    /// A doubt since a time.
    pub fn new(since: DateTime, reasons: impl IntoIterator<Item = DoubtReason>) -> Self {
        Self { since, latest: since, reasons: reasons.into_iter().collect() }
    }

    /// Adds reasons.
    pub(super) fn add(&mut self, reasons: BTreeSet<DoubtReason>, at: DateTime) {
        self.reasons.extend(reasons);
        self.latest = self.latest.max(at);
    }
}
