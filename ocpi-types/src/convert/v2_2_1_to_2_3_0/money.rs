//! Amounts of money: one with VAT in 2.2.1, and the taxes one by one in 2.3.0.

use crate::convert::convert_to::ConvertTo;
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::v2_2_1::types::Price as Old;
use crate::v2_3_0::tariffs::PriceLimit;
use crate::v2_3_0::types::{Price as New, TaxAmount, TaxAmountInit};
use crate::{Decimal, Text, Value};

/// Name of the difference of the two amounts of 2.2.1.
const VAT: &str = "VAT";

/// The difference of the two amounts is a tax. Amounts that cannot be subtracted are carried along.
impl ConvertTo<New> for Old {
    fn turn(mut self, run: &mut Step<'_>) -> Result<New, Unsupported> {
        let mut taxes = Vec::new();
        if let Some(gross) = self.incl_vat {
            match gross
                .checked_sub(self.excl_vat)
                .filter(|tax| self.excl_vat.checked_add(*tax) == Some(gross))
            {
                Some(amount) => {
                    let name = VAT.parse().unwrap_or_else(|_| Text::blank());
                    taxes.push(TaxAmountInit { name, amount }.into());
                    run.note(ConversionRule::TaxNamed, "taxes", &taxes);
                }
                None => run.keep_member("incl_vat", &gross, &mut self.extra),
            }
        }
        let has_taxes = !taxes.is_empty();
        run.carried::<Self, New>(&mut self.extra, |name| {
            name == "before_taxes" || (name == "taxes" && has_taxes)
        });
        Ok(New { before_taxes: self.excl_vat, taxes, extra: self.extra })
    }
}

/// The taxes become one amount; their names and rates are lost.
impl ConvertTo<Old> for New {
    fn turn(mut self, run: &mut Step<'_>) -> Result<Old, Unsupported> {
        // A tax that cannot be read stands among the unknown members, with the others.
        let is_incomplete = self.extra.get("taxes").is_some();
        let incl_vat = if self.taxes.is_empty() && !is_incomplete {
            self.extra.take("incl_vat")
        } else {
            run.outdate("incl_vat", &mut self.extra);
            let sum = with_taxes(self.before_taxes, &self.taxes).filter(|_| !is_incomplete);
            if is_incomplete {
                run.lose_unreadable::<Self, Old>(&mut self.extra);
            } else if sum.is_none() {
                run.note(ConversionRule::Amount, "taxes", &self.taxes);
            } else if !is_vat(&self.taxes) {
                run.note(ConversionRule::TaxesMerged, "taxes", &self.taxes);
            }
            sum
        };
        run.carried::<Self, Old>(&mut self.extra, |name| {
            name == "excl_vat" || (name == "incl_vat" && incl_vat.is_some())
        });
        Ok(Old { excl_vat: self.before_taxes, incl_vat, extra: self.extra })
    }
}

/// The amount with taxes; `None`: it has too many digits to be exact.
fn with_taxes(before: Decimal, taxes: &[TaxAmount]) -> Option<Decimal> {
    taxes.iter().try_fold(before, |sum, tax| {
        let next = sum.checked_add(tax.amount)?;
        (next.checked_sub(sum) == Some(tax.amount)).then_some(next)
    })
}

/// Whether the taxes say no more than the amounts with and without them.
fn is_vat(taxes: &[TaxAmount]) -> bool {
    match taxes {
        [tax] => {
            tax.name.as_str() == VAT
                && tax.percentage.is_none()
                && tax.account_number.is_none()
                && tax.extra.is_empty()
        }
        _ => false,
    }
}

/// Limits name both amounts in both versions.
impl ConvertTo<PriceLimit> for Old {
    fn turn(mut self, run: &mut Step<'_>) -> Result<PriceLimit, Unsupported> {
        let has_after = self.incl_vat.is_some();
        run.lose_unreadable::<Self, PriceLimit>(&mut self.extra);
        run.carried::<Self, PriceLimit>(&mut self.extra, |name| {
            name == "before_taxes" || (name == "after_taxes" && has_after)
        });
        Ok(PriceLimit { before_taxes: self.excl_vat, after_taxes: self.incl_vat, extra: self.extra })
    }
}

impl ConvertTo<Old> for PriceLimit {
    fn turn(mut self, run: &mut Step<'_>) -> Result<Old, Unsupported> {
        let has_after = self.after_taxes.is_some();
        run.lose_unreadable::<Self, Old>(&mut self.extra);
        run.carried::<Self, Old>(&mut self.extra, |name| {
            name == "excl_vat" || (name == "incl_vat" && has_after)
        });
        Ok(Old { excl_vat: self.before_taxes, incl_vat: self.after_taxes, extra: self.extra })
    }
}

/// A price without VAT from one with it: exact, or rounded to the four decimals of OCPI. `None`: there is none.
pub(super) fn net(gross: Decimal, vat: Decimal) -> Option<(Decimal, IsExact)> {
    let factor = Decimal::from(100).checked_add(vat)?;
    if factor <= Decimal::ZERO {
        return None;
    }
    let net = gross.checked_mul(Decimal::from(100))?.checked_div(factor)?.round(4).normalize();
    let is_exact = net.checked_mul(factor)? == gross.checked_mul(Decimal::from(100))?;
    Some((net, IsExact(is_exact)))
}

/// Whether an amount was not rounded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct IsExact(pub(super) bool);

#[cfg(test)]
mod tests {
    use super::{IsExact, net};

    #[test]
    fn a_price_without_vat_is_exact_or_has_four_decimals() {
        let net = |gross: &str, vat: &str| {
            let (gross, vat) = (gross.parse().expect("a number"), vat.parse().expect("a number"));
            net(gross, vat).map(|(net, IsExact(exact))| (net.to_string(), exact))
        };
        assert_eq!(net("1.21", "21"), Some(("1".to_owned(), true)));
        assert_eq!(net("0.30", "20"), Some(("0.25".to_owned(), true)));
        assert_eq!(net("0.55", "21"), Some(("0.4545".to_owned(), false)));
        assert_eq!(net("0.55", "0"), Some(("0.55".to_owned(), true)));
        assert_eq!(net("-1.1", "10"), Some(("-1".to_owned(), true)));
        assert_eq!(net("1", "-100"), None);
    }
}
