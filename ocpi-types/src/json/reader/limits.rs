//! What a reader accepts, why it stops, and what it remembers of an object.

use crate::Rule;

/// What a reader accepts at most.
///
/// ```
/// use ocpi_types::json::{self, Limits};
/// use ocpi_types::v2_3_0::types::Price;
/// let limits = Limits { bytes: 10, ..Limits::default() };
/// let error = json::read_within::<Price>(br#"{"before_taxes": 4.10}"#, limits).unwrap_err();
/// assert_eq!(error.rule().id(), "limit.bytes");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of the whole text. Default: 64 MiB.
    pub bytes: usize,
    /// Objects and lists inside each other; 128 at most. Default: 64.
    pub depth: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 64 }
    }
}

impl Limits {
    pub(crate) fn unlimited_bytes() -> Self {
        Self { bytes: usize::MAX, depth: MAX_DEPTH }
    }
}

/// The nesting that `skip_value` can follow: one bit of a `u128` each.
pub(super) const MAX_DEPTH: u16 = 128;

/// The longest spelling of a number, in characters.
pub(super) const MAX_NUMBER: usize = 64;

/// The findings kept of one text; a text with more deviations is told so once.
pub(super) const MAX_FINDINGS: usize = 1_000;

/// Where a value starts, to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(super) at: usize,
    pub(super) depth: u16,
}

/// Why reading stopped.
///
/// Small, so that results of leaf readers stay in registers.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    pub(super) rule: Rule,
    pub(super) fatal: bool,
    pub(super) at: usize,
    pub(super) member: Option<&'static str>,
}

impl Stop {
    /// A deviation of the value that starts at `at`; the text goes on after it.
    pub fn value(rule: Rule, at: usize) -> Self {
        Self { rule, fatal: false, at, member: None }
    }

    /// The text itself is broken.
    pub(super) fn fatal(rule: Rule, at: usize) -> Self {
        Self { rule, fatal: true, at, member: None }
    }

    pub(in crate::json) fn offset(&self) -> usize {
        self.at
    }

    pub(in crate::json) fn member(&self) -> Option<&'static str> {
        self.member
    }

    pub(in crate::json) fn rule(&self) -> Rule {
        self.rule
    }
}

/// Which members of an object were seen, and which of them could not be read: one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    pub(super) read: u64,
    pub(super) unreadable: u64,
    /// Why the first required member that could not be read could not.
    pub(super) cause: Option<Stop>,
}
