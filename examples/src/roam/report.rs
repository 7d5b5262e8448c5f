//! Output of the run: a line a step, or one JSON document.

use std::fmt;
use std::future::Future;
use std::io::{ErrorKind, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::Failure;

/// Report of the run, told step by step.
pub(super) struct Report {
    json: bool,
    started: Instant,
    steps: Vec<Value>,
}

/// Details of a step, for people and for programs.
pub(super) struct Details {
    /// One line for people.
    text: String,
    /// More lines for people: a table.
    table: Vec<String>,
    /// The same for programs.
    data: Value,
}

impl Details {
    pub(super) fn new(text: impl Into<String>, data: Value) -> Self {
        Self { text: text.into(), table: Vec::new(), data }
    }

    pub(super) fn with_table(self, table: Vec<String>) -> Self {
        Self { table, ..self }
    }
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self { json, started: Instant::now(), steps: Vec::new() }
    }

    /// Runs a step and tells how it went.
    pub(super) async fn step<T>(
        &mut self,
        name: &str,
        step: impl Future<Output = Result<(T, Details), Failure>>,
    ) -> Result<T, Failure> {
        let start = Instant::now();
        let (value, details) = step.await.map_err(|error| format!("step {name}: {error}"))?;
        self.tell(name, details, start.elapsed())?;
        Ok(value)
    }

    /// Tells that a step cannot be.
    pub(super) fn skip(&mut self, name: &str, why: &str) -> Result<(), Failure> {
        self.tell(name, Details::new(format!("skipped: {why}"), json!({ "skipped": why })), Duration::ZERO)
    }

    fn tell(&mut self, name: &str, details: Details, took: Duration) -> Result<(), Failure> {
        let number = self.steps.len() + 1;
        if !self.json {
            let mut text = format!("{number:>2}  {name:<10} {} ({} ms)", details.text, millis(took));
            for line in &details.table {
                text += &format!("\n    {line}");
            }
            print(&text)?;
        }
        let mut step = json!({ "step": number, "name": name, "text": details.text, "ms": millis(took) });
        if let (Some(step), Value::Object(data)) = (step.as_object_mut(), details.data) {
            step.extend(data);
        }
        self.steps.push(step);
        Ok(())
    }

    /// A bar for a long step: on a terminal only.
    pub(super) fn progress(&self) -> ProgressBar {
        let shown = !self.json && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("    {bar:40} {pos}/{len} locations");
        let bar = ProgressBar::with_draw_target(None, target);
        style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
    }

    /// Time since the start of the run.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Ends with the summary of a run that took this long.
    pub(super) fn finish(mut self, summary: Details, took: Duration) -> Result<(), Failure> {
        self.tell("summary", summary, took)?;
        if self.json {
            let document = json!({ "steps": self.steps, "ms": millis(took) });
            print(&format!("{document:#}"))?;
        }
        Ok(())
    }
}

/// Error of a run whose output nobody reads any more, as in `roam | head -1`.
#[derive(Debug)]
pub(super) struct OutputClosed;

impl fmt::Display for OutputClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("standard output is closed")
    }
}

impl std::error::Error for OutputClosed {}

fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(OutputClosed.into()),
        Err(error) => Err(format!("standard output: {error}").into()),
    }
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
