//! Comparison of a credit CDR's tariffs with those of the original, as far as they affect a price.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::difference::{number, value};
use crate::TariffModel;
use crate::audit::Rule;
use crate::audit::scope::Scope;
use crate::tariff_model::{Component, Element, Limit, Tax};

pub(super) fn look(scope: &mut Scope<'_>, original: &[Arc<TariffModel>]) {
    let cdr = scope.cdr;
    let key = |plan: &TariffModel| (plan.id.to_ascii_lowercase(), plan.owner.clone());
    let mut plans: BTreeMap<_, Vec<&TariffModel>> = BTreeMap::new();
    for plan in original.iter().rev().filter(|plan| !plan.is_unread()) {
        plans.entry(key(plan)).or_default().push(plan);
    }
    for (index, plan) in cdr.plans.iter().filter(|plan| !plan.is_unread()).enumerate() {
        let pointer = format!("/tariffs/{index}");
        match plans.get_mut(&key(plan)).and_then(Vec::pop) {
            Some(original) => tariff(scope, &pointer, original, plan),
            None => scope.find(Rule::CreditCopy, pointer, "none", &plan.id),
        }
    }
    for plan in plans.into_values().flatten() {
        scope.find(Rule::CreditCopy, "/tariffs", &plan.id, "none");
    }
}

fn tariff(scope: &mut Scope<'_>, pointer: &str, original: &TariffModel, plan: &TariffModel) {
    let at = |name: &str| format!("{pointer}/{name}");
    value(scope, at("currency"), Some(&original.currency), Some(&plan.currency));
    value(scope, at("type"), original.kind.as_ref(), plan.kind.as_ref());
    let tax = |plan: &TariffModel| match plan.tax {
        Tax::Included => "YES",
        Tax::Excluded => "NO",
        Tax::NotApplicable => "N/A",
    };
    value(scope, at("tax_included"), Some(tax(original)), Some(tax(plan)));
    let limit = |limit: &Limit| match limit.after_taxes {
        Some(after) => format!("{}, {} with tax", limit.before_taxes.normalize(), after.normalize()),
        None => limit.before_taxes.normalize().to_string(),
    };
    for (name, expected, found) in [
        ("min_price", &original.min_price, &plan.min_price),
        ("max_price", &original.max_price, &plan.max_price),
    ] {
        value(scope, at(name), expected.as_ref().map(limit), found.as_ref().map(limit));
    }
    value(scope, at("start_date_time"), original.valid_from, plan.valid_from);
    value(scope, at("end_date_time"), original.valid_until, plan.valid_until);
    let count = |plan: &TariffModel| Some(format!("{} elements", plan.elements.len()));
    value(scope, at("elements"), count(original), count(plan));
    for (index, (original, found)) in original.elements.iter().zip(&plan.elements).enumerate() {
        element(scope, &format!("{pointer}/elements/{index}"), original, found);
    }
}

fn element(scope: &mut Scope<'_>, pointer: &str, original: &Element, element: &Element) {
    if original.restrictions != element.restrictions {
        let pointer = format!("{pointer}/restrictions");
        scope.find(Rule::CreditCopy, pointer, "the restrictions of the original", "others");
    }
    let pointer = format!("{pointer}/price_components");
    let count = |element: &Element| Some(format!("{} components", element.components.len()));
    value(scope, &*pointer, count(original), count(element));
    for (index, (original, found)) in original.components.iter().zip(&element.components).enumerate() {
        component(scope, &format!("{pointer}/{index}"), original, found);
    }
}

fn component(scope: &mut Scope<'_>, pointer: &str, original: &Component, component: &Component) {
    let at = |name: &str| format!("{pointer}/{name}");
    value(scope, at("type"), Some(original.kind.as_str()), Some(component.kind.as_str()));
    number(scope, at("price"), Some(original.price), Some(component.price));
    number(scope, at("vat"), original.vat, component.vat);
    value(scope, at("step_size"), Some(original.step_size), Some(component.step_size));
}
