//! The verbs: one module each.

mod audit;
mod check;
mod completions;
mod estimate;
mod lint;
mod price;
mod read;

use std::io;

use clap::Subcommand;

use crate::exit::Exit;

/// What to do. A verb has its arguments in a struct of its own, and a `run` that returns how it ended.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Audit(audit::Arguments),
    Check(check::Arguments),
    Completions(completions::Arguments),
    Estimate(estimate::Arguments),
    Lint(lint::Arguments),
    Price(price::Arguments),
    Read(read::Arguments),
}

impl Verb {
    /// Does it.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self {
            Self::Audit(arguments) => arguments.run(),
            Self::Check(arguments) => arguments.run(),
            Self::Completions(arguments) => arguments.run(),
            Self::Estimate(arguments) => arguments.run(),
            Self::Lint(arguments) => arguments.run(),
            Self::Price(arguments) => arguments.run(),
            Self::Read(arguments) => arguments.run(),
        }
    }
}
