//! How things are shown: text for people, JSON for programs.
//!
//! Standard output carries the result alone; everything else goes to standard error.

mod json;
mod text;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use ocpi_types::Severity;

use crate::report::Report;

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Text for people or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Output {
    /// Prints the result of a check.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn print(&self, report: &Report) -> io::Result<()> {
        let rendered = match self.format {
            Format::Text => text::render(report),
            Format::Json => json::render(report)?,
        };
        // Takes the colours out where they are not wanted: no terminal, or `NO_COLOR`.
        let mut out = anstream::stdout().lock();
        out.write_all(rendered.as_bytes())?;
        out.flush()
    }
}

/// Says on standard error what the user may want to know.
pub(crate) fn mention(what: &str) {
    to_stderr("note", color(Severity::Info), what);
}

/// Says on standard error what went wrong.
pub(crate) fn complain(what: &str) {
    to_stderr("error", color(Severity::Error), what);
}

fn to_stderr(label: &str, style: Style, what: &str) {
    // Nobody is left to tell when this fails.
    let _ = writeln!(anstream::stderr(), "{style}{label}{style:#}: {}", plain(what));
}

fn color(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

/// The text without control characters: what a partner sent must not steer the terminal.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}
