//! Reasons why a verb that speaks with a partner ends early.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io;

use ocpi_client::{TransportError, UrlRefused};
use ocpi_types::observe::Chain;

/// Reason why a verb ends early, by its exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage: 2.
    Usage(String),
    /// An input or the store cannot be read: 3.
    Unreadable(String),
    /// The network or the partner failed: 4.
    Partner(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn unreadable(what: impl Display, why: impl Display) -> Self {
        Self::Unreadable(format!("{what}: {why}"))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

impl From<ocpi_client::Error> for Failure {
    fn from(error: ocpi_client::Error) -> Self {
        Self::Partner(told(&error))
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Partner(refused_url(&error).unwrap_or_else(|| format!("no answer: {error}")))
    }
}

impl From<ocpi_platform::Error> for Failure {
    fn from(error: ocpi_platform::Error) -> Self {
        use ocpi_platform::Error;
        match error {
            Error::Client(error) => error.into(),
            Error::UrlRefused(refused) => Self::Partner(told_refusal(&refused)),
            Error::InvalidId => Self::Usage(error.to_string()),
            Error::Store(_) | Error::Broken | Error::NoRandomness => {
                Self::Unreadable(Chain(&error).to_string())
            }
            Error::NoPartner(_) => Self::Usage(format!("{error}: register with it, or name another")),
            Error::Registered(_) => {
                Self::Usage(format!("{error}: `ocpi rotate` exchanges its tokens, `ocpi unregister` ends it"))
            }
            error => Self::Partner(error.to_string()),
        }
    }
}

/// An error, and what the partner said.
pub(crate) fn told(error: &ocpi_client::Error) -> String {
    if let Some(refused) = refused_url(error) {
        return refused;
    }
    let mut text = error.to_string();
    if let Some(message) = error.partner_message().or(error.excerpt()) {
        text.push_str(&format!("; the partner says: {message}"));
    }
    text
}

/// The refusal of a URL, with the flag that allows it.
fn refused_url(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<UrlRefused>() {
            return Some(told_refusal(refused));
        }
        cause = error.source();
    }
    None
}

fn told_refusal(refused: &UrlRefused) -> String {
    let rule = refused.rule();
    let host = refused.host();
    format!(
        "`{host}` is refused: {rule}; requests go to public https URLs, in development anywhere with --allow-private"
    )
}
