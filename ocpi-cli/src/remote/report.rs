//! Ends of verbs that failed.

use std::io;

use clap::CommandFactory;
use clap::error::ErrorKind;

use crate::exit::Exit;
use crate::remote::{Failure, Secret, mask};
use crate::{Cli, output};

/// Says on standard error why a verb ends early, without the secret.
///
/// # Errors
/// When it is the output that failed.
pub(crate) fn report(failure: Failure, secret: Option<&Secret>) -> io::Result<Exit> {
    let (why, exit) = match failure {
        Failure::Usage(why) => Cli::command().error(ErrorKind::ValueValidation, mask(secret, &why)).exit(),
        Failure::Unreadable(why) => (why, Exit::Unreadable),
        Failure::Partner(why) => (why, Exit::Partner),
        Failure::Output(error) => return Err(error),
    };
    output::complain(&mask(secret, &why));
    Ok(exit)
}
