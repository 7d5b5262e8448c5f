//! Data of a refusal.

use std::fmt;

use ocpi_types::convert::ConversionError;
use ocpi_types::endpoint::{EncodedResponse, Encoding, Reply};

/// Data of a refusal: as the handler gave it, then as text for the partner.
#[derive(Default)]
pub(crate) enum ErrorData {
    /// None.
    #[default]
    Nothing,
    /// A value that has not been written yet.
    Value(Box<Write>),
    /// JSON.
    Text(Vec<u8>),
}

type Write = dyn FnOnce(&Encoding<'_>) -> Result<EncodedResponse, ConversionError> + Send + Sync;

impl ErrorData {
    pub(crate) fn of(data: impl Reply + Sync) -> Self {
        Self::Value(Box::new(move |wire| data.write(wire)))
    }

    /// Writes the value, where the version of the partner can express it.
    pub(crate) fn write(&mut self, wire: &Encoding<'_>) {
        *self = match std::mem::take(self) {
            Self::Value(write) => {
                let written = write(wire).ok().and_then(|written| written.data);
                written.map_or(Self::Nothing, Self::Text)
            }
            other => other,
        };
    }

    pub(crate) fn written(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            Self::Nothing | Self::Value(_) => None,
        }
    }
}

/// The data may be a driver's.
impl fmt::Debug for ErrorData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Nothing) { "no data" } else { "data" })
    }
}
