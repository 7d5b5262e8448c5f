//! The bill of a CDR, and the checks that remain without one.

use std::collections::BTreeMap;

use ocpi_types::Concern;

use super::scope::Scope;
use super::{Rule, cost};
use crate::bill::{Gap, Note, Remedy};
use crate::usage::TariffRef;
use crate::{Bill, Pricer, TariffModel, Usage};

/// Reasons that kept the bill from being computed, with the remedies.
#[derive(Default)]
pub(super) struct Computed {
    pub(super) reasons: Vec<String>,
    pub(super) remedies: Vec<Remedy>,
    pub(super) lacks_zone: bool,
}

pub(super) fn look(scope: &mut Scope<'_>, pricer: &Pricer, usage: &Usage) -> Computed {
    let unclear = unclear_totals(usage);
    let bill = match pricer.price(usage) {
        Ok(bill) => bill,
        Err(error) => {
            if unclear.is_empty() {
                cost::alone(scope, pricer);
            }
            return Computed { reasons: vec![error.to_string()], ..Computed::default() };
        }
    };
    validity(scope, pricer, &bill);
    if !bill.is_computable() {
        if unclear.is_empty() {
            cost::alone(scope, pricer);
        }
        let (reasons, remedies) = reasons(&bill);
        let lacks_zone = usage.zone.is_none() && bill.gaps().iter().any(Gap::lacks_zone);
        return Computed { reasons, remedies, lacks_zone };
    }
    if !unclear.is_empty() {
        return Computed { reasons: unclear, ..Computed::default() };
    }
    let mut reasons = Vec::new();
    cost::look(scope, pricer, &bill);
    let costs = [Rule::TotalCost, Rule::TotalCostWithTax, Rule::PartCost, Rule::TaxSide, Rule::TaxAmount];
    if bill.notes().contains(&Note::NoChargingTime) && costs.into_iter().any(|rule| scope.has(rule)) {
        // The difference may be the cost of that time.
        scope.explained(|finding| costs.contains(&finding.rule));
        reasons.push(
            "charging time: the tariff has a price for it and the cost is another one, but no period has any"
                .to_owned(),
        );
    }
    if bill.total().is_none_or(|total| total.before_taxes.is_none()) {
        reasons.push("the tax inside the prices is not known".to_owned());
    }
    Computed { reasons, ..Computed::default() }
}

/// Returns each reason once, with the remedies.
fn reasons(bill: &Bill) -> (Vec<String>, Vec<Remedy>) {
    const SHOWN: usize = 20;
    let groups = bill.gap_groups();
    let mut reasons: Vec<String> = groups.iter().take(SHOWN).map(ToString::to_string).collect();
    if groups.len() > SHOWN {
        reasons.push(format!("and {} more", groups.len() - SHOWN));
    }
    let mut remedies: Vec<Remedy> = groups.into_iter().flat_map(|group| group.remedies).collect();
    remedies.sort_unstable();
    remedies.dedup();
    (reasons, remedies)
}

/// Lists the obstacles in the totals of a CDR: these cannot be compared, though the bill could be computed.
fn unclear_totals(usage: &Usage) -> Vec<String> {
    let obstacles = usage.obstacles.iter().filter(|obstacle| obstacle.concern == Concern::Totals);
    obstacles.map(|obstacle| format!("{} ({})", obstacle.message(), obstacle.shown_pointer())).collect()
}

fn validity(scope: &mut Scope<'_>, pricer: &Pricer, bill: &Bill) {
    let is_outside = |note: &&Note| matches!(note, Note::OutsideValidity { .. });
    let mut notes = bill.notes().iter().filter(is_outside).peekable();
    if notes.peek().is_none() {
        return;
    }
    let mut plans: BTreeMap<String, &TariffModel> = BTreeMap::new();
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
        let (pointer, found) = (scope.period(*period) + "/start_date_time", it.start);
        scope.find(Rule::TariffValidity, pointer, expected, found);
    }
}
