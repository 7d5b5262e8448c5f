//! A report, on its way to people or programs.

use std::fmt::Write;
use std::io;

use ocpi_pricing::audit::{Finding, Report};
use ocpi_types::Severity;
use serde::Serialize;

use super::Count;
use crate::findings::{About, Admitted, Entry, Findings, FindingsFormat, JsonFinding, json_finding};
use crate::output::text;
use crate::output::{NOT_COMPUTABLE, json};

/// Takes in what was found in one CDR; JSON has a line for each. Returns whether something counts against it.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn report(about: &About<'_>, report: &Report, findings: &mut Findings) -> io::Result<bool> {
    let reasons = report.not_computable.iter().map(|why| Entry::new("", NOT_COMPUTABLE, why));
    if findings.format() != FindingsFormat::Json {
        let entries: Vec<Entry<'_>> = report.findings.iter().map(entry).chain(reasons).collect();
        return findings.tell(about, &entries).map(|errors| errors > 0);
    }
    let mut objects = false;
    for reason in reasons {
        objects |= findings.admit(about, &reason) != Admitted::No;
    }
    let mut shown = Vec::new();
    for finding in &report.findings {
        let entry = entry(finding);
        let admitted = findings.admit(about, &entry);
        objects |= admitted != Admitted::No && entry.rule.severity == Severity::Error;
        if admitted == Admitted::Shown {
            shown.push(found(about, &entry));
        }
    }
    findings.line(&json::line(&Line {
        id: &report.id,
        verdict: report.verdict().as_str(),
        currency: report.currency.as_str(),
        findings: shown,
        not_computable: &report.not_computable,
        file: about.file,
        item: about.item,
    })?)?;
    Ok(objects)
}

impl Count {
    /// The last line.
    pub(super) fn summary(&self, findings: &Findings) -> String {
        let total = self.agree + self.differ + self.not_computable;
        let mut line = text::count(total, "CDR");
        for (number, what) in [(self.agree, "agree"), (self.differ, "differ")] {
            let verb = if number == 1 { format!("{what}s") } else { what.to_owned() };
            let _ = write!(line, "{} {number} {verb}", if what == "agree" { ":" } else { "," });
        }
        let _ = write!(line, ", {} not computable; {}", self.not_computable, findings.counts());
        if self.unreadable > 0 {
            let _ = write!(line, "; {} not readable", self.unreadable);
        }
        line
    }
}

fn entry(finding: &Finding) -> Entry<'_> {
    Entry {
        expected: finding.expected.as_deref(),
        found: finding.found.as_deref(),
        ..Entry::new(&finding.pointer, finding.rule, &finding.message)
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
    finding: JsonFinding<'a>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
}

fn found<'a>(about: &About<'a>, entry: &Entry<'a>) -> Found<'a> {
    Found { finding: json_finding(about, entry), expected: entry.expected, found: entry.found }
}
