//! Limits of a reader, its stops, and its record of an object's members.

use crate::Rule;

/// Upper limits on the texts that a reader accepts.
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
    /// Bytes of the whole text, or of one item of a stream. Default: 64 MiB. Maximum: 4 GiB.
    pub bytes: usize,
    /// Nesting depth of objects and lists. Default: 64. Maximum: 128.
    pub depth: u16,
    /// Members and elements of one item; in a list or page, of each element. Default: 1,000,000.
    pub nodes: usize,
    /// Bytes of one string. A longer string is skipped as unreadable. Default: 64 KiB.
    pub string: usize,
    /// Characters of one number. A longer number is skipped as unreadable. Default: 64.
    pub number: usize,
    /// Exponent of one number, positive or negative. Default: 40. Maximum: 40.
    pub exponent: u32,
    /// Number of findings kept; one more finding reports that there were more. Default: 10,000.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 64,
            nodes: 1_000_000,
            string: 64 << 10,
            number: 64,
            exponent: MAX_EXPONENT,
            findings: 10_000,
        }
    }
}

/// A method per limit.
macro_rules! with {
    ($($method:ident: $limit:ident $ty:ty, $doc:literal;)+) => {
        impl Limits {
            $(
                #[doc = $doc]
                #[must_use]
                pub fn $method(self, $limit: $ty) -> Self {
                    Self { $limit, ..self }
                }
            )+
        }
    };
}

with! {
    with_bytes: bytes usize, "With texts of at most this many bytes.";
    with_depth: depth u16, "With at most this many objects and lists inside each other.";
    with_nodes: nodes usize, "With items of at most this many members and elements.";
    with_string: string usize, "With strings of at most this many bytes.";
    with_number: number usize, "With numbers of at most this many characters.";
    with_exponent: exponent u32, "With numbers of at most this exponent.";
    with_findings: findings usize, "With at most this many findings.";
}

impl Limits {
    /// Limits for texts of the application itself, such as stored documents: no limit on bytes, members and strings,
    /// and a depth of 128.
    pub fn trusted() -> Self {
        Self { bytes: usize::MAX, depth: MAX_DEPTH, nodes: usize::MAX, string: usize::MAX, ..Self::default() }
    }
}

/// The largest exponent that a number may be written with.
pub(crate) const MAX_EXPONENT: u32 = 40;

/// Offsets have 32 bits.
pub(super) const MAX_BYTES: usize = u32::MAX as usize;

/// The nesting that `skip_value` can follow: one bit of a `u128` each.
pub(super) const MAX_DEPTH: u16 = 128;

/// Where a value starts, to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) at: usize,
    pub(super) depth: u16,
}

/// Reason why reading stopped.
///
/// Eight bytes, so that results of leaf readers fit into registers.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    pub(super) rule: Rule,
    pub(super) kind: Kind,
    at: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// The value cannot be read; the text continues after it.
    Value,
    /// The value cannot be read, and the reason is recorded.
    Noted,
    /// Reading ends.
    Fatal,
}

impl Stop {
    /// Creates a stop for a deviation of the value at `at`; the text continues after it.
    #[inline]
    pub fn value(rule: Rule, at: usize) -> Self {
        Self::new(rule, Kind::Value, at)
    }

    /// A value that is given up for a cause that is noted already.
    pub(crate) fn noted(rule: Rule, at: usize) -> Self {
        Self::new(rule, Kind::Noted, at)
    }

    /// The text itself is broken.
    #[inline]
    pub(crate) fn fatal(rule: Rule, at: usize) -> Self {
        Self::new(rule, Kind::Fatal, at)
    }

    #[inline]
    fn new(rule: Rule, kind: Kind, at: usize) -> Self {
        Self { rule, kind, at: u32::try_from(at).unwrap_or(u32::MAX) }
    }

    pub(crate) fn offset(&self) -> usize {
        usize::try_from(self.at).unwrap_or(usize::MAX)
    }

    /// Whether the text breaks off where more of it may follow.
    pub(crate) fn is_end(&self) -> bool {
        self.kind == Kind::Fatal && self.rule == Rule::JsonEnd
    }
}

/// The members of an object that were read, and those that could not be read: one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    pub(super) read: u64,
    pub(super) unreadable: u64,
    /// The members that were read by a name that is not their own.
    pub(super) by_other_name: u64,
    /// The members that are `null` by their own names.
    pub(super) null: u64,
    /// The members whose better names follow, once they were looked for.
    pub(super) ahead: Option<Ahead>,
}

/// The members that follow in an object: a bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ahead {
    /// By their own names, and not as `null`.
    pub(super) own: u64,
    /// By their own names, as `null`.
    pub(super) null: u64,
    /// By their own names in another spelling.
    pub(super) spelled: u64,
}
