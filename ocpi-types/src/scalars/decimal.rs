//! Exact decimal numbers.

mod word;

use std::cmp::Ordering;
use std::fmt;

use crate::json::{MAX_EXPONENT, Reader, Stop, Writer};
use crate::{Check, Rule, Type, Value};

/// An exact decimal number: money, energy, time, power. Never a float.
///
/// Keeps up to 28 digits and the original number of decimals (`0.10` stays `0.10`). Arithmetic is checked: a result
/// that is too large is `None`; one with too many digits is rounded.
///
/// ```
/// use ocpi_types::Decimal;
/// let price: Decimal = "0.35".parse()?;
/// let energy: Decimal = "20.5".parse()?;
/// assert_eq!(price.checked_mul(energy).unwrap().to_string(), "7.175");
/// assert_eq!("1.50".parse::<Decimal>()?, "1.5".parse()?);
/// assert_eq!("1e3".parse::<Decimal>()?.to_string(), "1000");
/// assert_eq!("-0e0".parse::<Decimal>()?.to_string(), "0");
/// assert!("1e999999999".parse::<Decimal>().is_err());
/// # Ok::<(), ocpi_types::DecimalError>(())
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Decimal(rust_decimal::Decimal);

/// Error: a text is not a decimal number of at most 28 digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a decimal number of at most 28 digits")]
pub struct DecimalError;

/// The largest number of decimals that can be kept.
const MAX_SCALE: i32 = 28;

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);
    /// One.
    pub const ONE: Self = Self(rust_decimal::Decimal::ONE);

    /// Returns `digits` / 10^`scale`: `Decimal::new(1234, 2)` is 12.34. A scale above 28 counts as 28.
    pub fn new(digits: i64, scale: u32) -> Self {
        Self(rust_decimal::Decimal::try_new(digits, scale.min(28)).unwrap_or_default())
    }

    /// Returns the sum.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.short_sum(other).or_else(|| self.0.checked_add(other.0).and_then(Self::within_digits))
    }

    /// Returns the difference.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.short_difference(other).or_else(|| self.0.checked_sub(other.0).and_then(Self::within_digits))
    }

    /// Returns the product.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        self.short_product(other).or_else(|| self.0.checked_mul(other.0).and_then(Self::within_digits))
    }

    /// Returns the quotient, to 28 digits; `None` also for a division by zero.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.0.checked_div(other.0).and_then(Self::within_digits)
    }

    /// Holds a result to the digits that can be written and read again.
    fn within_digits(mut value: rust_decimal::Decimal) -> Option<Self> {
        const LIMIT: i128 = 10_i128.pow(28);
        while value.mantissa().abs() >= LIMIT {
            value = value.round_dp(value.scale().checked_sub(1)?);
        }
        if value.is_zero() {
            value.set_sign_positive(true);
        }
        Some(Self(value))
    }

    /// Returns the digits and the number of decimals: 12.34 is (1234, 2).
    #[inline]
    pub fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// The number in billionths; `None` if it has more decimals, or too many digits.
    #[inline]
    fn short(self) -> Option<i128> {
        const POWERS: [i128; 10] =
            [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
        let (digits, scale) = self.parts();
        let digits = i64::try_from(digits).ok()?;
        Some(i128::from(digits) * POWERS.get(scale as usize)?)
    }

    /// Creates a number from its [`parts`](Self::parts); `None` with more than 28 digits or decimals.
    ///
    /// ```
    /// use ocpi_types::Decimal;
    /// assert_eq!(Decimal::from_parts(1234, 2), "12.34".parse().ok());
    /// assert_eq!(Decimal::from_parts(10_i128.pow(28), 2), None);
    /// ```
    pub fn from_parts(digits: i128, scale: u32) -> Option<Self> {
        let value = rust_decimal::Decimal::try_from_i128_with_scale(digits, scale).ok()?;
        (digits.unsigned_abs() < 10_u128.pow(28)).then_some(Self(value))
    }

    /// Rounds to `decimals`, half away from zero.
    #[must_use]
    pub fn round(self, decimals: u32) -> Self {
        let half_up = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        Self(self.0.round_dp_with_strategy(decimals, half_up))
    }

    /// Removes trailing zeros.
    #[must_use]
    pub fn normalize(self) -> Self {
        self.short_normalized().unwrap_or_else(|| Self(self.0.normalize()))
    }

    /// Returns the original number of decimals.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Returns the number as an integer, if it is one.
    pub fn to_integer(self) -> Option<i64> {
        i64::try_from(self.0.normalize()).ok().filter(|value| Self::from(*value) == self)
    }

    /// Returns the nearest binary fraction: for maps and charts, not for money.
    ///
    /// ```
    /// use ocpi_types::Decimal;
    /// assert_eq!(Decimal::new(1234, 2).to_f64(), 12.34);
    /// ```
    pub fn to_f64(self) -> f64 {
        // Parsing rounds once, and correctly.
        self.to_string().parse().unwrap_or_default()
    }

    /// Reads a number of JSON's form; says whether digits were lost.
    fn parse(text: &str) -> Result<(Self, bool), DecimalError> {
        Self::parse_within(text, MAX_EXPONENT)
    }

    /// Reads a number of JSON's form with an exponent that is not too large.
    pub(crate) fn parse_within(text: &str, max_exponent: u32) -> Result<(Self, bool), DecimalError> {
        let bytes = text.as_bytes();
        // Most numbers: a few digits and a point.
        if bytes.len() <= 18 {
            let (mut digits, mut scale, mut point) = (0_i64, 0_u32, false);
            let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
            let is_plain = !unsigned.is_empty()
                && unsigned.iter().all(|byte| match byte {
                    b'0'..=b'9' => {
                        digits = digits * 10 + i64::from(byte - b'0');
                        scale += u32::from(point);
                        true
                    }
                    b'.' if !point => {
                        point = true;
                        true
                    }
                    _ => false,
                })
                && unsigned.first() != Some(&b'.')
                && unsigned.last() != Some(&b'.');
            if is_plain {
                let digits = if unsigned.len() < bytes.len() { -digits } else { digits };
                return Ok((Self::new(digits, scale), false));
            }
        }
        Self::parse_any(text, max_exponent.min(MAX_EXPONENT))
    }

    #[cold]
    fn parse_any(text: &str, max_exponent: u32) -> Result<(Self, bool), DecimalError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            None => (text, 0),
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| DecimalError)?),
        };
        if exponent.unsigned_abs() > max_exponent {
            return Err(DecimalError);
        }
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || unsigned.len() > 64 {
            return Err(DecimalError);
        }
        let fraction = if unsigned.contains('.') { fraction } else { "" };
        let scale = i32::try_from(fraction.len()).map_err(|_| DecimalError)? - exponent;
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        Self::from_digits(mantissa.starts_with('-'), digits, scale).ok_or(DecimalError)
    }

    /// A number from its digits and the number of decimals among them, rounded until it fits.
    fn from_digits(negative: bool, digits: &str, scale: i32) -> Option<(Self, bool)> {
        let (mut digits, mut scale) = (digits.to_owned(), scale);
        let mut lost = false;
        let mut round_up = false;
        if scale < 0 {
            // Zeros behind the digits; more than 28 of them do not fit in any case.
            if !digits.is_empty() {
                digits.extend(std::iter::repeat_n('0', usize::try_from(-scale).ok()?));
            }
            scale = 0;
        }
        while digits.len() > 28 || scale > MAX_SCALE {
            if scale <= 0 {
                return None;
            }
            let last = digits.pop().unwrap_or('0');
            lost |= last != '0';
            round_up = last >= '5';
            scale -= 1;
        }
        let mut mantissa = if digits.is_empty() { 0 } else { digits.parse::<i128>().ok()? };
        mantissa += i128::from(round_up);
        let scale = u32::try_from(scale).ok()?;
        let value = rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).ok()?;
        // Zero has no sign, however it was spelled: it is written the same after every reading.
        Some((Self(if negative && mantissa != 0 { -value } else { value }), lost))
    }
}

impl Ord for Decimal {
    /// Compares by the value: 1.50 and 1.5 are equal.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        // Numbers are mostly so short that their digits are compared, whatever decimals they have.
        match (self.short(), other.short()) {
            (Some(one), Some(two)) => one.cmp(&two),
            _ => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Decimal {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(value: Decimal) -> Self {
        value.0
    }
}

/// A number of up to 28 digits; one with more is rounded in the last.
impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self::within_digits(value).unwrap_or(Self(value))
    }
}

impl std::str::FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        match Self::parse(text)? {
            (value, false) => Ok(value),
            (_, true) => Err(DecimalError),
        }
    }
}

impl TryFrom<&str> for Decimal {
    type Error = DecimalError;

    fn try_from(text: &str) -> Result<Self, DecimalError> {
        text.parse()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// As a number in JSON, digit for digit.
impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::json::serialize_raw(&self.to_string(), serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::json::deserialize(from)
    }
}

impl Value for Decimal {
    const TYPE: Type = Type::Number;

    fn blank() -> Self {
        Self::ZERO
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        if let Some((digits, decimals)) = r.plain_number() {
            *self = Self::new(digits, decimals);
            return Ok(());
        }
        self.read_odd(r)
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.decimal(*self);
    }

    fn check(&self, c: &mut Check) {
        c.expect(self.0.scale() <= 4 || self.0.normalize().scale() <= 4, Rule::NumberScale);
    }
}

impl Decimal {
    /// In quotes, with an exponent, or with many digits.
    #[cold]
    fn read_odd(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let (text, at, rule) = r.odd_number()?;
        let (value, lost) = r.decimal(&text).ok_or(Stop::value(Rule::ValueForm, at))?;
        *self = value;
        if lost {
            r.deviates(Rule::NumberPrecision, at)?;
        }
        rule.map_or(Ok(()), |rule| r.deviates(rule, at))
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    /// Also one that an application computed.
    #[test]
    fn zero_has_no_sign() {
        let minus_zero = -rust_decimal::Decimal::new(0, 2);
        let zero = Decimal::from(minus_zero);
        assert_eq!((zero.to_string(), crate::json::to_string(&zero)), ("0.00".into(), "0.00".into()));
        let product = zero.checked_mul("-1".parse().unwrap()).unwrap();
        assert_eq!(crate::json::to_string(&product), product.to_string());
        assert!(!product.to_string().starts_with('-'), "{product}");
    }

    /// Short numbers are compared in another way than long ones: both agree with the other decimals.
    #[test]
    fn numbers_are_in_order() {
        let texts = [
            "-7922816251426433759354395.335",
            "-9223372036854775808",
            "-1.000000001",
            "-1",
            "-0.0000000001",
            "0",
            "0.000000000000000000000000001",
            "0.0000000001",
            "0.000000001",
            "1.49999999999",
            "1.5",
            "1.6",
            "9223372036854775807",
            "9223372036854775807.5",
            "9223372036854775808",
        ];
        let numbers: Vec<Decimal> = texts.iter().map(|text| text.parse().unwrap()).collect();
        for (place, one) in numbers.iter().enumerate() {
            for (other_place, other) in numbers.iter().enumerate() {
                assert_eq!(one.cmp(other), place.cmp(&other_place), "{one} and {other}");
                assert_eq!(one.cmp(other), one.0.cmp(&other.0), "{one} and {other}");
            }
        }
        let equal: [Decimal; 2] = ["1.50", "1.5"].map(|text| text.parse().unwrap());
        assert!(equal[0] == equal[1] && equal[0].cmp(&equal[1]).is_eq());
    }
}
