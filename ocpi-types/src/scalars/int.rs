//! Integers and booleans.

use std::borrow::Cow;
use std::fmt;

use crate::json::aliases::day_named;
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Decimal, Rule, Type, Value};

impl Value for i64 {
    const TYPE: Type = Type::Int { digits: 0 };
    const IS_CHECKED: bool = false;

    fn blank() -> Self {
        0
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let at = r.offset();
        match r.plain_number() {
            Some((value, 0)) => {
                *self = value;
                Ok(())
            }
            Some((digits, decimals)) => {
                *self =
                    Decimal::new(digits, decimals).to_integer().ok_or(Stop::value(Rule::ValueForm, at))?;
                r.deviates(Rule::IntForm, at)
            }
            None => odd_integer(self, r),
        }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.integer(*self);
    }

    fn check(&self, _: &mut Check) {}
}

/// `"220"`, `1e2`, or many digits.
#[cold]
fn odd_integer(slot: &mut i64, r: &mut Reader<'_>) -> Result<(), Stop> {
    let (text, at, rule) = r.odd_number()?;
    if rule.is_none() {
        if let Ok(value) = text.parse() {
            *slot = value;
            return Ok(());
        }
    }
    *slot = r
        .decimal(&text)
        .and_then(|(value, lost)| value.to_integer().filter(|_| !lost))
        .ok_or(Stop::value(Rule::ValueForm, at))?;
    r.deviates(rule.unwrap_or(Rule::IntForm), at)
}

impl Value for bool {
    const TYPE: Type = Type::Boolean;
    const IS_CHECKED: Self = false;

    fn blank() -> Self {
        false
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        match r.boolean() {
            Some(value) => {
                *self = value;
                Ok(())
            }
            None => odd_boolean(self, r),
        }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.raw(if *self { "true" } else { "false" });
    }

    fn check(&self, _: &mut Check) {}
}

#[cold]
fn odd_boolean(slot: &mut bool, r: &mut Reader<'_>) -> Result<(), Stop> {
    let at = r.offset();
    let text = match r.peek() {
        Some(b'0' | b'1') => Cow::Borrowed(r.number()?),
        _ => {
            let text = r.string()?;
            r.unpadded(text, at)?
        }
    };
    *slot = match &*text {
        "1" => true,
        "0" => false,
        _ if text.eq_ignore_ascii_case("true") => true,
        _ if text.eq_ignore_ascii_case("false") => false,
        _ => return Err(Stop::value(Rule::ValueForm, at)),
    };
    r.deviates(Rule::BooleanString, at)
}

/// An integer of at most `N` digits.
///
/// ```
/// use ocpi_types::Digits;
/// let weekday = Digits::<1>::try_from(7)?;
/// assert_eq!(weekday.get(), 7);
/// assert!(Digits::<1>::try_from(10).is_err());
/// # Ok::<(), ocpi_types::TooManyDigits>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Digits<const N: u8>(i64);

/// Error: an integer has more digits than its type allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("more digits than the field's limit")]
pub struct TooManyDigits;

impl<const N: u8> Digits<N> {
    /// The integer.
    pub const fn get(self) -> i64 {
        self.0
    }

    fn fits(value: i64) -> bool {
        10_u64.checked_pow(N.into()).is_none_or(|limit| value.unsigned_abs() < limit)
    }
}

#[cold]
fn read_day(slot: &mut i64, r: &mut Reader<'_>) -> Result<(), Stop> {
    let (text, at, rule) = r.odd_number()?;
    if let Some(day) = day_named(&text) {
        *slot = day;
        return r.deviates(Rule::DayName, at);
    }
    let value = r.decimal(&text).and_then(|(value, _)| value.to_integer());
    *slot = value.ok_or(Stop::value(Rule::ValueForm, at))?;
    rule.map_or(Ok(()), |rule| r.deviates(rule, at))
}

impl<const N: u8> TryFrom<i64> for Digits<N> {
    type Error = TooManyDigits;

    fn try_from(value: i64) -> Result<Self, TooManyDigits> {
        if Self::fits(value) { Ok(Self(value)) } else { Err(TooManyDigits) }
    }
}

impl<const N: u8> fmt::Debug for Digits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const N: u8> serde::Serialize for Digits<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<const N: u8> Value for Digits<N> {
    const TYPE: Type = Type::Int { digits: N };

    fn blank() -> Self {
        Self(0)
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        // One digit: the day of a week, which some spell out.
        if N == 1 && r.peek() == Some(b'"') { read_day(&mut self.0, r) } else { self.0.read(r) }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        self.0.write(w);
    }

    fn check(&self, c: &mut Check) {
        c.expect(Self::fits(self.0), Rule::IntDigits);
    }
}
