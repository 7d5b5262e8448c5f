//! From a bill to the amounts of a CDR.

use ocpi_types::{Decimal, TextError, v2_2_1, v2_3_0};

use super::error::Fault;
use crate::Bill;
use crate::bill::{Amount, Category};
use crate::rounding::Rounding;

/// An amount with its taxes, not rounded yet.
pub(crate) struct Money {
    before: Decimal,
    after: Option<Decimal>,
    /// The rate in percent, and the tax.
    taxes: Vec<(Option<Decimal>, Decimal)>,
}

impl Money {
    /// The total of a bill.
    pub(crate) fn total(bill: &Bill) -> Result<Self, Fault> {
        let total = bill.total().ok_or_else(|| Fault::Gaps(bill.gaps().to_vec()))?;
        let taxes = bill.taxes().unwrap_or_default();
        Self::of(total, taxes.into_iter().map(|tax| (tax.percentage, tax.amount)).collect())
    }

    /// One part of the total; `None`: nothing was billed there.
    pub(crate) fn part(bill: &Bill, category: Category) -> Result<Option<Self>, Fault> {
        if !bill.lines().any(|line| line.category == category) {
            return Ok(None);
        }
        Self::of(bill.part(category), taxes(bill, category)?).map(Some)
    }

    /// Nothing, for as long as the price is not known.
    pub(crate) fn none() -> Self {
        Self { before: Decimal::ZERO, after: None, taxes: Vec::new() }
    }

    fn of(
        Amount { before_taxes, after_taxes }: Amount,
        taxes: Vec<(Option<Decimal>, Decimal)>,
    ) -> Result<Self, Fault> {
        Ok(Self { before: before_taxes.ok_or(Fault::Tax)?, after: after_taxes, taxes })
    }

    pub(crate) fn before(&self, rounding: Rounding) -> Decimal {
        rounding.apply(self.before)
    }

    pub(crate) fn v2_2_1(&self, rounding: Rounding) -> Result<v2_2_1::types::Price, TextError> {
        let incl_vat = self.after.map(|after| rounding.apply(after));
        let required = v2_2_1::types::PriceInit { excl_vat: self.before(rounding) };
        Ok(v2_2_1::types::Price { incl_vat, ..required.into() })
    }

    pub(crate) fn v2_3_0(&self, rounding: Rounding) -> Result<v2_3_0::types::Price, TextError> {
        let mut price: v2_3_0::types::Price =
            v2_3_0::types::PriceInit { before_taxes: self.before(rounding) }.into();
        for (percentage, tax) in &self.taxes {
            let required =
                v2_3_0::types::TaxAmountInit { name: "VAT".parse()?, amount: rounding.apply(*tax) };
            price.taxes.push(v2_3_0::types::TaxAmount { percentage: *percentage, ..required.into() });
        }
        Ok(price)
    }
}

/// The taxes in a part of the total by rate, as they come; none where they are not known.
fn taxes(bill: &Bill, category: Category) -> Result<Vec<(Option<Decimal>, Decimal)>, Fault> {
    let mut taxes: Vec<(Option<Decimal>, Decimal)> = Vec::new();
    for line in bill.lines().filter(|line| line.category == category) {
        let tax = line.amount.after_taxes.zip(line.amount.before_taxes);
        let Some((rate, (after, before))) = line.rate.vat.zip(tax) else { continue };
        let tax = after.checked_sub(before).ok_or(Fault::TooLarge)?;
        match taxes.iter_mut().find(|(known, _)| *known == Some(rate)) {
            Some((_, sum)) => *sum = sum.checked_add(tax).ok_or(Fault::TooLarge)?,
            None => taxes.push((Some(rate), tax)),
        }
    }
    Ok(taxes)
}
