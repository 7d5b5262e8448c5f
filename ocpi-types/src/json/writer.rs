//! The writer: straight into bytes, no blanks, no intermediate tree.

mod digits;
mod styled;

pub(crate) use styled::with_decimals;
pub use styled::{Cut, Cuts, Times, WritingStyle, Written, write_for, write_list_for};

use styled::Styling;

use super::reader::plain_length;
use crate::{AnyList, AnyObject, AnyValue, Extra, Field, ObjectInfo, Value};

/// Writes JSON into a buffer.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Style of a partner, where it differs from the usual.
    styling: Option<Box<Styling>>,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// A writer that goes on behind the contents of the buffer.
    pub(super) fn over(out: Vec<u8>) -> Self {
        Self { out, styling: None }
    }

    /// The text that was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes text that is JSON already.
    #[inline]
    pub fn raw(&mut self, json: &str) {
        self.raw_bytes(json.as_bytes());
    }

    #[inline]
    pub(crate) fn raw_bytes(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    pub(super) fn append(&mut self, other: Self) {
        self.raw_bytes(&other.out);
    }

    /// Writes an object: by `quick`, which calls [`Writer::quick_member`] for each member, or by its table where a
    /// partner wants something else or members are lacking.
    #[doc(hidden)]
    #[inline]
    pub fn whole_object(&mut self, object: &dyn AnyObject, extra: &Extra, quick: impl FnOnce(&mut Self)) {
        if self.styling.is_some() || extra.lacking() != 0 {
            return super::object::write_object(object, self);
        }
        self.enclosed(b'{', b'}', |w| {
            quick(w);
            // A member that could not be read is kept there, until it is given a value.
            w.extra(extra, |name| crate::any::has(object, name));
        });
    }

    /// Writes a member without a style, unless it is absent. `key` is the name in the form `,"name":`.
    #[doc(hidden)]
    #[inline]
    pub fn quick_member<T: Value, const N: usize>(&mut self, key: &'static [u8; N], value: &T) {
        if !value.is_absent() {
            self.out.extend_from_slice(key);
            value.write(self);
        }
    }

    pub(super) fn object(&mut self, info: &'static ObjectInfo, members: impl FnOnce(&mut Self)) {
        if self.styling.is_some() {
            return self.styled_object(info, members);
        }
        self.enclosed(b'{', b'}', members);
    }

    /// Writes a member of any type, unless it is absent.
    pub(super) fn any_member(&mut self, field: &'static Field, value: &dyn AnyValue) {
        if self.styling.is_some() {
            return self.styled_member(field, value);
        }
        if !value.is_absent_any() {
            self.key(field.name);
            value.write_any(self);
        }
    }

    pub(super) fn key(&mut self, name: &str) {
        self.raw(",");
        self.quoted(name);
        self.raw(":");
    }

    /// Writes a list of any type.
    pub(crate) fn any_list(&mut self, list: &dyn AnyList) {
        self.enclosed(b'[', b']', |w| {
            for element in (0..list.count()).filter_map(|index| list.element(index)) {
                w.raw(",");
                element.write_any(w);
            }
        });
    }

    /// Writes the members that the specification does not have, but for those that are `written` already.
    #[inline]
    pub fn extra(&mut self, extra: &Extra, written: impl Fn(&str) -> bool) {
        if extra.is_empty() {
            return;
        }
        for (name, json) in extra.iter().filter(|(name, _)| !written(name)) {
            self.key(name);
            self.raw(json);
        }
    }

    /// Writes a list.
    #[inline]
    pub fn list<'a, T: Value>(&mut self, values: impl IntoIterator<Item = &'a T>) {
        self.enclosed(b'[', b']', |w| {
            for (index, value) in values.into_iter().enumerate() {
                w.out.push(b',');
                if w.styling.is_some() {
                    w.styled_element(index, value);
                } else {
                    value.write(w);
                }
            }
        });
    }

    /// Everything inside starts with a comma; the first of them becomes the opening bracket.
    #[inline]
    fn enclosed(&mut self, open: u8, close: u8, inside: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        inside(self);
        match self.out.get_mut(start) {
            Some(comma) => *comma = open,
            None => self.out.push(open),
        }
        self.out.push(close);
    }

    /// Writes a number or a time as it displays itself.
    #[inline]
    pub fn display(&mut self, value: &impl std::fmt::Display) {
        use std::io::Write;
        // Writing into a vector does not fail.
        let _ = write!(self.out, "{value}");
    }

    /// Writes a string, escaped where JSON asks for it.
    #[inline]
    pub fn string(&mut self, text: &str) {
        if self.styling.is_some() {
            return self.styled_string(text);
        }
        self.quoted(text);
    }

    #[inline]
    fn quoted(&mut self, text: &str) {
        self.out.push(b'"');
        if plain_length(text.as_bytes()) == text.len() {
            self.raw(text);
        } else {
            self.escaped(text);
        }
        self.out.push(b'"');
    }

    #[cold]
    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' => self.raw("\\\""),
                '\\' => self.raw("\\\\"),
                '\n' => self.raw("\\n"),
                '\r' => self.raw("\\r"),
                '\t' => self.raw("\\t"),
                c if u32::from(c) < 0x20 => self.raw(&format!("\\u{:04x}", u32::from(c))),
                c => self.raw(c.encode_utf8(&mut [0; 4])),
            }
        }
    }
}
