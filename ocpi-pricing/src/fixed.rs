//! Exact fixed-point arithmetic inside the engine.

use ocpi_types::Decimal;

/// A number with sixteen decimals and at most twelve digits before the point.
///
/// Every one is a `Decimal` of at most 28 digits, so a sum that is right here is right outside. A quantity or an
/// amount beyond its range is an error of the caller, never a wrong number.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Fixed(i128);

/// The factor that turns one quantity into another: `numerator / denominator`, the denominator above zero.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ratio {
    numerator: i128,
    denominator: i128,
}

const SCALE: u32 = 16;
const UNIT: i128 = 10_i128.pow(SCALE);
const LIMIT: i128 = 10_i128.pow(28);
/// The powers of ten, up to that of the most decimals that a number has.
const POWERS: [i128; 29] = {
    let mut powers = [1; 29];
    let mut index = 1;
    while index < powers.len() {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

impl Fixed {
    pub(crate) const ZERO: Self = Self(0);
    pub(crate) const ONE: Self = Self(UNIT);
    /// Beyond every number that is computed with.
    pub(crate) const MAX: Self = Self(LIMIT);

    /// The number, to sixteen decimals.
    #[inline]
    pub(crate) fn of(value: Decimal) -> Option<Self> {
        let (digits, scale) = value.parts();
        let value = if scale <= SCALE {
            match (i64::try_from(digits), short_power(SCALE - scale)) {
                (Ok(digits), Some(power)) => i128::from(digits) * i128::from(power),
                _ => digits.checked_mul(power(SCALE - scale))?,
            }
        } else {
            divide(digits, power(scale - SCALE))
        };
        Self(value).within()
    }

    /// The number, if it has no more decimals.
    #[inline]
    pub(crate) fn exactly(value: Decimal) -> Option<Self> {
        Some(value).filter(|value| value.scale() <= SCALE).and_then(Self::of)
    }

    /// The number, or the largest or smallest there is: for bounds that nothing reaches.
    pub(crate) fn saturating(value: Decimal) -> Self {
        Self::of(value).unwrap_or(if value.is_negative() { Self(-LIMIT) } else { Self::MAX })
    }

    /// Whole units.
    pub(crate) fn whole(value: i64) -> Self {
        Self(i128::from(value) * UNIT)
    }

    /// Thousandths.
    pub(crate) fn thousandths(value: i64) -> Self {
        Self(i128::from(value) * (UNIT / 1000))
    }

    /// Seconds.
    #[inline]
    pub(crate) fn seconds(delta: chrono::TimeDelta) -> Self {
        // Years 0 to 9999 are far below the limit.
        Self(
            i128::from(delta.num_seconds()) * UNIT
                + i128::from(delta.subsec_nanos()) * (UNIT / 1_000_000_000),
        )
    }

    /// To the nanosecond.
    pub(crate) fn to_delta(self) -> chrono::TimeDelta {
        let nanos = divide(self.0, UNIT / 1_000_000_000);
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(0);
        let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
        chrono::TimeDelta::new(seconds, nanos).unwrap_or_default()
    }

    /// The same number, without trailing zeros.
    pub(crate) fn to_decimal(self) -> Decimal {
        // Within 28 digits and 28 decimals by construction.
        Decimal::from_parts(self.0, SCALE).unwrap_or_default().normalize()
    }

    #[inline]
    fn within(self) -> Option<Self> {
        (-LIMIT < self.0 && self.0 < LIMIT).then_some(self)
    }

    #[inline]
    pub(crate) fn add(self, other: Self) -> Option<Self> {
        Self(self.0 + other.0).within()
    }

    #[inline]
    pub(crate) fn sub(self, other: Self) -> Option<Self> {
        Self(self.0 - other.0).within()
    }

    pub(crate) fn negate(self) -> Self {
        Self(-self.0)
    }

    #[inline]
    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub(crate) fn is_negative(self) -> bool {
        self.0 < 0
    }

    #[inline]
    pub(crate) fn is_whole(self) -> bool {
        self.0 % UNIT == 0
    }

    /// The product, a half of the last decimal away from zero.
    #[inline]
    pub(crate) fn times(self, by: Ratio) -> Option<Self> {
        let value = match self.0.checked_mul(by.numerator) {
            Some(product) => divide(product, by.denominator),
            None => multiply_wide(self.0, by.numerator, by.denominator)?,
        };
        Self(value).within()
    }

    /// The quotient: undoes [`times`](Self::times) by a ratio above zero.
    pub(crate) fn over(self, by: Ratio) -> Option<Self> {
        if by.numerator <= 0 {
            return None;
        }
        self.times(Ratio { numerator: by.denominator, denominator: by.numerator })
    }

    /// The part of `self` that `part` is of `whole`; `whole` is above zero.
    pub(crate) fn share(self, part: Self, whole: Self) -> Option<Self> {
        self.times(Ratio { numerator: part.0, denominator: whole.0 })
    }

    /// The next multiple of a step, itself if it is one. What exceeds a multiple by less than a millionth of a
    /// step is the noise of a float, and does not cost a step. A step that is not above zero does not round.
    #[inline]
    pub(crate) fn up_to(self, step: Self) -> Option<Self> {
        if step.0 <= 0 {
            return Some(self);
        }
        let over = self.0 % step.0;
        if over <= step.0 / 1_000_000 { Self(self.0 - over) } else { Self(self.0 - over + step.0) }.within()
    }
}

impl Ratio {
    pub(crate) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// `value`, divided by `by`, which is above zero and below 10^9.
    pub(crate) fn of(value: Decimal, by: i128) -> Self {
        let (numerator, scale) = value.normalize().parts();
        Self { numerator, denominator: power(scale) * by }
    }

    /// Returns the share of the amount before tax in one with `percent` of tax inside; `None` at -100 percent and
    /// below.
    pub(crate) fn without(percent: Decimal) -> Option<Self> {
        let (percent, scale) = percent.normalize().parts();
        let numerator = 100 * power(scale);
        let denominator = numerator + percent;
        (denominator > 0).then_some(Self { numerator, denominator })
    }
}

/// Seconds of a volume in hours. With `whole`: if the volume is a rounding of whole seconds, to four decimals or
/// more, or a float near them, those.
pub(crate) fn seconds_of_hours(hours: Decimal, whole: bool) -> Option<Fixed> {
    let (digits, scale) = hours.parts();
    let unit = power(scale);
    let product = digits * 3600;
    let seconds = divide(product, unit);
    // Half of the last decimal of an hour is 1800 / unit seconds; the noise of a float is below a microsecond.
    let difference = (product - seconds * unit).abs();
    let is_rounding = scale >= 4 && (difference <= 1800 || difference <= unit / 1_000_000);
    if whole && is_rounding {
        return Fixed(seconds.checked_mul(UNIT)?).within();
    }
    let value = match product.checked_mul(UNIT) {
        Some(product) => divide(product, unit),
        None => multiply_wide(digits, 3600 * UNIT, unit)?,
    };
    Fixed(value).within()
}

/// Whether hours are nearer to a length, which is above nothing, than allowed: by more than any rounding of these numbers.
pub(crate) fn is_surely_near(hours: Fixed, millis: i64, allowed: Fixed) -> bool {
    const HOUR: i128 = 3_600_000;
    let off = hours.0 * HOUR - i128::from(millis) * UNIT;
    millis > 0 && off.abs() < (allowed.0 - 1) * HOUR
}

/// Half of the last of so many decimals of an hour, in seconds; at least the noise of a float.
pub(crate) fn half_of_last(decimals: u32) -> Fixed {
    Fixed((1800 * UNIT / power(decimals)).max(UNIT / 1_000_000))
}

/// Hours, to sixteen decimals.
pub(crate) fn hours_of_seconds(seconds: Fixed) -> Fixed {
    Fixed(divide(seconds.0, 3600))
}

/// A power of ten; a decimal has no more than 28 decimals.
#[inline]
fn power(exponent: u32) -> i128 {
    POWERS.get(exponent as usize).copied().unwrap_or(LIMIT)
}

/// One that a factor in a machine word can be.
#[inline]
fn short_power(exponent: u32) -> Option<i64> {
    const SHORT: [i64; 17] = {
        let mut powers = [1; 17];
        let mut index = 1;
        while index < powers.len() {
            powers[index] = powers[index - 1] * 10;
            index += 1;
        }
        powers
    };
    SHORT.get(exponent as usize).copied()
}

/// The quotient, a half away from zero; `by` is above zero.
#[inline]
fn divide(value: i128, by: i128) -> i128 {
    // Most fit into a machine word, where division is several times as fast.
    if let (Ok(value), Ok(by)) = (i64::try_from(value), i64::try_from(by)) {
        let quotient = value / by;
        let rest = value - quotient * by;
        let rounds_away = rest.abs() >= by - rest.abs();
        return i128::from(if rounds_away { quotient + value.signum() } else { quotient });
    }
    let quotient = value / by;
    let rest = value - quotient * by;
    // Twice the rest can be too large; the difference to the divisor cannot.
    if rest.abs() >= by - rest.abs() { quotient + value.signum() } else { quotient }
}

/// `value * by / divisor`, a half away from zero, over 256 bits.
#[cold]
fn multiply_wide(value: i128, by: i128, divisor: i128) -> Option<i128> {
    let negative = (value < 0) != (by < 0);
    let (a, b, divisor) = (value.unsigned_abs(), by.unsigned_abs(), u128::try_from(divisor).ok()?);
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & MASK, b >> 64, b & MASK);
    let middle = (a_high * b_low).checked_add(a_low * b_high)?;
    let (low, carry) = (a_low * b_low).overflowing_add(middle << 64);
    let mut high = a_high.checked_mul(b_high)?.checked_add(middle >> 64)?.checked_add(u128::from(carry))?;
    if high >= divisor {
        return None;
    }
    let mut quotient = 0_u128;
    for bit in (0..128).rev() {
        let top = high >> 127;
        high = high << 1 | (low >> bit & 1);
        quotient <<= 1;
        if top == 1 || high >= divisor {
            high = high.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    let rounded = quotient.checked_add(u128::from(high >= divisor - high))?;
    let result = i128::try_from(rounded).ok()?;
    Some(if negative { -result } else { result })
}

const MASK: u128 = u64::MAX as u128;

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::of(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn products_are_exact_and_the_wide_path_agrees() {
        for (value, by, per, expected) in [
            ("300", "1.20", 3600, "0.1"),
            ("1", "1", 3600, "0.0002777777777778"),
            ("-1", "1", 3600, "-0.0002777777777778"),
            ("20.5", "0.25", 1, "5.125"),
            ("999999999", "0.999999999999", 1, "999999998.999000000001"),
        ] {
            let ratio = Ratio::of(by.parse().unwrap(), per);
            assert_eq!(fixed(value).times(ratio), Some(fixed(expected)), "{value} * {by} / {per}");
            let wide = multiply_wide(fixed(value).0, ratio.numerator, ratio.denominator);
            assert_eq!(wide, Some(fixed(expected).0), "{value} * {by} / {per}");
        }
        let large = fixed("999999999999.9999999999999999");
        assert_eq!(large.share(fixed("1"), fixed("3")), Some(fixed("333333333333.3333333333333333")));
        assert_eq!(large.times(Ratio::of("2".parse().unwrap(), 1)), None);
        assert_eq!(multiply_wide(i128::MAX, i128::MAX, 1), None);
        assert_eq!(multiply_wide(i128::MAX, 3, i128::MAX), Some(3));
    }

    #[test]
    fn steps_round_up_but_not_for_noise() {
        for (value, step, expected) in [
            ("0.1152", "0.001", "0.116"),
            ("0.1152", "0.025", "0.125"),
            ("0.125", "0.025", "0.125"),
            ("0.12501", "0.025", "0.15"),
            ("20.000000000001", "0.001", "20"),
            ("0", "300", "0"),
            ("0.5", "0", "0.5"),
        ] {
            assert_eq!(fixed(value).up_to(fixed(step)), Some(fixed(expected)), "{value} in steps of {step}");
        }
    }

    #[test]
    fn hours_that_are_surely_near_a_length_are_near_it() {
        let allowed: Decimal = "0.0053277777777777777777777778".parse().unwrap();
        let millis = [-1, 0, 1, 19_179, 19_180, 19_181, 900_000, 3_600_000, 4_362 * 3_600_000];
        let hours = [
            "0",
            "0.0053277777777778",
            "0.005328",
            "0.25",
            "0.2447",
            "0.25532777777777",
            "0.2554",
            "1",
            "4362.0053",
        ];
        let (mut sure, mut not) = (0, 0);
        for (millis, hours) in millis.into_iter().flat_map(|millis| hours.map(|hours| (millis, hours))) {
            let hours: Decimal = hours.parse().unwrap();
            let length = Decimal::from(millis).checked_div(Decimal::from(3_600_000)).unwrap();
            let off = hours.max(length).checked_sub(hours.min(length)).unwrap();
            let [exact, bound] = [hours, allowed].map(|number| Fixed::of(number).unwrap());
            let is_sure = is_surely_near(exact, millis, bound);
            assert!(!is_sure || (off <= allowed && millis > 0), "{hours} h in {millis} ms");
            (sure, not) = (sure + u32::from(is_sure), not + u32::from(!is_sure));
        }
        assert!(sure >= 8 && not >= 8, "{sure} and {not}");
    }

    #[test]
    fn hours_that_were_rounded_are_whole_seconds() {
        for (hours, whole, as_written) in [
            ("0.0167", "60", "60.12"),
            ("0.0833", "300", "299.88"),
            ("0.0834", "300.24", "300.24"),
            ("0.083", "298.8", "298.8"),
            ("2.75", "9900", "9900"),
            ("0.016666666666666666", "60", "59.9999999999999976"),
        ] {
            let hours: Decimal = hours.parse().unwrap();
            assert_eq!(seconds_of_hours(hours, true), Some(fixed(whole)), "{hours} h");
            assert_eq!(seconds_of_hours(hours, false), Some(fixed(as_written)), "{hours} h");
        }
    }
}
