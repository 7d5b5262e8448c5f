//! Reasons why a value has no counterpart in another version.

use std::borrow::Cow;

use ecow::EcoString;

use super::ConversionRule;
use super::ledger::prefix;
use crate::Finding;

/// Reason why a value has no counterpart in the version: the place, relative to the value, and the rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unsupported {
    pub(super) pointer: EcoString,
    pub(super) rule: ConversionRule,
    /// Cause, where the rule has several; else empty.
    pub(super) detail: Cow<'static, str>,
}

impl Unsupported {
    /// Creates the reason for a value that does not fit itself.
    #[cold]
    pub fn new(rule: ConversionRule) -> Self {
        Self { pointer: EcoString::new(), rule, detail: Cow::Borrowed("") }
    }

    /// Refusal of the value that a finding is about.
    #[cold]
    pub(super) fn found(finding: Finding, rule: ConversionRule) -> Self {
        Self { pointer: finding.pointer.into(), rule, detail: finding.message }
    }

    /// Creates the reason for a member that does not fit.
    #[cold]
    pub fn at(name: &str, rule: ConversionRule) -> Self {
        Self::new(rule).within(name)
    }

    /// Creates the reason for a missing required member.
    #[doc(hidden)]
    #[cold]
    pub fn incomplete(name: &str) -> Self {
        Self::at(name, ConversionRule::Incomplete)
    }

    /// The rule.
    pub fn rule(&self) -> ConversionRule {
        self.rule
    }

    /// Returns the same reason relative to the enclosing value; `segment` is the member's name or the element's index.
    #[cold]
    #[must_use]
    pub fn within(mut self, segment: &str) -> Self {
        prefix(&mut self.pointer, segment);
        self
    }

    /// The same refusal, for the list around the element.
    #[cold]
    pub(super) fn within_element(self, index: usize) -> Self {
        self.within(&index.to_string())
    }
}
