//! Comparison of the totals of a session under different policies.

use std::fmt;

use crate::bill::{Amount, Bill};
use crate::engine::Pricer;
use crate::error::PriceError;
use crate::rounding::Rounding;
use crate::usage::Usage;

/// Costs of a session under one policy, and under each policy that differs from it in one choice.
///
/// If a session has no differences here, two parties with different policies agree on it.
///
/// ```
/// use ocpi_pricing::{TariffModel, Pricer, Usage, usage::Period};
/// use ocpi_types::{json, v2_2_1::tariffs::Tariff};
/// # let tariff = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
/// #   "elements": [{"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 500}]}],
/// #   "last_updated": "2026-01-01T00:00:00Z"}"#;
/// // 0.25 per kWh, in steps of 500 Wh.
/// let tariff: Tariff = json::from_str(tariff)?;
/// let mut usage = Usage::new("EUR".parse().unwrap());
/// let mut period = Period::at("2026-05-01T10:00:00Z".parse().unwrap());
/// period.energy = Some("0.1152".parse().unwrap());
/// usage.periods.push(period);
///
/// let comparison = Pricer::new([TariffModel::from(&tariff)]).compare(&usage)?;
/// let [only] = comparison.differences() else { panic!() };
/// assert_eq!((only.question, only.choice), ("steps", "ignored"));
/// assert_eq!(only.total.unwrap().before_taxes, "0.0288".parse().ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Comparison {
    /// The total under the pricer's own policy; `None` if it cannot be computed.
    pub total: Option<Amount>,
    /// The currency.
    pub currency: ocpi_types::Currency,
    differences: Vec<Difference>,
}

/// A question whose answer changes the bill.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Difference {
    /// The name of the question: a member of [`Policy`](crate::Policy).
    pub question: &'static str,
    /// The answer of the pricer's policy.
    pub instead_of: &'static str,
    /// The other answer.
    pub choice: &'static str,
    /// The total with the other answer; `None` if it cannot be computed.
    pub total: Option<Amount>,
    /// Whether only parts of the total differ.
    pub is_only_parts: bool,
}

impl Pricer {
    /// Prices a usage under this policy and under each one that differs from it in one choice.
    ///
    /// # Errors
    ///
    /// As [`price`](Self::price), under any of the policies.
    pub fn compare(&self, usage: &Usage) -> Result<Comparison, PriceError> {
        let bill = self.price(usage)?;
        let own = self.policy().choices();
        let mut differences = Vec::new();
        for (question, choice, policy) in self.policy().variants() {
            let other = self.under(policy);
            let other = match other.price(usage) {
                Ok(other) => Some(other),
                Err(error) if error.is_negative() => None,
                Err(error) => return Err(error),
            };
            let (ours, theirs) = (bill.total(), other.as_ref().and_then(Bill::total));
            let is_only_parts = ours == theirs;
            if is_only_parts && other.is_none_or(|other| bill.parts() == other.parts()) {
                continue;
            }
            let instead_of = own.iter().find(|(name, _)| *name == question).map_or("", |(_, choice)| choice);
            differences.push(Difference { question, instead_of, choice, total: theirs, is_only_parts });
        }
        Ok(Comparison { total: bill.total(), currency: usage.currency.clone(), differences })
    }
}

impl Comparison {
    /// Returns the answers that would change the bill; empty if it is the same under all of them.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }
}

/// One difference a line.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounding = Rounding::of(&self.currency);
        let text = |total: Option<Amount>| {
            let amount = total.and_then(|total| total.after_taxes.or(total.before_taxes));
            amount.map_or_else(
                || "not computable".to_owned(),
                |amount| format!("{} {}", rounding.apply(amount), self.currency),
            )
        };
        writeln!(f, "total: {}", text(self.total))?;
        for Difference { question, instead_of, choice, total, is_only_parts } in &self.differences {
            let parts = if *is_only_parts { ", in other parts" } else { "" };
            writeln!(f, "{question} = {choice} (not {instead_of}): {}{parts}", text(*total))?;
        }
        Ok(())
    }
}
