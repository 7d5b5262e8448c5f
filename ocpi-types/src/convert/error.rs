//! Error of a conversion.

use std::fmt;

use super::{ConversionRule, Unsupported};
use crate::Version;
use crate::pointer::shown;

/// Refusal to convert an object that the version cannot express: the place and the rule.
///
/// ```
/// use ocpi_types::convert::{Context, ConversionRule, Ledger, V2_1_1, V2_2_1, convert, kind};
/// use ocpi_types::{json, v2_2_1::locations::Connector};
/// let connector: Connector = json::from_str(r#"{"id":"1","standard":"CHAOJI","format":"CABLE","power_type":"DC",
///     "max_voltage":920,"max_amperage":500,"last_updated":"2026-01-01T00:00:00Z"}"#)?;
/// let refused =
///     convert::<kind::Connector, V2_2_1, V2_1_1>(connector, &Context::default(), &mut Ledger::new()).unwrap_err();
/// assert_eq!((refused.pointer(), refused.rule()), ("/standard", ConversionRule::EnumValue));
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConversionError {
    unsupported: Unsupported,
    from: Version,
    to: Version,
}

impl ConversionError {
    /// Place of the value in the source object, as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> &str {
        &self.unsupported.pointer
    }

    /// Rule that refused the object.
    pub fn rule(&self) -> ConversionRule {
        self.unsupported.rule
    }

    /// The cause, if the rule has several; empty otherwise.
    pub fn detail(&self) -> &str {
        &self.unsupported.detail
    }

    /// The source version of the step that failed.
    pub fn from(&self) -> Version {
        self.from
    }

    /// The target version of the step that failed.
    pub fn to(&self) -> Version {
        self.to
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pointer, rule) = (shown(&self.unsupported.pointer), self.unsupported.rule);
        let at = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
        let detail = if self.detail().is_empty() { String::new() } else { format!(": {}", self.detail()) };
        write!(f, "cannot be expressed in {}{at}: {}{detail} [{}]", self.to, rule.message(), rule.id())
    }
}

impl std::error::Error for ConversionError {}

impl ConversionError {
    /// The error of an object that is refused in a step between two versions.
    pub(super) fn new(unsupported: Unsupported, from: Version, to: Version) -> Self {
        Self { unsupported, from, to }
    }
}
