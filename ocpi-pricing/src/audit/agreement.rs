//! Comparison of a written amount with the exact one, allowing for rounding.

use ocpi_types::{Currency, Decimal};

use super::claims::Money;
use super::tolerance::{Precision, Tolerance, abs, near, negated, sum, times};
use crate::bill::{Amount, Bill, Category};
use crate::rounding::Rounding;
use crate::tariff_model::TariffDimension;

/// Tolerance, currency and precision by which the amounts of one CDR are compared with a bill.
pub(super) struct Scale<'a> {
    pub(super) tolerance: &'a Tolerance,
    pub(super) currency: &'a Currency,
    pub(super) energy: Precision,
    pub(super) hours: Precision,
    /// Whether hours have so few decimals that seconds are lost.
    pub(super) lost_seconds: bool,
}

/// An exact amount and the parts that it is the sum of.
pub(super) struct Exact<'a> {
    pub(super) amount: Amount,
    parts: Vec<Amount>,
    bill: &'a Bill,
    /// `None`: the total.
    category: Option<Category>,
}

/// Agreement of an amount, without and with tax. An amount that nobody knows agrees.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Agreement {
    pub(super) before: bool,
    pub(super) after: bool,
}

impl Scale<'_> {
    pub(super) fn precision(&self, written: Decimal) -> Precision {
        self.tolerance.precision_of_money(self.currency, written)
    }

    /// Rounds the right amount to the precision of the written one.
    pub(super) fn shown(&self, right: Decimal, written: Decimal) -> Decimal {
        Rounding::to_decimals(self.precision(written).decimals()).apply(right)
    }

    /// The total of a bill that can be computed, above zero also for a credit CDR.
    pub(super) fn total<'a>(&self, bill: &'a Bill) -> Exact<'a> {
        let total = bill.total().unwrap_or_default();
        let amount = if bill.usage().is_credit { total.negated() } else { total };
        let parts = Category::ALL.map(|category| bill.part(category));
        let parts = parts.into_iter().chain([bill.limit()]).filter(|part| *part != Amount::ZERO).collect();
        Exact { amount, parts, bill, category: None }
    }

    /// A part of it.
    pub(super) fn part<'a>(&self, bill: &'a Bill, category: Category) -> Exact<'a> {
        Exact { amount: bill.part(category), parts: Vec::new(), bill, category: Some(category) }
    }

    /// Computes the cost of the decimals that quantities may have lost when they were written.
    pub(super) fn slack(&self, exact: &Exact<'_>) -> Decimal {
        let is_its = |category| exact.category.is_none_or(|its| its == category);
        let lines = exact.bill.lines().filter(|line| is_its(line.category));
        let costs = lines.filter_map(|line| {
            let is_whole = line.measured.to_integer().is_some();
            let half = match line.kind {
                TariffDimension::Energy if self.energy.decimals() < 3 && !is_whole => self.energy.half(),
                TariffDimension::Time | TariffDimension::ParkingTime if self.lost_seconds || !is_whole => {
                    self.hours.half()
                }
                _ => return None,
            };
            half.checked_mul(abs(line.rate.price))
        });
        sum(costs).unwrap_or_default()
    }

    /// Compares a written amount with the exact one. Most agree without regard to lost decimals.
    pub(super) fn agreement(&self, written: &Money, exact: &Exact<'_>) -> Agreement {
        let strict = self.within(written, exact, Decimal::ZERO);
        if strict.is_whole() {
            return strict;
        }
        let slack = self.slack(exact);
        if slack == Decimal::ZERO { strict } else { self.within(written, exact, slack) }
    }

    fn within(&self, written: &Money, exact: &Exact<'_>, slack: Decimal) -> Agreement {
        let Exact { amount, parts, .. } = exact;
        let before = amount.before_taxes;
        let is_before = before.is_none_or(|before| {
            let precision = self.precision(written.before);
            self.is_right(written.before, before, (parts, slack), (precision, precision.half()), |it| {
                it.before_taxes
            })
        });
        let Some((after, right_after)) = written.after.zip(amount.after_taxes) else {
            return Agreement { before: is_before, after: true };
        };
        // A sum is as precise as the least precise of its parts.
        let count = written.taxes.len();
        let taxes = written.taxes.iter().map(|tax| self.precision(tax.amount));
        let precision = match count {
            0 => self.precision(after),
            _ => taxes.chain([self.precision(written.before)]).min().unwrap_or(self.precision(after)),
        };
        let rounded = precision.halves(count + 1);
        // Rates of tax are far below 100 percent.
        let is_after =
            self.is_right(after, right_after, (parts, times(slack, 2)), (precision, rounded), |it| {
                it.after_taxes
            });
        let Some(before) = before.filter(|before| *before != Decimal::ZERO) else {
            return Agreement { before: is_before, after: is_after };
        };
        // The one follows from the other, rounded one. The sum of an amount and its taxes says nothing of the amount.
        let gross = if count == 0 { after } else { right_after.round(precision.decimals()) };
        let follows = |from: Decimal, numerator: Decimal, denominator: Decimal, written: Decimal, allowed| {
            let follows = from.checked_mul(numerator).and_then(|product| product.checked_div(denominator));
            follows.is_some_and(|follows| near(written, follows, allowed))
        };
        let half = self.precision(written.before).half();
        Agreement {
            before: is_before || (is_after && follows(gross, before, right_after, written.before, half)),
            after: is_after || (is_before && follows(written.before, right_after, before, after, rounded)),
        }
    }

    /// Whether it is a rounding of the exact amount, off by no more than `rounded`, or the sum of the rounded parts.
    fn is_right(
        &self,
        written: Decimal,
        right: Decimal,
        (parts, slack): (&[Amount], Decimal),
        (precision, rounded): (Precision, Decimal),
        side: fn(&Amount) -> Option<Decimal>,
    ) -> bool {
        let extra = sum([slack, self.tolerance.money]).unwrap_or_default();
        let allowed = rounded.checked_add(extra);
        if allowed.is_none_or(|allowed| near(written, right, allowed)) {
            return true;
        }
        // A part has none.
        if parts.is_empty() {
            return false;
        }
        let mut total = Decimal::ZERO;
        let mut may_be_less = Decimal::ZERO;
        for part in parts {
            let Some(part) = side(part) else { return false };
            let up = part.round(precision.decimals());
            let Some(sum) = total.checked_add(up) else { return false };
            total = sum;
            // A half may go either way.
            let is_half = up.checked_sub(part).is_some_and(|off| abs(off) == precision.half());
            if is_half {
                may_be_less = may_be_less.checked_add(precision.unit()).unwrap_or(may_be_less);
            }
        }
        let above = total.checked_add(extra);
        let below = total.checked_sub(may_be_less).and_then(|below| below.checked_sub(extra));
        above.zip(below).is_some_and(|(above, below)| below <= written && written <= above)
    }
}

impl Agreement {
    pub(super) fn is_whole(self) -> bool {
        self.before && self.after
    }
}

impl Amount {
    pub(super) const ZERO: Self =
        Self { before_taxes: Some(Decimal::ZERO), after_taxes: Some(Decimal::ZERO) };

    fn negated(self) -> Self {
        let negated = |amount: Option<Decimal>| amount.map(negated);
        Self { before_taxes: negated(self.before_taxes), after_taxes: negated(self.after_taxes) }
    }
}
