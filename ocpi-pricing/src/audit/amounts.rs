//! Amounts stated in a CDR.

use ocpi_types::Decimal;

use super::agreement::Scale;
use super::claims::{CdrClaims, Money, TaxClaim};
use super::scope::Scope;
use super::tolerance::negated;
use crate::bill::Category;
use crate::tariff_model::Tax;
use crate::{Bill, TariffModel};

/// The amounts of a CDR with the signs that those of a bill have.
pub(super) struct Written {
    pub(super) total: Money,
    pub(super) parts: [Option<Money>; 5],
}

impl Written {
    pub(super) fn of(cdr: &CdrClaims) -> Self {
        // One whose sign is wrong is reported as that.
        let positive =
            |money: &Money| if money.before.is_negative() { money.negated() } else { money.clone() };
        let (total, parts) = (&cdr.total, &cdr.parts);
        if cdr.is_credit() {
            Self { total: positive(total), parts: parts.each_ref().map(|part| part.as_ref().map(positive)) }
        } else {
            Self { total: total.clone(), parts: parts.clone() }
        }
    }

    /// Whether all amounts agree with the bill.
    pub(super) fn agrees(&self, scale: &Scale<'_>, bill: &Bill) -> bool {
        let is_right = |category: Category| {
            let part = self.parts[category as usize].as_ref();
            part.is_none_or(|part| scale.agreement(part, &scale.part(bill, category)).is_whole())
        };
        bill.is_computable()
            && scale.agreement(&self.total, &scale.total(bill)).is_whole()
            && Category::ALL.into_iter().all(is_right)
    }

    pub(super) fn has_taxes(&self) -> bool {
        let parts = self.parts.iter().flatten().chain([&self.total]);
        parts.into_iter().any(|money| !money.taxes.is_empty())
    }
}

impl Money {
    fn negated(&self) -> Self {
        Self {
            before: negated(self.before),
            after: self.after.map(negated),
            taxes: self.taxes.iter().map(TaxClaim::negated).collect(),
        }
    }
}

impl TaxClaim {
    fn negated(&self) -> Self {
        Self { amount: negated(self.amount), ..self.clone() }
    }
}

/// An amount with the sign that it has in the CDR.
pub(super) fn signed(scope: &Scope<'_>, amount: Decimal, category: Option<Category>) -> Decimal {
    if scope.cdr.is_credit() && category.is_none() { negated(amount) } else { amount }
}

/// Whether the tariff says that tax applies.
pub(super) fn is_taxed(plan: &TariffModel) -> bool {
    plan.tax != Tax::NotApplicable
}
