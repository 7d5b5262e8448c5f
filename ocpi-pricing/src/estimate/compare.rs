//! Comparison of connectors and tariffs for the same charge.

use ocpi_types::Decimal;

use super::{Charge, Estimate, EstimateError, Supply};
use crate::Pricer;

/// A connector with its tariff: the first one of the pricer.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// Supply of the connector.
    pub supply: Supply,
    /// Pricer with the tariff of the connector.
    pub pricer: &'a Pricer,
}

/// Outcome of an offer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ranked {
    /// Index of the offer in the input.
    pub offer: usize,
    /// The estimate, or the reason why there is none.
    pub outcome: Result<Estimate, EstimateError>,
}

/// Estimates a charge at each offer, sorted by cost, then by duration.
///
/// The amounts to pay are compared: with tax if it is known. Amounts in different currencies cannot be compared: all
/// offers in the currency of the first one come first, then those in that of the next. Offers without a total are last.
///
/// ```
/// use ocpi_pricing::estimate::{Charge, Offer, Supply, compare};
/// use ocpi_pricing::{TariffModel, Pricer};
/// use ocpi_types::{Decimal, json, v2_2_1::tariffs::Tariff};
///
/// let pricer = |price: &str| -> Result<Pricer, json::Error> {
///     let tariff = r#"{"country_code": "NL", "party_id": "ALF", "id": "T", "currency": "EUR", "elements":
///         [{"price_components": [{"type": "ENERGY", "price": 0.50, "step_size": 1}]}],
///         "last_updated": "2026-01-01T00:00:00Z"}"#;
///     let tariff: Tariff = json::from_str(&tariff.replace("0.50", price))?;
///     Ok(Pricer::new([TariffModel::from(&tariff)]))
/// };
/// let (dear, cheap) = (pricer("0.79")?, pricer("0.35")?);
/// let charge = Charge::new("2026-01-12T10:00:00Z".parse()?, "Europe/Amsterdam".parse()?, Decimal::from(20));
/// let ranked = compare(&charge, &[
///     Offer { supply: Supply::of_power(Decimal::from(150)), pricer: &dear },
///     Offer { supply: Supply::of_power(Decimal::from(11)), pricer: &cheap },
/// ]);
/// assert_eq!(ranked.iter().map(|ranked| ranked.offer).collect::<Vec<_>>(), [1, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn compare(charge: &Charge, offers: &[Offer<'_>]) -> Vec<Ranked> {
    let estimate = |offer: &Offer<'_>| charge.estimate(&offer.supply, offer.pricer);
    let mut ranked: Vec<Ranked> = offers
        .iter()
        .enumerate()
        .map(|(index, offer)| Ranked { offer: index, outcome: estimate(offer) })
        .collect();
    let mut currencies: Vec<String> = Vec::new();
    for currency in ranked.iter().filter_map(Ranked::currency) {
        if !currencies.iter().any(|known| known == currency) {
            currencies.push(currency.to_owned());
        }
    }
    let place =
        |ranked: &Ranked| currencies.iter().position(|known| Some(known.as_str()) == ranked.currency());
    ranked.sort_by_cached_key(|ranked| {
        let Some(price) = ranked.to_pay() else { return (true, None, Decimal::ZERO, ranked.seconds()) };
        (false, place(ranked), price, ranked.seconds())
    });
    ranked
}

impl Ranked {
    fn to_pay(&self) -> Option<Decimal> {
        self.outcome.as_ref().ok().and_then(Estimate::to_pay)
    }

    fn currency(&self) -> Option<&str> {
        self.outcome.as_ref().ok().map(|estimate| estimate.currency().as_str())
    }

    fn seconds(&self) -> i64 {
        self.outcome.as_ref().map_or(i64::MAX, |estimate| estimate.seconds)
    }
}
