//! A report as text and as JSON, and the rules.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::Style;
use ocpi_pricing::audit::{Finding, Report, Rule, Verdict};
use serde::Serialize;

use super::Count;
use crate::kinds::Kind;
use crate::output::text::{self, Row};
use crate::output::{self, Format, ShownRule, json};

/// What was found in one CDR.
pub(super) struct Shown<'a> {
    pub(super) file: &'a str,
    pub(super) kind: &'static Kind,
    pub(super) item: Option<usize>,
    pub(super) report: &'a Report,
}

/// The table of rules.
///
/// # Errors
/// When there is no JSON for it.
pub(super) fn rules(format: Format) -> serde_json::Result<String> {
    let shown = |rule: &Rule| ShownRule {
        id: rule.id(),
        severity: rule.severity(),
        message: rule.message(),
        about: rule.about(),
        source: Some(rule.source()),
    };
    output::rules(Rule::ALL.iter().map(shown).collect(), format)
}

impl Shown<'_> {
    /// A heading, a line for each finding, and why the bill could not be computed. Nothing if there is nothing to say.
    /// Writing into a `String` does not fail.
    pub(super) fn text(&self) -> String {
        let Report { id, currency, findings, not_computable, .. } = self.report;
        let mut out = String::new();
        if findings.is_empty() && not_computable.is_empty() {
            return out;
        }
        let bold = Style::new().bold();
        let name = if self.file == "-" { "standard input".to_owned() } else { output::plain(self.file) };
        let item = self.item.map(|item| format!(", item {item}")).unwrap_or_default();
        let verdict = match self.report.verdict() {
            Verdict::NotComputable => "not computable",
            verdict => verdict.as_str(),
        };
        let _ = writeln!(
            out,
            "{bold}{name}{item}{bold:#}: cdr {}, OCPI {}, {currency}: {verdict}",
            output::plain(id),
            self.kind.version(),
        );
        for reason in not_computable {
            let _ = writeln!(out, "  not computable: {}", output::plain(reason));
        }
        let rows: Vec<Row<'_>> = findings.iter().map(row).collect();
        text::render_rows(&mut out, &rows);
        if rows.is_empty() {
            out.push('\n');
        }
        out
    }

    /// One line.
    ///
    /// # Errors
    /// None that is known.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        let report = self.report;
        json::line(&Line {
            id: &report.id,
            verdict: report.verdict().as_str(),
            currency: report.currency.as_str(),
            findings: report.findings.iter().map(|it| found(self, it)).collect(),
            not_computable: &report.not_computable,
            file: self.file,
            item: self.item,
        })
    }
}

impl Count {
    /// The last line.
    pub(super) fn summary(&self) -> String {
        let total = self.agree + self.differ + self.not_computable;
        let mut line = text::count(total, "CDR");
        for (number, what) in [(self.agree, "agree"), (self.differ, "differ")] {
            let verb = if number == 1 { format!("{what}s") } else { what.to_owned() };
            let _ = write!(line, "{} {number} {verb}", if what == "agree" { ":" } else { "," });
        }
        let _ = write!(line, ", {} not computable", self.not_computable);
        for (number, what) in [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")] {
            let _ = write!(line, "{} {}", if what == "error" { ";" } else { "," }, text::count(number, what));
        }
        if self.unreadable > 0 {
            let _ = write!(line, "; {} not readable", self.unreadable);
        }
        line + "\n"
    }
}

fn row(finding: &Finding) -> Row<'_> {
    let labelled = |label: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{label} {value}")).unwrap_or_default()
    };
    Row {
        item: String::new(),
        pointer: &finding.pointer,
        severity: finding.rule.severity(),
        message: Cow::Borrowed(&finding.message),
        rule: finding.rule.id(),
        expected: labelled("expected", &finding.expected),
        found: labelled("found", &finding.found),
    }
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    verdict: &'static str,
    currency: &'a str,
    findings: Vec<Found<'a>>,
    not_computable: &'a [String],
    file: &'a str,
    item: Option<usize>,
}

#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    finding: json::Finding<'a>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
}

fn found<'a>(shown: &Shown<'a>, finding: &'a Finding) -> Found<'a> {
    Found {
        finding: json::Finding {
            file: shown.file,
            item: shown.item,
            pointer: &finding.pointer,
            rule: finding.rule.id(),
            severity: finding.rule.severity(),
            message: &finding.message,
        },
        expected: finding.expected.as_deref(),
        found: finding.found.as_deref(),
    }
}
