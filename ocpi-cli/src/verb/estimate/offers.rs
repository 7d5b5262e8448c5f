//! What there is to choose from.

use std::rc::Rc;

use ocpi_pricing::estimate::{Offer, Supply};
use ocpi_pricing::{Plan, Policy, Pricer};
use ocpi_types::Decimal;

use crate::output;
use crate::priced::Plug;

/// Connectors with a tariff that applies at them. Those that give the same at the same price are one.
#[derive(Debug)]
pub(super) struct Named {
    pricer: Rc<Pricer>,
    pub(super) supply: Supply,
    /// The EVSE and connector; empty: any.
    pub(super) plugs: Vec<(String, String)>,
}

/// Any connector of a power.
pub(super) fn of_power(power: Decimal, plans: Vec<Plan>, policy: Policy) -> Vec<Named> {
    let supply = Supply::of_power(power);
    let named = |pricer| Named { pricer, supply, plugs: Vec::new() };
    pricers(plans, policy).into_iter().map(named).collect()
}

/// The connectors of a location, each with those of the tariffs that it names, or else with all.
pub(super) fn at(plugs: Vec<Plug>, plans: Vec<Plan>, policy: Policy) -> Vec<Named> {
    let pricers = pricers(plans, policy);
    let mut all: Vec<Named> = Vec::new();
    for Plug { evse, connector, supply, tariff_ids } in plugs {
        let is_one = |pricer: &&Rc<Pricer>| {
            pricer.plans().any(|plan| tariff_ids.iter().any(|id| id.eq_ignore_ascii_case(&plan.id)))
        };
        let mut applicable: Vec<&Rc<Pricer>> = pricers.iter().filter(is_one).collect();
        if applicable.is_empty() {
            if !tariff_ids.is_empty() {
                output::mention(&format!(
                    "EVSE {evse}, connector {connector}: its tariffs ({}) are not among those given, so that all are tried",
                    tariff_ids.join(", ")
                ));
            }
            applicable = pricers.iter().collect();
        }
        for pricer in applicable {
            let plug = (evse.clone(), connector.clone());
            let is_same = |named: &&mut Named| Rc::ptr_eq(&named.pricer, pricer) && named.supply == supply;
            match all.iter_mut().find(is_same) {
                Some(named) => named.plugs.push(plug),
                None => all.push(Named { pricer: Rc::clone(pricer), supply, plugs: vec![plug] }),
            }
        }
    }
    all
}

fn pricers(plans: Vec<Plan>, policy: Policy) -> Vec<Rc<Pricer>> {
    plans.into_iter().map(|plan| Rc::new(Pricer::with_policy([plan], policy))).collect()
}

impl Named {
    pub(super) fn offer(&self) -> Offer<'_> {
        Offer { supply: self.supply, pricer: &self.pricer }
    }

    /// The id of the tariff.
    pub(super) fn tariff(&self) -> &str {
        self.pricer.plans().next().map_or("", |plan| &plan.id)
    }

    /// The connectors, for people.
    pub(super) fn place(&self) -> String {
        match self.plugs.as_slice() {
            [] => "any".to_owned(),
            [(evse, connector)] => format!("{evse}/{connector}"),
            [(evse, connector), more @ ..] => format!("{evse}/{connector} and {} more", more.len()),
        }
    }
}
