//! Objects: by their declaration, or by their table.

use super::Writer;
use crate::any::has;
use crate::json::write_object;
use crate::{AnyObject, AnyValue, Extra, Field, ObjectInfo, Value};

impl Writer {
    /// Begins an object whose members are written by [`Writer::quick_member`]: returns the place of its brace. If there is
    /// a style or members are missing, writes the object by its table and returns `None`.
    #[doc(hidden)]
    #[inline]
    pub fn begin_whole(&mut self, object: &dyn AnyObject, extra: &Extra) -> Option<usize> {
        if self.styling.is_some() || extra.lacking() != 0 {
            write_object(object, self);
            return None;
        }
        Some(self.out.len())
    }

    /// Ends an object that was [begun](Self::begin_whole).
    #[doc(hidden)]
    #[inline]
    pub fn end_whole(&mut self, start: usize, object: &dyn AnyObject, extra: &Extra) {
        if !extra.is_empty() {
            // A member that could not be read is kept there, until it is given a value.
            self.unknown_members(extra, &|name| has(object, name));
        }
        self.close(start, b'{', b'}');
    }

    /// Writes a member without a style, unless it is absent. `key` is the name in the form `,"name":`.
    #[doc(hidden)]
    #[inline]
    pub fn quick_member<T: Value>(&mut self, key: &'static str, value: &T) {
        if !value.is_absent() {
            self.out.extend_from_slice(key.as_bytes());
            value.write(self);
        }
    }

    pub(in crate::json) fn object(&mut self, info: &'static ObjectInfo, members: impl FnOnce(&mut Self)) {
        if self.styling.is_some() {
            return self.styled_object(info, members);
        }
        self.enclosed(b'{', b'}', members);
    }

    /// Writes a member of any type, unless it is absent.
    pub(in crate::json) fn any_member(&mut self, field: &'static Field, value: &dyn AnyValue) {
        if self.styling.is_some() {
            return self.styled_member(field, value);
        }
        if !value.is_absent_any() {
            self.key(field.name);
            value.write_any(self);
        }
    }

    /// Writes the unknown members, except those already `written`.
    #[inline]
    pub fn extra(&mut self, extra: &Extra, written: impl Fn(&str) -> bool) {
        if !extra.is_empty() {
            self.unknown_members(extra, &written);
        }
    }

    #[inline(never)]
    fn unknown_members(&mut self, extra: &Extra, written: &dyn Fn(&str) -> bool) {
        for (name, json) in extra.iter().filter(|(name, _)| !written(name)) {
            self.key(name);
            self.raw(json);
        }
    }
}
