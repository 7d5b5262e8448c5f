//! Some items of an input, and how well a type fits them.

use ocpi_types::json::RawJson;
use ocpi_types::macros::known_name;
use ocpi_types::{Cardinality, ObjectInfo, Type};
use serde_json::{Map, Value};

use crate::kinds::Kind;

/// Items that are looked at: a page of thousands does not tell more than its first ones.
pub(crate) const SAMPLE: usize = 20;

/// Elements that are looked at in a list inside an item.
const ELEMENTS: usize = 3;

/// Some items of an input. Most have the same members as others: a type is held against one of these only.
#[derive(Debug, Default)]
pub(super) struct Sample {
    groups: Vec<Alike>,
}

/// Items that have the same members, also in the objects inside of them.
#[derive(Debug)]
struct Alike {
    object: Map<String, Value>,
    count: usize,
}

impl Sample {
    /// The first objects among the items.
    pub(super) fn of<'a>(items: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sample = Self::default();
        for object in items.into_iter().filter_map(members).take(SAMPLE) {
            match sample.groups.iter_mut().find(|group| are_alike(&group.object, &object)) {
                Some(group) => group.count += 1,
                None => sample.groups.push(Alike { object, count: 1 }),
            }
        }
        sample
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The members of items, once for those that have the same ones.
    pub(super) fn names(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        self.groups.iter().map(|group| group.object.keys().map(String::as_str))
    }

    /// Scores the fit of the items.
    pub(super) fn score(&self, kind: &Kind) -> i64 {
        let of_group = |group: &Alike| fit(&group.object, kind.info).saturating_mul(whole(group.count));
        self.groups.iter().map(of_group).sum()
    }

    /// Returns the score that the items need to be believed: in each, one known member that nothing speaks against.
    pub(super) fn enough(&self) -> i64 {
        whole(self.groups.iter().map(|group| group.count).sum()).saturating_mul(2)
    }

    /// Of items of several types, those of the most frequent one. Of types that are as frequent the first one counts.
    pub(super) fn most<I: Iterator<Item = &'static Kind>>(self, candidates: impl Fn() -> I) -> Self {
        if self.groups.len() < 2 {
            return self;
        }
        let best = |group: &Alike| {
            let scored = candidates().map(|kind| (fit(&group.object, kind.info), kind));
            scored.max_by_key(|(score, _)| *score).map(|(_, kind)| kind.info.name).unwrap_or_default()
        };
        let typed: Vec<(&str, Alike)> = self.groups.into_iter().map(|group| (best(&group), group)).collect();
        let count = |name: &str| -> usize {
            typed.iter().filter(|(known, _)| *known == name).map(|(_, group)| group.count).sum()
        };
        let most =
            typed.iter().rev().map(|(name, _)| *name).max_by_key(|name| count(name)).unwrap_or_default();
        let groups = typed.into_iter().filter(|(name, _)| *name == most).map(|(_, group)| group).collect();
        Self { groups }
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn members(item: &str) -> Option<Map<String, Value>> {
    // The reader takes control characters inside strings, serde_json does not.
    let raw: RawJson = item.parse().ok()?;
    let members = serde_json::from_str(raw.as_str());
    members.or_else(|_| serde_json::from_str(&with_small_numbers(raw.as_str()))).ok()
}

/// Writes 0 for each number: serde_json takes none that is too large for a float, and no type depends on one.
fn with_small_numbers(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let (mut is_string, mut is_escaped, mut is_number) = (false, false, false);
    for sign in raw.chars() {
        let begins = matches!(sign, '-' | '0'..='9');
        let goes_on = is_number && matches!(sign, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
        if is_string || !(begins || goes_on) {
            is_number = false;
            text.push(sign);
        } else if !is_number {
            is_number = true;
            text.push('0');
        }
        is_string ^= sign == '"' && !is_escaped;
        is_escaped = is_string && sign == '\\' && !is_escaped;
    }
    text
}

/// Whether objects have the same members, as far as they are looked at.
fn are_alike(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let is_same = |((name, value), (other_name, other_value))| {
        name == other_name && are_alike_inside(value, other_value)
    };
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

fn are_alike_inside(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => are_alike(one, other),
        (Value::Array(one), Value::Array(other)) => {
            let (mut one, mut other) = (objects(one), objects(other));
            loop {
                match (one.next(), other.next()) {
                    (Some(one), Some(other)) if are_alike(one, other) => {}
                    (None, None) => return true,
                    _ => return false,
                }
            }
        }
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        _ => true,
    }
}

/// The objects of a list that are looked at.
fn objects(list: &[Value]) -> impl Iterator<Item = &Map<String, Value>> {
    list.iter().filter_map(Value::as_object).take(ELEMENTS)
}

/// Scores the fit of an object: 2 for a known member, 1 less for an unknown one, 2 less for a required one that is
/// missing. Partners add members more often than they leave out required ones.
fn fit(object: &Map<String, Value>, info: &ObjectInfo) -> i64 {
    let mut score = 0;
    let mut known = 0;
    // Names in another spelling are looked at only where there are any.
    let odd: Vec<_> = object.iter().filter(|(name, _)| !is_plain(name)).collect();
    let by_odd_name = |own: &str| {
        let is_it = |(name, _): &&(&String, &Value)| known_name(info, name).is_some_and(|it| it.name == own);
        odd.iter().find(is_it).map(|(_, value)| *value)
    };
    for field in info.fields {
        let is_required = matches!(field.card, Cardinality::One | Cardinality::AtLeastOne);
        match object.get(field.name).or_else(|| by_odd_name(field.name)) {
            Some(value) => {
                known += 1;
                score += 2 + fit_inside(value, &field.ty);
            }
            None if is_required => score -= 2,
            None => {}
        }
    }
    score - i64::try_from(object.len()).unwrap_or(i64::MAX).saturating_sub(known)
}

/// Whether a name is spelled as the specification spells them.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn fit_inside(value: &Value, ty: &Type) -> i64 {
    let Type::Object(info) = ty else { return 0 };
    match value {
        Value::Object(object) => fit(object, info()),
        Value::Array(list) => objects(list).map(|object| fit(object, info())).sum(),
        _ => 0,
    }
}
