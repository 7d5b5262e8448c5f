//! Policies on the command line.

use clap::builder::PossibleValuesParser;
use ocpi_pricing::Policy;

/// Takes every answer to every question.
pub(super) fn parser() -> PossibleValuesParser {
    let policy = Policy::default();
    let defaults = policy.choices().into_iter();
    let others = policy.variants().into_iter().map(|(question, choice, _)| (question, choice));
    let mut all: Vec<_> = defaults.chain(others).map(|(question, choice)| named(question, choice)).collect();
    all.sort();
    PossibleValuesParser::new(all)
}

/// The policy with one question decided.
pub(super) fn apply(policy: Policy, wanted: &str) -> Policy {
    let mut variants = policy.variants().into_iter();
    // One that is not among the others is the one that it has.
    variants
        .find(|(question, choice, _)| named(question, choice) == wanted)
        .map_or(policy, |(_, _, other)| other)
}

pub(super) fn named(question: &str, choice: &str) -> String {
    format!("{question}={choice}")
}
