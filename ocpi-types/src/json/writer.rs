//! The writer: writes directly into bytes, without whitespace or an intermediate tree.

mod digits;
mod lists;
mod objects;
mod style;
mod styled;

pub use style::{Cut, Cuts, Times, WritingStyle, Written};
pub(crate) use styled::with_decimals;
pub use styled::{write_for, write_list_for};

use style::Styling;

use super::reader::{is_plain, plain_length};

/// Writes JSON into a buffer.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Style of a partner, where it differs from the usual.
    styling: Option<Box<Styling>>,
}

impl Writer {
    /// Creates an empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// A writer that goes on behind the contents of the buffer.
    pub(super) fn over(out: Vec<u8>) -> Self {
        Self { out, styling: None }
    }

    /// Returns the text written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes text that is already JSON.
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

    pub(super) fn key(&mut self, name: &str) {
        self.raw(",");
        self.quoted(name);
        self.raw(":");
    }

    /// Everything inside starts with a comma; the first of them becomes the opening bracket.
    #[inline]
    fn enclosed(&mut self, open: u8, close: u8, inside: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        inside(self);
        self.close(start, open, close);
    }

    /// Puts brackets around what was written from `start` on.
    #[inline]
    fn close(&mut self, start: usize, open: u8, close: u8) {
        match self.out.get_mut(start) {
            Some(comma) => *comma = open,
            None => self.out.push(open),
        }
        self.out.push(close);
    }

    /// Writes a number or a time in its `Display` form.
    #[inline]
    pub fn display(&mut self, value: &impl std::fmt::Display) {
        use std::io::Write;
        // Writing into a vector does not fail.
        let _ = write!(self.out, "{value}");
    }

    /// Writes a string, with the escapes that JSON requires.
    #[inline]
    pub fn string(&mut self, text: &str) {
        if self.styling.is_some() {
            return self.styled_string(text);
        }
        self.quoted(text);
    }

    /// Writes an enum value. A listed value is a plain word that needs no escapes.
    #[doc(hidden)]
    #[inline]
    pub fn enum_value(&mut self, text: &str, is_listed: bool) {
        if is_listed && self.styling.is_none() {
            return self.known(text);
        }
        self.string(text);
    }

    #[inline]
    fn quoted(&mut self, text: &str) {
        self.out.push(b'"');
        if is_plain(text.as_bytes()) {
            self.raw(text);
        } else {
            self.escaped(text);
        }
        self.out.push(b'"');
    }

    /// A known text of an enum: nothing in it is to be escaped.
    #[inline]
    fn known(&mut self, text: &str) {
        self.out.push(b'"');
        self.raw(text);
        self.out.push(b'"');
    }

    /// Copies what may stand as it is in one go.
    #[cold]
    fn escaped(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        loop {
            let (plain, odd) = rest.split_at_checked(plain_length(rest)).unwrap_or((rest, &[]));
            self.raw_bytes(plain);
            let Some((byte, after)) = odd.split_first() else { return };
            match byte {
                b'\n' => self.raw("\\n"),
                b'\r' => self.raw("\\r"),
                b'\t' => self.raw("\\t"),
                0..0x20 => {
                    let low = b"0123456789abcdef".get(usize::from(byte & 15)).copied().unwrap_or_default();
                    self.raw_bytes(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), low]);
                }
                // A quote or a backslash.
                _ => self.raw_bytes(&[b'\\', *byte]),
            }
            rest = after;
        }
    }
}
