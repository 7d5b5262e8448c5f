//! Skipping of values.

use super::leaves::plain_length;
use super::{Reader, Stop};
use crate::Rule;

impl<'a> Reader<'a> {
    /// Skips a value of any type, and returns its text.
    ///
    /// # Errors
    /// When the text is not JSON, or nested too deeply.
    pub fn raw_value(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        self.skip_value()?;
        Ok(self.text_between(start, self.at))
    }

    /// [`Reader::raw_value`] of the text around objects: it counts for none of them.
    pub(in crate::json) fn raw_around(&mut self) -> Result<&'a str, Stop> {
        let left = std::mem::replace(&mut self.nodes_left, usize::MAX);
        let raw = self.raw_value();
        self.nodes_left = left;
        raw
    }

    /// Passes over a value without recursion.
    pub(in crate::json) fn skip_value(&mut self) -> Result<(), Stop> {
        // A bit per level: 1 for an object, 0 for a list.
        let mut levels = 0_u128;
        let base = self.depth;
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    let is_object = open == b'{';
                    let empty = if is_object { !self.open_object()? } else { !self.open_list()? };
                    if !empty {
                        levels = levels << 1 | u128::from(is_object);
                        if is_object {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.skip_string()?,
                Some(b't' | b'f') if self.boolean().is_some() => {}
                Some(b'n') if self.null() => {}
                Some(b'-' | b'0'..=b'9') => self.skip_number()?,
                _ => return Err(self.syntax()),
            }
            loop {
                if self.depth == base {
                    return Ok(());
                }
                let in_object = levels & 1 == 1;
                if if in_object { self.next_member()? } else { self.next_element()? } {
                    if in_object {
                        self.skip_key()?;
                    }
                    break;
                }
                levels >>= 1;
            }
        }
    }

    fn skip_key(&mut self) -> Result<(), Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        self.skip_string()?;
        self.colon()
    }

    /// Passes over a string. Oddities inside are no findings, but an escape must be one of JSON.
    #[inline]
    pub(super) fn skip_string(&mut self) -> Result<(), Stop> {
        let start = self.at + 1;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = plain_length(rest);
        self.at = start + length;
        if rest.get(length) == Some(&b'"') {
            self.at += 1;
            return Ok(());
        }
        self.skip_odd_string()
    }

    /// Goes on in a string that has escapes or control characters, or does not end.
    #[cold]
    fn skip_odd_string(&mut self) -> Result<(), Stop> {
        loop {
            self.at += plain_length(self.rest());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            self.hex4()?;
                        }
                        Some(_) => return Err(Stop::fatal(Rule::JsonSyntax, self.at)),
                        None => return Err(Stop::fatal(Rule::JsonEnd, self.at)),
                    }
                }
                Some(_) => self.at += 1,
                None => return Err(Stop::fatal(Rule::JsonEnd, self.at)),
            }
        }
    }
}
