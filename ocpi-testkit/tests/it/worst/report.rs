//! Report of a day.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_testkit::Step;
use ocpi_types::{Finding, Rule};

/// Outcome of a step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It worked, and what came is the truth.
    Fine,
    /// It worked, and what came is not the truth.
    AsSaid,
    /// It came to an end, but does not say that it is complete.
    NotComplete(String),
    /// It failed, and the error says this.
    Failed(String),
    /// It failed at first.
    FailedOnce(String),
    /// It was not to be done: the step before failed, or the version does not have it.
    Skipped,
}

/// Report of a day.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) steps: BTreeMap<Step, Outcome>,
    /// Rules of the findings that were told.
    pub(crate) rules: BTreeSet<Rule>,
    /// Number of objects that were set apart.
    pub(crate) apart: usize,
    /// Number of objects of somebody else.
    pub(crate) foreign: usize,
    /// Whether something had to be approved.
    pub(crate) was_held: bool,
    /// Names of the faults that have shown.
    pub(crate) met: BTreeSet<&'static str>,
    /// Requests to the partner, as method and URL.
    pub(crate) requests: Vec<String>,
    /// Texts and debug texts of errors.
    pub(crate) shown: Vec<String>,
    /// Breaches of what must hold whatever the partner does.
    pub(crate) violations: Vec<String>,
}

impl Report {
    pub(crate) fn tell(&mut self, findings: &[Finding]) {
        self.rules.extend(findings.iter().map(|finding| finding.rule));
    }

    pub(crate) fn violation(&mut self, text: impl Into<String>) {
        self.violations.push(text.into());
    }

    pub(crate) fn outcome(&self, step: Step) -> &Outcome {
        self.steps.get(&step).unwrap_or(&Outcome::Skipped)
    }

    /// The steps that were not fine.
    pub(crate) fn odd(&self) -> Vec<(Step, &Outcome)> {
        let odd = |outcome: &Outcome| !matches!(outcome, Outcome::Fine | Outcome::Skipped);
        self.steps
            .iter()
            .filter(|(_, outcome)| odd(outcome))
            .map(|(step, outcome)| (*step, outcome))
            .collect()
    }
}
