//! `ocpi lint`.

mod rewrite;
mod shown;

use std::io;

use clap::Args;
use ocpi_pricing::lint::{Finding, Fixes, Linter};
use ocpi_types::{DateTime, Severity, Version};

use crate::exit::Exit;
use crate::infer::{self, Wanted};
use crate::input::{Failure, Paths, Source};
use crate::kinds::Kind;
use crate::output::{self, Format};
use crate::priced::{self, Found};
use crate::report;
use rewrite::Rewrite;

/// Find what is legal in tariffs, but hardly meant
///
/// Prices that are never used, hours without a price, units mixed up, and more: --rules lists it all. Fixes change
/// nothing else in a file. With --fix or --fix-prices what is found is what is left; the fixed text of standard input
/// goes to standard output, and what is found to standard error.
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
    /// The version of OCPI [default: found out; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// Also say what has passed at this moment, such as 2026-05-04T16:30:00Z
    #[arg(long, value_name = "DATE-TIME")]
    at: Option<DateTime>,
    /// Put right in the files what leaves the price of every session as it is
    #[arg(long)]
    fix: bool,
    /// Also put right what changes prices: look at the outcome
    #[arg(long)]
    fix_prices: bool,
    /// List the rules
    #[arg(long)]
    rules: bool,
    /// Text for people or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What a run found.
#[derive(Default)]
struct Run {
    files: Vec<File>,
    /// Fixes that were applied.
    fixed: usize,
    /// Inputs and items that could not be looked at.
    unreadable: usize,
}

/// A file with its tariffs.
struct File {
    name: String,
    /// `None` for a file without items.
    kind: Option<&'static Kind>,
    items: Vec<Item>,
}

/// A tariff.
struct Item {
    index: Option<usize>,
    id: Option<String>,
    findings: Vec<Finding>,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        if self.rules {
            output::print(&shown::rules(self.format)?)?;
            return Ok(Exit::Done);
        }
        let mut run = Run::default();
        let mut takes_output = false;
        for source in self.paths.sources() {
            takes_output |= self.fixes().is_some() && matches!(source, Ok(Source::Stdin));
            if let Err(failure) = source.and_then(|source| self.source(&source, &mut run)) {
                output::complain(&failure.to_string());
                run.unreadable += 1;
            }
        }
        let shown = shown::run(&run, self.format)?;
        if takes_output {
            output::print_aside(&shown)?
        } else {
            output::print(&shown)?
        }
        Ok(run.exit())
    }

    fn fixes(&self) -> Option<Fixes> {
        match (self.fix, self.fix_prices) {
            (_, true) => Some(Fixes::All),
            (true, false) => Some(Fixes::PriceNeutral),
            (false, false) => None,
        }
    }

    fn source(&self, source: &Source, run: &mut Run) -> Result<(), Failure> {
        let Some(fixes) = self.fixes() else { return self.look(source, None, run) };
        let mut rewrite = Rewrite::new(source, fixes)?;
        // What is no JSON to its end is left as it is.
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
    ) -> Result<(), Failure> {
        let wanted = Wanted::among(&["tariff"], None, self.version);
        run.files.push(File { name: source.name(), kind: None, items: Vec::new() });
        priced::each(source, &wanted, |found| {
            let looked = self.item(&found, rewrite.as_deref_mut());
            match (looked, run.files.last_mut()) {
                (Ok(item), Some(file)) => {
                    file.kind = Some(found.kind);
                    file.items.push(item);
                }
                (Err(why), _) => {
                    output::complain(&source.failure(found.say(&why)).to_string());
                    run.unreadable += 1;
                }
                (Ok(_), None) => {}
            }
            Ok(())
        })
    }

    /// Looks at one item, after it was fixed as wanted.
    fn item(&self, found: &Found<'_>, rewrite: Option<&mut Rewrite<'_>>) -> Result<Item, String> {
        let text = found.text.clone()?;
        let linter = Linter::new(found.kind.version());
        let linter = self.at.map_or(linter, |at| linter.at(at));
        let item = |text: &str| -> Result<Item, String> {
            let findings = linter.lint(text).map_err(|error| error.to_string())?;
            Ok(Item { index: found.index, id: report::id(text), findings })
        };
        let Some(rewrite) = rewrite else { return item(text) };
        let fixed = linter.fix(text, rewrite.fixes()).map_err(|error| error.to_string())?;
        let looked = item(&fixed.text)?;
        rewrite.put(text, fixed);
        Ok(looked)
    }
}

impl Run {
    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.files.iter().flat_map(|file| &file.items).flat_map(|item| &item.findings)
    }

    fn items(&self) -> usize {
        self.files.iter().map(|file| file.items.len()).sum()
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|finding| finding.rule.severity() == severity).count()
    }

    fn exit(&self) -> Exit {
        if self.unreadable > 0 {
            Exit::Unreadable
        } else if self.count(Severity::Error) > 0 {
            Exit::Objections
        } else {
            Exit::Done
        }
    }
}
