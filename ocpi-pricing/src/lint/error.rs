//! Why a text cannot be looked at.

use std::fmt::Display;

use ocpi_types::Finding;

/// The text is no tariff, or not all of its elements can be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct LintError(String, Kind);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Unreadable,
    Lost,
}

impl LintError {
    pub(super) fn unreadable(why: impl Display) -> Self {
        Self(why.to_string(), Kind::Unreadable)
    }

    pub(super) fn lost(finding: &Finding) -> Self {
        Self(finding.to_string(), Kind::Lost)
    }

    /// Whether the text is no tariff at all.
    pub fn is_unreadable(&self) -> bool {
        self.1 == Kind::Unreadable
    }

    /// Whether the text is a tariff of which elements or prices cannot be read.
    pub fn is_lost(&self) -> bool {
        self.1 == Kind::Lost
    }
}
