//! Deviations that a price may depend on, told on standard error by the verbs that price.

use std::collections::BTreeMap;

use ocpi_types::{Finding, Rule};

use crate::findings::place;
use crate::input::{Source, in_item};
use crate::output::{self, NOT_COMPUTABLE, RuleInfo};

/// Findings that were told, by rule and place; repeats are counted.
#[derive(Debug, Default)]
pub(crate) struct Told(BTreeMap<(Rule, String), usize>);

impl Told {
    /// Says what was found odd in an object, unless it was said of one before.
    pub(crate) fn tell(&mut self, source: &Source, index: Option<usize>, findings: Vec<Finding>) {
        for finding in findings {
            let repeats = self.0.entry((finding.rule, place(&finding.pointer))).or_default();
            *repeats += 1;
            if *repeats == 1 {
                output::mention(&source.failure(in_item(index, &finding.to_string())).to_string());
            }
        }
    }

    /// Says how often the same was found again.
    pub(crate) fn finish(self) {
        for ((rule, place), count) in self.0 {
            let times = match count - 1 {
                0 => continue,
                1 => "once more".to_owned(),
                more => format!("{more} more times"),
            };
            output::mention(&format!("{place}: {} [{}], {times}", rule.message(), rule.id()));
        }
    }
}

/// Those of the findings that a price may depend on: the member that was meant, or the one of two that counts, differs
/// from reader to reader.
pub(crate) fn telling(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(|finding| RULES.contains(&finding.rule));
    findings
}

const RULES: [Rule; 3] = [Rule::JsonDuplicateKey, Rule::NameSpelling, Rule::BareAmount];

/// Lists the rules of the verbs that compute prices: of the findings that they tell, and of what has no price.
pub(crate) fn priced_rules() -> Vec<RuleInfo> {
    let rules = RULES.into_iter().chain([Rule::NotComputable]).map(RuleInfo::from);
    rules.chain([NOT_COMPUTABLE]).collect()
}
