//! Strings, numbers, words; and passing over any value.

use std::borrow::Cow;

use super::limits::MAX_NUMBER;
use super::{Reader, Stop};
use crate::Rule;

/// Leaves.
impl<'a> Reader<'a> {
    /// The first byte of the value at hand.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads `null` if it stands here.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.word("null")
    }

    /// Reads `true` or `false` if one stands here.
    #[inline]
    pub fn boolean(&mut self) -> Option<bool> {
        match self.peek() {
            Some(b't') if self.word("true") => Some(true),
            Some(b'f') if self.word("false") => Some(false),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if found {
            self.at += word.len();
        }
        found
    }
}

/// Strings.
impl<'a> Reader<'a> {
    /// Reads a string.
    ///
    /// # Errors
    /// When no string stands here.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() == Some(b'"') { self.quoted() } else { Err(self.unexpected()) }
    }

    /// Reads a string, or a number or boolean as its text, which is noted.
    ///
    /// # Errors
    /// When none of these stands here.
    #[inline]
    pub fn text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() == Some(b'"') { self.quoted() } else { self.unquoted_text().map(Cow::Borrowed) }
    }

    #[cold]
    pub(super) fn unquoted_text(&mut self) -> Result<&'a str, Stop> {
        let at = self.at;
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
            }
            Some(b't' | b'f') if self.boolean().is_some() => {}
            _ => return Err(self.unexpected()),
        }
        self.deviates(Rule::TextForm, at)?;
        Ok(self.text_between(at, self.at))
    }

    #[inline]
    pub(super) fn quoted(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => return self.escaped(start),
                Some(0..=0x1f) => return self.escaped(start),
                Some(_) => at += 1,
                None => return Err(Stop::fatal(Rule::JsonEnd, bytes.len())),
            }
        }
        self.at = at + 1;
        Ok(Cow::Borrowed(self.text_between(start, at)))
    }

    #[cold]
    pub(super) fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, Stop> {
        let mut out = String::new();
        self.at = start;
        loop {
            let plain = self.at;
            let bytes = self.text.as_bytes();
            let stop_at = bytes
                .get(plain..)
                .unwrap_or_default()
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
            let Some(length) = stop_at else { return Err(Stop::fatal(Rule::JsonEnd, bytes.len())) };
            let end = plain + length;
            out.push_str(self.text_between(plain, end));
            self.at = end + 1;
            match bytes.get(end) {
                Some(b'"') => return Ok(Cow::Owned(out)),
                Some(b'\\') => self.escape(&mut out, start - 1)?,
                Some(control) => {
                    self.deviates(Rule::ControlCharacter, start - 1)?;
                    out.push(char::from(*control));
                }
                None => return Err(Stop::fatal(Rule::JsonEnd, end)),
            }
        }
    }

    pub(super) fn escape(&mut self, out: &mut String, start: usize) -> Result<(), Stop> {
        let Some(kind) = self.peek() else { return Err(Stop::fatal(Rule::JsonEnd, self.at)) };
        self.at += 1;
        out.push(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape(start)?,
            _ => return Err(Stop::fatal(Rule::JsonSyntax, self.at - 1)),
        });
        Ok(())
    }

    pub(super) fn unicode_escape(&mut self, start: usize) -> Result<char, Stop> {
        let high = self.hex4()?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        let after = self.at;
        if (0xd800..0xdc00).contains(&high) && self.word("\\u") {
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after;
        }
        self.deviates(Rule::Surrogate, start)?;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    pub(super) fn hex4(&mut self) -> Result<u32, Stop> {
        let digits =
            self.text.as_bytes().get(self.at..self.at + 4).ok_or(Stop::fatal(Rule::JsonEnd, self.at))?;
        let value = digits
            .iter()
            .try_fold(0_u32, |sum, digit| char::from(*digit).to_digit(16).map(|digit| sum << 4 | digit));
        let value = value.ok_or(Stop::fatal(Rule::JsonSyntax, self.at))?;
        self.at += 4;
        Ok(value)
    }
}

/// Numbers.
impl<'a> Reader<'a> {
    /// Reads a number, as its text.
    ///
    /// # Errors
    /// When no number stands here, or one of more than 64 characters.
    #[inline]
    pub fn number(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.unexpected());
        }
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading = self.at;
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.as_bytes().get(leading) == Some(&b'0')) {
            return Err(self.syntax());
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.syntax());
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.syntax());
            }
        }
        if self.at - start > MAX_NUMBER {
            return Err(Stop::value(Rule::LimitNumber, start));
        }
        Ok(self.text_between(start, self.at))
    }

    #[inline]
    pub(super) fn digits(&mut self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }
}

/// Passing over.
impl<'a> Reader<'a> {
    /// Passes over a value, whatever it is, and returns its text.
    ///
    /// # Errors
    /// When the text is not JSON, or nested too deep.
    pub fn raw_value(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        self.skip_value()?;
        Ok(self.text_between(start, self.at))
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
                Some(b'-' | b'0'..=b'9') => match self.number() {
                    // A number too long to use may still be passed over.
                    Err(stop) if stop.fatal => return Err(stop),
                    _ => {}
                },
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

    pub(super) fn skip_key(&mut self) -> Result<(), Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        self.skip_string()?;
        self.colon()
    }

    pub(super) fn skip_string(&mut self) -> Result<(), Stop> {
        // What is odd inside a passed text is nobody's finding.
        let (issues, strict) = (self.issues.len(), std::mem::replace(&mut self.strict, false));
        let read = self.quoted();
        self.issues.truncate(issues);
        self.strict = strict;
        read.map(|_| ())
    }
}
