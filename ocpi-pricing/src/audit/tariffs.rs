//! Checks of the tariffs that the periods name.

use std::collections::BTreeSet;

use super::Rule;
use super::scope::Scope;
use crate::usage::TariffRef;
use crate::{Pricer, TariffModel};

pub(super) fn look(scope: &mut Scope<'_>, pricer: &Pricer) {
    repeated(scope);
    // Without any tariff the bill says that it cannot be computed; nor is one unknown that could not be read.
    if pricer.plans().len() == 0 || pricer.plans().any(TariffModel::is_unread) {
        return;
    }
    let lower = |id: &str| id.to_ascii_lowercase();
    let known: BTreeSet<String> = pricer.plans().map(|plan| lower(&plan.id)).collect();
    let ids = scope.usage.tariff_ids();
    let is_known: Vec<bool> = ids.iter().map(|id| known.contains(&lower(id))).collect();
    for index in 0..scope.usage.periods.len() {
        let Some(TariffRef::Id(tariff)) = scope.usage.periods.get(index).map(|period| period.tariff) else {
            continue;
        };
        if is_known.get(tariff as usize) == Some(&false) {
            let id = scope.usage.tariff_ids().get(tariff as usize).cloned().unwrap_or_default();
            let pointer = scope.period(index) + "/tariff_id";
            scope.find(Rule::TariffUnknown, pointer, some_ids(pricer), id);
        }
    }
}

/// A few of the ids, for people.
fn some_ids(pricer: &Pricer) -> String {
    const SHOWN: usize = 3;
    let ids: Vec<&str> = pricer.plans().take(SHOWN).map(|plan| &*plan.id).collect();
    let more = if pricer.plans().len() > SHOWN { ", …" } else { "" };
    ids.join(", ") + more
}

fn repeated(scope: &mut Scope<'_>) {
    let mut seen = BTreeSet::new();
    let read = scope.cdr.plans.iter().filter(|plan| !plan.is_unread());
    for (index, plan) in read.enumerate() {
        let TariffModel { id, owner, .. } = &**plan;
        if !seen.insert((id.to_ascii_lowercase(), owner)) {
            scope.find(Rule::TariffRepeated, format!("/tariffs/{index}/id"), "each id once", id);
        }
    }
}
