//! Errors of generation.

use ocpi_types::TextError;

use crate::PriceError;
use crate::bill::Gap;
use crate::estimate::EstimateError;

/// Reason why there is no record of a stay.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(transparent)]
pub struct GenerateError(#[from] pub(crate) Fault);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Charge(crate::estimate::Fault),
    #[error("the stay cannot be priced: {0}")]
    Price(#[from] PriceError),
    #[error("what the stay costs cannot be computed")]
    Gaps(Vec<Gap>),
    #[error("the price before tax, which a CDR must have, cannot be computed")]
    Tax,
    #[error("there is no tariff")]
    Tariff,
    #[error("nothing is charged")]
    Nothing,
    #[error("a number is too large")]
    TooLarge,
    #[error("a text cannot be written: {0}")]
    Text(#[from] TextError),
}

impl GenerateError {
    /// Returns the gaps that prevent a price; empty if the error has another cause. An example is a tariff of 2.1.1
    /// that depends on the power, which CDRs of that version do not contain.
    pub fn gaps(&self) -> &[Gap] {
        match &self.0 {
            Fault::Gaps(gaps) => gaps,
            _ => &[],
        }
    }

    /// Whether the prices of the tariff include an unknown amount of tax.
    pub fn is_tax(&self) -> bool {
        matches!(self.0, Fault::Tax)
    }

    /// Returns the error of the charge.
    pub fn charge(&self) -> Option<EstimateError> {
        match &self.0 {
            Fault::Charge(fault) => Some(fault.clone().into()),
            _ => None,
        }
    }
}

impl From<TextError> for GenerateError {
    fn from(error: TextError) -> Self {
        Fault::Text(error).into()
    }
}
