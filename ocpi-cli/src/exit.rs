//! Exit codes.

use std::process::ExitCode;

/// Outcome of a run, as its exit code. Wrong usage is 2: clap ends those runs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done, without findings of severity error.
    Done = 0,
    /// Done, and findings of severity error.
    Objections = 1,
    /// Input that could not be read at all.
    Unreadable = 3,
    /// The network or the partner failed.
    Partner = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
