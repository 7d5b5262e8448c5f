//! Error of a text that cannot be linted.

use std::fmt::Display;

/// Error: a text is not a tariff.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct LintError(String);

impl LintError {
    pub(super) fn unreadable(why: impl Display) -> Self {
        Self(why.to_string())
    }
}
