//! What was found, and the rules.

use std::borrow::Cow;
use std::fmt::Write;

use ocpi_pricing::lint::{Edit, Finding, Rule};
use ocpi_types::Severity;
use serde::Serialize;

use super::{File, Item, Run};
use crate::output::{self, Format, ShownRule, json, text};

/// What a run found.
///
/// # Errors
/// When there is no JSON for it.
pub(super) fn run(run: &Run, format: Format) -> serde_json::Result<String> {
    match format {
        Format::Text => Ok(as_text(run)),
        Format::Json => as_json(run),
    }
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
        source: None,
    };
    output::rules(Rule::ALL.iter().map(shown).collect(), format)
}

/// Writing into a `String` does not fail: the results of `write!` are let go.
fn as_text(run: &Run) -> String {
    let mut out = String::new();
    for file in &run.files {
        text::heading(&mut out, &file.name, file.kind, file.items.len());
        let rows: Vec<text::Row<'_>> = findings(file).map(|(item, finding)| row(item, finding)).collect();
        text::render_rows(&mut out, &rows);
    }
    let _ =
        write!(out, "{} in {}; ", text::count(run.items(), "tariff"), text::count(run.files.len(), "file"));
    let counts = [Severity::Error, Severity::Warning, Severity::Info]
        .map(|severity| text::count(run.count(severity), &severity.to_string()));
    out.push_str(&counts.join(", "));
    let fixable = run.findings().filter(|finding| finding.fix.is_some()).count();
    for (number, what) in [(run.fixed, "fixed"), (fixable, "with a fix"), (run.unreadable, "not readable")] {
        if number > 0 {
            let _ = write!(out, "; {number} {what}");
        }
    }
    out.push('\n');
    out
}

fn findings(file: &File) -> impl Iterator<Item = (&Item, &Finding)> {
    file.items.iter().flat_map(|item| item.findings.iter().map(move |finding| (item, finding)))
}

fn row<'a>(item: &Item, finding: &'a Finding) -> text::Row<'a> {
    let message = match &finding.fix {
        None => Cow::Borrowed(finding.message.as_str()),
        Some(fix) => {
            let option = if fix.is_price_neutral { "--fix" } else { "--fix-prices" };
            Cow::Owned(format!("{} ({option}: {})", finding.message, fix.what))
        }
    };
    text::Row {
        item: text::item_name(item.index, item.id.as_deref()),
        pointer: &finding.pointer,
        severity: finding.rule.severity(),
        message,
        rule: finding.rule.id(),
        expected: String::new(),
        found: String::new(),
    }
}

#[derive(Serialize)]
struct Report<'a> {
    items: usize,
    fixed: usize,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    finding: json::Finding<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Fix<'a> {
    what: &'a str,
    price_neutral: bool,
    /// Bytes of the item's text.
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

fn as_json(run: &Run) -> serde_json::Result<String> {
    let all =
        run.files.iter().flat_map(|file| findings(file).map(|(item, finding)| found(file, item, finding)));
    json::line(&Report { items: run.items(), fixed: run.fixed, findings: all.collect() })
}

fn found<'a>(file: &'a File, item: &Item, finding: &'a Finding) -> Found<'a> {
    let edit =
        |edit: &'a Edit| Replacement { start: edit.range.start, end: edit.range.end, text: &edit.text };
    Found {
        finding: json::Finding {
            file: &file.name,
            item: item.index,
            pointer: &finding.pointer,
            rule: finding.rule.id(),
            severity: finding.rule.severity(),
            message: &finding.message,
        },
        fix: finding.fix.as_ref().map(|fix| Fix {
            what: &fix.what,
            price_neutral: fix.is_price_neutral,
            edits: fix.edits.iter().map(edit).collect(),
        }),
    }
}
