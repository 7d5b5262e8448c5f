//! Failures of the sandbox.

use std::error::Error as StdError;

use ocpi_pricing::generate::GenerateError;

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
    #[error("a session cannot be written: its tariff or its connector makes no sense")]
    Session(#[source] GenerateError),
    #[error("an id or a name is none that OCPI takes")]
    Id(#[source] Box<dyn StdError + Send + Sync>),
    #[error("{place}: {why}")]
    Input { place: String, why: String },
}

impl Error {
    pub(crate) fn id(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Kind::Id(error.into())))
    }

    pub(crate) fn platform(what: &'static str, error: impl Into<ocpi_platform::Error>) -> Self {
        Self(Box::new(Kind::Platform { what, error: error.into() }))
    }

    pub(crate) fn input(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self(Box::new(Kind::Input { place: place.into(), why: why.into() }))
    }

    /// Whether a file or a setting is wrong, and not the store or the machine.
    pub fn is_input(&self) -> bool {
        matches!(*self.0, Kind::Input { .. })
    }
}

impl From<GenerateError> for Error {
    fn from(error: GenerateError) -> Self {
        Self(Box::new(Kind::Session(error)))
    }
}
