//! The rules of a verb.

use std::fmt::Write;

use anstyle::Style;
use ocpi_pricing::{audit, lint};
use ocpi_types::convert::{ConversionRule, Effect};
use ocpi_types::{Rule, Severity};
use serde::Serialize;

use super::{Format, color, json};

/// A rule, for people who look it up.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct RuleInfo {
    pub(crate) id: &'static str,
    #[serde(serialize_with = "json::as_word")]
    pub(crate) severity: Severity,
    pub(crate) message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) about: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<&'static str>,
}

/// A CDR whose cost an audit could not compute.
pub(crate) const NOT_COMPUTABLE: RuleInfo = RuleInfo {
    id: "cdr.not_computable",
    severity: Severity::Error,
    message: "the cost cannot be computed",
    about: Some("The tariffs or periods leave something open, so the amounts cannot be verified."),
    source: None,
};

impl From<Rule> for RuleInfo {
    fn from(rule: Rule) -> Self {
        let (id, severity, message) = (rule.id(), rule.severity(), rule.message());
        Self { id, severity, message, about: None, source: Some(rule.source()) }
    }
}

impl From<lint::Rule> for RuleInfo {
    fn from(rule: lint::Rule) -> Self {
        let (id, severity, message) = (rule.id(), rule.severity(), rule.message());
        Self { id, severity, message, about: Some(rule.about()), source: None }
    }
}

impl From<audit::Rule> for RuleInfo {
    fn from(rule: audit::Rule) -> Self {
        let (id, severity, message) = (rule.id(), rule.severity(), rule.message());
        Self { id, severity, message, about: Some(rule.about()), source: Some(rule.source()) }
    }
}

/// A loss is a warning, as in the text of a ledger.
impl From<ConversionRule> for RuleInfo {
    fn from(rule: ConversionRule) -> Self {
        let severity = if rule.effect() == Effect::Lost { Severity::Warning } else { Severity::Info };
        Self { id: rule.id(), severity, message: rule.message(), about: None, source: Some(rule.source()) }
    }
}

/// The rules of reading and checking.
pub(crate) fn checked() -> Vec<RuleInfo> {
    all(Rule::ALL)
}

/// All rules of a table.
pub(crate) fn all<R: Copy + Into<RuleInfo>>(rules: &[R]) -> Vec<RuleInfo> {
    rules.iter().copied().map(Into::into).collect()
}

#[derive(Serialize)]
struct Rules<'a> {
    rules: &'a [RuleInfo],
}

/// The table of rules.
///
/// # Errors
/// When there is no JSON for it.
pub(crate) fn rules(rules: &[RuleInfo], format: Format) -> serde_json::Result<String> {
    match format {
        Format::Text => Ok(as_text(rules)),
        Format::Json => json::line(&Rules { rules }),
    }
}

/// Writing into a `String` does not fail: the results of `write!` are let go.
fn as_text(rules: &[RuleInfo]) -> String {
    let bold = Style::new().bold();
    let mut out = String::new();
    for RuleInfo { id, severity, message, about, source } in rules {
        let style = color(*severity);
        let _ = writeln!(out, "{bold}{id}{bold:#} ({style}{severity}{style:#}): {message}");
        for line in [about.map(str::to_owned), source.map(|source| format!("Source: {source}"))] {
            let _ = line.map(|line| writeln!(out, "    {line}"));
        }
    }
    out
}
