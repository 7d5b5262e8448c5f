//! Members that the other version lacks or names differently.

use super::{ConversionRule, Step};
use crate::json::{self, RawJson};
use crate::{Extra, Field, Object, Value};

impl Step<'_> {
    /// Notes the same at an element of a member, or at a member of it.
    #[cold]
    pub(super) fn note_at<T: Value>(&mut self, rule: ConversionRule, [outer, name]: [&str; 2], value: &T) {
        let first = self.ledger.len();
        self.note(rule, name, value);
        self.ledger.name(first, outer);
    }

    /// Notes that a member is lost because the version does not have it, if it has a value.
    #[inline]
    pub(super) fn lose<T: Value>(&mut self, name: &'static str, value: &T) {
        if !value.is_absent() {
            self.note(ConversionRule::NoMember, name, value);
        }
    }

    /// Notes that unknown members are lost with the object that holds them.
    #[inline]
    pub(super) fn lose_extra(&mut self, extra: &Extra) {
        for (name, raw) in extra.iter() {
            self.note(ConversionRule::NoMember, name, &RawJson::walked(raw));
        }
    }

    /// Keeps a member among the unknown ones, under its name ([`kept_name`]).
    #[cold]
    pub(super) fn keep_member<T: Value>(&mut self, name: &'static str, value: &T, extra: &mut Extra) {
        let raw = RawJson::walked(&json::to_string(value));
        self.note(ConversionRule::MemberKept, name, &raw);
        extra.insert(kept_name(name), raw);
    }

    /// Drops the texts of members that could not be read, if the version has no members of their names: they would be
    /// read as something else there.
    #[inline]
    pub(super) fn lose_unreadable<Old: Object, New: Object>(&mut self, extra: &mut Extra) {
        if !extra.is_empty() {
            self.lose_unreadable_members(extra, Old::INFO.fields, New::INFO.fields);
        }
    }

    #[cold]
    fn lose_unreadable_members(&mut self, extra: &mut Extra, old: &[Field], new: &[Field]) {
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        let names: Vec<String> = extra.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| has(old, name) && !has(new, name)) {
            if let Some(raw) = extra.get(name).map(RawJson::walked) {
                self.note(ConversionRule::Unreadable, name, &raw);
                extra.remove(name);
            }
        }
    }

    /// Drops a member of the older version that was carried along, because another value has taken its place.
    pub(super) fn outdate(&mut self, name: &'static str, extra: &mut Extra) {
        if let Some(raw) = extra.get(kept_name(name)).map(RawJson::walked) {
            self.note(ConversionRule::Outdated, name, &raw);
            extra.remove(kept_name(name));
        }
    }

    /// Notes unknown members that have the name of one that the version has, and the version before had not. Those that
    /// are `written` in their place are gone.
    #[inline]
    pub(super) fn carried<Old: Object, New: Object>(
        &mut self,
        extra: &mut Extra,
        written: impl Fn(&str) -> bool,
    ) {
        if !extra.is_empty() {
            self.odd_names(extra, Old::INFO.fields, New::INFO.fields, &written);
        }
    }

    #[cold]
    fn odd_names(&mut self, extra: &mut Extra, old: &[Field], new: &[Field], written: &dyn Fn(&str) -> bool) {
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        let names: Vec<String> = extra.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| has(new, name) && !has(old, name)) {
            let Some(raw) = extra.get(name).map(RawJson::walked) else { continue };
            if written(name) {
                self.note(ConversionRule::NameTaken, name, &raw);
                extra.remove(name);
            } else {
                self.note(ConversionRule::NameKept, name, &raw);
            }
        }
    }
}

/// Whether a member is there, read or not: one that could not be read stands as text among the unknown members.
pub(super) fn is_there<T>(name: &str, value: &Option<T>, extra: &Extra) -> bool {
    value.is_some() || extra.get(name).is_some()
}

/// The name under which a member is kept among the unknown ones: its own, but for one that the reader would take for
/// `parking_type` when the object is written and read again.
pub(super) fn kept_name(name: &'static str) -> &'static str {
    if name == "type" { "location_type" } else { name }
}
