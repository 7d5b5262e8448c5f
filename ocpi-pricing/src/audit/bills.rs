//! The bill, and what to do without one.

use std::collections::BTreeMap;

use super::scope::Scope;
use super::{Rule, cost};
use crate::bill::{Gap, Note};
use crate::usage::TariffRef;
use crate::{Bill, Plan, Pricer, Usage};

/// What kept the bill from being computed.
#[derive(Default)]
pub(super) struct Computed {
    pub(super) reasons: Vec<String>,
    pub(super) lacks_zone: bool,
}

pub(super) fn look(scope: &mut Scope<'_>, pricer: &Pricer, usage: &Usage) -> Computed {
    let bill = match pricer.price(usage) {
        Ok(bill) => bill,
        Err(error) => {
            cost::alone(scope, pricer);
            return Computed { reasons: vec![error.to_string()], lacks_zone: false };
        }
    };
    validity(scope, pricer, &bill);
    if !bill.is_computable() {
        cost::alone(scope, pricer);
        return Computed {
            reasons: reasons(&bill),
            lacks_zone: usage.zone.is_none() && bill.gaps().iter().any(Gap::lacks_zone),
        };
    }
    cost::look(scope, pricer, &bill);
    let is_unknown = bill.total().is_none_or(|total| total.before_taxes.is_none());
    let reasons = is_unknown.then(|| "the tax inside the prices is not known".to_owned());
    Computed { reasons: reasons.into_iter().collect(), lacks_zone: false }
}

/// Each reason once; a CDR can have thousands of periods with the same.
fn reasons(bill: &Bill<'_>) -> Vec<String> {
    const SHOWN: usize = 20;
    let count = bill.gaps().len();
    let mut reasons: Vec<String> = bill.gaps().iter().take(SHOWN).map(ToString::to_string).collect();
    if count > SHOWN {
        reasons.push(format!("and {} more", count - SHOWN));
    }
    reasons
}

fn validity(scope: &mut Scope<'_>, pricer: &Pricer, bill: &Bill<'_>) {
    let is_outside = |note: &&Note| matches!(note, Note::OutsideValidity { .. });
    let mut notes = bill.notes().iter().filter(is_outside).peekable();
    if notes.peek().is_none() {
        return;
    }
    let mut plans: BTreeMap<String, &Plan> = BTreeMap::new();
    for plan in pricer.plans() {
        // The first of an id counts.
        plans.entry(plan.id.to_ascii_lowercase()).or_insert(plan);
    }
    for note in notes {
        let Note::OutsideValidity { period } = note else { continue };
        let Some(it) = scope.usage.periods.get(*period) else { continue };
        let plan = match it.tariff {
            TariffRef::Id(tariff) => {
                let id = scope.usage.tariff_ids().get(tariff as usize);
                id.and_then(|id| plans.get(&id.to_ascii_lowercase())).copied()
            }
            TariffRef::Missing | TariffRef::Unstated => pricer.plans().next(),
        };
        let Some(plan) = plan else { continue };
        let time =
            |time: Option<ocpi_types::DateTime>| time.map_or("…".to_owned(), |time| time.to_string());
        let expected = format!("{} to {}", time(plan.valid_from), time(plan.valid_until));
        let (pointer, found) = (format!("/charging_periods/{period}/start_date_time"), it.start);
        scope.find(Rule::TariffValidity, pointer, expected, found);
    }
}
