//! Comparison of the total with the sum of its parts, and checks of parts without a bill.

use ocpi_types::{Concern, Currency, Decimal};

use super::Rule;
use super::amounts::{Written, signed};
use super::claims::{Money, part_pointer};
use super::scope::Scope;
use super::tolerance::{Precision, Tolerance, abs, near, same, sum};
use crate::bill::{Amount, Category};
use crate::tariff_model::{Element, TariffDimension};
use crate::{Bill, Pricer, TariffModel};

/// Compares the sum of the parts with the total, where each of them agrees with the bill.
pub(super) fn with_bill(scope: &mut Scope<'_>, pricer: &Pricer, bill: &Bill, written: &Written) {
    if bill.limit() != Amount::ZERO || bill.total().is_none_or(|total| total.before_taxes.is_none()) {
        // There is no bill for these.
        alone(scope, pricer, written);
        return;
    }
    let is_given = |category: Category| written.parts[category as usize].is_some();
    let is_complete = Category::ALL.into_iter().all(|it| is_given(it) || bill.part(it) == Amount::ZERO);
    let total = written.total.before;
    let Some(parts) = before(written.parts.iter().flatten()).filter(|_| is_complete) else { return };
    let is_near = Allowed::of(scope).before(written).is_none_or(|allowed| near(parts, total, allowed));
    if !is_near || (!same(parts, total) && halves_part_ways(scope, bill, written)) {
        find(scope, scope.names.before, (parts, total));
    }
}

/// Whether a half went up in a part and down in the total, both against the even digit.
fn halves_part_ways(scope: &Scope<'_>, bill: &Bill, written: &Written) -> bool {
    if scope.tolerance.money != Decimal::ZERO {
        return false;
    }
    let precision = |written: Decimal| Allowed::of(scope).precision(written);
    // The written amount less the right one; `None`: they do not differ by a half, or the half went to the even digit.
    let off = |written: Decimal, right: Decimal| {
        let (precision, right) = (precision(written), abs(right));
        let off = written.checked_sub(right).filter(|off| abs(*off) == precision.half())?;
        let is_even =
            written.checked_div(precision.unit())?.checked_div(Decimal::from(2))?.to_integer().is_some();
        (!is_even).then_some(off)
    };
    let is_up = |category: Category| {
        let part = written.parts[category as usize].as_ref();
        let right = bill.part(category).before_taxes;
        part.zip(right)
            .and_then(|(part, right)| off(part.before, right))
            .is_some_and(|off| !off.is_negative())
    };
    let total = bill.total().and_then(|total| total.before_taxes);
    let is_down = total.and_then(|total| off(written.total.before, total)).is_some_and(Decimal::is_negative);
    is_down && Category::ALL.into_iter().any(is_up)
}

/// Compares the amounts with each other; parts that are not given only matter if a tariff has a price for them.
pub(super) fn alone(scope: &mut Scope<'_>, pricer: &Pricer, written: &Written) {
    let is_negative = negative(scope, pricer, written);
    let Some(parts) = before(written.parts.iter().flatten()) else { return };
    let open = Open::of(pricer, written);
    let total = written.total.before;
    let allowed = Allowed::of(scope);
    let is_right = |parts: Decimal, total: Decimal, allowed: Option<Decimal>| {
        let is_near = allowed.is_none_or(|allowed| near(parts, total, allowed));
        is_near || (total > parts && open.above) || (total < parts && open.below)
    };
    let within = allowed.before(written);
    if !is_right(parts, total, within) {
        let positive = sum(written.parts.iter().flatten().map(|part| abs(part.before)));
        let is_sign_of_part =
            is_negative && positive.is_some_and(|positive| is_right(positive, total, within));
        let is_sign_of_total = scope.has(Rule::NegativeCost) && is_right(parts, abs(total), within);
        if !is_sign_of_part && !is_sign_of_total {
            // The tax may be right.
            scope.explained(|it| {
                matches!(it.rule, Rule::TaxRange | Rule::TaxNegative | Rule::TaxAmount)
                    && it.pointer.starts_with("/total_cost/")
            });
            find(scope, scope.names.before, (parts, total));
        }
        return;
    }
    // Of a tax that is impossible anyway nobody needs the sum.
    let said = [Rule::NegativeCost, Rule::TaxRange, Rule::TaxNegative, Rule::TaxAmount];
    if said.into_iter().any(|rule| scope.has(rule)) {
        return;
    }
    let after =
        |money: &Money| money.after.or_else(|| (money.before == Decimal::ZERO).then_some(Decimal::ZERO));
    let parts_after = written.parts.iter().flatten().map(after).collect::<Option<Vec<_>>>().and_then(sum);
    let Some((parts_after, total_after)) = parts_after.zip(written.total.after) else { return };
    if !is_right(parts_after, total_after, allowed.after(written)) {
        let tax = |after: Decimal, before: Decimal| after.checked_sub(before).unwrap_or(after);
        let amounts = match written.total.taxes.is_empty() {
            true => (parts_after, total_after),
            false => (tax(parts_after, parts), tax(total_after, total)),
        };
        find(scope, scope.names.after, amounts);
    }
}

/// Sums the parts without tax; `None`: there are none.
fn before<'a>(mut parts: impl Iterator<Item = &'a Money> + Clone) -> Option<Decimal> {
    let all = parts.clone();
    parts.next().and_then(|_| sum(all.map(|part| part.before)))
}

fn find(scope: &mut Scope<'_>, name: &str, (expected, found): (Decimal, Decimal)) {
    let (expected, found) = (signed(scope, expected, None), signed(scope, found, None));
    scope.find(Rule::PartsSum, format!("/total_cost{name}"), expected, found);
}

/// Difference allowed between the parts and the total: each number is rounded separately.
struct Allowed<'a> {
    tolerance: &'a Tolerance,
    currency: &'a Currency,
}

impl<'a> Allowed<'a> {
    fn of(scope: &Scope<'a>) -> Self {
        Self { tolerance: scope.tolerance, currency: &scope.cdr.stay.usage.currency }
    }

    fn precision(&self, written: Decimal) -> Precision {
        self.tolerance.precision_of_money(self.currency, written)
    }

    fn before(&self, written: &Written) -> Option<Decimal> {
        let amounts = written.parts.iter().flatten().chain([&written.total]);
        let halves = amounts.map(|money| self.precision(money.before).half());
        sum(halves.chain([self.tolerance.money]))
    }

    /// Tax may be on the rounded amount; rates are far below 100 percent.
    fn after(&self, written: &Written) -> Option<Decimal> {
        let amounts = written.parts.iter().flatten().chain([&written.total]);
        let halves = amounts.map(|money| {
            let precision =
                self.precision(money.before).min(self.precision(money.after.unwrap_or(money.before)));
            precision.halves(2 + money.taxes.len())
        });
        sum(halves.chain([self.tolerance.money]))
    }
}

/// On which sides of the sum of the parts the total may be.
struct Open {
    above: bool,
    below: bool,
}

impl Open {
    fn of(pricer: &Pricer, written: &Written) -> Self {
        let mut lacking = Category::ALL.into_iter().filter(|it| written.parts[*it as usize].is_none());
        // A part of a tariff that is not understood may price anything.
        let is_clear = pricer.plans().all(|plan| plan.all_obstacles().next().is_none());
        let is_complete = is_clear
            && pricer.plans().len() > 0
            && !lacking.any(|it| pricer.plans().any(|plan| has_price(plan, it)));
        Self {
            above: !is_complete || pricer.plans().any(|plan| plan.min_price.is_some()),
            below: pricer.plans().any(|plan| plan.max_price.is_some() || has_unclear_limits(plan))
                || (!is_complete && pays(pricer, None)),
        }
    }
}

/// Reports parts below zero, where neither a price nor the energy is. Returns whether there is one.
fn negative(scope: &mut Scope<'_>, pricer: &Pricer, written: &Written) -> bool {
    if scope.cdr.is_credit() {
        return false;
    }
    let is_fed = scope.usage.periods.iter().any(|period| period.energy.is_some_and(Decimal::is_negative));
    let mut is_negative = false;
    for category in Category::ALL {
        let Some(part) = &written.parts[category as usize] else { continue };
        let may_be = pays(pricer, Some(category)) || (category == Category::Energy && is_fed);
        if !part.before.is_negative() || may_be {
            continue;
        }
        is_negative = true;
        let pointer = part_pointer(category);
        scope.explained(|it| it.rule == Rule::TaxNegative && it.pointer.starts_with(pointer));
        scope.find(Rule::NegativeCost, format!("{pointer}{}", scope.names.before), "0 or more", part.before);
    }
    is_negative
}

/// Whether a tariff has a price below zero, of this category or of any.
fn pays(pricer: &Pricer, category: Option<Category>) -> bool {
    pricer.plans().any(|plan| {
        let elements = plan
            .elements
            .iter()
            .filter(|element| element.components.iter().any(|component| component.price.is_negative()));
        elements.into_iter().any(|element| category.is_none_or(|category| prices(element, category)))
    })
}

fn has_unclear_limits(plan: &TariffModel) -> bool {
    plan.obstacles.iter().any(|obstacle| obstacle.concern == Concern::Limits)
}

/// Whether a tariff has a price that goes into a part of the cost.
fn has_price(plan: &TariffModel, category: Category) -> bool {
    plan.elements.iter().any(|element| prices(element, category))
}

fn prices(element: &Element, category: Category) -> bool {
    let has = |kind: TariffDimension| element.components.iter().any(|component| component.kind == kind);
    if element.restrictions.is_reservation() {
        return category == Category::Reservation;
    }
    match category {
        Category::Energy => has(TariffDimension::Energy),
        Category::Time => has(TariffDimension::Time),
        // Its fees are in it.
        Category::Parking => has(TariffDimension::ParkingTime),
        Category::Fixed => has(TariffDimension::Flat),
        Category::Reservation => false,
    }
}
