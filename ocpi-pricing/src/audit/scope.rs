//! Scope of the rules: the CDR that they examine, and the findings.

use std::borrow::Cow;
use std::fmt::Display;

use ocpi_types::Decimal;

use super::claims::{CdrClaims, Names};
use super::tolerance::{Precision, Tolerance};
use super::{Finding, Rule};
use crate::Usage;
use crate::usage::Period;

/// One CDR and the findings so far.
pub(super) struct Scope<'a> {
    pub(super) cdr: &'a CdrClaims,
    pub(super) names: &'static Names,
    pub(super) tolerance: &'a Tolerance,
    /// Usage that the CDR claims, in order of time and with units put right.
    pub(super) usage: Cow<'a, Usage>,
    /// Seconds that a time may be off, in hours.
    pub(super) seconds: Decimal,
    /// total_energy in kWh.
    pub(super) energy: Decimal,
    /// Precision of hours and energy.
    pub(super) hours: Written,
    pub(super) energies: Written,
    findings: Vec<Finding>,
}

/// To how many decimals quantities are written.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) periods: Precision,
    fewest: u32,
}

impl Written {
    fn of(periods: impl Iterator<Item = Decimal>, fewest: u32) -> Self {
        Self { periods: Precision::of(periods, fewest), fewest }
    }

    /// Returns the difference allowed between a total and the sum of so many numbers in periods. The total may have
    /// fewer decimals than they.
    pub(super) fn of_sum(self, count: usize, total: Decimal) -> Decimal {
        let half = Precision::of([total], self.fewest).half();
        self.periods.halves(count).checked_add(half).unwrap_or_default()
    }
}

impl<'a> Scope<'a> {
    pub(super) fn new(cdr: &'a CdrClaims, tolerance: &'a Tolerance, usage: &'a Usage) -> Self {
        let periods = || cdr.stay.usage.periods.iter();
        let energy = cdr.stay.energy;
        Self {
            cdr,
            names: cdr.names(),
            tolerance,
            seconds: tolerance.hours(),
            usage: Cow::Borrowed(usage),
            energy,
            hours: Written::of(periods().flat_map(hours), tolerance.hours_decimals),
            energies: Written::of(periods().filter_map(|period| period.energy), tolerance.energy_decimals),
            findings: cdr.checked.clone(),
        }
    }

    /// Returns the pointer to a period in the CDR; those of `usage` are in order of time.
    pub(super) fn period(&self, index: usize) -> String {
        format!("/charging_periods/{}", self.usage.written_place(index))
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

    /// Puts a finding about a value that may not be shown.
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
}

/// The hours that a period is made of.
pub(super) fn hours(period: &Period) -> impl Iterator<Item = Decimal> {
    let hours = [period.time, period.parking_time, period.reservation_time, period.reservation_expires];
    hours.into_iter().flatten()
}
