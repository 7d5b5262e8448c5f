//! The writer: straight into bytes, no blanks, no intermediate tree.

use crate::{Extra, Value};

/// Writes JSON into a buffer.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes text that is JSON already.
    #[inline]
    pub fn raw(&mut self, json: &str) {
        self.raw_bytes(json.as_bytes());
    }

    pub(crate) fn raw_bytes(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    pub(super) fn append(&mut self, other: Self) {
        self.raw_bytes(&other.out);
    }

    /// Writes an object; `members` calls [`Writer::member`] and [`Writer::extra`].
    #[inline]
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.enclosed(b'{', b'}', members);
    }

    /// Writes the member, unless it is absent. `key` is the name in the form `,"name":`.
    #[inline]
    pub fn member<T: Value>(&mut self, key: &str, value: &T) {
        if !value.is_absent() {
            self.raw(key);
            value.write(self);
        }
    }

    /// Writes the members that the specification does not have, but for those that are `written` already.
    #[inline]
    pub fn extra(&mut self, extra: &Extra, written: impl Fn(&str) -> bool) {
        for (name, json) in extra.iter().filter(|(name, _)| !written(name)) {
            self.raw(",");
            self.string(name);
            self.raw(":");
            self.raw(json);
        }
    }

    /// Writes a list.
    #[inline]
    pub fn list<'a, T: Value>(&mut self, values: impl IntoIterator<Item = &'a T>) {
        self.enclosed(b'[', b']', |w| {
            for value in values {
                w.raw(",");
                value.write(w);
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

    /// Writes what a number or a time shows itself as.
    #[inline]
    pub fn display(&mut self, value: &impl std::fmt::Display) {
        use std::io::Write;
        // Writing into a vector does not fail.
        let _ = write!(self.out, "{value}");
    }

    /// Writes a string, escaped where JSON asks for it.
    #[inline]
    pub fn string(&mut self, text: &str) {
        self.out.push(b'"');
        if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
            self.escaped(text);
        } else {
            self.raw(text);
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
