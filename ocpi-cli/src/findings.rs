//! Findings of a run, on their way to people or programs.
//!
//! Findings are shown while they are found: what is kept of them does not grow with their number. Text keeps counts and
//! the first rows of each rule; JSON and SARIF are written as they go.

mod baseline;
mod grouped;
mod json;
mod options;
mod sarif;
mod tally;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use ocpi_pricing::lint;
use ocpi_types::{Severity, json as reader};
use serde::Serialize;

use crate::input::{Failure, Span};
use crate::output::{self, RuleInfo};
use baseline::Baseline;
use grouped::Grouped;
pub(crate) use grouped::place;
use json::JsonList;
use sarif::SarifLog;

pub(crate) use json::{JsonFinding, json_finding};
pub(crate) use options::{FindingOptions, FindingsFormat};
pub(crate) use tally::Tally;

/// One finding of any verb.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Where: a JSON pointer in the item.
    pub(crate) pointer: &'a str,
    pub(crate) rule: RuleInfo,
    pub(crate) message: &'a str,
    /// The value that should be there.
    pub(crate) expected: Option<&'a str>,
    /// The value that is there.
    pub(crate) found: Option<&'a str>,
    pub(crate) fix: Option<&'a lint::Fix>,
    /// Another place that it is about.
    pub(crate) other: Option<Other<'a>>,
}

/// Another place that a finding is about.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Other<'a> {
    pub(crate) file: &'a str,
    pub(crate) item: Option<usize>,
    pub(crate) pointer: &'a str,
}

/// The item that findings are about, or the file around the items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) file: &'a str,
    /// Its place in the array, page or sequence.
    pub(crate) item: Option<usize>,
    /// Its id, as far as it has one that may be shown.
    pub(crate) id: Option<&'a str>,
    pub(crate) source: Where<'a>,
}

/// Place of an item in its file, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Where<'a> {
    Unknown,
    /// The text of the item, and line and column of its beginning.
    Inside(&'a str, (usize, usize)),
}

impl<'a> About<'a> {
    /// An item of a file.
    pub(crate) fn item(file: &'a str, span: &'a Span, id: Option<&'a str>) -> Self {
        Self { file, item: span.index, id, source: Where::Inside(&span.text, span.start) }
    }

    /// A file around its items.
    pub(crate) fn file(file: &'a str) -> Self {
        Self { file, item: None, id: None, source: Where::Unknown }
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn new(pointer: &'a str, rule: impl Into<RuleInfo>, message: &'a str) -> Self {
        Self { pointer, rule: rule.into(), message, expected: None, found: None, fix: None, other: None }
    }
}

/// Reason why an input is not read further.
pub(crate) enum Stopped {
    Input(Failure),
    Output(io::Error),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Input(failure)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Treatment of a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Admitted {
    /// It is left out, as if it were none: by its rule, or because it was there before.
    No,
    /// It counts, but is not shown.
    Unseen,
    Shown,
}

/// The findings of a run: which of them count, which are shown, and how.
pub(crate) struct Findings {
    options: FindingOptions,
    baseline: Option<Baseline>,
    /// Number of breaches of each rule, by the id of the rule.
    rules: BTreeMap<&'static str, (RuleInfo, usize)>,
    /// Findings that were there before.
    known: usize,
    /// Findings that count and are not shown.
    unseen: usize,
    form: Form,
    out: Box<dyn Write>,
    is_aside: bool,
}

enum Form {
    Text(Grouped),
    Json(JsonList),
    Sarif(SarifLog),
    /// The verb writes them itself.
    Lines,
}

/// Where findings are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Target {
    Stdout,
    /// Standard error, because standard output has something else.
    PartialItem,
}

impl Findings {
    fn new(options: FindingOptions, baseline: Option<Baseline>, target: Target, in_lines: bool) -> Self {
        let form = match options.format() {
            FindingsFormat::Text => Form::Text(Grouped::new(options.limit())),
            FindingsFormat::Json if in_lines => Form::Lines,
            FindingsFormat::Json => Form::Json(JsonList::default()),
            FindingsFormat::Sarif => Form::Sarif(SarifLog::default()),
        };
        let out: Box<dyn Write> = match target {
            Target::Stdout => Box::new(BufWriter::new(io::stdout())),
            Target::PartialItem => Box::new(BufWriter::new(io::stderr())),
        };
        let is_aside = target == Target::PartialItem;
        Self { options, baseline, rules: BTreeMap::new(), known: 0, unseen: 0, form, out, is_aside }
    }

    pub(crate) fn format(&self) -> FindingsFormat {
        self.options.format()
    }

    /// Counts a finding, and returns its treatment.
    pub(crate) fn admit(&mut self, about: &About<'_>, entry: &Entry<'_>) -> Admitted {
        let rule = entry.rule;
        if !self.options.is_wanted(rule.id) {
            return Admitted::No;
        }
        if self.baseline.as_mut().is_some_and(|baseline| baseline.has(about, entry)) {
            self.known += 1;
            return Admitted::No;
        }
        let (_, count) = self.rules.entry(rule.id).or_insert((rule, 0));
        *count += 1;
        let is_shown = rule.severity >= self.options.least()
            // Text says itself how many rows it leaves out.
            && (matches!(self.form, Form::Text(_)) || self.options.limit().is_none_or(|limit| *count <= limit));
        self.unseen += usize::from(!is_shown);
        if is_shown { Admitted::Shown } else { Admitted::Unseen }
    }

    /// Takes in the findings of one item, or of the file around the items. Returns how many of severity error count.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn tell(&mut self, about: &About<'_>, entries: &[Entry<'_>]) -> io::Result<usize> {
        let mut errors = 0;
        let mut shown = Vec::new();
        for entry in entries {
            let admitted = self.admit(about, entry);
            errors += usize::from(admitted != Admitted::No && entry.rule.severity == Severity::Error);
            if admitted == Admitted::Shown {
                shown.push(entry);
            }
        }
        match &mut self.form {
            Form::Text(grouped) => shown.into_iter().for_each(|entry| grouped.take(about, entry)),
            Form::Json(list) => {
                for entry in shown {
                    list.push(about, entry, &mut self.out)?;
                }
            }
            Form::Sarif(log) => log.push(about, &shown, &mut self.out)?,
            Form::Lines => {}
        }
        Ok(errors)
    }

    /// Writes a line of a verb's own.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())
    }

    /// Returns the number of findings of this severity that count.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.rules.values().filter(|(rule, _)| rule.severity == severity).map(|(_, count)| count).sum()
    }

    /// Whether all that was found is in the baseline.
    fn are_none_new(&self) -> bool {
        self.known > 0 && self.rules.is_empty()
    }

    /// Returns the number of breaches of each rule, by the id of the rule.
    pub(crate) fn by_rule(&self) -> BTreeMap<&'static str, usize> {
        self.rules.iter().map(|(id, (_, count))| (*id, *count)).collect()
    }

    /// `1 error, 0 warnings, 2 infos`, and what was left out.
    pub(crate) fn counts(&self) -> String {
        let counts = [Severity::Error, Severity::Warning, Severity::Info]
            .map(|severity| output::text::count(self.count(severity), &severity.to_string()));
        let mut line = counts.join(", ");
        if self.known > 0 {
            line += &format!("; {} known from the baseline", self.known);
        }
        if self.unseen > 0 {
            line += &format!("; {} not shown", self.unseen);
        }
        line
    }

    /// Ends the output: with the last line of the text, or with members behind the findings.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn finish(self, last_line: &str, members: &impl Serialize) -> io::Result<()> {
        let Self { options, form, mut out, is_aside, unseen, .. } = self;
        let print = if is_aside { output::print_aside } else { output::print };
        match form {
            Form::Text(grouped) => {
                let rows = if options.is_quiet() { String::new() } else { grouped.render() };
                return print(&format!("{rows}{last_line}\n"));
            }
            Form::Json(list) => list.finish(members, &mut out)?,
            Form::Sarif(log) => log.finish(&mut out)?,
            Form::Lines => {}
        }
        out.flush()?;
        if unseen > 0 {
            output::mention(&format!("{} not shown", output::text::count(unseen, "finding")));
        }
        Ok(())
    }
}

/// Lines and columns of the places in an item that pointers lead to.
fn located(source: Where<'_>, pointers: &[&str]) -> Vec<Option<(usize, usize)>> {
    match source {
        Where::Unknown => vec![None; pointers.len()],
        Where::Inside(text, start) => {
            let offsets = reader::locate(text, pointers);
            offsets.into_iter().map(|offset| Some(line_and_column(text, offset, start))).collect()
        }
    }
}

/// Where an offset in an item is in the file, if the item begins at `start`.
fn line_and_column(text: &str, offset: usize, (line, column): (usize, usize)) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or_default();
    match before.rsplit_once('\n') {
        None => (line, column + before.chars().count()),
        Some((earlier, last)) => {
            let lines = earlier.bytes().filter(|byte| *byte == b'\n').count() + 1;
            (line + lines, last.chars().count() + 1)
        }
    }
}
