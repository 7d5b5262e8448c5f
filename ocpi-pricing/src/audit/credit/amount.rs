//! Comparison of the amount that a credit CDR reverses with that of the original.

use std::collections::BTreeMap;

use ocpi_types::Decimal;

use crate::audit::Rule;
use crate::audit::claims::{Money, TaxClaim};
use crate::audit::scope::Scope;
use crate::audit::tolerance::{negated, same};

pub(super) fn look(scope: &mut Scope<'_>, original: &Money) {
    let (total, names) = (&scope.cdr.total, scope.names);
    let right = negated(original.before);
    if !same(right, total.before) {
        // That the parts, which are a copy, come to something else follows.
        scope.explained(|it| it.rule == Rule::PartsSum);
        scope.find(Rule::CreditAmount, format!("/total_cost{}", names.before), right, total.before);
    }
    if !total.taxes.is_empty() || !original.taxes.is_empty() {
        taxes(scope, &total.taxes, &original.taxes);
        return;
    }
    let Some(right) = original.after.map(negated) else { return };
    if !total.after.is_some_and(|after| same(right, after)) {
        let found = total.after.map_or("none".to_owned(), |after| after.to_string());
        scope.find(Rule::CreditAmount, format!("/total_cost{}", names.after), right, found);
    }
}

/// Taxes of one name and rate.
#[derive(Default)]
struct Group {
    sum: Decimal,
    /// Index of the first of them.
    index: usize,
    count: usize,
}

/// By name in lower case and rate.
type Groups = BTreeMap<(String, Option<Decimal>), Group>;

/// Compares the sums of taxes of the same name and rate: neither the order nor the number of them matters.
fn taxes(scope: &mut Scope<'_>, found: &[TaxClaim], original: &[TaxClaim]) {
    let (found, mut original) = (groups(found), groups(original));
    for (key, group) in found {
        let right = original.remove(&key).map_or(Decimal::ZERO, |group| negated(group.sum));
        if same(right, group.sum) {
            continue;
        }
        let pointer = format!("/total_cost/taxes/{}", group.index);
        if right == Decimal::ZERO {
            scope.find(Rule::CreditAmount, pointer, "no tax of this name and rate", group.sum);
        } else if group.count == 1 {
            scope.find(Rule::CreditAmount, pointer + "/amount", right, group.sum);
        } else {
            let what = format!("{} taxes of this name and rate", group.count);
            scope.find_with(Rule::CreditAmount, pointer + "/amount", right, group.sum, what);
        }
    }
    for ((name, rate), group) in original.into_iter().filter(|(_, group)| group.sum != Decimal::ZERO) {
        let rate = rate.map_or(String::new(), |rate| format!(" {} %", rate.normalize()));
        let expected = format!("{name}{rate}: {}", negated(group.sum));
        scope.find(Rule::CreditAmount, "/total_cost/taxes", expected, "none");
    }
}

fn groups(taxes: &[TaxClaim]) -> Groups {
    let mut groups = Groups::new();
    for (index, tax) in taxes.iter().enumerate() {
        let group = groups
            .entry((tax.name.as_str().to_lowercase(), tax.rate))
            .or_insert(Group { index, ..Group::default() });
        group.sum = group.sum.checked_add(tax.amount).unwrap_or(group.sum);
        group.count += 1;
    }
    groups
}
