//! Repair of contradictions between members, guided by the findings of the check.

use serde_json::{Value as Json, json};

use super::node::{Member, Node};
use super::scalars;
use crate::json::from_str;
use crate::{Finding, Rule, Ruleset, Type, Value, check_ruleset};

/// Each round repairs one breach, and a repair may show another.
const ROUNDS: usize = 200;

/// The document, changed until no rule of severity error is broken; `None` if that does not come about.
pub(super) fn conformant<T: Value>(mut node: Node, profile: &'static Ruleset) -> Option<T> {
    for _ in 0..ROUNDS {
        let value: T = from_str(&node.to_text()).ok()?;
        let Some(finding) = check_ruleset(&value, profile).into_iter().find(Finding::is_error) else {
            return Some(value);
        };
        let steps: Vec<String> = finding.pointer.split('/').skip(1).map(unescape).collect();
        repair(&mut node, finding.rule, &steps, profile)?;
    }
    None
}

/// A step of a JSON pointer, as a name.
fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Changes the document where a rule is broken; `None` if there is nothing to change.
fn repair(root: &mut Node, rule: Rule, steps: &[String], profile: &'static Ruleset) -> Option<()> {
    if let Some(absent) = last_member(root, steps).filter(|member| !member.is_kept) {
        absent.is_kept = true;
        return Some(());
    }
    let changed = match rule {
        Rule::HoursMissing | Rule::PublishEmpty => bring_in(root, steps),
        Rule::LengthExceeded | Rule::CdrIdLength => change(root, steps, shorter),
        Rule::Negative | Rule::CreditSign => change(root, steps, negated),
        Rule::RateScale | Rule::EnergyShare | Rule::ProfileStart => change(root, steps, |_| Some(json!(0))),
        Rule::Weekday => change(root, steps, |day| Some(json!(day.as_i64()?.rem_euclid(7) + 1))),
        Rule::ReservationPrice | Rule::SessionDimension => another_value(root, steps, profile),
        Rule::HoursOrder => exchange(root, steps),
        Rule::PeriodOutside => begin_with_holder(root, steps),
        Rule::PeriodOrder => begin_at_end(root, steps),
        _ => None,
    };
    changed.or_else(|| leave_out(root, steps))
}

/// Brings a member into the object there.
fn bring_in(root: &mut Node, steps: &[String]) -> Option<()> {
    let Node::Object(members) = at(root, steps)? else { return None };
    members.iter_mut().find(|member| !member.is_kept)?.is_kept = true;
    Some(())
}

/// Changes the scalar that stands there.
fn change(root: &mut Node, steps: &[String], new: impl FnOnce(&Json) -> Option<Json>) -> Option<()> {
    let Node::Leaf(value) = at(root, steps)? else { return None };
    *value = new(value)?;
    Some(())
}

/// Narrow editions have 20 characters in the narrowest place.
fn shorter(text: &Json) -> Option<Json> {
    Some(text.as_str()?.chars().take(20).collect::<String>().into())
}

fn negated(number: &Json) -> Option<Json> {
    match number.as_i64() {
        Some(number) => number.checked_neg().map(Json::from),
        None => number.as_f64().map(|number| json!(-number)),
    }
}

/// The next value of the enum.
fn another_value(root: &mut Node, steps: &[String], profile: &Ruleset) -> Option<()> {
    let member = last_member(root, steps)?;
    let Type::Enum(info) = member.field.ty else { return None };
    let values = scalars::values(info, profile.documents);
    let Node::Leaf(value) = &mut member.node else { return None };
    let at = values.iter().position(|text| *value == **text)?;
    *value = json!(values.get(at + 1).or(values.first())?);
    Some(())
}

/// Exchanges a time of day with the one before it; from midnight to midnight, if they are the same.
fn exchange(root: &mut Node, steps: &[String]) -> Option<()> {
    let (end, holder) = steps.split_last()?;
    let Node::Object(members) = at(root, holder)? else { return None };
    let place = members.iter().position(|member| member.field.name == end)?;
    let (before, after) = members.split_at_mut(place);
    let (Node::Leaf(begin), Node::Leaf(end)) = (&mut before.last_mut()?.node, &mut after.first_mut()?.node)
    else {
        return None;
    };
    if begin == end {
        (*begin, *end) = (json!("00:00"), json!("23:59"));
    } else {
        std::mem::swap(begin, end);
    }
    Some(())
}

/// Sets a time in an element of a list to the first time of the object that holds the list.
fn begin_with_holder(root: &mut Node, steps: &[String]) -> Option<()> {
    let holder = steps.get(..steps.len().checked_sub(3)?)?;
    let Node::Object(members) = at(root, holder)? else { return None };
    let first = members.iter().filter(|member| member.is_kept).find_map(Member::time)?;
    change(root, steps, |_| Some(json!(first.to_string())))
}

/// Lets a period, whose first time is its beginning, begin when it ends.
fn begin_at_end(root: &mut Node, steps: &[String]) -> Option<()> {
    let end = at(root, steps)?.clone();
    let (_, holder) = steps.split_last()?;
    let Node::Object(members) = at(root, holder)? else { return None };
    let begin = members.iter_mut().find(|member| member.is_kept && member.time().is_some())?;
    begin.node = end;
    Some(())
}

/// Leaves out the innermost thing on the way there that may be left out.
fn leave_out(root: &mut Node, steps: &[String]) -> Option<()> {
    let (last, holder) = steps.split_last()?;
    let left_out = match at(root, holder) {
        Some(Node::List { nodes, least }) if nodes.len() > *least => {
            last.parse::<usize>().ok().filter(|index| *index < nodes.len()).map(|index| {
                nodes.remove(index);
            })
        }
        Some(object) => object.member_mut(last).filter(|member| !member.is_needed).map(|member| {
            member.is_kept = false;
        }),
        None => None,
    };
    left_out.or_else(|| leave_out(root, holder))
}

/// The member that the last step names.
fn last_member<'a>(root: &'a mut Node, steps: &[String]) -> Option<&'a mut Member> {
    let (last, holder) = steps.split_last()?;
    at(root, holder)?.member_mut(last)
}

fn at<'a>(root: &'a mut Node, steps: &[String]) -> Option<&'a mut Node> {
    steps.iter().try_fold(root, |node, step| node.get_mut(step))
}
