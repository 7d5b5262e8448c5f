//! Prices and their limits.

use ocpi_types::Decimal;

use super::Rule;
use super::scope::{Price, Scope};
use crate::rounding::minor_unit;
use crate::tariff_model::{Limit, TariffDimension};

pub(super) fn look(scope: &mut Scope<'_>) {
    for price in scope.prices() {
        scale(scope, price);
        if price.component.price.is_negative() {
            scope.find(Rule::NegativePrice, price.pointer("price"));
        }
        if price.component.kind == TariffDimension::Flat {
            decimals(scope, price.component.price, price.pointer("price"));
        }
    }
    limits(scope);
}

/// Currencies in which one unit buys about two to five kWh. For others, high prices cannot be recognized.
const HARD: [&str; 8] = ["AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "SGD", "USD"];

fn scale(scope: &mut Scope<'_>, price: Price<'_>) {
    let currency = &scope.plan.currency;
    let is_hard = HARD.contains(&currency.as_str());
    // A unit of those with three decimals is worth several of the others.
    let is_small = minor_unit(currency) <= 2;
    let amount = price.component.price;
    let cents = |cents: i64| Decimal::new(cents, 2);
    let is_below = |limit: Decimal| amount > Decimal::ZERO && amount < limit;
    let rule = match price.component.kind {
        // In steps of minutes it is likely that the price is, too.
        _ if price.is_of_time()
            && is_small
            && is_below(cents(if is_by_minutes(price) { 50 } else { 10 })) =>
        {
            Rule::TimePricePerMinute
        }
        _ if price.is_of_time() && is_hard && amount > cents(10_000) => Rule::TimePriceHigh,
        TariffDimension::Energy if is_hard && amount >= cents(500) => Rule::EnergyPriceCents,
        TariffDimension::Energy if is_small && is_below(cents(1)) => Rule::EnergyPricePerWh,
        _ => return,
    };
    scope.find_with(rule, price.pointer("price"), format_args!("{amount} {}", currency.as_str()));
}

fn is_by_minutes(price: Price<'_>) -> bool {
    price.component.step_size == 60
}

fn decimals(scope: &mut Scope<'_>, amount: Decimal, pointer: String) {
    let currency = &scope.plan.currency;
    let most = minor_unit(currency);
    if amount.normalize().scale() > most {
        let amount = amount.normalize();
        scope.find_with(
            Rule::MinorUnit,
            pointer,
            format_args!("{amount} {}, which has {most}", currency.as_str()),
        );
    }
}

/// The name of the member that is the amount with or without tax.
fn member(scope: &Scope<'_>, limit: &str, with_tax: bool) -> String {
    let old = if with_tax { "incl_vat" } else { "excl_vat" };
    let new = if with_tax { "after_taxes" } else { "before_taxes" };
    let name = if scope.plan.version.edition_of() == ocpi_types::Version::V2_2_1 { old } else { new };
    format!("/{limit}/{name}")
}

fn limits(scope: &mut Scope<'_>) {
    let (least, most) = (scope.plan.min_price, scope.plan.max_price);
    for (name, limit) in [("min_price", least), ("max_price", most)] {
        let Some(limit) = limit else { continue };
        decimals(scope, limit.before_taxes, member(scope, name, false));
        if let Some(after) = limit.after_taxes {
            decimals(scope, after, member(scope, name, true));
            if after < limit.before_taxes && !limit.before_taxes.is_negative() {
                scope.find(Rule::LimitTax, member(scope, name, true));
            }
        }
    }
    let is_zero = |limit: Limit| {
        limit.before_taxes == Decimal::ZERO && limit.after_taxes.is_none_or(|after| after == Decimal::ZERO)
    };
    // Below a price of less than 0 even 0 is a limit.
    let is_negative = scope.prices().any(|price| price.component.price.is_negative());
    if least.is_some_and(is_zero) && !is_negative {
        scope.remove(Rule::MinPriceZero, "/min_price".to_owned());
    }
    if most.is_some_and(is_zero) {
        scope.find(Rule::MaxPriceZero, "/max_price");
    }
    if let (Some(least), Some(most)) = (least, most) {
        between(scope, least, most);
    }
}

fn between(scope: &mut Scope<'_>, least: Limit, most: Limit) {
    let after = least.after_taxes.zip(most.after_taxes);
    for (with_tax, pair) in [(false, Some((least.before_taxes, most.before_taxes))), (true, after)] {
        let Some((least, most)) = pair else { continue };
        if least > most {
            let pointer = member(scope, "max_price", with_tax);
            scope.find_with(Rule::LimitsInverted, pointer, format_args!("{least} and {most}"));
        }
    }
    if least == most && least.before_taxes > Decimal::ZERO {
        scope.find(Rule::LimitsEqual, "/max_price");
    }
}
