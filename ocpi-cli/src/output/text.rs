//! Text for people: a block per file, a line per finding, and a summary.

use std::fmt::Write;

use anstyle::Style;
use ocpi_types::Severity;
use ocpi_types::convert::Effect;
use ocpi_types::json::Verdict;

use super::{color, plain};
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
    let bold = Style::new().bold();
    let name = if file.name == "-" { "standard input".to_owned() } else { plain(&file.name) };
    let kind =
        file.kind.map(|kind| format!("{}, OCPI {}, ", kind.name(), kind.version())).unwrap_or_default();
    let _ = writeln!(out, "{bold}{name}{bold:#}: {kind}{}", count(file.items.len(), "item"));
    let rows: Vec<Row<'_>> = file.all_remarks().map(|(item, remark)| Row::new(item, remark)).collect();
    let item_width = width(rows.iter().map(|row| &row.item));
    let pointer_width = width(rows.iter().map(|row| &row.pointer));
    for Row { item, pointer, remark } in &rows {
        let style = color(remark.severity);
        let severity = remark.severity.to_string();
        let _ = write!(out, "  {style}{severity:<7}{style:#}  ");
        for (cell, width) in [(item, item_width), (pointer, pointer_width)] {
            if width > 0 {
                let _ = write!(out, "{cell:<width$}  ");
            }
        }
        let _ = writeln!(out, "{}  [{}]", plain(&remark.message), remark.rule.id());
    }
    if !rows.is_empty() {
        out.push('\n');
    }
}

struct Row<'a> {
    item: String,
    pointer: String,
    remark: &'a Remark,
}

impl<'a> Row<'a> {
    fn new(item: Option<&Item>, remark: &'a Remark) -> Self {
        let index = item.and_then(|item| item.index).map(|index| format!("item {index}"));
        let id = item.and_then(|item| item.id.as_deref()).map(plain);
        let item = match (index, id) {
            (Some(index), Some(id)) => format!("{index} ({id})"),
            (index, id) => index.or(id).unwrap_or_default(),
        };
        Self { item, pointer: plain(&remark.pointer), remark }
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
fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
