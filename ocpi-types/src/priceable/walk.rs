//! Search for obstacles in the members of a tariff, shared by all versions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::meaning::Meaning;
use super::near;
use super::obstacle::{Concern, Obstacle, ObstacleCause};
use crate::any;
use crate::json;
use crate::pointer::{push_index, push_segment};
use crate::{AnyObject, Cardinality, Field, Type};

/// Place of the walk: in the whole tariff, or in an element that stands alone.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    above: Option<&'a Self>,
    step: Step,
    element: Option<usize>,
    component: Option<usize>,
}

#[derive(Clone, Copy)]
enum Step {
    Here,
    Member(&'static str),
    Element(usize),
}

impl<'a> Place<'a> {
    pub(super) const ROOT: Self = Self { above: None, step: Step::Here, element: None, component: None };

    pub(super) fn member(&'a self, name: &'static str) -> Self {
        Self { above: Some(self), step: Step::Member(name), ..*self }
    }

    pub(super) fn index(&'a self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Element(index), ..*self }
    }

    /// An element of the tariff.
    pub(super) fn element(&'a self, index: usize) -> Self {
        Self { element: Some(index), ..self.index(index) }
    }

    /// A price component of the element.
    pub(super) fn component(&'a self, index: usize) -> Self {
        Self { component: Some(index), ..self.index(index) }
    }

    fn obstacle(&self, name: Option<&str>, member: &str, concern: Concern, cause: ObstacleCause) -> Obstacle {
        let mut pointer = String::new();
        self.push_to(&mut pointer);
        if let Some(name) = name {
            push_segment(&mut pointer, name);
        }
        let Self { element, component, .. } = *self;
        Obstacle { pointer, member: member.into(), element, component, concern, cause }
    }

    fn push_to(&self, pointer: &mut String) {
        if let Some(above) = self.above {
            above.push_to(pointer);
        }
        match self.step {
            Step::Here => {}
            Step::Member(name) => push_segment(pointer, name),
            Step::Element(index) => push_index(pointer, index),
        }
    }
}

/// Collects obstacles.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) found: Vec<Obstacle>,
}

impl Walk {
    /// Tells of a member of the object at a place.
    #[cold]
    pub(super) fn find(&mut self, place: &Place<'_>, member: &str, concern: Concern, cause: ObstacleCause) {
        self.found.push(place.obstacle(Some(member), member, concern, cause));
    }

    /// Tells of a member at the place of a part of it.
    #[cold]
    pub(super) fn find_at(
        &mut self,
        place: &Place<'_>,
        member: &str,
        concern: Concern,
        cause: ObstacleCause,
    ) {
        self.found.push(place.obstacle(None, member, concern, cause));
    }

    /// Tells of a member, unless something was told of it.
    #[cold]
    pub(super) fn unless_told(
        &mut self,
        place: &Place<'_>,
        member: &'static str,
        concern: Concern,
        cause: ObstacleCause,
    ) {
        let obstacle = place.obstacle(Some(member), member, concern, cause);
        let is_told = |told: &Obstacle| {
            let looks_like_it = told.cause == ObstacleCause::LooksLike(member)
                && (told.element, told.component) == (place.element, place.component);
            told.pointer == obstacle.pointer || looks_like_it
        };
        if !self.found.iter().any(is_told) {
            self.found.push(obstacle);
        }
    }

    /// Walks over a member that could not be read as a whole: what is found in it is told instead of that.
    #[cold]
    pub(super) fn instead(&mut self, place: &Place<'_>, member: &str, walk: impl FnOnce(&mut Self)) {
        let pointer = place.obstacle(Some(member), member, Concern::Tariff, ObstacleCause::Null).pointer;
        let told = self.found.iter().position(|told| told.pointer == pointer);
        let count = self.found.len();
        walk(self);
        if let Some(told) = told.filter(|_| self.found.len() > count) {
            self.found.remove(told);
        }
    }

    /// Tells the reason why an object has no value: no member of it could be read.
    #[cold]
    pub(super) fn unread(&mut self, (fields, raw): (&[Field], &str), place: &Place<'_>, meaning: &Meaning) {
        let Ok(members) = serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(raw) else { return };
        for field in fields.iter().filter(|field| matches!(field.card, Cardinality::One)) {
            let Some(concern) = meaning.concern(field.name) else { continue };
            let find =
                |is_it: &dyn Fn(&str) -> bool| members.keys().map(|name| &**name).find(|name| is_it(name));
            let near = find(&|name| near::nearest(fields, name) == Some(field.name));
            let other = find(&|name| {
                let is_known = |(known, _): &(&str, Concern)| near::is_same(known, name);
                fields.iter().all(|field| field.name != name) && meaning.other_version.iter().any(is_known)
            });
            let (name, cause) = match (members.get(field.name), near, other) {
                (Some(raw), _, _) => {
                    let cause = unreadable(field, raw.get(), (false, true));
                    (field.name, cause.unwrap_or(ObstacleCause::Missing))
                }
                (None, Some(near), _) => (near, ObstacleCause::LooksLike(field.name)),
                (None, None, Some(other)) => (other, ObstacleCause::OtherVersion),
                (None, None, None) => (field.name, ObstacleCause::Missing),
            };
            self.find(place, name, concern, cause);
        }
    }

    /// Looks at what was odd about the members of an object. `skipped` decides about nothing in it.
    #[inline]
    pub(super) fn members(
        &mut self,
        object: &dyn AnyObject,
        place: &Place<'_>,
        (meaning, skipped): (&Meaning, &[&str]),
    ) {
        if !object.extra().is_untouched() {
            self.odd_members(place, &Odd { meaning, skipped, object });
        }
    }

    #[cold]
    fn odd_members(&mut self, place: &Place<'_>, odd: &Odd<'_>) {
        let first = self.found.len();
        let (fields, extra) = (odd.object.info().fields, odd.object.extra());
        for (name, raw) in extra.iter() {
            let field = fields.iter().find(|field| field.name == name);
            let found = match field {
                Some(field) => odd.concern(name).and_then(|concern| {
                    // Only `null` is no limit.
                    let is_nothing =
                        if concern == Concern::Limits { raw == "null" } else { says_nothing(raw) };
                    Some((concern, unreadable(field, raw, (is_nothing, odd.lacks(name)))?))
                }),
                None => odd.unknown(name, raw),
            };
            if let Some((concern, cause)) = found {
                self.find(place, name, concern, cause);
            }
        }
        for (name, _) in extra.repeated() {
            if let Some(concern) = odd.concern(name) {
                self.find(place, name, concern, ObstacleCause::Twice);
            }
        }
        // An empty list is looked for where it stands.
        let required = fields.iter().filter(|field| matches!(field.card, Cardinality::One));
        for field in required.filter(|field| odd.lacks(field.name)) {
            // One whose name was misspelt is told already.
            let is_replaced =
                |told: &Obstacle| odd.meaning.is_replaced && told.cause == ObstacleCause::OtherVersion;
            let is_told = self.found.iter().skip(first).any(|told| {
                *told.member == *field.name
                    || told.cause == ObstacleCause::LooksLike(field.name)
                    || is_replaced(told)
            });
            if let Some(concern) = odd.concern(field.name).filter(|_| !is_told) {
                self.find(place, field.name, concern, ObstacleCause::Missing);
            }
        }
    }
}

/// An object in which something is odd.
struct Odd<'a> {
    meaning: &'a Meaning,
    skipped: &'a [&'a str],
    object: &'a dyn AnyObject,
}

impl Odd<'_> {
    /// Whether a required member is missing, or could not be read: its slot is a blank.
    fn lacks(&self, name: &str) -> bool {
        any::lacks(self.object, name)
    }

    fn lacks_any(&self) -> bool {
        let mut required = self.object.info().fields.iter().filter(|field| field.card == Cardinality::One);
        required.any(|field| self.lacks(field.name))
    }

    /// Whether a text has the value of a member.
    fn has_value(&self, name: &str, raw: &str) -> bool {
        any::member(self.object, name).is_some_and(|slot| json::is_value(slot, raw))
    }

    /// Returns the part of a price that is not known without a member.
    fn concern(&self, name: &str) -> Option<Concern> {
        let is_own = self.object.info().place(name).is_some();
        let unknown = self.meaning.unknown.filter(|_| is_own);
        self.meaning.concern(name).or(unknown).filter(|_| !self.skipped.contains(&name))
    }

    /// Returns the part of a price that an unknown member stands in the way of, and the cause.
    fn unknown(&self, name: &str, raw: &str) -> Option<(Concern, ObstacleCause)> {
        if says_nothing(raw) {
            return None;
        }
        if let Some(known) = near::nearest(self.object.info().fields, name) {
            // The version's own name wins over that of another version.
            if self.meaning.concern(name).is_some() && !self.lacks(known) {
                return None;
            }
            // The same once more, in another spelling.
            if near::is_same(known, name) && self.has_value(known, raw) {
                return None;
            }
            return self.concern(known).map(|concern| (concern, ObstacleCause::LooksLike(known)));
        }
        let others = self.meaning.other_version.iter();
        if let Some((_, concern)) = others.into_iter().find(|(known, _)| near::is_same(known, name)) {
            let is_plain = near::is_same(name, "tax_included") && is_word(raw, "NO");
            let is_beside = self.meaning.is_replaced && !self.lacks_any();
            return (!is_plain && !is_beside).then_some((*concern, ObstacleCause::OtherVersion));
        }
        let is_one = |known: &[&str]| known.iter().any(|known| near::is_same(known, name));
        let misplaced = self.meaning.misplaced.iter().find(|(known, _, _)| is_one(known));
        if let Some((_, object, concern)) = misplaced {
            return Some((*concern, ObstacleCause::Misplaced(object)));
        }
        self.meaning.unknown.map(|concern| (concern, ObstacleCause::UnknownRestriction))
    }
}

/// Finds the reason why the value of a known member stands among the unknown ones; `None`: it says nothing, or was
/// given a value since.
fn unreadable(field: &Field, raw: &str, (is_nothing, is_lacking): (bool, bool)) -> Option<ObstacleCause> {
    let is_required = field.card.is_required();
    if !is_required && is_nothing {
        return None;
    }
    if matches!(field.card, Cardinality::One) && !is_lacking {
        return None;
    }
    if raw == "null" {
        return Some(ObstacleCause::Null);
    }
    if field.is_list && raw.starts_with('[') {
        return Some(ObstacleCause::PartUnreadable);
    }
    Some(ObstacleCause::Unreadable(match field.ty {
        _ if field.is_list => "list",
        Type::Number => "number",
        Type::Int { .. } => "whole number",
        Type::Boolean => "boolean",
        Type::Object(_) => "object that can be read",
        Type::DateTime => "time",
        Type::Enum(_) => "value of its enum",
        _ => "text that can be read",
    }))
}

/// Whether a text is `null` or empty in one way or another.
pub(super) fn says_nothing(raw: &str) -> bool {
    let mut signs = raw.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let start = [signs.next(), signs.next(), signs.next()].map(Option::unwrap_or_default);
    raw == "null" || [*b"[]\0", *b"{}\0", *b"\"\"\0"].contains(&start)
}

fn is_word(raw: &str, word: &str) -> bool {
    raw.trim_matches('"').trim().eq_ignore_ascii_case(word)
}
