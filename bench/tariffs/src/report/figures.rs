//! The figures of the pairs that the other engine comes with, and their bounds.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::explain::Class;

/// At least so many pairs come to the same.
const LEAST_EQUAL: usize = 333;
/// At most so many pairs have a price of theirs and none of ours.
const MOST_WITHOUT: usize = 16;

/// Number of pairs of each class, among those that the other engine has a total for.
#[derive(Debug, Default)]
pub(super) struct Figures {
    equal: usize,
    policies: BTreeMap<String, usize>,
    without: BTreeMap<(String, &'static str), usize>,
    /// Pairs of no class that may be.
    others: usize,
    /// Pairs without a total of theirs: nothing has a price, or they give none.
    nothing: usize,
    rejected: usize,
}

impl Figures {
    pub(super) fn of<'a>(classes: impl Iterator<Item = &'a Class>) -> Self {
        let mut figures = Self::default();
        for class in classes {
            match class {
                Class::Same => figures.equal += 1,
                Class::Nothing => figures.nothing += 1,
                Class::NoPrice(_) => figures.rejected += 1,
                Class::Spelled => *figures.policies.entry(super::text(class)).or_default() += 1,
                Class::Policy(choices) if choices.len() == 1 => {
                    *figures.policies.entry(super::text(class)).or_default() += 1;
                }
                Class::NotComputable { why, rule: Some(rule) } => {
                    *figures.without.entry((why.clone(), rule)).or_default() += 1;
                }
                _ => figures.others += 1,
            }
        }
        figures
    }

    /// Lists the figures that are out of their bounds.
    pub(super) fn faults(&self) -> Vec<String> {
        let without = self.without();
        let mut faults = Vec::new();
        if self.equal < LEAST_EQUAL {
            faults.push(format!("{} pairs come to the same; at least {LEAST_EQUAL} have to", self.equal));
        }
        if without > MOST_WITHOUT {
            faults.push(format!("{without} pairs have no price of ours; at most {MOST_WITHOUT} may"));
        }
        if self.others > 0 {
            faults.push(format!(
                "{} pairs neither come to the same, under one policy at least, nor have a rule that forbids a price",
                self.others
            ));
        }
        faults
    }

    fn without(&self) -> usize {
        self.without.values().sum()
    }

    /// The figures as a table.
    pub(super) fn table(&self) -> String {
        let by_policy: usize = self.policies.values().sum();
        let total = self.equal + by_policy + self.without() + self.others;
        let mut table = format!(
            "Of {} pairs {total} have a total by that engine; of {} it prices nothing, and neither does ours, and {} it
rejects. CI holds these figures: at least {LEAST_EQUAL} the same, at most {MOST_WITHOUT} without a price of ours, each by
a rule, the rest the same under one policy, and no other.

| class | pairs | the rule |
|---|--:|---|
| the same | {} | |
",
            total + self.nothing + self.rejected,
            self.nothing,
            self.rejected,
            self.equal,
        );
        for (policy, count) in &self.policies {
            let _ = writeln!(table, "| the same under `{policy}` | {count} | a policy: see what decides |");
        }
        for ((why, rule), count) in &self.without {
            let _ = writeln!(table, "| no price of ours: {why} | {count} | {rule} |");
        }
        if self.others > 0 {
            let _ = writeln!(table, "| others | {} | none |", self.others);
        }
        table
    }
}
