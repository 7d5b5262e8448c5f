//! Remark on one place in one object.

use ocpi_types::{Finding, Rule, Severity, json};

/// A finding, from the library or from this program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Remark {
    /// Where: a JSON pointer in the item.
    pub(crate) pointer: String,
    pub(crate) rule: Rule,
    pub(crate) severity: Severity,
    pub(crate) message: String,
}

impl Remark {
    /// Whether the reader could not read the value here. It costs the list element or optional member that it
    /// stands in, or is.
    pub(crate) fn costs_a_value(&self) -> bool {
        matches!(self.rule, Rule::ValueType | Rule::ValueForm | Rule::LimitNumber | Rule::Missing)
    }
}

impl From<Finding> for Remark {
    fn from(finding: Finding) -> Self {
        let Finding { pointer, rule, severity, message, .. } = finding;
        Self { pointer, rule, severity, message: message.into_owned() }
    }
}

/// The reason why an item could not be read is a finding like others.
impl From<&json::Error> for Remark {
    fn from(error: &json::Error) -> Self {
        let rule = error.rule();
        Self {
            pointer: error.pointer().to_owned(),
            rule,
            severity: Severity::Error,
            message: rule.message().to_owned(),
        }
    }
}
