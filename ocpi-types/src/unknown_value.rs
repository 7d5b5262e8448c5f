//! Texts of enum values that are not known.

use std::fmt;

/// The text of an enum value that the specification does not list.
///
/// It cannot be built or matched on from outside: a text that becomes a variant in a later version must not have
/// been matched here before. Compare [`as_str`](UnknownValue::as_str), or build the enum `From<&str>`.
///
/// ```
/// use ocpi_types::v2_3_0::locations::ConnectorType;
/// assert_eq!(ConnectorType::from("IEC_62196_T2"), ConnectorType::Iec62196T2);
/// let ConnectorType::Custom(text) = ConnectorType::from("WIRELESS") else { unreachable!() };
/// assert_eq!(text.as_str(), "WIRELESS");
/// ```
// Boxed twice, so that an enum takes 16 bytes rather than 24: unknown values are rare.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnknownValue(Option<Box<Box<str>>>);

impl UnknownValue {
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().map_or("", |text| &**text)
    }

    #[doc(hidden)]
    pub fn keep(text: &str) -> Self {
        Self(Some(Box::new(text.into())))
    }

    #[doc(hidden)]
    pub const fn blank() -> Self {
        Self(None)
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
