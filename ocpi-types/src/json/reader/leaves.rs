//! Strings, booleans and `null`.

use std::borrow::Cow;

use super::{Reader, Stop};
use crate::Rule;

/// Words.
impl<'a> Reader<'a> {
    /// Returns the first byte of the next value.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The text from here on.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Reads `null`, if it is next.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.word("null")
    }

    /// Reads `true` or `false`, if one is next.
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
        let found = self.rest().starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    /// Whether an empty string stands here, or one of blanks only.
    #[inline]
    pub(crate) fn is_empty_string(&self) -> bool {
        self.peek() == Some(b'"')
            && match self.rest().get(1) {
                Some(b'"') => true,
                Some(byte) if *byte <= b' ' => self.is_blank_string(),
                _ => false,
            }
    }

    #[cold]
    fn is_blank_string(&self) -> bool {
        let mut text = self.rest().iter().skip(1);
        text.find(|byte| **byte > b' ') == Some(&b'"')
    }

    /// Passes over the next string.
    pub(crate) fn pass_string(&mut self) -> Result<(), Stop> {
        self.skip_string()
    }
}

/// Strings.
impl<'a> Reader<'a> {
    /// Reads a string.
    ///
    /// # Errors
    /// When the next value is not a string, or exceeds the limit.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() == Some(b'"') { self.quoted() } else { Err(self.unexpected()) }
    }

    /// The next string, if it has nothing to be unescaped, no blank at an end and no more than the length allowed. `None`
    /// without having moved: it is to be read in another way.
    #[inline(never)]
    pub(crate) fn plain_text(&mut self) -> Option<&'a str> {
        let [b'"', rest @ ..] = self.rest() else { return None };
        let length = plain_length(rest);
        if rest.get(length) != Some(&b'"') || length > self.limits.string {
            return None;
        }
        let start = self.at + 1;
        let text = self.text.get(start..start + length).filter(|text| !is_padded(text))?;
        self.at = start + length + 1;
        Some(text)
    }

    /// The bytes of the next string, if there are `N` between its quotes, whatever they are.
    #[inline]
    pub(crate) fn fixed_text<const N: usize>(&self) -> Option<&'a [u8; N]> {
        let (quote, rest) = self.rest().split_first()?;
        let (text, rest) = rest.split_first_chunk::<N>()?;
        (*quote == b'"' && rest.first() == Some(&b'"')).then_some(text)
    }

    /// Goes behind the quotes around so many bytes.
    #[inline]
    pub(crate) fn pass_fixed_text<const N: usize>(&mut self) {
        self.at += N + 2;
    }

    /// Reads a string, or a number or boolean as its text, which is recorded as a deviation.
    ///
    /// # Errors
    /// When none of these is next.
    #[inline]
    pub fn text(&mut self) -> Result<Cow<'a, str>, Stop> {
        match self.plain_text() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.odd_text(),
        }
    }

    #[cold]
    fn odd_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() == Some(b'"') { self.quoted() } else { self.unquoted_text().map(Cow::Borrowed) }
    }

    /// [`Reader::text`] for a value that is not free text: surrounding blanks are removed and recorded.
    ///
    /// # Errors
    /// As [`Reader::text`].
    #[cold]
    pub fn word_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        let at = self.at;
        let text = self.text()?;
        if is_padded(&text) { self.unpadded(text, at) } else { Ok(text) }
    }

    /// [`Reader::text`] of a value that may be free text.
    #[cold]
    pub(crate) fn free_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        let at = self.at;
        let text = self.text()?;
        if is_padded(&text) { self.perhaps_free(text, at) } else { Ok(text) }
    }

    #[cold]
    fn perhaps_free(&mut self, text: Cow<'a, str>, at: usize) -> Result<Cow<'a, str>, Stop> {
        if self.trims {
            return self.unpadded(text, at);
        }
        self.padded = true;
        Ok(text)
    }

    /// Returns the text without surrounding blanks, which are recorded.
    ///
    /// # Errors
    /// As [`Reader::deviates`].
    #[cold]
    pub fn unpadded(&mut self, text: Cow<'a, str>, at: usize) -> Result<Cow<'a, str>, Stop> {
        let trimmed = trimmed(&text);
        if trimmed.len() == text.len() {
            return Ok(text);
        }
        let trimmed = match text {
            Cow::Borrowed(text) => Cow::Borrowed(self::trimmed(text)),
            Cow::Owned(_) => Cow::Owned(trimmed.to_owned()),
        };
        self.deviates(Rule::Blanks, at)?;
        Ok(trimmed)
    }

    #[cold]
    fn unquoted_text(&mut self) -> Result<&'a str, Stop> {
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
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = plain_length(rest);
        if rest.get(length) == Some(&b'"') && length <= self.limits.string {
            self.at = start + length + 1;
            return Ok(Cow::Borrowed(self.text_between(start, start + length)));
        }
        self.odd_string(start)
    }

    /// One that is longer than the limit, has escapes, or does not end.
    #[cold]
    fn odd_string(&mut self, start: usize) -> Result<Cow<'a, str>, Stop> {
        self.at = start;
        // Not much longer than the string: up to the next quote.
        let room = self.text.get(start..).and_then(|rest| rest.find('"')).unwrap_or_default();
        let mut out = String::with_capacity(room.min(self.limits.string));
        loop {
            let plain = plain_length(self.rest());
            let end = self.at + plain;
            if out.len() + plain > self.limits.string {
                return Err(Stop::value(Rule::LimitString, start - 1));
            }
            out.push_str(self.text_between(self.at, end));
            self.at = end + 1;
            match self.text.as_bytes().get(end) {
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

    fn escape(&mut self, out: &mut String, start: usize) -> Result<(), Stop> {
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

    fn unicode_escape(&mut self, start: usize) -> Result<char, Stop> {
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
        let end = Stop::fatal(Rule::JsonEnd, self.text.len());
        let digits = self.rest().get(..4).ok_or(end)?;
        let value = digits
            .iter()
            .try_fold(0_u32, |sum, digit| char::from(*digit).to_digit(16).map(|digit| sum << 4 | digit));
        let value = value.ok_or(Stop::fatal(Rule::JsonSyntax, self.at))?;
        self.at += 4;
        Ok(value)
    }
}

/// Whether a blank, or a character that may be one, stands at an end of a text.
#[inline]
pub(crate) fn is_padded(text: &str) -> bool {
    let is_plain = |byte: &u8| (0x21..0x80).contains(byte);
    let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last()) else { return false };
    !(is_plain(first) && is_plain(last))
}

/// The text without the blanks at its ends, those without a width included: a byte order mark is one.
#[cold]
pub(crate) fn trimmed(text: &str) -> &str {
    let is_invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bits of the bytes that are a quote, a backslash or a control character; of the bytes above the lowest of
/// these, some more may be set.
#[inline]
fn specials(word: u64) -> u64 {
    // With one bit turned a quote stands right behind the control characters.
    let quote_or_control = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
    // Of an ASCII byte that is sought the subtraction borrows into the high bit, which was not set before.
    (quote_or_control | backslash) & !word & HIGH
}

/// Number of bytes before a quote, a backslash or a control character: eight are looked at together.
#[inline]
pub(in crate::json) fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let special = specials(u64::from_le_bytes(*chunk));
        if special != 0 {
            // The lowest is exact; a borrow reaches only higher bytes.
            return bytes.len() - rest.len() + (special.trailing_zeros() / 8) as usize;
        }
        rest = after;
    }
    bytes.len() - rest.len() + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// Whether no byte is a quote, a backslash or a control character. Words overlap at the end of a text, and in the middle
/// of a short one.
#[inline]
pub(in crate::json) fn is_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk() else { return specials(short_word(bytes)) == 0 };
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        if specials(u64::from_le_bytes(*chunk)) != 0 {
            return false;
        }
        rest = after;
    }
    specials(u64::from_le_bytes(*last)) == 0
}

/// All bytes of a text of less than eight in one word, some of them twice, beside plain ones.
#[inline]
fn short_word(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    bytes.iter().fold(ONES * u64::from(b' '), |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::{is_plain, plain_length};

    #[test]
    fn a_plain_text_ends_at_a_quote_a_backslash_or_a_control_character() {
        for length in 0..20 {
            assert_eq!(plain_length(&vec![b'x'; length]), length);
            for (place, byte) in (0..length).flat_map(|place| (0..=u8::MAX).map(move |byte| (place, byte))) {
                // Behind the first one stand others, which must not matter.
                for rest in [b'x', b'"', 0xff] {
                    let mut text = vec![b'x'; length];
                    text[place] = byte;
                    text[place + 1..].fill(rest);
                    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
                    let expected = text.iter().position(is_special).unwrap_or(length);
                    assert_eq!(plain_length(&text), expected, "{text:?}");
                    assert_eq!(is_plain(&text), expected == length, "{text:?}");
                }
            }
        }
    }
}
