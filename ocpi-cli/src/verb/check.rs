//! `ocpi check`.

use std::io;

use clap::Args;

use crate::exit::Exit;
use crate::infer::Wanted;
use crate::input::{Content, Failure, Paths, Source};
use crate::output::{self, Output};
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
  ocpi check --profile ndw-dot-nl locations.json
  curl -s \"$URL\" -H \"$AUTHORIZATION\" | ocpi check -")]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    output: Output,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.wanted.validate();
        let mut report = Report::default();
        for source in self.paths.sources() {
            match source.and_then(|source| check(&source, &self.wanted)) {
                Ok(file) => report.files.push(file),
                Err(failure) => {
                    output::complain(&failure.to_string());
                    report.unreadable += 1;
                }
            }
        }
        self.output.print(&report)?;
        Ok(report.exit())
    }
}

fn check(source: &Source, wanted: &Wanted) -> Result<File, Failure> {
    let name = source.name();
    let bytes = source.read()?;
    let content = Content::split(&bytes).map_err(|error| source.failure(error))?;
    if let Some(refusal) = &content.refusal {
        output::mention(&format!("{name}: the answer has status {refusal}"));
    }
    if content.items.is_empty() {
        return Ok(File { name, kind: None, items: Vec::new(), remarks: content.remarks });
    }
    let choice = wanted.choose(&content.items);
    let choice =
        choice.ok_or_else(|| source.failure("looks like no object of OCPI; say with --as what it is"))?;
    if !choice.told {
        output::mention(&format!("{name}: {choice}"));
    }
    let items = content
        .items
        .iter()
        .map(|item| Item::new(item, choice.kind.remarks(item.text, wanted.profile())))
        .collect();
    Ok(File { name, kind: Some(choice.kind), items, remarks: content.remarks })
}
