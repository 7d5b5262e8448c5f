//! Rates of tax.

use std::collections::BTreeSet;

use ocpi_types::Decimal;

use super::scope::{Price, Scope};
use super::{Fix, Rule};
use crate::tariff_model::Tax;

pub(super) fn look(scope: &mut Scope<'_>) {
    for price in scope.prices() {
        if let Some(vat) = price.component.vat {
            rate(scope, price, vat);
        }
    }
    together(scope);
}

fn rate(scope: &mut Scope<'_>, price: Price<'_>, vat: Decimal) {
    let pointer = price.pointer("vat");
    let percent = Decimal::from(100);
    if vat > Decimal::ZERO && vat < Decimal::from(1) {
        // 0.21 is 21 percent; 0.5 may be the tax of a town.
        let meant = vat.checked_mul(percent).filter(|it| (5..=27).map(Decimal::from).any(|rate| rate == *it));
        let text = meant.map(|meant| meant.normalize().to_string());
        let fix = text.and_then(|text| Fix::write(scope.document, &[(pointer.clone(), &text)]));
        scope.fix(Rule::VatFraction, pointer.clone(), fix.map(Fix::of_prices));
    } else if vat.is_negative() || vat > Decimal::from(30) {
        scope.find_with(Rule::VatRange, pointer.clone(), vat);
    }
    if scope.plan.tax == Tax::NotApplicable {
        scope.find(Rule::VatWithoutTax, pointer);
    }
}

fn together(scope: &mut Scope<'_>) {
    let rates: BTreeSet<Decimal> =
        scope.prices().filter_map(|it| it.component.vat).map(Decimal::normalize).collect();
    let first = scope.prices().next().and_then(|it| it.component.vat).map(Decimal::normalize);
    let other = scope.prices().find(|it| it.component.vat.map(Decimal::normalize) != first);
    // Where no tax applies they mean nothing, however many.
    let is_taxed = scope.plan.tax != Tax::NotApplicable;
    if is_taxed && rates.iter().filter(|rate| **rate != Decimal::ZERO).count() > 1 {
        let shown: Vec<String> = rates.iter().map(ToString::to_string).collect();
        let pointer = other.map(|it| it.pointer("vat")).unwrap_or_default();
        scope.find_with(Rule::VatMixed, pointer, shown.join(", "));
    }
    let without = scope.prices().find(|it| it.component.vat.is_none() && it.component.price != Decimal::ZERO);
    if let Some(without) = without.filter(|_| !rates.is_empty()) {
        scope.find(Rule::VatPartial, without.pointer(""));
    }
    if scope.plan.tax == Tax::Included && rates.is_empty() {
        scope.find(Rule::TaxWithoutVat, "/tax_included");
    }
}
