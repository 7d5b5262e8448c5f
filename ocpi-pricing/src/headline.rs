//! Headline prices of a tariff.

use std::fmt;
use std::sync::Arc;

use ocpi_types::{Concern, Currency, Decimal, Obstacle};

use crate::bill::Amount;
use crate::engine::compiled::{Compiled, Rate};
use crate::engine::totals::cost;
use crate::fixed::Fixed;
use crate::tariff_model::{Component, Element, TariffDimension, TariffModel};

/// Headline prices of a tariff: those that apply if no restriction says otherwise.
///
/// The price of a dimension is that of the first element without restrictions that prices it, for one unit: a kWh, an
/// hour, or the fee. Steps, minimum and maximum prices, and elements for reservations and bookings are ignored.
///
/// ```
/// use ocpi_pricing::HeadlinePrice;
/// use ocpi_types::{json, v2_3_0::tariffs::Tariff};
///
/// let tariff: Tariff = json::from_str(
///     r#"{"country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR", "tax_included": "NO",
///         "elements": [
///             {"price_components": [{"type": "ENERGY", "price": 0.20, "vat": 20, "step_size": 1}],
///              "restrictions": {"start_time": "22:00", "end_time": "06:00"}},
///             {"price_components": [{"type": "ENERGY", "price": 0.35, "vat": 20, "step_size": 1},
///                                   {"type": "PARKING_TIME", "price": 2.50, "vat": 20, "step_size": 900}]}],
///         "last_updated": "2026-01-01T00:00:00Z"}"#,
/// )?;
/// let price = HeadlinePrice::of(&tariff)?;
/// let energy = price.energy.expect("an element without restrictions prices it");
/// assert_eq!(energy.before_taxes, "0.35".parse().ok());
/// assert_eq!(energy.after_taxes, "0.42".parse().ok());
/// // At night another price holds.
/// assert!(price.varies);
/// assert_eq!(price.to_string(), "0.42 EUR per kWh, 3 EUR per hour of parking, taxes included, varies");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct HeadlinePrice {
    /// The currency of all prices.
    pub currency: Currency,
    /// Price of a kWh; `None` if no element without restrictions has one.
    pub energy: Option<Amount>,
    /// Price of an hour of charging; `None` if no element without restrictions has one.
    pub time: Option<Amount>,
    /// Price of an hour connected without charging; `None` if no element without restrictions has one.
    pub parking_time: Option<Amount>,
    /// Fee of a session; `None` if no element without restrictions has one.
    pub flat: Option<Amount>,
    /// Whether some sessions have other prices, because an element with restrictions comes before these. If `false`, a
    /// dimension without a price costs nothing.
    pub varies: bool,
}

impl HeadlinePrice {
    /// Determines the headline prices of a tariff of any version.
    ///
    /// # Errors
    ///
    /// When an obstacle prevents it: the tariff as a whole, or an element without restrictions, cannot be read or is
    /// not understood. Elements with restrictions only make the price vary.
    pub fn of(tariff: impl Into<TariffModel>) -> Result<Self, Box<Obstacle>> {
        let Compiled { plan, rates, .. } = Compiled::of(Arc::new(tariff.into()), 0);
        if let Some(obstacle) = plan.obstacles.iter().find(|it| it.concern != Concern::Limits) {
            return Err(Box::new(obstacle.clone()));
        }
        let currency = plan.currency.clone();
        let (energy, time, parking_time, flat) = (None, None, None, None);
        let mut price = Self { currency, energy, time, parking_time, flat, varies: false };
        let charging =
            (0..).zip(&plan.elements).filter(|(_, element)| !element.restrictions.is_reservation());
        for (index, element) in charging {
            if is_restricted(element) {
                price.varies |= price.lacks_any_of(element);
                continue;
            }
            if let Some(obstacle) = element.obstacles.iter().find(|it| it.concern != Concern::Step) {
                return Err(Box::new(obstacle.clone()));
            }
            for rate in rates.iter().filter(|rate| rate.element == index) {
                let component = element.components.get(rate.component as usize);
                if let Some(slot) = component.and_then(|component| price.slot(component.kind)) {
                    slot.get_or_insert_with(|| of_one_unit(rate, component));
                }
            }
        }
        Ok(price)
    }

    /// Whether an element may have a price for a dimension that has none so far.
    fn lacks_any_of(&mut self, element: &Element) -> bool {
        let is_unclear = element.obstacles.iter().any(|it| it.concern != Concern::Restrictions);
        let mut kinds = element.components.iter().map(|component| component.kind);
        is_unclear || kinds.any(|kind| self.slot(kind).is_some_and(|slot| slot.is_none()))
    }

    fn slot(&mut self, kind: TariffDimension) -> Option<&mut Option<Amount>> {
        match kind {
            TariffDimension::Energy => Some(&mut self.energy),
            TariffDimension::Time => Some(&mut self.time),
            TariffDimension::ParkingTime => Some(&mut self.parking_time),
            TariffDimension::Flat => Some(&mut self.flat),
            TariffDimension::Unknown => None,
        }
    }
}

fn is_restricted(element: &Element) -> bool {
    let is_unclear = |obstacle: &Obstacle| obstacle.concern == Concern::Restrictions;
    !element.restrictions.is_none() || element.obstacles.iter().any(is_unclear)
}

/// The amount of a kWh, an hour or a fee; neither side of it is known if it is too large.
fn of_one_unit(rate: &Rate, component: Option<&Component>) -> Amount {
    let unit = match component.map(|component| component.kind) {
        Some(TariffDimension::Time | TariffDimension::ParkingTime) => {
            Fixed::seconds(chrono::TimeDelta::hours(1))
        }
        _ => Fixed::ONE,
    };
    cost(rate, unit).map_or_else(Amount::default, |sum| sum.amount())
}

/// Writes the prices with taxes where these are known, and otherwise without: `0.42 EUR per kWh, taxes included`.
impl fmt::Display for HeadlinePrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prices = [
            (self.energy, " per kWh"),
            (self.time, " per hour of charging"),
            (self.parking_time, " per hour of parking"),
            (self.flat, " per session"),
        ];
        let prices = || prices.into_iter().filter_map(|(amount, unit)| Some((amount?, unit)));
        let is_taxed = prices().all(|(amount, _)| amount.after_taxes.is_some());
        let side = |amount: Amount| if is_taxed { amount.after_taxes } else { amount.before_taxes };
        let text = |price: Decimal| format!("{} {}", price.normalize(), self.currency);
        let texts = prices().map(|(amount, unit)| side(amount).map_or("?".into(), text) + unit);
        let mut texts: Vec<String> = texts.collect();
        texts.push(match (texts.is_empty(), is_taxed) {
            (true, _) if self.varies => "no price without restrictions".into(),
            (true, _) => "free".into(),
            (false, true) => "taxes included".into(),
            (false, false) => "without taxes".into(),
        });
        if self.varies && texts.len() > 1 {
            texts.push("varies".into());
        }
        f.write_str(&texts.join(", "))
    }
}
