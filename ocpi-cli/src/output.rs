//! Output: text for people, JSON for programs.
//!
//! Standard output carries the result alone; everything else goes to standard error.

pub(crate) mod json;
mod objects;
mod progress;
mod rules;
pub(crate) mod text;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use ocpi_types::Severity;

use crate::exit::Exit;
use crate::input::Failure;
use crate::ledger::Account;

pub(crate) use objects::{Array, is_stdout};
pub(crate) use progress::progress;
pub(crate) use rules::{NOT_COMPUTABLE, RuleInfo, all, checked, rules};

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The format of the output: text for people, JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Output {
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Prints the losses and assumptions of conversions; to standard error, if standard output has something else.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn print_ledger(&self, account: &Account, is_aside: bool) -> io::Result<()> {
        let ledger = match self.format {
            Format::Text => text::ledger(account),
            Format::Json => json::ledger(account)?,
        };
        if is_aside { print_aside(&ledger) } else { print(&ledger) }
    }
}

/// Prints to standard output.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(rendered: &str) -> io::Result<()> {
    // Takes the colours out where they are not wanted: no terminal, or `NO_COLOR`.
    let mut out = anstream::stdout().lock();
    out.write_all(rendered.as_bytes())?;
    out.flush()
}

/// Prints to standard error, because standard output has something else.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print_aside(rendered: &str) -> io::Result<()> {
    anstream::stderr().lock().write_all(rendered.as_bytes())
}

/// Whether notes are not wanted.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Says whether notes are wanted.
pub(crate) fn be_quiet(quiet: bool) {
    IS_QUIET.store(quiet, Ordering::Relaxed);
}

/// Says on standard error what the user may want to know.
pub(crate) fn mention(what: &str) {
    if IS_QUIET.load(Ordering::Relaxed) {
        return;
    }
    to_stderr("note", color(Severity::Info), what);
}

/// Says on standard error what went wrong.
pub(crate) fn complain(what: &str) {
    to_stderr("error", color(Severity::Error), what);
}

/// Says why an input that a whole run needs cannot be read, and how the run ends.
pub(crate) fn unreadable(failure: &Failure) -> Exit {
    complain(&failure.to_string());
    Exit::Unreadable
}

fn to_stderr(label: &str, style: Style, what: &str) {
    // Nobody is left to tell when this fails.
    let _ = writeln!(anstream::stderr(), "{style}{label}{style:#}: {}", plain(what));
}

pub(crate) fn color(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

/// The text as it may go to a terminal: [`escaped`], and what is very long is cut.
pub(crate) fn plain(text: &str) -> String {
    const MAX: usize = 512;
    let Some((cut, _)) = text.char_indices().nth(MAX) else { return escaped(text) };
    escaped(text.get(..cut).unwrap_or_default()) + "…"
}

/// Lines of our own that hold what a partner wrote. They are not cut.
pub(crate) fn plain_lines(text: &str) -> String {
    text.lines().map(|line| escaped(line) + "\n").collect()
}

/// A partner may have written it: control characters, also those that turn the direction of writing, are escaped.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let steers = c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if steers { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}
