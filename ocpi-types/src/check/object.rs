//! Checking an object by its table.

use super::Check;
use crate::any::{is_lacking, members};
use crate::{AnyObject, Rule};

impl Check {
    /// Checks an object: its members, the demands of the profile, and the rules between members.
    #[doc(hidden)]
    pub fn object(&mut self, object: &dyn AnyObject) {
        let (info, extra) = (object.info(), object.extra());
        for (place, field, slot) in members(object) {
            if is_lacking(extra, place, slot) {
                self.member(field.name, |check| check.report(Rule::Missing));
            } else if !slot.is_absent_any() {
                self.member(field.name, |check| slot.check_any(check));
            }
        }
        if !self.profile.demands.is_empty() {
            self.demands(object);
        }
        for (name, branch) in info.branch {
            let is_there = || crate::any::member(object, name).is_some_and(|slot| !slot.is_absent_any());
            if !self.profile.documents.meets(*branch) && is_there() {
                self.member(name, |check| check.report(Rule::BranchMember));
            }
        }
        if !extra.is_empty() {
            self.extra(extra, info);
        }
        object.check_rules(self);
    }

    /// Reports absent members that the profile asks for.
    fn demands(&mut self, object: &dyn AnyObject) {
        for (_, field, slot) in members(object) {
            if slot.is_absent_any() && self.profile.demands.contains(&(object.info().name, field.name)) {
                self.member(field.name, |check| check.report(Rule::ProfileDemand));
            }
        }
    }
}
