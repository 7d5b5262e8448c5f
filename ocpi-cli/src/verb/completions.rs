//! `ocpi completions`.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Cli;
use crate::exit::Exit;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  ocpi completions bash > ~/.local/share/bash-completion/completions/ocpi")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        // Through a buffer: the generator panics when its output is closed.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "ocpi", &mut script);
        io::stdout().write_all(&script)?;
        Ok(Exit::Done)
    }
}
