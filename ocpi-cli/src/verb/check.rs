//! `ocpi check`.

use std::io;

use clap::Args;
use ocpi_types::Version;

use crate::exit::Exit;
use crate::infer::{self, Wanted};
use crate::input::{Content, Paths, Source};
use crate::kinds::Kind;
use crate::output::{self, Format, count, plain};
use crate::report::{File, Item, Report};

/// Check documents against the specification
///
/// Reads each object the way a tolerant receiver does, then holds it to the specification. Prints every
/// deviation with its place and its rule.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi check locations.json
  ocpi check --as cdr --version 2.2.1 --format json exports/ > findings.json
  curl -s \"$URL\" -H \"$AUTHORIZATION\" | ocpi check -")]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    format: Format,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.wanted.validate("check");
        let mut report = Report::default();
        for source in self.paths.sources() {
            match source.and_then(|source| check_source(&source, &self.wanted)) {
                Ok(file) => report.files.push(file),
                Err(failure) => {
                    output::complain(&failure.to_string());
                    report.unreadable_files += 1;
                }
            }
        }
        self.format.print(&report)?;
        Ok(report.exit())
    }
}

fn check_source(source: &Source, wanted: &Wanted) -> Result<File, crate::input::Failure> {
    let name = source.name();
    let bytes = source.read()?;
    let content = Content::split(&bytes).map_err(|error| source.failure(error))?;
    if let Some(refusal) = &content.refusal {
        output::mention(&format!("{}: the answer has status {refusal}", plain(&name)));
    }
    if content.items.is_empty() {
        return Ok(File { name, kind: None, items: Vec::new(), remarks: content.remarks });
    }
    let kind = wanted.kind(&content).map_err(|why| source.failure(why))?;
    if let Some(guess) = kind.guess() {
        output::mention(&format!("{}: {guess}", plain(&name)));
    }
    let kind = kind.kind();
    let items = content.items.iter().map(|item| Item::new(item, kind.inspect(item.text))).collect();
    Ok(File { name, kind: Some(kind), items, remarks: content.remarks })
}
