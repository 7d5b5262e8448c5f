//! Taxes.

use std::collections::BTreeMap;

use ocpi_types::Decimal;

use super::Rule;
use super::agreement::{Exact, Scale};
use super::amounts::{Written, is_taxed};
use super::claims::{Money, part_pointer};
use super::scope::Scope;
use super::tolerance::{abs, near, negated, same, sum, times};
use crate::bill::Category;
use crate::rounding::Rounding;
use crate::{Bill, Pricer};

/// Verdict on the list of taxes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Listed {
    /// The list does not determine the sum: it is missing, or lacks a rate or a tax.
    Partly,
    /// It has all taxes, each correct.
    Right,
    /// It has a wrong tax, which was reported.
    Wrong,
}

/// Compares the listed taxes of an amount with the taxes that their rates give.
pub(super) fn list(
    scope: &mut Scope<'_>,
    pointer: &str,
    (all, written): (&Written, &Money),
    exact: &Exact<'_>,
    (bill, category): (&Bill, Option<Category>),
    scale: &Scale<'_>,
) -> Listed {
    /// Rates that are named.
    const SHOWN: usize = 5;
    let known = exact.amount.after_taxes.map(|_| by_rate(bill, category));
    // Two taxes can have the same rate: their sum, the index of the first, and their number.
    let mut listed: BTreeMap<Decimal, (Decimal, usize, usize)> = BTreeMap::new();
    for (index, tax) in written.taxes.iter().enumerate() {
        let Some(rate) = tax.rate else { continue };
        let (sum, _, count) = listed.entry(rate).or_insert((Decimal::ZERO, index, 0));
        *sum = sum.checked_add(tax.amount).unwrap_or(*sum);
        *count += 1;
    }
    let has_all_rates = !written.taxes.is_empty() && written.taxes.iter().all(|tax| tax.rate.is_some());
    let is_listed = |rate: &Decimal, tax: Decimal| tax == Decimal::ZERO || listed.contains_key(rate);
    let is_complete = has_all_rates
        && known.as_ref().is_some_and(|known| known.iter().all(|(rate, tax)| is_listed(rate, *tax)));
    let slack = if listed.is_empty() { Decimal::ZERO } else { scale.slack(exact) };
    // A limit of the price is not taxed at a rate of the tariff: only the sum is known.
    let is_moved = category.is_none()
        && bill.taxes().is_some_and(|taxes| taxes.iter().any(|tax| tax.percentage.is_none()));
    let mut is_wrong = false;
    for (rate, (found, index, count)) in listed {
        if is_moved && known.as_ref().is_some_and(|known| known.contains_key(&rate)) {
            continue;
        }
        let due = match &known {
            // By the tariff there is a tax, or none.
            Some(known) => known.get(&rate).copied(),
            // The tariff leaves tax to the state; each is on the whole amount.
            None => percent(written.before, rate).map(|tax| times(tax, i64::try_from(count).unwrap_or(1))),
        };
        let precision = scale.precision(found);
        let allowed = sum([precision.halves(count + 1), slack, scale.tolerance.money]);
        // One rate on everything, reckoned from the rounded amount.
        let on_all = exact.amount.before_taxes.and_then(|before| percent(before, rate));
        let is_on_all = on_all.zip(due).is_some_and(|(tax, due)| same(tax, due));
        let on_rounded = percent(written.before, rate).filter(|_| is_on_all);
        let is_near = |due| allowed.is_none_or(|allowed| near(found, due, allowed));
        let rounded = precision.halves(count).checked_add(scale.tolerance.money).unwrap_or_default();
        let is_rounding = |due| near(found, due, rounded);
        if due.is_some_and(is_near) || (due.is_some() && on_rounded.is_some_and(is_rounding)) {
            continue;
        }
        if category.is_none() && due.is_some() && is_sum(all, bill, (rate, found), scale) {
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
    match (is_wrong, is_complete && !is_moved) {
        (true, _) => Listed::Wrong,
        (false, true) => Listed::Right,
        (false, false) => Listed::Partly,
    }
}

/// Whether a tax of the total is the sum of those of the parts: as they are written, or rounded where they are not.
fn is_sum(all: &Written, bill: &Bill, (rate, found): (Decimal, Decimal), scale: &Scale<'_>) -> bool {
    let precision = scale.precision(found);
    let (mut least, mut most) = (Some(Decimal::ZERO), Some(Decimal::ZERO));
    for category in Category::ALL {
        let Some(exact) = by_rate(bill, category.into()).get(&rate).copied() else { continue };
        let listed = all.parts[category as usize].iter().flat_map(|part| &part.taxes);
        let mut listed = listed.filter(|tax| tax.rate == Some(rate)).map(|tax| tax.amount).peekable();
        let (low, high) = if listed.peek().is_some() {
            let written = sum(listed).unwrap_or(exact);
            // One that is wrong itself makes no total right.
            if !near(written, exact, precision.unit()) {
                return false;
            }
            (written, written)
        } else {
            let up = exact.round(precision.decimals());
            let is_half = up.checked_sub(exact).is_some_and(|off| abs(off) == precision.half());
            (if is_half { up.checked_sub(precision.unit()).unwrap_or(up) } else { up }, up)
        };
        least = least.and_then(|sum| sum.checked_add(low));
        most = most.and_then(|sum| sum.checked_add(high));
    }
    least.zip(most).is_some_and(|(least, most)| least <= found && found <= most)
}

/// The taxes of a bill, or a part of it, by rate.
fn by_rate(bill: &Bill, category: Option<Category>) -> BTreeMap<Decimal, Decimal> {
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

/// Takes back that there is less with tax than without, where no tax was added and only decimals are missing.
pub(super) fn free(scope: &mut Scope<'_>, written: &Written) {
    if !scope.has(Rule::TaxNegative) {
        return;
    }
    let parts =
        Category::ALL.map(|category| (part_pointer(category), written.parts[category as usize].as_ref()));
    for (pointer, money) in parts.into_iter().chain([("/total_cost", Some(&written.total))]) {
        let Some((before, after)) = money.and_then(|money| Some((money.before, money.after?))) else {
            continue;
        };
        let precision = |written| scope.tolerance.precision_of_money(&scope.usage.currency, written);
        // That of the less precise one.
        let half = precision(before).min(precision(after)).half();
        // That one of them is negative is said of the total.
        if near(before, after, half) || scope.has(Rule::NegativeCost) && pointer == "/total_cost" {
            scope.explained(|it| it.rule == Rule::TaxNegative && it.pointer.starts_with(pointer));
        }
    }
}

/// Compares listed taxes with their rate of everything, as nobody knows the amounts that they are on.
pub(super) fn alone(scope: &mut Scope<'_>, written: &Written) {
    let parts =
        Category::ALL.map(|category| (part_pointer(category), written.parts[category as usize].as_ref()));
    for (pointer, money) in parts.into_iter().chain([("/total_cost", Some(&written.total))]) {
        let Some((money, after)) = money.and_then(|money| Some((money, money.after?))) else { continue };
        if money.before.is_negative() {
            continue;
        }
        for (index, tax) in money.taxes.iter().enumerate() {
            // Some taxes are on others too.
            let most = after.checked_sub(tax.amount).zip(tax.rate).and_then(|(all, rate)| percent(all, rate));
            let precision = scope.tolerance.precision_of_money(&scope.usage.currency, tax.amount);
            let allowed = sum([precision.halves(2 + money.taxes.len()), scope.tolerance.money]);
            let most = most.zip(allowed).and_then(|(most, allowed)| Some((most, most.checked_add(allowed)?)));
            if let Some((most, _)) = most.filter(|(_, allowed)| tax.amount > *allowed) {
                let expected = format!("{} or less", Rounding::to_decimals(precision.decimals()).apply(most));
                scope.find(Rule::TaxAmount, format!("{pointer}/taxes/{index}/amount"), expected, tax.amount);
            }
        }
    }
}

/// Compares the tax of a total with the lowest and the highest rate of the tariffs, as the bill could not be computed.
pub(super) fn range(scope: &mut Scope<'_>, pricer: &Pricer, total: &Money) {
    let Some(after) = total.after.filter(|after| *after >= total.before) else { return };
    // A part of a tariff that is not understood may have any rate.
    if pricer.plans().any(|plan| plan.all_obstacles().next().is_some()) {
        return;
    }
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
