//! Ends of verbs that failed.

use std::io;

use clap::CommandFactory;
use clap::error::ErrorKind;

use crate::exit::Exit;
use crate::remote::{Failure, Secret};
use crate::{Cli, output};

/// Says on standard error why a verb ends early, without the secret.
///
/// # Errors
/// When it is the output that failed.
pub(crate) fn report(failure: Failure, secret: Option<&Secret>) -> io::Result<Exit> {
    let masked = |text: &str| secret.map_or_else(|| text.to_owned(), |secret| secret.mask(text));
    let (why, exit) = match failure {
        Failure::Usage(why) => Cli::command().error(ErrorKind::ValueValidation, masked(&why)).exit(),
        Failure::Unreadable(why) => (why, Exit::Unreadable),
        Failure::Partner(why) => (why, Exit::Partner),
        Failure::Output(error) => return Err(error),
    };
    output::complain(&masked(&why));
    Ok(exit)
}
