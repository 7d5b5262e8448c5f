//! Causes of a difference: the changes that make both agree.

use ocpi_pricing::Policy;
use ocpi_pricing::policy::{Fees, Hours, MissingTariff, Spans};

use crate::engines::{Amounts, Document, Unpriced};
use crate::made_up::{Case, Part};
use ocpi_types::Decimal;

/// Explanation of a difference. The first in order explains with the least.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Class {
    /// There is none.
    Same,
    /// In both engines nothing of it has a price.
    Nothing,
    /// They agree when these questions are answered another way.
    Policy(Vec<(&'static str, &'static str)>),
    /// They agree when this is left out of the tariff and the CDR.
    Without(Vec<Part>),
    /// They agree when names of the tariff are spelled as OCPI does: theirs passes over a member in another spelling.
    Spelled,
    /// Ours gives no price.
    NotComputable {
        /// The reason.
        why: String,
        /// The rule that forbids one; `None`: none is known.
        rule: Option<&'static str>,
    },
    /// Theirs gives no price, for this reason.
    NoPrice(String),
    /// None of this.
    Unexplained(String),
}

/// Explains a difference in a made-up case.
#[must_use]
pub fn case(case: &Case) -> Class {
    let class = document(&case.document());
    if !matches!(class, Class::Unexplained(_)) {
        return class;
    }
    // One part, else two, else three.
    let sets = (1_u32..1 << Part::ALL.len()).filter(|set| set.count_ones() <= 3);
    let mut sets: Vec<Vec<Part>> = sets
        .map(|set| {
            Part::ALL
                .into_iter()
                .enumerate()
                .filter(|(bit, _)| set >> bit & 1 == 1)
                .map(|(_, part)| part)
                .collect()
        })
        .collect();
    sets.sort_by_key(Vec::len);
    let agrees = |parts: &Vec<Part>| {
        let less = parts.iter().fold(case.clone(), |case, part| case.without(*part));
        matches!(document(&less.document()), Class::Same | Class::Nothing | Class::Policy(_))
    };
    sets.into_iter().find(agrees).map_or(class, Class::Without)
}

/// Explains a difference in a document.
#[must_use]
pub fn document(document: &Document) -> Class {
    let ours = match document.ours() {
        Ok(ours) => ours,
        Err(why) => return Class::NotComputable { why, rule: None },
    };
    let theirs = match document.theirs() {
        Ok(theirs) => theirs,
        Err(why) => return Class::NoPrice(why),
    };
    let mut policy = Policy::default();
    if document.tariff.is_some() {
        policy.missing_tariff = MissingTariff::FirstTariff;
    }
    let found = ours.under(policy);
    let agrees = |ours: &Result<Amounts, Unpriced>| ours.as_ref().is_ok_and(|ours| ours.agree_with(&theirs));
    if agrees(&found) {
        let is_nothing = theirs.is_empty && found.is_ok_and(|ours| ours.is_empty);
        return if is_nothing { Class::Nothing } else { Class::Same };
    }
    let spelled = document.in_own_spelling().and_then(|spelled| spelled.theirs().ok());
    if spelled.is_some_and(|theirs| found.as_ref().is_ok_and(|ours| ours.agree_with(&theirs))) {
        return Class::Spelled;
    }
    let changed = nearest(policies(policy), |policy| ours.under(policy).ok()?.distance(&theirs));
    match (changed, found) {
        (Some((choices, _)), _) => Class::Policy(choices),
        (None, Err(Unpriced { why, rule })) => Class::NotComputable { why, rule },
        (None, Ok(found)) => {
            Class::Unexplained(format!("ours {found:?}, theirs {theirs:?}: {}", document.text))
        }
    }
}

/// Of the policies under which both agree, one with the fewest changes; of these the one that leaves the least apart.
fn nearest(policies: Vec<Choices>, distance: impl Fn(Policy) -> Option<Decimal>) -> Option<Choices> {
    let mut nearest: Option<(usize, Decimal, Choices)> = None;
    for (choices, policy) in policies {
        let count = choices.len();
        if nearest.as_ref().is_some_and(|(fewest, ..)| *fewest < count) {
            break;
        }
        let Some(apart) = distance(policy) else { continue };
        if nearest.as_ref().is_none_or(|(_, least, _)| apart < *least) {
            nearest = Some((count, apart, (choices, policy)));
        }
    }
    nearest.map(|(.., choices)| choices)
}

/// Questions that are answered another way, and the policy that does.
type Choices = (Vec<(&'static str, &'static str)>, Policy);

/// Policies that answer one question another way, or some of those that matter most, with their answers; those with
/// the fewest changes first.
fn policies(base: Policy) -> Vec<Choices> {
    let mut policies = vec![base];
    let mut vary = |change: &dyn Fn(&mut Policy)| {
        for index in 0..policies.len() {
            let mut policy = policies[index];
            change(&mut policy);
            policies.push(policy);
        }
    };
    vary(&|policy| policy.hours = Hours::AsWritten);
    vary(&|policy| policy.spans = Spans::AtStart);
    vary(&|policy| policy.fees = Fees::Fixed);
    let others = base.variants().into_iter().map(|(_, _, policy)| policy);
    let mut all: Vec<_> = policies
        .into_iter()
        .chain(others)
        .map(|policy| {
            let choices = policy.choices().into_iter().zip(base.choices());
            (choices.filter(|(new, old)| new != old).map(|(new, _)| new).collect::<Vec<_>>(), policy)
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| (one.len(), one).cmp(&(other.len(), other)));
    all
}
