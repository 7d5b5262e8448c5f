//! Taxes.

use std::collections::BTreeMap;

use ocpi_types::Decimal;

use super::Rule;
use super::agreement::{Exact, Scale};
use super::claims::Money;
use super::cost::is_taxed;
use super::scope::Scope;
use super::tolerance::{near, negated, sum, times};
use crate::bill::Category;
use crate::rounding::Rounding;
use crate::{Bill, Pricer};

/// Holds the listed taxes of an amount to what their rates give. Whether something is wrong.
pub(super) fn list(
    scope: &mut Scope<'_>,
    pointer: &str,
    written: &Money,
    exact: &Exact<'_>,
    (bill, category): (&Bill<'_>, Option<Category>),
    scale: &Scale<'_>,
) -> bool {
    /// Rates that are named.
    const SHOWN: usize = 5;
    let known = exact.amount.after_taxes.map(|_| by_rate(bill, category));
    // Two taxes can have the same rate: what they come to, where the first of them stands, and how many they are.
    let mut listed: BTreeMap<Decimal, (Decimal, usize, usize)> = BTreeMap::new();
    for (index, tax) in written.taxes.iter().enumerate() {
        let Some(rate) = tax.rate else { continue };
        let (sum, _, count) = listed.entry(rate).or_insert((Decimal::ZERO, index, 0));
        *sum = sum.checked_add(tax.amount).unwrap_or(*sum);
        *count += 1;
    }
    let slack = if listed.is_empty() { Decimal::ZERO } else { scale.slack(exact) };
    let mut is_wrong = false;
    for (rate, (found, index, count)) in listed {
        let due = match &known {
            // By the tariff there is a tax, or none.
            Some(known) => known.get(&rate).copied(),
            // The tariff leaves tax to the state; each is on the whole amount.
            None => percent(written.before, rate).map(|tax| times(tax, i64::try_from(count).unwrap_or(1))),
        };
        let precision = scale.precision(found);
        let allowed = sum([precision.halves(count + 1), slack, scale.tolerance.money]);
        // One rate on everything, reckoned from the rounded amount.
        let on_rounded = percent(written.before, rate).filter(|_| written.taxes.len() == 1);
        let is_right = |due| allowed.is_none_or(|allowed| near(found, due, allowed));
        if due.is_some_and(is_right) || (due.is_some() && on_rounded.is_some_and(is_right)) {
            continue;
        }
        if due.is_none() && found == Decimal::ZERO {
            continue;
        }
        is_wrong = true;
        match due {
            Some(due) => {
                let expected = Rounding::to_decimals(precision.decimals()).apply(due);
                scope.find(Rule::TaxAmount, format!("{pointer}/taxes/{index}/amount"), expected, found);
            }
            None => {
                let rates: Vec<String> = known
                    .iter()
                    .flatten()
                    .map(|(rate, _)| rate.normalize().to_string())
                    .take(SHOWN)
                    .collect();
                let expected = if rates.is_empty() { "no tax".to_owned() } else { rates.join(" or ") };
                scope.find(Rule::TaxAmount, format!("{pointer}/taxes/{index}/percentage"), expected, rate);
            }
        }
    }
    is_wrong
}

/// The taxes of a bill, or a part of it, by rate.
fn by_rate(bill: &Bill<'_>, category: Option<Category>) -> BTreeMap<Decimal, Decimal> {
    let Some(category) = category else {
        let taxes = bill.taxes().unwrap_or_default();
        let positive = |tax| if bill.usage().is_credit { negated(tax) } else { tax };
        return taxes.iter().filter_map(|tax| Some((tax.percentage?, positive(tax.amount)))).collect();
    };
    let mut taxes: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    for line in bill.lines().filter(|line| line.category == category) {
        let amount = line.amount.after_taxes.zip(line.amount.before_taxes);
        let tax = amount.and_then(|(after, before)| after.checked_sub(before));
        let Some((rate, tax)) = line.rate.vat.zip(tax) else { continue };
        let sum = taxes.entry(rate).or_default();
        *sum = sum.checked_add(tax).unwrap_or(*sum);
    }
    taxes
}

fn percent(of: Decimal, rate: Decimal) -> Option<Decimal> {
    of.checked_mul(rate)?.checked_div(Decimal::from(100))
}

/// Holds the tax of a total to the lowest and the highest rate of the tariffs, as the bill could not be computed.
pub(super) fn range(scope: &mut Scope<'_>, pricer: &Pricer, total: &Money) {
    let Some(after) = total.after.filter(|after| *after >= total.before) else { return };
    let rates = || {
        let taxed = pricer.plans().filter(|plan| is_taxed(plan));
        let components = taxed.flat_map(|plan| &plan.elements).flat_map(|element| &element.components);
        components.map(|component| component.vat)
    };
    // A price without a rate has any, or none.
    if rates().any(|rate| rate.is_none()) || total.before.is_negative() {
        return;
    }
    let Some((least, most)) = rates().flatten().min().zip(rates().flatten().max()) else { return };
    let (least, most) = (percent(total.before, least), percent(total.before, most));
    let Some((least, most)) = least.zip(most) else { return };
    let Some(tax) = after.checked_sub(total.before) else { return };
    let precision = scope.tolerance.precision_of_money(&scope.usage.currency, after);
    let allowed = sum([precision.halves(2 + total.taxes.len()), scope.tolerance.money]).unwrap_or_default();
    let is_inside = least.checked_sub(allowed).is_some_and(|least| least <= tax)
        && most.checked_add(allowed).is_some_and(|most| tax <= most);
    if !is_inside {
        let rounding = Rounding::to_decimals(precision.decimals());
        let (least, most) = (rounding.apply(least), rounding.apply(most));
        let expected =
            if least == most { format!("{least} of tax") } else { format!("{least} to {most} of tax") };
        let pointer = format!("/total_cost{}", scope.names.after);
        scope.find(Rule::TaxRange, pointer, expected, format_args!("{tax} of tax"));
    }
}
