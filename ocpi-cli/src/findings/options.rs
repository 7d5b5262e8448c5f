//! Options of all verbs that find something.

use std::io;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, ValueEnum};
use ocpi_types::Severity;

use super::baseline::Baseline;
use super::{Findings, Target};
use crate::Cli;
use crate::input::Failure;
use crate::nearest::nearest;
use crate::output::{self, Format, RuleInfo};

/// Rows of a rule that text shows unless told otherwise.
const ROWS: usize = 10;

/// Which findings count, which are shown, and how.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Findings")]
pub(crate) struct FindingOptions {
    /// Show findings of at least this severity; the others still count
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = Least::Info)]
    severity: Least,
    /// Report only findings of this rule; can be given several times
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    /// Ignore findings of this rule; can be given several times
    #[arg(long, value_name = "RULE")]
    ignore: Vec<String>,
    /// Show at most N findings per rule, 0 for all [default: 10 in text, 0 in JSON and SARIF]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Print only the summary line, and no notes
    #[arg(long)]
    quiet: bool,
    /// Ignore findings that are in this JSON output of an earlier run
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// List the rules
    #[arg(long)]
    rules: bool,
    /// The format of the output: text for people, JSON for programs, SARIF for code scanning tools
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    format: FindingsFormat,
}

/// Format in which findings are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FindingsFormat {
    Text,
    Json,
    Sarif,
}

/// The least severity that is shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Least {
    Error,
    Warning,
    Info,
}

impl FindingOptions {
    /// Prints the rules if that is asked for.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn print_rules(&self, rules: &[RuleInfo]) -> io::Result<bool> {
        if !self.rules {
            return Ok(false);
        }
        let format = if self.format == FindingsFormat::Text { Format::Text } else { Format::Json };
        output::print(&output::rules(rules, format)?)?;
        Ok(true)
    }

    /// Starts the output of the findings of a run. Ends the program with a message on usage if a rule is not among
    /// those of the verb.
    ///
    /// # Errors
    /// When the baseline cannot be read.
    pub(crate) fn start(&self, rules: &[RuleInfo], target: Target) -> Result<Findings, Failure> {
        self.begin(rules, target, false)
    }

    /// [`start`](Self::start) for a verb whose JSON has a line for each object: it writes them itself.
    ///
    /// # Errors
    /// When the baseline cannot be read.
    pub(crate) fn start_lines(&self, rules: &[RuleInfo]) -> Result<Findings, Failure> {
        self.begin(rules, Target::Stdout, true)
    }

    fn begin(&self, rules: &[RuleInfo], target: Target, in_lines: bool) -> Result<Findings, Failure> {
        for (option, names) in [("--only", &self.only), ("--ignore", &self.ignore)] {
            for name in names {
                validate(option, name, rules);
            }
        }
        output::be_quiet(self.quiet);
        let baseline = self.baseline.as_deref().map(Baseline::read).transpose()?;
        Ok(Findings::new(self.clone(), baseline, target, in_lines))
    }

    pub(crate) fn format(&self) -> FindingsFormat {
        self.format
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(super) fn least(&self) -> Severity {
        match self.severity {
            Least::Error => Severity::Error,
            Least::Warning => Severity::Warning,
            Least::Info => Severity::Info,
        }
    }

    /// Returns the most findings of a rule that are shown; `None`: all.
    pub(super) fn limit(&self) -> Option<usize> {
        let default = if self.format == FindingsFormat::Text { ROWS } else { 0 };
        Some(self.limit.unwrap_or(default)).filter(|limit| *limit > 0)
    }

    /// Whether a rule counts.
    pub(super) fn is_wanted(&self, rule: &str) -> bool {
        let is_rule = |name: &String| name == rule;
        (self.only.is_empty() || self.only.iter().any(is_rule)) && !self.ignore.iter().any(is_rule)
    }
}

/// Ends the program with a message on usage if there is no such rule.
fn validate(option: &str, name: &str, rules: &[RuleInfo]) {
    if rules.iter().any(|rule| rule.id == name) {
        return;
    }
    let likely = nearest(name, rules.iter().map(|rule| rule.id));
    let likely = likely.map(|id| format!(", did you mean '{id}'?")).unwrap_or_default();
    let message = format!("{option}: there is no rule '{name}'{likely} (--rules lists them)");
    Cli::command().error(ErrorKind::InvalidValue, message).exit()
}
