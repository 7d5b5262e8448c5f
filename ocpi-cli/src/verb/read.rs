//! `ocpi read`.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use clap::Args;
use ocpi_types::json::Verdict;
use serde::Serialize;

use crate::exit::Exit;
use crate::findings::{FindingOptions, Target};
use crate::infer::Wanted;
use crate::input::{Failure, Paths, Span};
use crate::kinds::Kind;
use crate::output::{self, Array};
use crate::verb::check::Judge;

/// Read documents as a tolerant receiver does, and report what had to be repaired
///
/// Each object is clean, repaired (something odd was put right), tolerated (odd, and left as it is), partial (required
/// members are missing) or unreadable. Findings are grouped by rule and place, errors first. Inputs may be of any size.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi read locations.json --version 2.2.1 --as location
  ocpi read feed.ndjson --repaired repaired.json
  ocpi read exports/ --format sarif > findings.sarif"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    wanted: Wanted,
    /// Write the objects as they were read to this file, as an array without the unreadable ones
    ///
    /// With -, they go to standard output, and the findings to standard error.
    #[arg(long, value_name = "OUT")]
    repaired: Option<PathBuf>,
    #[command(flatten)]
    findings: FindingOptions,
}

/// Members beside the findings in JSON.
#[derive(Serialize)]
struct Counts {
    items: usize,
    clean: usize,
    repaired: usize,
    tolerated: usize,
    partial: usize,
    unreadable: usize,
    rules: BTreeMap<&'static str, usize>,
}

/// Items by how they were read.
type Verdicts = BTreeMap<Verdict, usize>;

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        let rules = output::checked();
        if self.findings.print_rules(&rules)? {
            return Ok(Exit::Done);
        }
        self.wanted.validate();
        let takes_output = self.repaired.as_deref().is_some_and(output::is_stdout);
        let target = if takes_output { Target::PartialItem } else { Target::Stdout };
        let findings = match self.findings.start(&rules, target) {
            Ok(findings) => findings,
            Err(failure) => return Ok(output::unreadable(&failure)),
        };
        let mut repaired = self.repaired.as_ref().map(|path| Array::create(path)).transpose()?;
        let mut judge = Judge::new(&self.wanted, findings);
        let mut verdicts = Verdicts::new();
        for source in self.paths.sources() {
            let bar = source.as_ref().ok().map(output::progress);
            let told = bar.clone();
            let on_read = move |bytes| {
                if let Some(bar) = &told {
                    bar.set_position(bytes);
                }
            };
            let before = (judge.items(), verdicts.clone());
            judge.source(source, on_read, |kind, span, verdict| {
                *verdicts.entry(verdict).or_default() += 1;
                repaired.as_mut().map_or(Ok(()), |array| keep(array, kind, span))
            })?;
            // Those of an answer that turned out to be none do not count.
            if judge.items() == before.0 {
                verdicts = before.1;
            }
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
        }
        if let Some(repaired) = repaired {
            repaired.finish()?;
        }
        let (findings, tally) = judge.finish()?;
        let exit = tally.exit(&findings);
        let [clean, repaired, tolerated, partial, unreadable] =
            Verdict::ALL.map(|verdict| verdicts.get(&verdict).copied().unwrap_or(0));
        let rules = findings.by_rule();
        let outcomes = Verdict::ALL.map(|it| format!("{} {}", verdicts.get(&it).unwrap_or(&0), it.as_str()));
        let last_line = format!(
            "{}: {}; {}{}",
            tally.items_in_files(),
            outcomes.join(", "),
            findings.counts(),
            tally.not_readable()
        );
        let counts = Counts { items: tally.items(), clean, repaired, tolerated, partial, unreadable, rules };
        findings.finish(&last_line, &counts)?;
        Ok(exit)
    }
}

/// Writes an object as it was read.
fn keep(array: &mut Array, kind: &Kind, span: &Span) -> Result<(), Failure> {
    if !span.broken.is_empty() {
        return Ok(());
    }
    let written = kind.repair(&span.text).map_or(Ok(()), |json| array.push(&json));
    written.map_err(|error| Failure::new(array.name(), error))
}
