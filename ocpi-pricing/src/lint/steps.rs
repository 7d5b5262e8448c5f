//! Steps that quantities are rounded up to.

use super::scope::{Price, Scope};
use super::{Fix, Rule};
use crate::tariff_model::TariffDimension;

pub(super) fn look(scope: &mut Scope<'_>) {
    for price in scope.prices().filter(|price| price.has_step) {
        match price.component.kind {
            TariffDimension::Flat => flat(scope, price),
            TariffDimension::Unknown => {}
            _ => measured(scope, price),
        }
    }
    for kind in [TariffDimension::Energy, TariffDimension::ParkingTime, TariffDimension::Time] {
        different(scope, kind);
    }
}

/// The step of 1, in the place of another.
fn one(scope: &Scope<'_>, price: Price<'_>) -> Option<Fix> {
    Fix::write(scope.document, &[(price.pointer("step_size"), "1")])
}

fn flat(scope: &mut Scope<'_>, price: Price<'_>) {
    if !matches!(price.component.step_size, 0 | 1) {
        // A step below 0 is in the way of a price.
        let fix = one(scope, price);
        let fix = if price.component.step_size < 0 { fix.map(Fix::of_prices) } else { fix };
        scope.fix(Rule::FlatStep, price.pointer("step_size"), fix);
    }
}

fn measured(scope: &mut Scope<'_>, price: Price<'_>) {
    const MOST_WH: i64 = 100_000;
    const MOST_SECONDS: i64 = 24 * 60 * 60;
    let pointer = price.pointer("step_size");
    let step = price.component.step_size;
    let is_energy = price.component.kind == TariffDimension::Energy;
    match step {
        0 => {
            let fix = one(scope, price).map(Fix::of_prices);
            scope.fix(Rule::ZeroStep, pointer, fix);
        }
        ..0 => scope.find(Rule::NegativeStep, pointer),
        2..=9 if is_energy => scope.find_with(Rule::EnergyStepUnit, pointer, format_args!("{step} Wh")),
        5 | 10 | 15 | 20 | 30 | 45 if !is_energy => {
            scope.find_with(Rule::TimeStepUnit, pointer, format_args!("{step} s"));
        }
        _ if step > if is_energy { MOST_WH } else { MOST_SECONDS } => scope.find(Rule::HugeStep, pointer),
        _ => {}
    }
}

fn different(scope: &mut Scope<'_>, kind: TariffDimension) {
    let mut prices = scope.charging_prices().filter(|price| price.has_step && price.component.kind == kind);
    let Some(first) = prices.next() else { return };
    let step = first.component.step_size;
    if let Some(other) = prices.find(|price| price.component.step_size != step) {
        let (kind, other_step) = (kind.as_str(), other.component.step_size);
        let detail = format!("{kind} {step} and {other_step}");
        scope.find_with(Rule::DifferentSteps, other.pointer("step_size"), detail);
    }
}
