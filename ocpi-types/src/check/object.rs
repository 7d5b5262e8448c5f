//! Checks of an object, by its table or member by member.

use super::{Check, Segment};
use crate::any::{has, is_lacking, members};
use crate::json::aliases::known_name;
use crate::pointer::push_segment;
use crate::reflect::bit;
use crate::standards::likely_member;
use crate::{AnyObject, Extra, Finding, Rule, Value};

impl Check {
    /// Checks an object: its members, the requirements of the ruleset, and the rules between members.
    #[doc(hidden)]
    pub fn object(&mut self, object: &dyn AnyObject) {
        let (info, extra) = (object.info(), object.extra());
        let is_complete = extra.lacking() == 0;
        self.path.push(Segment::Member(""));
        for (place, field) in info.fields.iter().enumerate() {
            // Nothing can be reported of most numbers and of booleans.
            if is_complete && !field.is_checked {
                continue;
            }
            let Some(slot) = object.slot(place) else { continue };
            self.optional = false;
            self.path.replace(Segment::Member(field.name));
            if !is_complete && is_lacking(extra, place, slot) {
                self.report(Rule::Missing);
            } else {
                // Of an absent member nothing is reported.
                slot.check_any(self);
            }
        }
        self.path.pop();
        if !self.profile.demands.is_empty() {
            self.demands(object);
        }
        self.branch_members(object);
        if !extra.is_empty() {
            self.extra(object);
        }
        object.check_rules(self);
    }

    /// Enters an object that has no members beyond its own, under a ruleset without further requirements, so that each
    /// member can be checked by itself. Returns `false` if the object has to be checked by its table.
    #[doc(hidden)]
    #[inline]
    pub fn enter_whole(&mut self, extra: &Extra) -> bool {
        let is_whole = extra.is_nothing() && self.profile.demands.is_empty();
        if is_whole {
            self.path.push(Segment::Member(""));
        }
        is_whole
    }

    /// Checks a member of an object that was [entered](Self::enter_whole).
    #[doc(hidden)]
    #[inline]
    pub fn quick_member<T: Value>(&mut self, name: &'static str, value: &T) {
        if T::IS_CHECKED {
            self.optional = false;
            self.path.replace(Segment::Member(name));
            value.check(self);
        }
    }

    /// Leaves an object that was [entered](Self::enter_whole).
    #[doc(hidden)]
    #[inline]
    pub fn leave_whole(&mut self) {
        self.path.pop();
    }

    /// Reports the members of branches that the version does not have.
    #[doc(hidden)]
    pub fn branch_members(&mut self, object: &dyn AnyObject) {
        for (place, branch) in object.info().branch {
            if !self.profile.documents.meets(*branch) {
                self.branch_member(object, *place);
            }
        }
    }

    /// Reports a member of a branch that the version does not have.
    fn branch_member(&mut self, object: &dyn AnyObject, place: usize) {
        let slot = object.slot(place).filter(|slot| !slot.is_absent_any());
        if let (Some(_), Some(field)) = (slot, object.info().fields.get(place)) {
            self.member(field.name, |check| check.report(Rule::BranchMember));
        }
    }

    /// Reports absent members that the profile asks for.
    fn demands(&mut self, object: &dyn AnyObject) {
        for (_, field, slot) in members(object) {
            if slot.is_absent_any() && self.profile.demands.contains(&(object.info().name, field.name)) {
                self.member(field.name, |check| check.report(Rule::ProfileDemand));
            }
        }
    }

    /// Reports the members that the specification does not have, and those that could not be read.
    fn extra(&mut self, object: &dyn AnyObject) {
        let (info, extra) = (object.info(), object.extra());
        for (name, _) in extra.iter() {
            let place = info.place(name);
            let bit = place.map_or(0, bit);
            // A required member that could not be read is reported as missing.
            if extra.lacking() & bit != 0 {
                continue;
            }
            let near = if place.is_none() { near_member(object, name) } else { None };
            let rule = match (place, near) {
                (Some(_), _) => Rule::ValueForm,
                (None, Some(_)) => Rule::NameNear,
                (None, None) => Rule::UnknownField,
            };
            let mut finding = Finding::new(self.pointer(), rule);
            if let Some(near) = near {
                finding.message = format!("{}: it looks like `{near}`", finding.message).into();
            }
            push_segment(&mut finding.pointer, name);
            self.findings.push(finding);
        }
    }
}

/// The member that is nearly called by this name, if the object has no value of it.
#[cold]
fn near_member(object: &dyn AnyObject, name: &str) -> Option<&'static str> {
    // In another spelling it is no slip: the member stands there by a better name, or could not be read.
    if known_name(object.info(), name).is_some() {
        return None;
    }
    likely_member(object.info().fields, name).filter(|near| !has(object, near))
}
