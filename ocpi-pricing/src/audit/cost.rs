//! Comparison of the cost with the bill, or, without a bill, of its parts with each other.

use std::sync::Arc;

use ocpi_types::Decimal;

use super::agreement::{Exact, Scale};
use super::amounts::{Written, signed};
use super::claims::{Money, part_pointer};
use super::scope::{Scope, hours};
use super::tax::{self, Listed};
use super::tolerance::{near, times};
use super::{Rule, parts};
use crate::bill::Category;
use crate::usage::TariffRef;
use crate::{Bill, Pricer};

/// Compares all amounts with a bill that could be computed.
pub(super) fn look(scope: &mut Scope<'_>, pricer: &Pricer, bill: &Bill) {
    let written = Written::of(scope.cdr);
    tax::free(scope, &written);
    let scale = Scale {
        tolerance: scope.tolerance,
        currency: &scope.cdr.stay.usage.currency,
        energy: scope.energies.periods,
        hours: scope.hours.periods,
        lost_seconds: lost_seconds(scope),
    };
    if written.agrees(&scale, bill) && !written.has_taxes() {
        parts::with_bill(scope, pricer, bill, &written);
        return;
    }
    let mut hint = Hint { pricer, bill, written: &written, scale: &scale, policies: None };
    for category in Category::ALL {
        if let Some(part) = &written.parts[category as usize] {
            judge(scope, Place::part(category), part, &scale.part(bill, category), &mut hint);
        }
    }
    judge(scope, Place::TOTAL, &written.total, &scale.total(bill), &mut hint);
    let said = [Rule::TotalCost, Rule::TotalCostWithTax, Rule::PartCost, Rule::TaxSide, Rule::TaxAmount];
    if !said.into_iter().any(|rule| scope.has(rule)) {
        parts::with_bill(scope, pricer, bill, &written);
    }
}

/// Whether the hours of the periods have so few decimals that seconds are lost. Where all are whole minutes none is.
fn lost_seconds(scope: &Scope<'_>) -> bool {
    let is_even = |hours: Decimal| times(hours, 60).to_integer().is_some();
    scope.hours.periods.decimals() < 4 && !scope.usage.periods.iter().flat_map(hours).all(is_even)
}

/// Compares the amounts with each other, as the bill could not be computed.
pub(super) fn alone(scope: &mut Scope<'_>, pricer: &Pricer) {
    let written = Written::of(scope.cdr);
    tax::free(scope, &written);
    tax::alone(scope, &written);
    tax::range(scope, pricer, &written.total);
    parts::alone(scope, pricer, &written);
}

/// An amount of a CDR, and the rules for it.
#[derive(Clone, Copy)]
struct Place {
    pointer: &'static str,
    /// `None`: the total.
    category: Option<Category>,
    before: Rule,
    after: Rule,
}

impl Place {
    const TOTAL: Self = Self {
        pointer: "/total_cost",
        category: None,
        before: Rule::TotalCost,
        after: Rule::TotalCostWithTax,
    };

    fn part(category: Category) -> Self {
        let (pointer, rule) = (part_pointer(category), Rule::PartCost);
        Self { pointer, category: Some(category), before: rule, after: rule }
    }
}

fn judge(scope: &mut Scope<'_>, place: Place, written: &Money, exact: &Exact<'_>, hint: &mut Hint<'_>) {
    let agreement = hint.scale.agreement(written, exact);
    let before = exact.amount.before_taxes.filter(|_| !agreement.before);
    let after = written.after.zip(exact.amount.after_taxes).filter(|_| !agreement.after);
    let is_mixed_up = before.is_some_and(|before| tax_side(scope, place, written, exact, before, hint.scale));
    if !is_mixed_up {
        if let Some(before) = before {
            let at = format!("{}{}", place.pointer, scope.names.before);
            hint.find(scope, place.before, at, place.category, (before, written.before));
        }
        // Taxes on an amount that is wrong would only say the same again.
        let is_alone = before.is_some() && !written.taxes.is_empty();
        let bill = (hint.bill, place.category);
        let is_open = !is_alone
            && tax::list(scope, place.pointer, (hint.written, written), exact, bill, hint.scale)
                == Listed::Partly;
        if let Some((found, after)) = after.filter(|_| is_open) {
            let at = format!("{}{}", place.pointer, scope.names.after);
            // Where taxes are listed their sum is wrong.
            let tax = |sum: Decimal| sum.checked_sub(written.before).unwrap_or(sum);
            let amounts = if written.taxes.is_empty() { (after, found) } else { (tax(after), tax(found)) };
            hint.find(scope, place.after, at, place.category, amounts);
        }
    }
    if before.is_some() || after.is_some() {
        scope.explained(|it| {
            matches!(it.rule, Rule::TaxNegative | Rule::NegativeCost) && it.pointer.starts_with(place.pointer)
        });
    }
}

/// Says so if the amount without tax is that with tax.
fn tax_side(
    scope: &mut Scope<'_>,
    place: Place,
    written: &Money,
    exact: &Exact<'_>,
    before: Decimal,
    scale: &Scale<'_>,
) -> bool {
    let half = scale.precision(written.before).half();
    let is_it = |after: Decimal| after != before && near(written.before, after, half);
    if !exact.amount.after_taxes.is_some_and(is_it) {
        return false;
    }
    let is_swapped = written.after.is_some_and(|after| near(after, before, scale.precision(after).half()));
    let what = if is_swapped { "both are swapped" } else { "this is the amount with tax" };
    let expected = signed(scope, scale.shown(before, written.before), place.category);
    let found = signed(scope, written.before, place.category);
    let at = format!("{}{}", place.pointer, scope.names.before);
    scope.find_with(Rule::TaxSide, at, expected, found, what);
    true
}

/// The policies under which everything is right, looked for once and only if something is wrong.
struct Hint<'a> {
    pricer: &'a Pricer,
    bill: &'a Bill,
    written: &'a Written,
    scale: &'a Scale<'a>,
    policies: Option<String>,
}

impl Hint<'_> {
    fn find(
        &mut self,
        scope: &mut Scope<'_>,
        rule: Rule,
        pointer: String,
        category: Option<Category>,
        (expected, found): (Decimal, Decimal),
    ) {
        let expected = signed(scope, self.scale.shown(expected, found), category);
        let found = signed(scope, found, category);
        match self.policies() {
            "" => scope.find(rule, pointer, expected, found),
            policies => {
                scope.find_with(rule, pointer, expected, found, format_args!("agrees under {policies}"));
            }
        }
    }

    fn policies(&mut self) -> &str {
        let Self { pricer, bill, written, scale, policies } = self;
        policies.get_or_insert_with(|| {
            let variants = pricer.policy().variants().into_iter().filter(|(_, _, policy)| {
                let other = pricer.under(*policy);
                other.price(bill.usage()).is_ok_and(|bill| written.agrees(scale, &bill))
            });
            let policies = variants.map(|(question, choice, _)| format!("{question} = {choice}"));
            let tariffs = others(pricer, bill).filter(|(_, other)| {
                other.price(bill.usage()).is_ok_and(|bill| written.agrees(scale, &bill))
            });
            let tariffs = tariffs.map(|(id, _)| format!("the tariff {id}"));
            policies.chain(tariffs).collect::<Vec<_>>().join(" or ")
        })
    }
}

/// The tariffs besides the first one, each alone, where no period can name one: in 2.1.1.
fn others<'a>(pricer: &'a Pricer, bill: &Bill) -> impl Iterator<Item = (&'a str, Pricer)> {
    /// Tariffs that are tried.
    const TRIED: usize = 8;
    let is_unstated = bill.usage().periods.iter().all(|period| period.tariff == TariffRef::Unstated);
    let plans = pricer.plans.iter().map(|compiled| &compiled.plan);
    plans.skip(1).take(if is_unstated { TRIED } else { 0 }).map(|plan| {
        let only = Pricer::sharing([Arc::clone(plan)], *pricer.policy());
        (&*plan.id, only)
    })
}
