//! What the rules look at, and where they put what they find.

use std::fmt::Display;

use ocpi_types::Decimal;

use super::claims::{CdrClaims, Names};
use super::tolerance::{Precision, Tolerance};
use super::{Finding, Rule};
use crate::Usage;
use crate::usage::Period;

/// One CDR and what was found so far.
pub(super) struct Scope<'a> {
    pub(super) cdr: &'a CdrClaims,
    pub(super) names: &'static Names,
    pub(super) tolerance: &'a Tolerance,
    /// What the CDR says was used, with units put right.
    pub(super) usage: Usage,
    /// total_energy in kWh.
    pub(super) energy: Decimal,
    findings: Vec<Finding>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(cdr: &'a CdrClaims, tolerance: &'a Tolerance, usage: Usage) -> Self {
        let findings = cdr.checked.clone();
        Self { cdr, names: cdr.names(), tolerance, usage, energy: cdr.stay.energy, findings }
    }

    /// Puts a finding.
    pub(super) fn find(
        &mut self,
        rule: Rule,
        pointer: impl Into<String>,
        expected: impl Display,
        found: impl Display,
    ) {
        let (expected, found) = (Some(expected.to_string()), Some(found.to_string()));
        self.findings.push(Finding::new(rule, pointer, expected, found));
    }

    /// Puts a finding with more about this place.
    pub(super) fn find_with(
        &mut self,
        rule: Rule,
        pointer: impl Into<String>,
        expected: impl Display,
        found: impl Display,
        detail: impl Display,
    ) {
        self.find(rule, pointer, expected, found);
        if let Some(finding) = self.findings.last_mut() {
            finding.message = format!("{}: {detail}", rule.message());
        }
    }

    /// Puts a finding about what may not be shown.
    pub(super) fn find_hidden(&mut self, rule: Rule, pointer: impl Into<String>) {
        self.findings.push(Finding::new(rule, pointer, None, None));
    }

    /// Whether a rule has been broken.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.findings.iter().any(|finding| finding.rule == rule)
    }

    /// Takes findings back that another one explains.
    pub(super) fn explained(&mut self, is_explained: impl Fn(&Finding) -> bool) {
        self.findings.retain(|finding| !is_explained(finding));
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// How precise the hours of the CDR are.
    pub(super) fn precision_of_hours(&self) -> Precision {
        let volumes = self.cdr.stay.usage.periods.iter().flat_map(hours);
        let totals = [Some(self.cdr.total_time), self.cdr.parking_time];
        Precision::of(volumes.chain(totals.into_iter().flatten()), self.tolerance.hours_decimals)
    }

    /// How precise the energy of the CDR is.
    pub(super) fn precision_of_energy(&self) -> Precision {
        let volumes = self.cdr.stay.usage.periods.iter().filter_map(|period| period.energy);
        Precision::of(volumes.chain([self.cdr.stay.energy]), self.tolerance.energy_decimals)
    }
}

/// The hours that a period is made of.
pub(super) fn hours(period: &Period) -> impl Iterator<Item = Decimal> {
    let hours = [period.time, period.parking_time, period.reservation_time, period.reservation_expires];
    hours.into_iter().flatten()
}
