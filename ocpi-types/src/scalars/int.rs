//! Integers and booleans.

use std::fmt;

use crate::json::{Reader, Stop, Writer};
use crate::{Check, Decimal, Rule, Type, Value};

impl Value for i64 {
    const TYPE: Type = Type::Int { digits: 0 };

    fn blank() -> Self {
        0
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let at = r.offset();
        if r.peek() == Some(b'"') {
            let text = r.string()?;
            *self = odd_integer(&text).ok_or(Stop::value(Rule::ValueForm, at))?;
            return r.deviates(Rule::NumberString, at);
        }
        let text = r.number()?;
        match text.parse() {
            Ok(value) => {
                *self = value;
                Ok(())
            }
            Err(_) => {
                *self = odd_integer(text).ok_or(Stop::value(Rule::ValueForm, at))?;
                r.deviates(Rule::IntForm, at)
            }
        }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.display(self);
    }

    fn check(&self, _: &mut Check) {}
}

/// `220.0`, `1e2`: the integer that is meant, if there is one.
#[cold]
fn odd_integer(text: &str) -> Option<i64> {
    text.parse::<Decimal>().ok()?.to_integer()
}

impl Value for bool {
    const TYPE: Type = Type::Boolean;

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
    let text = r.string()?;
    *slot = match &*text {
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

/// An integer has more digits than its type holds.
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
        self.0.read(r)
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        self.0.write(w);
    }

    fn check(&self, c: &mut Check) {
        c.expect(Self::fits(self.0), Rule::IntDigits);
    }
}
