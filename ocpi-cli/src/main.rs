//! The `ocpi` command: OCPI documents on the command line.
//!
//! | Module | what it does |
//! |---|---|
//! | `verb` | one module per verb: its arguments, its help, what it does |
//! | `input` | from paths and standard input to single objects |
//! | `kinds` | every object type of every version, with its type erased |
//! | `priced` | tariffs, CDRs, sessions and connectors in the form that is priced |
//! | `policies` | how the user decides what the specification leaves open |
//! | `converters` | every type that can be converted, with its type erased |
//! | `infer` | which type and version a document holds |
//! | `judge`, `remark`, `place` | verdict and remarks on an object, and their places in the document |
//! | `mixed` | the type of each object, where a file holds several |
//! | `feed` | the check of the objects of a run against each other |
//! | `findings` | the findings of a run: which of them count, which are shown, and how |
//! | `remote` | verbs that speak with partners: tokens, connections, our own platform |
//! | `har` | HTTP archives of messages |
//! | `ledger`, `output` | the objects that a run converted, and the output as text and JSON |

mod converters;
mod exit;
mod feed;
mod findings;
mod har;
mod infer;
mod input;
mod judge;
mod kinds;
mod ledger;
mod mixed;
mod nearest;
mod output;
mod place;
mod policies;
mod priced;
mod remark;
mod remedies;
mod remote;
mod told;
mod verb;

use std::process::ExitCode;

use clap::Parser;

use crate::exit::Exit;
use crate::verb::Verb;

/// Faster than the one of the system where many small texts are made on one thread and read on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Read, check, convert and price documents of OCPI, the protocol for roaming between charge point operators and
/// e-mobility providers, and speak with partners
#[derive(Debug, Parser)]
#[command(
    name = "ocpi",
    version,
    after_help = "Exit codes: 0 no findings of severity error, 1 findings of severity error or objects refused, 2 wrong usage, 3 input could not be read, 4 the network or the partner failed."
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

fn main() -> ExitCode {
    match Cli::parse().verb.run() {
        Ok(exit) => exit.into(),
        // The reader of our output has closed it: it has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done.into(),
        Err(error) => {
            output::complain(&format!("cannot write the output: {error}"));
            Exit::Unreadable.into()
        }
    }
}
