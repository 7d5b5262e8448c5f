//! Errors that keep a charge from being planned.

use crate::PriceError;

/// Reason why there is no estimate.
///
/// ```
/// use ocpi_pricing::estimate::{Charge, Supply};
/// use ocpi_types::Decimal;
/// # let pricer = ocpi_pricing::Pricer::new([]);
/// let charge = Charge::new("2026-01-12T10:00:00Z".parse()?, "Europe/Rome".parse()?, Decimal::from(20));
/// let error = charge.estimate(&Supply::of_power(Decimal::ZERO), &pricer).unwrap_err();
/// assert!(error.is_power());
/// assert_eq!(error.to_string(), "the power is not above zero");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(transparent)]
pub struct EstimateError(#[from] pub(crate) Fault);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("{0} is negative")]
    Negative(&'static str),
    #[error("the battery cannot go from {from} to {to} percent")]
    Percent { from: ocpi_types::Decimal, to: ocpi_types::Decimal },
    #[error("the power is not above zero")]
    NoPower,
    #[error("there is no tariff")]
    NoTariff,
    #[error("it takes longer than a year")]
    TooLong,
    #[error("a number is too large")]
    TooLarge,
    #[error(transparent)]
    Price(PriceError),
}

impl EstimateError {
    /// Whether an input is invalid: it is negative, or percentages are not in order.
    pub fn is_need(&self) -> bool {
        matches!(self.0, Fault::Negative(_) | Fault::Percent { .. })
    }

    /// Whether there is no power to charge with.
    pub fn is_power(&self) -> bool {
        matches!(self.0, Fault::NoPower)
    }

    /// Whether the pricer has no tariff.
    pub fn is_tariff(&self) -> bool {
        matches!(self.0, Fault::NoTariff)
    }

    /// Whether it takes longer than a year.
    pub fn is_too_long(&self) -> bool {
        matches!(self.0, Fault::TooLong)
    }

    /// Whether a number is too large to compute with.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0, Fault::TooLarge)
    }

    /// Returns the error by which the pricer refused the usage.
    pub fn price(&self) -> Option<&PriceError> {
        match &self.0 {
            Fault::Price(error) => Some(error),
            _ => None,
        }
    }
}
