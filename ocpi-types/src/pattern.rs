//! Forms of texts, as data: for tools that describe messages rather than read them.

use crate::Version;

/// The form of a text, as a regular expression.
///
/// The expressions keep to the common ground of the dialects, so they mean the same to JSON Schema and to Rust. They
/// begin with `^` and end with `$`. A rule that no expression can state, such as the length of a February, is left to
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
    /// No text, or any.
    Plain,
    /// The characters; their number is the length limit's matter.
    Chars(&'static str),
    /// The whole text, and so its length; it may differ between versions.
    Whole(fn(Version) -> &'static str),
    /// The whole text, and the codes that there are.
    Code {
        /// Pattern of every code of the list; other texts may match it, too.
        pattern: &'static str,
        /// All codes of the list.
        codes: fn() -> Vec<&'static str>,
    },
}

impl Pattern {
    /// The expression, if there is one.
    pub fn pattern(self, version: Version) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Chars(pattern) | Self::Code { pattern, .. } => Some(pattern),
            Self::Whole(pattern) => Some(pattern(version)),
        }
    }
}
