//! What a reader accepts, why it stops, and what it remembers of an object.

use crate::Rule;

/// What a reader accepts at most.
///
/// ```
/// use ocpi_types::json::{self, Limits};
/// use ocpi_types::v2_3_0::types::Price;
/// let limits = Limits::default().with_bytes(10);
/// let error = json::read_within::<Price>(br#"{"before_taxes": 4.10}"#, limits).unwrap_err();
/// assert_eq!(error.rule().id(), "limit.bytes");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the whole text. Default: 64 MiB.
    pub bytes: usize,
    /// Objects and lists inside each other; 128 at most. Default: 64.
    pub depth: u16,
    /// Members and elements in all. Default: 1,000,000.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 64, nodes: 1_000_000 }
    }
}

impl Limits {
    /// For what one wrote oneself, such as a store's documents: no limits but that of depth, which is 128.
    pub fn trusted() -> Self {
        Self { bytes: usize::MAX, depth: MAX_DEPTH, nodes: usize::MAX }
    }

    /// With texts of at most this many bytes.
    #[must_use]
    pub fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// With at most this many objects and lists inside each other.
    #[must_use]
    pub fn with_depth(self, depth: u16) -> Self {
        Self { depth, ..self }
    }

    /// With at most this many members and elements in all.
    #[must_use]
    pub fn with_nodes(self, nodes: usize) -> Self {
        Self { nodes, ..self }
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
