//! Answers to the script.

use ocpi_types::convert::ConversionError;
use serde_json::{Map, Value};

/// Facts that a step saw.
pub(crate) type Told = Map<String, Value>;

/// Makes an answer of facts.
pub(crate) fn told<const N: usize>(facts: [(&str, Value); N]) -> Told {
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Reason why a step did not do what it should.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Its text, without ports and times.
    pub(crate) symptom: String,
    /// Whether the partner has no such endpoint, so that nothing was sent.
    pub(crate) is_not_offered: bool,
}

impl From<String> for Failure {
    fn from(symptom: String) -> Self {
        Self { symptom, is_not_offered: false }
    }
}

impl From<&str> for Failure {
    fn from(symptom: &str) -> Self {
        symptom.to_owned().into()
    }
}

impl From<ocpi_client::Error> for Failure {
    fn from(error: ocpi_client::Error) -> Self {
        let words = error.partner_message().or_else(|| error.excerpt());
        let words = words.map(|words| format!(" – {words}")).unwrap_or_default();
        Self { symptom: format!("{error}{words}"), is_not_offered: error.is_not_offered() }
    }
}

impl From<ocpi_platform::PullError> for Failure {
    fn from(error: ocpi_platform::PullError) -> Self {
        ocpi_platform::Error::from(error).into()
    }
}

impl From<ocpi_platform::Error> for Failure {
    fn from(error: ocpi_platform::Error) -> Self {
        match error {
            ocpi_platform::Error::Client(error) => error.into(),
            error => error.to_string().into(),
        }
    }
}

/// Failures of the driver itself and of the machine: none of them is an outcome of a step.
macro_rules! texts {
    ($($error:ty,)+) => { $(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                error.to_string().into()
            }
        }
    )+ };
}

texts! {
    std::io::Error,
    serde_json::Error,
    ConversionError,
    ocpi_client::TransportError,
    ocpi_server_traits::Error,
    ocpi_server_traits::RouterError,
    ocpi_server_traits::StoreError,
    ocpi_types::DateTimeError,
    ocpi_types::TextError,
    ocpi_types::UrlError,
    ocpi_types::json::Error,
}
