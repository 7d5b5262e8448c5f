//! `ocpi read`.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;
use crate::infer::Wanted;
use crate::input::{Failure, Paths, Source, Span};
use crate::kinds::Kind;
use crate::output::{self, Array, ReadOutput};
use crate::report::Report;
use crate::verb::check::judge;

/// Read documents as a tolerant receiver does, and say what had to be repaired
///
/// Each object is clean, repaired, partial (required members are missing) or unreadable. Prints every finding, and
/// how often each rule was broken. Inputs may be of any size.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi read locations.json --version 2.2.1 --as location
  ocpi read feed.ndjson --repaired repaired.json
  ocpi read exports/ --format sarif > findings.sarif")]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    wanted: Wanted,
    /// Write the objects as they were read into this file, as an array; unreadable ones are left out
    #[arg(long, value_name = "OUT")]
    repaired: Option<PathBuf>,
    #[command(flatten)]
    output: ReadOutput,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.wanted.validate();
        let mut report = Report::default();
        let mut repaired = self.repaired.as_ref().map(|path| Array::create(path)).transpose()?;
        for source in self.paths.sources() {
            match source.and_then(|source| self.read(&source, repaired.as_mut())) {
                Ok(file) => report.files.push(file),
                Err(failure) => {
                    output::complain(&failure.to_string());
                    report.unreadable += 1;
                }
            }
        }
        if let Some(repaired) = repaired {
            repaired.finish()?;
        }
        self.output.print(&report)?;
        Ok(report.exit())
    }

    fn read(
        &self,
        source: &Source,
        mut repaired: Option<&mut Array>,
    ) -> Result<crate::report::File, Failure> {
        let bar = output::progress(source);
        let told = bar.clone();
        let keep = |kind: &'static Kind, span: &Span| match repaired.as_deref_mut() {
            Some(array) if span.broken.is_empty() => {
                let written = kind.repair(&span.text).map_or(Ok(()), |json| array.push(&json));
                written.map_err(|error| Failure::new(array.name(), error))
            }
            _ => Ok(()),
        };
        let file = judge(source, &self.wanted, move |bytes| told.set_position(bytes), keep);
        bar.finish_and_clear();
        file
    }
}
