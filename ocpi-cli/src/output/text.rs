//! Text for people: a block per file, a line per finding, and a summary.

use std::borrow::Cow;
use std::fmt::Write;

use anstyle::Style;
use ocpi_types::Severity;
use ocpi_types::convert::Effect;
use ocpi_types::json::Verdict;

use super::{color, plain};
use crate::kinds::Kind;
use crate::ledger::Account;
use crate::remark::Remark;
use crate::report::{File, Item, Report};

/// Columns that a longer cell runs over, so that one long pointer does not push all messages off the screen.
const WIDEST: usize = 60;

/// Writing into a `String` does not fail: the results of `write!` are let go.
pub(super) fn check(report: &Report) -> String {
    let mut out = files(report);
    let _ = writeln!(out, "{}", summary(report));
    out
}

/// What was read: as a check shows it, with the counts of rules and verdicts.
pub(super) fn read(report: &Report) -> String {
    let mut out = files(report);
    let rules = report.by_rule();
    let width = rules.iter().map(|(rule, _)| rule.id().len()).max().unwrap_or(0);
    for (rule, count) in &rules {
        let _ = writeln!(out, "  {count:>7}  {:<width$}  {}", rule.id(), rule.message());
    }
    if !rules.is_empty() {
        out.push('\n');
    }
    let verdicts = [Verdict::Clean, Verdict::Repaired, Verdict::Partial, Verdict::Unreadable]
        .map(|verdict| format!("{} {}", report.with_verdict(verdict), verdict.as_str()));
    let _ = write!(out, "{} in {}", count(report.items(), "item"), count(report.files.len(), "file"));
    let _ = write!(out, ": {}", verdicts.join(", "));
    if report.unreadable > 0 {
        let _ = write!(out, "; {} not readable", count(report.unreadable, "file"));
    }
    out.push('\n');
    out
}

/// What conversions lost and assumed, a line each, without the values; and what was refused.
pub(super) fn ledger(account: &Account) -> String {
    let mut out = String::new();
    let place = |file: &str, item: Option<usize>| {
        let item = item.map(|item| format!(" item {item}")).unwrap_or_default();
        format!("{}{item}", plain(file))
    };
    let places: Vec<String> = account.entries.iter().map(|told| place(&told.file, told.item)).collect();
    let pointers: Vec<String> = account.entries.iter().map(|told| plain(told.entry.pointer())).collect();
    let (place_width, pointer_width) = (width(places.iter()), width(pointers.iter()));
    for ((told, place), pointer) in account.entries.iter().zip(&places).zip(&pointers) {
        let rule = told.entry.rule;
        let style = color(if rule.effect() == Effect::Lost { Severity::Warning } else { Severity::Info });
        let _ = write!(
            out,
            "  {style}{:<7}{style:#}  {place:<place_width$}  {pointer:<pointer_width$}",
            rule.effect().as_str()
        );
        let _ = writeln!(out, "  {}  [{}]", rule.message(), rule.id());
    }
    let style = color(Severity::Error);
    for refusal in &account.refusals {
        let _ = writeln!(out, "  {style}refused{style:#}  {}", plain(&refusal.to_string()));
    }
    let _ = writeln!(out, "{}", account.summary());
    out
}

fn files(report: &Report) -> String {
    let mut out = String::new();
    for file in &report.files {
        render_file(&mut out, file);
    }
    out
}

fn render_file(out: &mut String, file: &File) {
    heading(out, &file.name, file.kind, file.items.len());
    let rows: Vec<Row<'_>> = file.all_remarks().map(|(item, remark)| row(item, remark)).collect();
    render_rows(out, &rows);
}

/// The line above what there is to say about a file.
pub(crate) fn heading(out: &mut String, name: &str, kind: Option<&Kind>, items: usize) {
    let bold = Style::new().bold();
    let name = if name == "-" { "standard input".to_owned() } else { plain(name) };
    let kind = kind.map(|kind| format!("{}, OCPI {}, ", kind.name(), kind.version())).unwrap_or_default();
    let _ = writeln!(out, "{bold}{name}{bold:#}: {kind}{}", count(items, "item"));
}

/// What there is to say about one place.
pub(crate) struct Row<'a> {
    /// See [`item_name`].
    pub(crate) item: String,
    pub(crate) pointer: &'a str,
    pub(crate) severity: Severity,
    pub(crate) message: Cow<'a, str>,
    /// Its id.
    pub(crate) rule: &'static str,
    /// What should be there; empty: nothing to say.
    pub(crate) expected: String,
    /// What is there.
    pub(crate) found: String,
}

fn row<'a>(item: Option<&Item>, remark: &'a Remark) -> Row<'a> {
    Row {
        item: item.map(|item| item_name(item.index, item.id.as_deref())).unwrap_or_default(),
        pointer: &remark.pointer,
        severity: remark.severity,
        message: Cow::Borrowed(&remark.message),
        rule: remark.rule.id(),
        expected: String::new(),
        found: String::new(),
    }
}

/// Which item it is, by its place and its id.
pub(crate) fn item_name(index: Option<usize>, id: Option<&str>) -> String {
    let index = index.map(|index| format!("item {index}"));
    match (index, id.map(plain)) {
        (Some(index), Some(id)) => format!("{index} ({id})"),
        (index, id) => index.or(id).unwrap_or_default(),
    }
}

/// A line for each row, and an empty one.
pub(crate) fn render_rows(out: &mut String, rows: &[Row<'_>]) {
    // A column that is empty in all rows takes no room.
    let cells = |row: &Row<'_>| [&row.item, row.pointer, &row.expected, &row.found].map(plain);
    let table: Vec<[String; 4]> = rows.iter().map(cells).collect();
    let widths = [0, 1, 2, 3].map(|column| width(table.iter().map(|cells| &cells[column])));
    for (Row { severity, message, rule, .. }, cells) in rows.iter().zip(&table) {
        let style = color(*severity);
        let severity = severity.to_string();
        let _ = write!(out, "  {style}{severity:<7}{style:#}  ");
        for (cell, width) in cells.iter().zip(widths) {
            if width > 0 {
                let _ = write!(out, "{cell:<width$}  ");
            }
        }
        let _ = writeln!(out, "{}  [{rule}]", plain(message));
    }
    if !rows.is_empty() {
        out.push('\n');
    }
}

fn width<'a>(cells: impl Iterator<Item = &'a String>) -> usize {
    cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDEST)
}

fn summary(report: &Report) -> String {
    let (items, conformant) = (report.items(), report.conformant());
    let verdict = if conformant == items { "all".to_owned() } else { format!("{conformant} of {items}") };
    let [errors, warnings, infos] = [Severity::Error, Severity::Warning, Severity::Info]
        .map(|severity| count(report.count(severity), &severity.to_string()));
    let mut line = count(items, "item") + " in " + &count(report.files.len(), "file");
    if items > 0 {
        let _ = write!(line, ": {verdict} conform");
    }
    let _ = write!(line, "; {errors}, {warnings}, {infos}");
    if report.unreadable > 0 {
        let _ = write!(line, "; {} not readable", count(report.unreadable, "file"));
    }
    line
}

/// `1 item`, `2 items`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
