//! Views of the bill: amounts, lines and taxes.

use ocpi_types::{DateTime, Decimal};

use super::{Bill, Category, Entry, Sum};
use crate::engine::compiled::{Rate, TaxRule};
use crate::engine::totals::category;
use crate::fixed::{Fixed, hours_of_seconds};
use crate::tariff_model::{Component, Phase, TariffDimension};

/// An amount of money before and after tax, in the currency of the session.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Amount {
    /// Without tax; `None` if the included tax is unknown.
    pub before_taxes: Option<Decimal>,
    /// With tax; `None` if the additional tax is unknown.
    pub after_taxes: Option<Decimal>,
}

/// One quantity and its cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Line {
    /// The period, counted from 0.
    pub period: usize,
    /// Index of the tariff in the pricer.
    pub tariff: usize,
    /// The element of the tariff.
    pub element: usize,
    /// The component of the element.
    pub component: usize,
    /// The component: price, tax and step.
    pub rate: Component,
    /// The part of the stay.
    pub phase: Phase,
    /// Dimension that is priced.
    pub kind: TariffDimension,
    /// The total it belongs to.
    pub category: Category,
    /// Time from which the quantity is priced.
    pub at: DateTime,
    /// Measured quantity: kWh, seconds, or 1 for a fee.
    pub measured: Decimal,
    /// Billed quantity: the measured one, rounded up to the step if a step applies.
    pub billed: Decimal,
    /// Cost of the billed quantity.
    pub amount: Amount,
    /// Whether the quantity is a proportional estimate, because the period does not end where the price changes.
    pub is_estimate: bool,
}

/// One rate of tax and the sum of its tax.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TaxLine {
    /// The rate in percent; `None` if a price limit changed the tax.
    pub percentage: Option<Decimal>,
    /// The tax.
    pub amount: Decimal,
}

impl Bill {
    /// Returns the total, negative for a credit CDR; `None` if something could not be computed.
    ///
    /// Spec: 2.2.1 mod_cdrs §credit_cdrs: only the total of a credit CDR is negative.
    pub fn total(&self) -> Option<Amount> {
        let total = if self.usage.is_credit { self.total.negate() } else { self.total };
        self.is_computable().then(|| total.amount())
    }

    /// Returns one part of the total, without amounts that could not be computed.
    pub fn part(&self, category: Category) -> Amount {
        self.sums.get(category as usize).map_or_else(Amount::default, |sum| sum.amount())
    }

    /// All parts, in the order of the categories.
    pub(crate) fn parts(&self) -> [Amount; 5] {
        Category::ALL.map(|category| self.part(category))
    }

    /// Returns the amount added by `min_price` or subtracted by `max_price`: the total minus its parts.
    pub fn limit(&self) -> Amount {
        self.limit.amount()
    }

    /// Whether `min_price` or `max_price` changed the total.
    pub fn is_limited(&self) -> bool {
        !self.limit.is_zero()
    }

    /// Returns the lines, in order.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = Line> + '_ {
        self.entries.iter().map(|entry| self.line(entry))
    }

    /// Returns the quantity billed for a dimension in all phases except the reservation: kWh, seconds or fees.
    pub fn billed(&self, kind: TariffDimension) -> Decimal {
        self.quantity(|entry| entry.phase == Phase::Charging && entry.kind == kind).to_decimal()
    }

    /// Returns the seconds billed for the reservation, including overtime.
    pub fn billed_reservation(&self) -> Decimal {
        self.quantity(|entry| entry.phase != Phase::Charging && entry.kind == TariffDimension::Time)
            .to_decimal()
    }

    fn quantity(&self, is_counted: impl Fn(&Entry) -> bool) -> Fixed {
        let counted = self.entries.iter().filter(|entry| is_counted(entry));
        // The same sum was in range when the bill was made.
        counted.fold(Fixed::ZERO, |sum, entry| sum.add(entry.billed).unwrap_or(sum))
    }

    /// Returns the taxes in the total by rate, lowest first; `None` if they are unknown. Their sum is the difference of
    /// the totals.
    pub fn taxes(&self) -> Option<Vec<TaxLine>> {
        if self.total.lacks_before || self.total.lacks_after || !self.is_computable() {
            return None;
        }
        let mut taxes: Vec<(Option<Decimal>, Fixed)> = Vec::new();
        let mut add =
            |rate: Option<Decimal>, tax: Fixed| match taxes.iter_mut().find(|(known, _)| *known == rate) {
                Some((_, sum)) => *sum = sum.add(tax).unwrap_or(*sum),
                None => taxes.push((rate, tax)),
            };
        for entry in &self.entries {
            let is_taxed = self.pricer.rate(entry).is_some_and(|rate| rate.tax != TaxRule::None);
            let vat = self.component(entry).and_then(|component| component.vat).filter(|_| is_taxed);
            if let (Some(_), Some(tax)) = (vat, entry.cost.after.sub(entry.cost.before)) {
                add(vat, tax);
            }
        }
        if let Some(tax) = self.limit.after.sub(self.limit.before).filter(|tax| !tax.is_zero()) {
            add(None, tax);
        }
        let sign = |tax: Fixed| if self.usage.is_credit { tax.negate() } else { tax };
        taxes.sort_unstable_by_key(|(rate, _)| (rate.is_none(), *rate));
        let line = |(percentage, tax)| TaxLine { percentage, amount: sign(tax).to_decimal() };
        Some(taxes.into_iter().map(line).collect())
    }

    /// The component that an entry is priced by.
    pub(crate) fn component(&self, entry: &Entry) -> Option<&Component> {
        let rate = self.pricer.rate(entry)?;
        let plan = &self.pricer.plans.get(entry.plan as usize)?.plan;
        plan.elements.get(rate.element as usize)?.components.get(rate.component as usize)
    }

    fn line(&self, entry: &Entry) -> Line {
        let rate = self.pricer.rate(entry);
        let place = |place: fn(&Rate) -> u32| rate.map_or(0, place) as usize;
        let fees = self.pricer.policy.fees;
        Line {
            period: entry.period as usize,
            tariff: entry.plan as usize,
            element: place(|rate| rate.element),
            component: place(|rate| rate.component),
            rate: self.component(entry).copied().unwrap_or(NO_RATE),
            phase: entry.phase,
            kind: entry.kind,
            category: rate.map_or(Category::Fixed, |rate| category(entry, rate, fees)),
            // In range: it lies inside a period.
            at: entry.at.try_into().unwrap_or(DateTime::UNIX_EPOCH),
            measured: entry.measured.to_decimal(),
            billed: entry.billed.to_decimal(),
            amount: entry.cost.amount(),
            is_estimate: entry.is_estimate,
        }
    }
}

impl Line {
    /// Returns the billed quantity in the unit of the price: kWh, hours, or 1 for a fee. Hours are cut at sixteen
    /// decimals.
    pub fn billed_units(&self) -> Decimal {
        units(self.kind, self.billed)
    }

    /// Returns the measured quantity in the unit of the price.
    pub fn measured_units(&self) -> Decimal {
        units(self.kind, self.measured)
    }
}

/// There is none without a component.
const NO_RATE: Component =
    Component { kind: TariffDimension::Unknown, price: Decimal::ZERO, vat: None, step_size: 0 };

pub(super) fn units(kind: TariffDimension, quantity: Decimal) -> Decimal {
    match kind {
        TariffDimension::Time | TariffDimension::ParkingTime => {
            Fixed::of(quantity).map_or(quantity, |seconds| hours_of_seconds(seconds).to_decimal())
        }
        _ => quantity,
    }
}

impl Sum {
    pub(crate) fn amount(self) -> Amount {
        Amount {
            before_taxes: (!self.lacks_before).then(|| self.before.to_decimal()),
            after_taxes: (!self.lacks_after).then(|| self.after.to_decimal()),
        }
    }

    pub(crate) fn negate(self) -> Self {
        Self { before: self.before.negate(), after: self.after.negate(), ..self }
    }
}
