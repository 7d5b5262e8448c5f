//! Offers to choose from, and connectors that cannot be priced.

use std::rc::Rc;

use ocpi_pricing::estimate::{Offer, Supply};
use ocpi_pricing::{Policy, Pricer, TariffModel};

use crate::priced::{Place, Plug};

/// Connectors with a tariff that applies at them. Those that give the same at the same price are one.
#[derive(Debug)]
pub(super) struct Named {
    pricer: Rc<Pricer>,
    pub(super) supply: Supply,
    /// The EVSE and connector; empty: any.
    pub(super) plugs: Vec<(String, String)>,
}

/// Connectors that cannot be priced by a tariff that they name, all for the same reason.
#[derive(Debug)]
pub(super) struct Missing {
    /// The EVSE and connector.
    pub(super) plugs: Vec<(String, String)>,
    /// The tariff; `None`: they name none.
    pub(super) tariff: Option<String>,
    pub(super) why: String,
}

/// All that a charge can be estimated at.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) offers: Vec<Named>,
    pub(super) missing: Vec<Missing>,
}

/// The tariffs that are given.
#[derive(Debug)]
pub(super) struct Given {
    pricers: Vec<Rc<Pricer>>,
    /// Where they were read from, for people.
    files: String,
}

impl Given {
    pub(super) fn new(plans: Vec<TariffModel>, policy: Policy, files: String) -> Self {
        let pricer = |plan| Rc::new(Pricer::with_policy([plan], policy));
        Self { pricers: plans.into_iter().map(pricer).collect(), files }
    }

    /// Any connector of a power, with each of the tariffs.
    pub(super) fn at_any(self, supply: Supply) -> Choice {
        let named = |pricer| Named { pricer, supply, plugs: Vec::new() };
        Choice { offers: self.pricers.into_iter().map(named).collect(), missing: Vec::new() }
    }

    /// The connectors of a location, each with the tariffs that it names, or with all of them.
    pub(super) fn at(self, place: Place, takes_all: bool) -> Choice {
        let mut choice = Choice::default();
        for plug in &place.plugs {
            if takes_all {
                self.pricers.iter().for_each(|pricer| choice.offer(plug, pricer));
                continue;
            }
            if plug.tariff_ids.is_empty() {
                let why = "the connector names no tariff; --any-tariff tries all that are given".to_owned();
                choice.miss(plug, None, why);
            }
            for id in &plug.tariff_ids {
                let named: Vec<&Rc<Pricer>> = self.named(id).filter(|it| place.owns(it)).collect();
                named.iter().for_each(|pricer| choice.offer(plug, pricer));
                if named.is_empty() {
                    choice.miss(plug, Some(id), self.why_missing(id));
                }
            }
        }
        choice
    }

    fn named<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Rc<Pricer>> {
        self.pricers.iter().filter(move |pricer| pricer.plans().any(|plan| plan.id.eq_ignore_ascii_case(id)))
    }

    fn why_missing(&self, id: &str) -> String {
        let files = &self.files;
        let what = if self.named(id).next().is_some() {
            format!("the tariff {id} in {files} is that of another party")
        } else {
            format!("its tariff {id} is not in {files}")
        };
        format!("{what}; give its file with --tariff, or try all given tariffs with --any-tariff")
    }
}

impl Place {
    /// Whether a tariff is of the party that the location is of, as far as both say it.
    fn owns(&self, pricer: &Pricer) -> bool {
        let Some((country, party)) = &self.owner else { return true };
        pricer.plans().filter_map(|plan| plan.owner.as_ref()).all(|(of_country, of_party)| {
            let is_same = |one: &str, other: &str| other.is_empty() || one.eq_ignore_ascii_case(other);
            is_same(country, of_country.as_str()) && is_same(party, of_party.as_str())
        })
    }
}

impl Choice {
    fn offer(&mut self, plug: &Plug, pricer: &Rc<Pricer>) {
        let is_same = |named: &&mut Named| Rc::ptr_eq(&named.pricer, pricer) && named.supply == plug.supply;
        match self.offers.iter_mut().find(is_same) {
            // A tariff may be named twice.
            Some(named) if named.plugs.contains(&plug.name()) => {}
            Some(named) => named.plugs.push(plug.name()),
            None => self.offers.push(Named {
                pricer: Rc::clone(pricer),
                supply: plug.supply,
                plugs: vec![plug.name()],
            }),
        }
    }

    fn miss(&mut self, plug: &Plug, tariff: Option<&String>, why: String) {
        match self.missing.iter_mut().find(|it| it.tariff.as_ref() == tariff && it.why == why) {
            Some(missing) => missing.plugs.push(plug.name()),
            None => self.missing.push(Missing { plugs: vec![plug.name()], tariff: tariff.cloned(), why }),
        }
    }
}

impl Plug {
    fn name(&self) -> (String, String) {
        (self.evse.clone(), self.connector.clone())
    }
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
        place(&self.plugs)
    }
}

impl Missing {
    /// The connectors, for people.
    pub(super) fn place(&self) -> String {
        place(&self.plugs)
    }
}

fn place(plugs: &[(String, String)]) -> String {
    match plugs {
        [] => "any".to_owned(),
        [(evse, connector)] => format!("{evse}/{connector}"),
        [(evse, connector), more @ ..] => format!("{evse}/{connector} and {} more", more.len()),
    }
}
