//! From quantities to money.

use super::compiled::{Rate, TaxRule};
use super::draft::Draft;
use super::periods::Applied;
use crate::bill::{Category, Entry, Note, Sum};
use crate::error::{Fault, PriceError};
use crate::fixed::{Fixed, Ratio};
use crate::policy::{Fees, Limits};
use crate::tariff_model::{Limit, Phase, TariffDimension};

/// Prices every quantity and adds up.
///
/// A component is priced on all of its quantity so far, and a period pays the difference. So the total is the cost of
/// the sum by the component, however it is divided into periods, and it is the sum of the amounts of the periods.
pub(crate) fn sum(bill: &mut Draft<'_>, applied: &Applied) -> Result<(), PriceError> {
    let pricer = bill.pricer;
    // Most tariffs have few components: their sums need no memory of their own.
    let (mut few, mut many) = ([Tally::default(); 8], Vec::new());
    let tallies = match few.get_mut(..pricer.rate_count) {
        Some(few) => few,
        None => {
            many.resize(pricer.rate_count, Tally::default());
            many.as_mut_slice()
        }
    };
    for entry in &mut bill.entries {
        let Some(plan) = pricer.plans.get(entry.plan as usize) else { continue };
        let tally = tallies.get_mut(plan.first_rate + entry.rate as usize);
        let (Some(rate), Some(tally)) = (plan.rates.get(entry.rate as usize), tally) else { continue };
        tally.quantity = tally.quantity.add(entry.billed).ok_or_else(|| Fault::Amount)?;
        let cost = cost(rate, tally.quantity).ok_or_else(|| Fault::Amount)?;
        entry.cost = cost.minus(tally.cost).ok_or_else(|| Fault::Amount)?;
        tally.cost = cost;
        let category = category(entry, rate, pricer.policy.fees);
        bill.sums[category as usize] =
            bill.sums[category as usize].plus(entry.cost).ok_or_else(|| Fault::Amount)?;
    }
    for sum in bill.sums {
        bill.total = bill.total.plus(sum).ok_or_else(|| Fault::Amount)?;
    }
    let is_charged = bill.usage.periods.iter().any(|period| period.is_charging());
    if is_charged && bill.gaps.is_empty() {
        limit(bill, applied)?;
    }
    Ok(())
}

#[derive(Clone, Copy, Default)]
struct Tally {
    quantity: Fixed,
    cost: Sum,
}

/// The cost of a quantity by a component: kWh, seconds, or 1 for a fee.
pub(crate) fn cost(rate: &Rate, quantity: Fixed) -> Option<Sum> {
    let price = quantity.times(rate.price)?;
    Some(match rate.tax {
        TaxRule::OnTop(tax) => Sum::known(price, price.add(price.times(tax)?)?),
        TaxRule::Inside(net) => Sum::known(price.times(net)?, price),
        TaxRule::None => Sum::known(price, price),
        // There is no tax on nothing.
        TaxRule::UnknownOnTop => {
            Sum { before: price, after: price, lacks_after: !price.is_zero(), lacks_before: false }
        }
        TaxRule::UnknownInside => {
            Sum { before: price, after: price, lacks_before: !price.is_zero(), lacks_after: false }
        }
    })
}

/// Returns the total of a CDR that an amount goes into.
///
/// Spec: 2.2.1 mod_cdrs §cdr_object
pub(crate) fn category(entry: &Entry, rate: &Rate, fees: Fees) -> Category {
    match (entry.phase, entry.kind) {
        (Phase::Charging, TariffDimension::Energy) => Category::Energy,
        (Phase::Charging, TariffDimension::Time) => Category::Time,
        (Phase::Charging, TariffDimension::ParkingTime) => Category::Parking,
        (Phase::Charging, TariffDimension::Flat | TariffDimension::Unknown) => {
            if rate.is_parking_fee && fees == Fees::Parking { Category::Parking } else { Category::Fixed }
        }
        _ => Category::Reservation,
    }
}

/// Limits the total by `min_price` and `max_price`, before and after tax separately.
///
/// Spec: 2.2.1 mod_tariffs §tariff_object
fn limit(bill: &mut Draft<'_>, applied: &Applied) -> Result<(), PriceError> {
    let pricer = bill.pricer;
    let (first, others): (Option<u32>, &[u32]) = match pricer.policy.limits {
        Limits::Ignored => (None, &[]),
        Limits::EveryTariff => (applied.first, &applied.others),
        Limits::FirstTariff => (applied.first, &[]),
        Limits::LastTariff => (applied.last, &[]),
    };
    let plans = || {
        let plans = first.iter().chain(others);
        plans.filter_map(|plan| pricer.plans.get(*plan as usize)).map(|compiled| &*compiled.plan)
    };
    let before = |limit: Limit| Some(Fixed::saturating(limit.before_taxes));
    let after = |limit: Limit| limit.after_taxes.map(Fixed::saturating);
    let least = Bounds {
        before: plans().filter_map(|plan| plan.min_price.and_then(before)).max(),
        after: plans().filter_map(|plan| plan.min_price.and_then(after)).max(),
    };
    let most = Bounds {
        before: plans().filter_map(|plan| plan.max_price.and_then(before)).min(),
        after: plans().filter_map(|plan| plan.max_price.and_then(after)).min(),
    };
    if least.is_none() && most.is_none() {
        return Ok(());
    }
    let crosses = |least: Option<Fixed>, most: Option<Fixed>| matches!((least, most), (Some(least), Some(most)) if least > most);
    if crosses(least.before, most.before) || crosses(least.after, most.after) {
        bill.notes.push(Note::LimitsCross);
    }
    let old = bill.total;
    let mut new = old;
    if !old.lacks_before {
        new.before = clamp(old.before, least.before, most.before);
    }
    let bound = match new.before.cmp(&old.before) {
        std::cmp::Ordering::Greater => least.after,
        std::cmp::Ordering::Less => most.after,
        std::cmp::Ordering::Equal => Some(Fixed::ZERO),
    };
    if bound.is_none() && !old.lacks_after {
        // The tax follows if there is only one rate.
        match one_tax(bill) {
            Some(TaxRule::None) => new.after = new.before,
            Some(TaxRule::OnTop(tax)) => new.after = add_tax(new.before, tax)?,
            Some(TaxRule::Inside(net)) => new.after = new.before.over(net).ok_or_else(|| Fault::Amount)?,
            _ => new.lacks_after = true,
        }
    }
    if !new.lacks_after {
        new.after = clamp(new.after, least.after, most.after);
    }
    bill.limit = new.minus(old).ok_or_else(|| Fault::Amount)?;
    bill.total = new;
    Ok(())
}

fn add_tax(amount: Fixed, tax: Ratio) -> Result<Fixed, PriceError> {
    amount.times(tax).and_then(|tax| amount.add(tax)).ok_or_else(|| Fault::Amount.into())
}

#[derive(Clone, Copy)]
struct Bounds {
    before: Option<Fixed>,
    after: Option<Fixed>,
}

impl Bounds {
    fn is_none(self) -> bool {
        self.before.is_none() && self.after.is_none()
    }
}

/// The most is stronger than the least.
fn clamp(value: Fixed, least: Option<Fixed>, most: Option<Fixed>) -> Fixed {
    let raised = least.map_or(value, |least| value.max(least));
    most.map_or(raised, |most| raised.min(most))
}

/// The tax, if everything that costs something has the same.
fn one_tax(bill: &Draft<'_>) -> Option<TaxRule> {
    let mut one: Option<TaxRule> = None;
    let costs = bill.entries.iter().filter(|entry| !entry.cost.is_zero());
    let taxes = costs.filter_map(|entry| bill.pricer.rate(entry)).map(|rate| rate.tax);
    for tax in taxes {
        match one {
            None => one = Some(tax),
            Some(known) if known == tax => {}
            Some(_) => return None,
        }
    }
    one
}
