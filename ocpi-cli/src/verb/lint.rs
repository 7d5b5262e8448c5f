//! `ocpi lint`.

mod rewrite;

use std::io;

use clap::Args;
use ocpi_pricing::lint::{Finding, Fixes, Linter, Rule};
use ocpi_types::{DateTime, Version};
use serde::Serialize;

use crate::exit::Exit;
use crate::findings::{About, Entry, FindingOptions, Findings, Stopped, Tally, Target, Where};
use crate::infer::{self, Wanted};
use crate::input::{Paths, Source};
use crate::output;
use crate::priced::{self, Found};
use rewrite::Rewrite;

/// Find likely mistakes in valid tariffs
///
/// Finds prices that are never used, hours without a price, mixed-up units and more; --rules lists all rules. Fixes leave
/// the rest of a file as it is. With --fix or --fix-prices, the findings that remain are printed; for standard input,
/// the fixed text goes to standard output, and the findings to standard error.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi lint tariffs.json --at 2026-06-01T00:00:00Z
  ocpi lint --fix tariffs/
  ocpi lint --fix-prices - < tariff.json > fixed.json
  ocpi lint --rules"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The version of OCPI [default: detected; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// Also report what has expired at this time, such as 2026-05-04T16:30:00Z
    #[arg(long, value_name = "DATE-TIME")]
    at: Option<DateTime>,
    /// Apply the fixes that change no price, in the files
    #[arg(long)]
    fix: bool,
    /// Also apply the fixes that change prices: review the result
    #[arg(long)]
    fix_prices: bool,
    #[command(flatten)]
    findings: FindingOptions,
}

/// A run over inputs.
struct Run {
    findings: Findings,
    tally: Tally,
    /// Fixes that were applied.
    fixed: usize,
    /// Findings with a fix.
    fixable: usize,
    /// Inputs and items that could not be looked at.
    unreadable: usize,
}

/// Members beside the findings in JSON.
#[derive(Serialize)]
struct Counts {
    items: usize,
    fixed: usize,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        let rules = output::all(Rule::ALL);
        if self.findings.print_rules(&rules)? {
            return Ok(Exit::Done);
        }
        let sources = self.paths.sources();
        let takes_output =
            self.fixes().is_some() && sources.iter().any(|source| matches!(source, Ok(Source::Stdin)));
        let target = if takes_output { Target::PartialItem } else { Target::Stdout };
        let findings = match self.findings.start(&rules, target) {
            Ok(findings) => findings,
            Err(failure) => return Ok(output::unreadable(&failure)),
        };
        let mut run = Run { findings, tally: Tally::default(), fixed: 0, fixable: 0, unreadable: 0 };
        for source in sources {
            match source.map_err(Stopped::Input).and_then(|source| self.source(&source, &mut run)) {
                Ok(()) => {}
                Err(Stopped::Output(error)) => return Err(error),
                Err(Stopped::Input(failure)) => {
                    output::complain(&failure.to_string());
                    run.unreadable += 1;
                }
            }
        }
        run.finish()
    }

    fn fixes(&self) -> Option<Fixes> {
        match (self.fix, self.fix_prices) {
            (_, true) => Some(Fixes::All),
            (true, false) => Some(Fixes::PriceNeutral),
            (false, false) => None,
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted::among(&["tariff"], None, self.version)
    }

    fn source(&self, source: &Source, run: &mut Run) -> Result<(), Stopped> {
        let Some(fixes) = self.fixes() else { return self.look(source, None, run) };
        let mut rewrite = Rewrite::new(source, self.wanted().items(), fixes)?;
        // An input that is no JSON to its end is left as it is.
        self.look(&rewrite.again(), Some(&mut rewrite), run)?;
        run.fixed += rewrite.finish()?;
        Ok(())
    }

    /// Looks at all items of an input.
    fn look(
        &self,
        source: &Source,
        mut rewrite: Option<&mut Rewrite<'_>>,
        run: &mut Run,
    ) -> Result<(), Stopped> {
        let wanted = self.wanted();
        let file = source.name();
        run.tally.files += 1;
        let mut written = Ok(());
        priced::each(source, &wanted, |found| {
            // Once the output is closed nothing is left to do.
            if written.is_err() {
                return Ok(());
            }
            match self.item(&found, rewrite.as_deref_mut()) {
                Ok((text, findings)) => written = run.tell(&file, &found, &text, &findings),
                Err(why) => {
                    output::complain(&source.failure(found.say(&why)).to_string());
                    run.unreadable += 1;
                }
            }
            Ok(())
        })?;
        Ok(written?)
    }

    /// Looks at one item, after it was fixed as wanted. Returns its text with what was found in it.
    fn item(
        &self,
        found: &Found<'_>,
        rewrite: Option<&mut Rewrite<'_>>,
    ) -> Result<(String, Vec<Finding>), String> {
        let text = found.text.clone()?;
        let linter = Linter::new(found.kind.version());
        let linter = self.at.map_or(linter, |at| linter.at(at));
        let lint = |text: &str| linter.lint(text).map_err(|error| error.to_string());
        let Some(rewrite) = rewrite else { return Ok((text.to_owned(), lint(text)?)) };
        let fixed = linter.fix(text, rewrite.fixes()).map_err(|error| error.to_string())?;
        let (now, findings) = (fixed.text.clone(), lint(&fixed.text)?);
        rewrite.put(text, fixed);
        Ok((now, findings))
    }
}

fn entry(finding: &Finding) -> Entry<'_> {
    Entry { fix: finding.fix.as_ref(), ..Entry::new(&finding.pointer, finding.rule, &finding.message) }
}

impl Run {
    /// Takes in what was found in a tariff.
    fn tell(&mut self, file: &str, found: &Found<'_>, text: &str, findings: &[Finding]) -> io::Result<()> {
        self.tally.add(found.kind);
        if findings.is_empty() {
            return Ok(());
        }
        let id = found.kind.id_of(text);
        let about =
            About { file, item: found.index, id: id.as_deref(), source: Where::Inside(text, found.start) };
        let entries: Vec<Entry<'_>> = findings.iter().map(entry).collect();
        self.fixable += entries.iter().filter(|entry| entry.fix.is_some()).count();
        self.findings.tell(&about, &entries)?;
        Ok(())
    }

    fn finish(self) -> io::Result<Exit> {
        let Self { findings, tally, fixed, fixable, unreadable } = self;
        let exit = match unreadable {
            0 => tally.exit(&findings),
            _ => Exit::Unreadable,
        };
        let mut last_line = format!("{}; {}", tally.items_in_files(), findings.counts());
        for (number, what) in [(fixed, "fixed"), (fixable, "with a fix"), (unreadable, "not readable")] {
            if number > 0 {
                last_line += &format!("; {number} {what}");
            }
        }
        findings.finish(&last_line, &Counts { items: tally.items(), fixed })?;
        Ok(exit)
    }
}
