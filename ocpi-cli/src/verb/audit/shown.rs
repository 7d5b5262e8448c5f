//! An audit as text and as JSON.

use std::fmt::Write;
use std::io;

use anstyle::Style;
use ocpi_pricing::audit::{AuditRule, Finding, Report};
use serde::Serialize;

use crate::kinds::Kind;
use crate::output;

/// What became of one CDR.
pub(super) struct Shown<'a> {
    pub(super) file: String,
    pub(super) kind: &'static Kind,
    pub(super) item: Option<usize>,
    pub(super) report: &'a Report,
}

impl Shown<'_> {
    /// A heading, and a line for each finding. Writing into a `String` does not fail.
    pub(super) fn text(&self) -> String {
        let bold = Style::new().bold();
        let name = if self.file == "-" { "standard input" } else { &self.file };
        let item = self.item.map(|item| format!(", item {item}")).unwrap_or_default();
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{bold}{}{item}{bold:#}: cdr {}, OCPI {}: {}",
            output::plain(name),
            output::plain(&self.report.id),
            self.kind.version(),
            self.report.verdict().as_str().replace('_', " ")
        );
        let width = |of: fn(&Finding) -> usize| self.report.findings.iter().map(of).max().unwrap_or_default();
        let pointers = width(|finding| output::plain(&finding.pointer).chars().count());
        for finding in &self.report.findings {
            let level = finding.rule.severity();
            let style = output::color(level);
            let _ = write!(
                out,
                "  {style}{:<7}{style:#}  {:<pointers$}  {}",
                level.to_string(),
                output::plain(&finding.pointer),
                finding.rule.message()
            );
            let _ = match (&finding.found, &finding.expected) {
                (Some(found), Some(expected)) => {
                    write!(out, ": {}, expected {}", output::plain(found), output::plain(expected))
                }
                (Some(found), None) => write!(out, ": {}", output::plain(found)),
                (None, Some(expected)) => write!(out, ": expected {}", output::plain(expected)),
                (None, None) => Ok(()),
            };
            if !finding.detail.is_empty() {
                let _ = write!(out, " ({})", output::plain(&finding.detail));
            }
            let _ = writeln!(out, "  [{}]", finding.rule.id());
        }
        out
    }

    /// One line of JSON.
    ///
    /// # Errors
    /// Does not happen.
    pub(super) fn json(&self) -> io::Result<String> {
        let findings = self.report.findings.iter().map(|finding| FindingJson {
            file: &self.file,
            item: self.item,
            pointer: &finding.pointer,
            rule: finding.rule.id(),
            severity: finding.rule.severity().to_string(),
            message: finding.rule.message(),
            detail: Some(finding.detail.as_str()).filter(|detail| !detail.is_empty()),
            expected: finding.expected.as_deref(),
            found: finding.found.as_deref(),
        });
        let report = ReportJson {
            id: &self.report.id,
            verdict: self.report.verdict().as_str(),
            findings: findings.collect(),
        };
        Ok(serde_json::to_string(&report)? + "\n")
    }
}

#[derive(Serialize)]
struct ReportJson<'a> {
    id: &'a str,
    verdict: &'static str,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    file: &'a str,
    item: Option<usize>,
    pointer: &'a str,
    rule: &'static str,
    severity: String,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
}

/// The table of rules.
pub(super) fn rules() -> String {
    AuditRule::ALL.iter().fold(String::new(), |mut out, rule| {
        let severity = rule.severity().to_string();
        let _ = writeln!(out, "{severity:<7}  {:<22}  {}", rule.id(), rule.message());
        out
    })
}
