//! The verbs: one module each.

mod audit;
mod check;
mod completions;
mod conformance;
mod convert;
mod estimate;
mod explain;
mod invite;
mod lint;
mod messages;
mod partners;
mod price;
mod probe;
mod pull;
mod push;
mod read;
mod register;
mod replay;
mod rotate;
mod serve;
mod sync;
mod unregister;
mod versions;

use std::io;

use clap::Subcommand;

use crate::exit::Exit;

/// Verb of the command. It has its arguments in a struct of its own, and a `run` that returns the outcome.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Audit(audit::Arguments),
    Check(check::Arguments),
    Completions(completions::Arguments),
    Conformance(conformance::Arguments),
    Convert(convert::Arguments),
    Estimate(estimate::Arguments),
    Explain(explain::Arguments),
    Invite(invite::Arguments),
    Lint(lint::Arguments),
    Messages(messages::Arguments),
    Partners(partners::Arguments),
    Price(price::Arguments),
    Probe(probe::Arguments),
    Pull(pull::Arguments),
    Push(push::Arguments),
    Read(read::Arguments),
    Register(register::Arguments),
    Replay(replay::Arguments),
    Rotate(rotate::Arguments),
    Serve(serve::Arguments),
    Sync(sync::Arguments),
    Unregister(unregister::Arguments),
    Versions(versions::Arguments),
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
            Self::Conformance(arguments) => arguments.run(),
            Self::Convert(arguments) => arguments.run(),
            Self::Estimate(arguments) => arguments.run(),
            Self::Explain(arguments) => arguments.run(),
            Self::Invite(arguments) => arguments.run(),
            Self::Lint(arguments) => arguments.run(),
            Self::Messages(arguments) => arguments.run(),
            Self::Partners(arguments) => arguments.run(),
            Self::Price(arguments) => arguments.run(),
            Self::Probe(arguments) => arguments.run(),
            Self::Pull(arguments) => arguments.run(),
            Self::Push(arguments) => arguments.run(),
            Self::Read(arguments) => arguments.run(),
            Self::Register(arguments) => arguments.run(),
            Self::Replay(arguments) => arguments.run(),
            Self::Rotate(arguments) => arguments.run(),
            Self::Serve(arguments) => arguments.run(),
            Self::Sync(arguments) => arguments.run(),
            Self::Unregister(arguments) => arguments.run(),
            Self::Versions(arguments) => arguments.run(),
        }
    }
}
