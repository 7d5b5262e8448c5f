//! `ocpi check`.

use std::io;

use clap::Args;
use ocpi_types::json::Verdict;

use crate::exit::Exit;
use crate::infer::Wanted;
use crate::input::{Content, Failure, Paths, Source, Span};
use crate::kinds::Kind;
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
            match source.and_then(|source| judge(&source, &self.wanted, |_| {}, |_, _| Ok(()))) {
                Ok(file) => report.files.push(file),
                Err(failure) => {
                    output::complain(&failure.to_string());
                    report.unreadable += 1;
                }
            }
        }
        self.output.print_check(&report)?;
        Ok(report.exit())
    }
}

/// Reads and checks one input. `each` is told of every object, with its type; `on_read` of the bytes read.
pub(super) fn judge(
    source: &Source,
    wanted: &Wanted,
    on_read: impl Fn(u64) + 'static,
    mut each: impl FnMut(&'static Kind, &Span) -> Result<(), Failure>,
) -> Result<File, Failure> {
    let mut content = Content::open(source, on_read)?;
    let kind = content.kind(wanted)?;
    let mut items = Vec::new();
    while let Some(span) = content.next()? {
        // Without a type there is nothing in it.
        let Some(kind) = kind else { continue };
        each(kind, &span)?;
        let judgement = match span.broken.as_slice() {
            [] => kind.judge(&span.text, wanted.profile()),
            broken => (Verdict::Unreadable, broken.to_vec()),
        };
        items.push(Item::new(&span, judgement));
    }
    content.end()?;
    Ok(File { name: source.name(), kind, items, remarks: content.remarks() })
}
