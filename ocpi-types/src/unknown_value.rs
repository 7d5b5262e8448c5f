//! Texts of unlisted enum values.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::EnumInfo;
use crate::macros::names::is_listed;

/// The text of an enum value that the specification does not list.
///
/// It cannot be constructed or matched outside of this crate, because the text may become a variant in a later version.
/// Compare [`as_str`](UnknownValue::as_str), or construct the enum with `From<&str>`, or with its `custom` in a
/// constant.
///
/// ```
/// use ocpi_types::v2_3_0::locations::ConnectorType;
/// assert_eq!(ConnectorType::from("IEC_62196_T2"), ConnectorType::Iec62196T2);
/// let ConnectorType::Custom(text) = ConnectorType::from("WIRELESS") else { unreachable!() };
/// assert_eq!(text.as_str(), "WIRELESS");
/// ```
#[derive(Clone)]
pub struct UnknownValue(Kept);

// Boxed twice, so that an enum takes 16 bytes rather than 24: unknown values are rare.
#[derive(Clone)]
enum Kept {
    Nothing,
    Read(Box<Box<str>>),
    Literal(&'static &'static str),
}

impl UnknownValue {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Nothing => "",
            Kept::Read(text) => text,
            Kept::Literal(text) => text,
        }
    }

    #[doc(hidden)]
    pub fn keep(text: &str) -> Self {
        Self(Kept::Read(Box::new(text.into())))
    }

    #[doc(hidden)]
    pub const fn unlisted(info: &EnumInfo, text: &'static &'static str) -> Self {
        assert!(!is_listed(info, text), "the specification lists this value");
        Self(Kept::Literal(text))
    }

    #[doc(hidden)]
    pub const fn blank() -> Self {
        Self(Kept::Nothing)
    }
}

impl PartialEq for UnknownValue {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for UnknownValue {}

impl PartialOrd for UnknownValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UnknownValue {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for UnknownValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
