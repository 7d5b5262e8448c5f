//! Errors that leave a session without a bill.

use ocpi_types::Currency;

/// Error of a session or its tariffs as a whole, so that there is no bill.
///
/// Problems that affect only single amounts are in the bill: [`Bill::gaps`](crate::Bill::gaps).
///
/// ```
/// use ocpi_pricing::{Pricer, Usage};
/// let mut usage = Usage::new("EUR".parse().unwrap());
/// usage.start = Some("2026-05-01T10:00:00Z".parse().unwrap());
/// usage.end = Some("2026-05-01T09:00:00Z".parse().unwrap());
/// let error = Pricer::new([]).price(&usage).unwrap_err();
/// assert!(error.is_order());
/// assert_eq!(error.to_string(), "the session ends before it starts");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct PriceError(pub(crate) Fault);

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the session ends before it starts")]
    EndBeforeStart,
    #[error("period {0} starts before the period before it")]
    PeriodOrder(usize),
    #[error(
        "period {period} has a negative volume of {dimension}{}",
        if *dimension == "ENERGY" { ": decide with the policy negative_energy=credited" } else { "" }
    )]
    Negative { period: usize, dimension: &'static str },
    #[error("a number of period {0} is too large")]
    Period(usize),
    #[error("an amount is too large")]
    Amount,
    #[error("period {0} spans too many changes of a price")]
    Changes(usize),
    #[error("there are more than {} periods or tariffs", u32::MAX)]
    Count,
    #[error("the tariff is in {tariff}, the session in {session}")]
    Currency { tariff: Currency, session: Currency },
}

impl PriceError {
    /// Whether times run backwards.
    pub fn is_order(&self) -> bool {
        matches!(self.0, Fault::EndBeforeStart | Fault::PeriodOrder(_))
    }

    /// Whether a volume is negative: a time, or energy if the policy `negative_energy` does not credit it.
    pub fn is_negative(&self) -> bool {
        matches!(self.0, Fault::Negative { .. })
    }

    /// Whether a number or a count is too large to compute with: 10^12 kWh, hours or units of money.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0, Fault::Period(_) | Fault::Amount | Fault::Changes(_) | Fault::Count)
    }

    /// Whether session and tariff are in different currencies.
    pub fn is_currency(&self) -> bool {
        matches!(self.0, Fault::Currency { .. })
    }

    /// Returns the faulty period, counted from 0, if the error concerns one.
    pub fn period(&self) -> Option<usize> {
        match self.0 {
            Fault::PeriodOrder(period) | Fault::Period(period) | Fault::Changes(period) => Some(period),
            Fault::Negative { period, .. } => Some(period),
            _ => None,
        }
    }
}

impl From<Fault> for PriceError {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}
