//! Formats of texts, as data: for tools that describe messages rather than read them.

use crate::Version;

/// The format of a text, as a regular expression.
///
/// The expressions use only features that all dialects share, so they mean the same in JSON Schema and in Rust. They
/// begin with `^` and end with `$`. Rules beyond regular expressions, such as the length of February, are left to
/// [`check`](crate::check).
///
/// ```
/// use ocpi_types::{CountryCode, Latitude, Value, Version};
/// assert_eq!(CountryCode::PATTERN.pattern(Version::V2_2_1), Some("^[A-Za-z]{2}$"));
/// assert_ne!(Latitude::PATTERN.pattern(Version::V2_1_1), Latitude::PATTERN.pattern(Version::V2_2_1));
/// assert_eq!(bool::PATTERN.pattern(Version::V2_2_1), None);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Pattern {
    /// Not a text, or any text.
    Plain,
    /// The allowed characters; the length is limited separately.
    Chars(&'static str),
    /// The whole text, including its length; it may differ between versions.
    Whole(fn(Version) -> &'static str),
    /// The whole text, and the list of existing codes.
    Code {
        /// Pattern of every code of the list; other texts may match it, too.
        pattern: &'static str,
        /// All codes of the list.
        codes: fn() -> Vec<&'static str>,
    },
}

impl Pattern {
    /// Returns the expression, if there is one.
    pub fn pattern(self, version: Version) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Chars(pattern) | Self::Code { pattern, .. } => Some(pattern),
            Self::Whole(pattern) => Some(pattern(version)),
        }
    }
}
