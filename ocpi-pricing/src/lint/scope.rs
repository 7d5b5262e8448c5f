//! Scope of the rules: the tariff that they look at, and the findings.

use std::collections::BTreeSet;
use std::fmt::Display;

use ocpi_types::{DateTime, Obstacle, ObstacleCause};

use super::document::Document;
use super::fix::Fix;
use super::{Finding, Rule};
use crate::tariff_model::{Component, Element, Restrictions, TariffDimension, TariffModel};
use crate::unclear;

/// One tariff: its meaning, its text, and the findings so far.
pub(super) struct Scope<'a> {
    pub(super) plan: &'a TariffModel,
    pub(super) document: &'a Document<'a>,
    pub(super) at: Option<DateTime>,
    findings: Vec<Finding>,
}

/// A price and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Price<'a> {
    pub(super) element: usize,
    pub(super) index: usize,
    pub(super) restrictions: &'a Restrictions,
    pub(super) component: &'a Component,
    /// Whether its step is known.
    pub(super) has_step: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn new(plan: &'a TariffModel, document: &'a Document<'a>, at: Option<DateTime>) -> Self {
        Self { plan, document, at, findings: Vec::new() }
    }

    /// Puts a finding.
    pub(super) fn find(&mut self, rule: Rule, pointer: impl Into<String>) {
        self.fix(rule, pointer, None);
    }

    /// Puts a finding with more about this place.
    pub(super) fn find_with(&mut self, rule: Rule, pointer: impl Into<String>, detail: impl Display) {
        let message = format!("{}: {detail}", rule.message());
        self.findings.push(Finding { pointer: pointer.into(), rule, message, fix: None });
    }

    /// Puts a finding and how to put it right.
    pub(super) fn fix(&mut self, rule: Rule, pointer: impl Into<String>, fix: Option<Fix>) {
        let message = rule.message().to_owned();
        self.findings.push(Finding { pointer: pointer.into(), rule, message, fix });
    }

    /// Puts a finding whose member or element can be taken out, at no cost.
    pub(super) fn remove(&mut self, rule: Rule, pointer: String) {
        let fix = Fix::remove(self.document, &pointer);
        self.fix(rule, pointer, fix);
    }

    /// The elements with their places.
    pub(super) fn elements(&self) -> impl Iterator<Item = (usize, &'a Element)> + use<'a> {
        self.plan.elements.iter().enumerate()
    }

    /// The prices of all elements that are known.
    pub(super) fn prices(&self) -> impl Iterator<Item = Price<'a>> + use<'a> {
        self.elements().flat_map(|(element, it)| {
            let all = it.components.iter().enumerate();
            all.filter(|(index, _)| !unclear::price(it, *index)).map(move |(index, component)| Price {
                element,
                index,
                restrictions: &it.restrictions,
                component,
                has_step: !unclear::step(it, index),
            })
        })
    }

    /// Those for charging and parking.
    pub(super) fn charging_prices(&self) -> impl Iterator<Item = Price<'a>> + use<'a> {
        self.prices().filter(|price| !price.restrictions.is_reservation())
    }

    /// Reports the obstacles to a price, unless a rule has reported them already.
    pub(super) fn look_for_obstacles(&mut self) {
        let known: BTreeSet<String> = self.findings.iter().map(|it| it.pointer.clone()).collect();
        for obstacle in self.plan.all_obstacles() {
            let is_known = known.contains(&obstacle.pointer);
            if !is_known && !is_of_no_prices(obstacle) {
                self.find_with(Rule::NotComputable, obstacle.pointer.clone(), obstacle.message());
            }
        }
    }

    /// Returns the findings, in the order of the text.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let Self { mut findings, document, .. } = self;
        let place = |finding: &Finding| {
            let mut pointer = finding.pointer.as_str();
            // A missing member stands where it would be.
            loop {
                match (document.get(pointer), pointer.rfind('/')) {
                    (Some(node), _) => return node.span.start,
                    (None, Some(parent)) => pointer = pointer.get(..parent).unwrap_or_default(),
                    (None, None) => return 0,
                }
            }
        };
        findings.sort_by_cached_key(|finding| (place(finding), finding.rule));
        findings
    }
}

/// Whether another rule reports it: elements, or prices of one, are missing as a whole.
fn is_of_no_prices(obstacle: &Obstacle) -> bool {
    let is_missing =
        matches!(obstacle.cause, ObstacleCause::Empty | ObstacleCause::Missing | ObstacleCause::Null);
    is_missing && matches!(&*obstacle.member, "elements" | "price_components")
}

impl Price<'_> {
    /// The pointer to the component, or to a member of it.
    pub(super) fn pointer(&self, member: &str) -> String {
        let Self { element, index, .. } = self;
        let slash = if member.is_empty() { "" } else { "/" };
        format!("/elements/{element}/price_components/{index}{slash}{member}")
    }

    /// Whether it is a price of time.
    pub(super) fn is_of_time(&self) -> bool {
        matches!(self.component.kind, TariffDimension::Time | TariffDimension::ParkingTime)
    }
}

/// The pointer to a restriction of an element.
pub(super) fn restriction(element: usize, member: &str) -> String {
    format!("/elements/{element}/restrictions/{member}")
}
