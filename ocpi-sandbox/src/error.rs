//! Failures of the sandbox.

use std::error::Error as StdError;

use ocpi_pricing::generate::GenerateError;
use ocpi_types::CiString;

/// Failure of the sandbox.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Kind>);

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("{what}")]
    Platform {
        what: &'static str,
        #[source]
        error: ocpi_platform::Error,
    },
    #[error("no session can be written at connector {connector} of EVSE {evse}")]
    Session {
        evse: String,
        connector: String,
        #[source]
        error: GenerateError,
    },
    #[error("an id or a name is none that OCPI takes")]
    Id(#[source] Box<dyn StdError + Send + Sync>),
    #[error(
        "an object in the store is newer than what happened in the city, which is left out: the clock was put back"
    )]
    Older,
    #[error("{place}: {why}")]
    Input { place: String, why: String },
    #[error("{count} failures in one step, the first")]
    Several {
        count: usize,
        #[source]
        first: Error,
    },
}

impl Error {
    pub(crate) fn id(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Kind::Id(error.into())))
    }

    pub(crate) fn platform(what: &'static str, error: impl Into<ocpi_platform::Error>) -> Self {
        Self(Box::new(Kind::Platform { what, error: error.into() }))
    }

    pub(crate) fn older() -> Self {
        Self(Box::new(Kind::Older))
    }

    pub(crate) fn input(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self(Box::new(Kind::Input { place: place.into(), why: why.into() }))
    }

    pub(crate) fn session(evse: &CiString<36>, connector: &CiString<36>, error: GenerateError) -> Self {
        let (evse, connector) = (evse.to_string(), connector.to_string());
        Self(Box::new(Kind::Session { evse, connector, error }))
    }

    /// Makes one failure of several; without any, there is none.
    pub(crate) fn of_all(failures: Vec<Self>) -> Result<(), Self> {
        let count = failures.len();
        match failures.into_iter().next() {
            None => Ok(()),
            Some(only) if count == 1 => Err(only),
            Some(first) => Err(Self(Box::new(Kind::Several { count, first }))),
        }
    }

    /// Whether a file or a setting is wrong, and not the store or the machine.
    pub fn is_input(&self) -> bool {
        matches!(*self.0, Kind::Input { .. })
    }
}
