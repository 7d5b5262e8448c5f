//! Numbers.

use std::borrow::Cow;

use super::{Reader, Stop};
use crate::{Decimal, Rule};

impl<'a> Reader<'a> {
    /// Reads a number, as its text.
    ///
    /// # Errors
    /// When no number stands here, or one longer than the limit.
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
