//! Policies on the command line.

use clap::builder::PossibleValuesParser;
use ocpi_pricing::Policy;

/// Takes every answer to every question.
pub(crate) fn parser() -> PossibleValuesParser {
    let policy = Policy::default();
    let defaults = policy.choices().into_iter();
    let others = policy.variants().into_iter().map(|(question, choice, _)| (question, choice));
    let mut all: Vec<_> = defaults.chain(others).map(|(question, choice)| named(question, choice)).collect();
    all.sort();
    PossibleValuesParser::new(all)
}

/// The default policy with some questions decided.
pub(crate) fn all(wanted: &[String]) -> Policy {
    wanted.iter().fold(Policy::default(), |policy, choice| apply(policy, choice))
}

/// The policy with one question decided.
pub(crate) fn apply(policy: Policy, wanted: &str) -> Policy {
    let mut variants = policy.variants().into_iter();
    // One that is not among the others is the one that it has.
    variants
        .find(|(question, choice, _)| named(question, choice) == wanted)
        .map_or(policy, |(_, _, other)| other)
}

pub(crate) fn named(question: &str, choice: &str) -> String {
    format!("{question}={choice}")
}
