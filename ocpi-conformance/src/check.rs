//! Checks and their outcomes.

use std::fmt;

use serde::Serialize;

/// Strength of a rule in the specification.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Level {
    /// A breach is a failure.
    Must,
    /// A breach is a warning.
    Should,
}

/// Kind of a check, by its effect on the server.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Mode {
    /// It reads only: fit for a server in production.
    ReadOnly,
    /// It writes: for a sandbox. What it creates is marked and withdrawn, as far as the protocol allows.
    Active,
}

/// One behaviour of a server that is checked.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// Its stable id: `locations.list_total`.
    pub id: String,
    /// The module, or what else it is about: `locations`, `http`.
    pub module: String,
    /// The behaviour, for people: `X-Total-Count is the number of objects`.
    pub title: &'static str,
    /// Source of the rule: `2.2.1 transport_and_format §paginated_response`.
    pub source: String,
    /// Strength of the rule there.
    pub level: Level,
    /// Effect on the server.
    pub mode: Mode,
}

/// Outcome of a check.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CheckOutcome {
    /// As the rule says, in this many cases, at least one.
    Passed(usize),
    /// Otherwise than a rule says that should be kept.
    Warned(Box<Failure>),
    /// Otherwise than a rule says that must be kept.
    Failed(Box<Failure>),
    /// Not looked at, for this reason.
    Skipped(String),
}

impl CheckOutcome {
    /// Returns its word in JSON: `pass`, `warn`, `fail` or `skip`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Passed(_) => "pass",
            Self::Warned(_) => "warn",
            Self::Failed(_) => "fail",
            Self::Skipped(_) => "skip",
        }
    }

    /// Returns the breach, if there is one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Warned(failure) | Self::Failed(failure) => Some(failure),
            Self::Passed(_) | Self::Skipped(_) => None,
        }
    }
}

/// Breach of a rule. Tokens and drivers' ids in it are masked.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Failure {
    /// The behaviour that was expected: `HTTP 401`.
    pub expected: String,
    /// The behaviour that was found: `HTTP 200`.
    pub found: String,
    /// The request, as method, URL and the beginning of its body.
    pub request: Option<String>,
    /// The answer, as status, some of its headers and the beginning of its body.
    pub answer: Option<String>,
}

impl Failure {
    pub(crate) fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { expected: expected.into(), found: found.into(), request: None, answer: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}; found {}", self.expected, self.found)
    }
}

/// A check with its outcome.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Checked {
    /// The check.
    pub check: Check,
    /// Its outcome.
    pub outcome: CheckOutcome,
}

/// Early end of a check.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed(Box<Failure>),
    Skipped(String),
}

impl Stop {
    pub(crate) fn skip(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }
}

/// Result of a check: the number of cases that were looked at. None means that it is skipped: nothing passes because there
/// was nothing to look at.
pub(crate) type Done = Result<usize, Stop>;
