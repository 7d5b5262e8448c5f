//! Numbers.

use std::borrow::Cow;

use super::{Reader, Stop};
use crate::{Decimal, Rule};

impl<'a> Reader<'a> {
    /// Reads a number, as its text.
    ///
    /// # Errors
    /// When the next value is not a number, or exceeds the limit.
    #[inline]
    pub fn number(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.unexpected());
        }
        self.skip_number()?;
        if self.at - start > self.limits.number {
            return Err(Stop::value(Rule::LimitNumber, start));
        }
        Ok(self.text_between(start, self.at))
    }

    /// Passes over a number of any length.
    pub(super) fn skip_number(&mut self) -> Result<(), Stop> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let (start, leading) = (self.at, self.peek());
        let whole = self.digits();
        if whole == 0 {
            return Err(self.broken_number());
        }
        if whole > 1 && leading == Some(b'0') {
            // At its beginning: how many digits follow may not be known yet.
            return Err(Stop::fatal(Rule::JsonSyntax, start + 1));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.broken_number());
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.broken_number());
            }
        }
        Ok(())
    }

    #[cold]
    fn broken_number(&self) -> Stop {
        let rule = if self.at >= self.text.len() { Rule::JsonEnd } else { Rule::JsonSyntax };
        Stop::fatal(rule, self.at)
    }

    /// A plain number, `-12.50` or `7`: its digits as an integer, and the number of decimals among them. `None`
    /// without having moved: it is spelled otherwise, or has more than 18 digits.
    #[inline]
    pub(crate) fn plain_number(&mut self) -> Option<(i64, u32)> {
        let rest = self.rest();
        let negative = rest.first() == Some(&b'-');
        let unsigned = rest.get(usize::from(negative)..)?;
        if let Some(short) = unsigned.first_chunk().and_then(Short::of) {
            self.at += usize::from(negative) + short.length as usize;
            return Some((if negative { -short.digits } else { short.digits }, short.decimals));
        }
        let (mut value, mut count, mut point) = (0_i64, 0_usize, None);
        for byte in unsigned.iter().take(20) {
            match byte {
                b'0'..=b'9' => {
                    value = value.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
                }
                b'.' if point.is_none() => point = Some(count),
                b'.' | b'e' | b'E' => return None,
                _ => break,
            }
            count += 1;
        }
        let (whole, decimals) = match point {
            None => (count, 0),
            Some(at) => (at, count - at - 1),
        };
        let odd = whole == 0
            || (whole > 1 && unsigned.first() == Some(&b'0'))
            || (point.is_some() && decimals == 0)
            || whole + decimals > 18;
        if odd {
            return None;
        }
        self.at += usize::from(negative) + count;
        Some((if negative { -value } else { value }, u32::try_from(decimals).ok()?))
    }

    /// The text of a number that is not plain, which may stand in quotes: then with the rule for that.
    #[cold]
    pub(crate) fn odd_number(&mut self) -> Result<(Cow<'a, str>, usize, Option<Rule>), Stop> {
        let at = self.at;
        if self.peek() != Some(b'"') {
            return Ok((Cow::Borrowed(self.number()?), at, None));
        }
        let text = self.quoted()?;
        if text.len() > self.limits.number {
            return Err(Stop::value(Rule::LimitNumber, at));
        }
        let text = self.unpadded(text, at)?;
        Ok((text, at, Some(Rule::NumberString)))
    }

    /// A number within the limits, and whether digits of it are lost.
    #[cold]
    pub(crate) fn decimal(&self, text: &str) -> Option<(Decimal, bool)> {
        Decimal::parse_within(text, self.limits.exponent).ok()
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }
}

/// A number without a sign of at most seven characters.
struct Short {
    digits: i64,
    decimals: u32,
    length: u32,
}

impl Short {
    /// Looks at eight bytes together, the first of which begins a number; `None`: it is longer, or not plain.
    #[inline]
    fn of(text: &[u8; 8]) -> Option<Self> {
        const ZEROS: u64 = 0x3030_3030_3030_3030;
        let bytes = u64::from_le_bytes(*text) ^ ZEROS;
        let whole = leading_digits(bytes);
        let is_point = text.get(whole as usize) == Some(&b'.');
        // With the point taken out all digits stand together; the place that gets free is the end.
        let together = if is_point {
            let before = (1 << (8 * whole)) - 1;
            bytes & before | bytes >> 8 & !before | 0xff << 56
        } else {
            bytes
        };
        let count = leading_digits(together);
        let length = count + u32::from(is_point);
        let is_odd = whole == 0
            || (whole > 1 && text.first() == Some(&b'0'))
            || (is_point && count == whole)
            || matches!(text.get(length as usize), None | Some(b'.' | b'e' | b'E'));
        if is_odd {
            return None;
        }
        Some(Self { digits: number(together << (8 * (8 - count))), decimals: count - whole, length })
    }
}

/// Number of digits at the beginning, the lowest byte first: bytes from zero to nine.
#[inline]
fn leading_digits(bytes: u64) -> u32 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Up to the first byte that is none nothing carries.
    let others = (bytes.wrapping_add(0x7676_7676_7676_7676) | bytes) & HIGH;
    others.trailing_zeros() / 8
}

/// The number of eight digits, the first in the lowest byte.
#[inline]
fn number(digits: u64) -> i64 {
    const PAIRS: u64 = 0x0000_00ff_0000_00ff;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let first = (pairs & PAIRS).wrapping_mul(100 + (1_000_000 << 32));
    let second = (pairs >> 16 & PAIRS).wrapping_mul(1 + (10_000 << 32));
    i64::from((first.wrapping_add(second) >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use crate::json::{Limits, Reader};

    /// Reads a plain number in another way than that which is tested.
    fn expected(text: &str) -> Option<(i64, u32, usize)> {
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | 'e' | 'E')).unwrap_or(text.len());
        let number = text.get(..end)?;
        let unsigned = number.strip_prefix('-').unwrap_or(number);
        let (whole, fraction) =
            unsigned.split_once('.').map_or((unsigned, None), |(one, two)| (one, Some(two)));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_plain = is_digits(whole)
            && fraction.is_none_or(is_digits)
            && (whole.len() == 1 || !whole.starts_with('0'))
            && whole.len() + fraction.map_or(0, str::len) <= 18;
        let digits = number.replace('.', "").parse().ok()?;
        is_plain.then_some((digits, u32::try_from(fraction.map_or(0, str::len)).ok()?, end))
    }

    #[test]
    fn numbers_are_read_up_to_their_end() {
        let parts =
            ["", "0", "7", "10", "00", "05", "99", "123456", "1234567", "12345678", "123456789012345678"];
        for (whole, fraction) in parts.iter().flat_map(|whole| parts.iter().map(move |part| (whole, part))) {
            for (sign, point) in [("", "."), ("-", "."), ("", ""), ("--", "."), ("", "..")] {
                for end in [
                    "",
                    ",",
                    "}        ",
                    "e5",
                    "E",
                    ".",
                    ".5,",
                    " \n\n\n\n\n\n\n\n",
                    "é",
                    "\u{7f}",
                    "/",
                    ":",
                    "-1",
                ] {
                    let text = format!("{sign}{whole}{point}{fraction}{end}");
                    let mut reader = Reader::tolerant(text.as_bytes(), Limits::default()).unwrap();
                    let read =
                        reader.plain_number().map(|(digits, decimals)| (digits, decimals, reader.offset()));
                    let is_of_this_test = !end.starts_with('-');
                    if is_of_this_test {
                        assert_eq!(read, expected(&text), "{text:?}");
                    }
                    assert!(read.is_some() || reader.offset() == 0, "{text:?} moved");
                }
            }
        }
    }
}
