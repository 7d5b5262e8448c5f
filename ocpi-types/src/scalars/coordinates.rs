//! Latitude and longitude: decimal degrees, kept as text.

use std::borrow::Cow;
use std::fmt;

use super::string::{TextError, eco};
use super::{Decimal, as_text, serde_as_text};
use crate::convert::{Conversion, ConversionRule, Unsupported};
use crate::json::{Reader, Stop, Writer, is_padded, with_decimals};
use crate::{Check, Pattern, Rule, Type, Value, Version};
use ecow::EcoString;

macro_rules! coordinate {
    ($(#[doc = $doc:expr])+ $name:ident, $range:literal, $max:literal, $form:expr) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        pub struct $name(EcoString);

        impl $name {
            /// Returns the text, as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the degrees; `None` if the text is not a number.
            pub fn degrees(&self) -> Option<Decimal> {
                self.0.parse().ok()
            }

            /// The degrees in millionths, if the text is a number of degrees in range.
            pub(crate) fn millionths(&self) -> Option<i32> {
                millionths(&self.0).filter(|degrees| degrees.unsigned_abs() <= $range * 1_000_000)
            }

            fn holds(&self, decimals: std::ops::RangeInclusive<usize>) -> bool {
                is_coordinate(&self.0, $range, decimals)
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;

            /// Reads degrees with five to seven decimals, as 2.2.1 and 2.3.0 ask; 2.1.1 asks for six.
            fn from_str(text: &str) -> Result<Self, TextError> {
                let value = Self(text.into());
                if value.holds(5..=7) { Ok(value) } else { Err(TextError(Rule::GeoFormat)) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = TextError;

            fn try_from(text: &str) -> Result<Self, TextError> {
                text.parse()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Value for $name {
            const TYPE: Type = Type::String { max: $max };
            // The specification's expression takes more characters than its length limit: the expression counts.
            const PATTERN: Pattern = $form;

            fn blank() -> Self {
                Self(EcoString::new())
            }

            #[inline]
            fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
                self.0 = match r.plain_text() {
                    Some(text) => text.into(),
                    None => eco(odd_coordinate_text(r)?),
                };
                Ok(())
            }

            #[inline]
            fn write(&self, w: &mut Writer) {
                w.coordinate(&self.0);
            }

            fn check(&self, c: &mut Check) {
                let decimals = if c.version() == Version::V2_1_1 { 6..=6 } else { 5..=7 };
                if !self.holds(decimals) {
                    odd_coordinate(c, &self.0, $range);
                }
            }

            #[inline]
            fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
                if conversion.to() == Version::V2_1_1 && self.holds(5..=7) && !self.holds(6..=6) {
                    // One that holds this form is a number.
                    let (text, is_rounded) = with_decimals(&self.0, 6).unwrap_or_default();
                    if is_rounded {
                        conversion.note(ConversionRule::Coordinate, "", self);
                    }
                    self.0 = text.into();
                }
                Ok(())
            }
        }

        serde_as_text!($name);
        as_text!($name, |one, other| one == other);
    };
}

coordinate! {
    /// Degrees north of the equator, WGS 84, from -90 to 90.
    ///
    /// Kept as text, so that `52.090000` is written back unchanged. A latitude that was *read* may have another number
    /// of decimals, or be out of range; [`check`](crate::check) reports it.
    ///
    /// Spec: 2.2.1 mod_locations §geolocation_class
    ///
    /// ```
    /// use ocpi_types::Latitude;
    /// let latitude: Latitude = "52.09000".parse()?;
    /// assert_eq!(latitude.degrees().unwrap().to_string(), "52.09000");
    /// assert!("91.00000".parse::<Latitude>().is_err());
    /// assert!("52.1".parse::<Latitude>().is_err());
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    Latitude, 90, 10, Pattern::Whole(|version| match version {
        Version::V2_1_1 => r"^-?(0?[0-8]?[0-9]\.[0-9]{6}|0?90\.0{6})$",
        Version::V2_2 | Version::V2_2_1 | Version::V2_3_0 => r"^-?(0?[0-8]?[0-9]\.[0-9]{5,7}|0?90\.0{5,7})$",
    })
}

coordinate! {
    /// Degrees east of Greenwich, WGS 84, from -180 to 180. See [`Latitude`].
    ///
    /// Spec: 2.2.1 mod_locations §geolocation_class
    Longitude, 180, 11, Pattern::Whole(|version| match version {
        Version::V2_1_1 => r"^-?((1[0-7][0-9]|0?[0-9]{1,2})\.[0-9]{6}|180\.0{6})$",
        Version::V2_2 | Version::V2_2_1 | Version::V2_3_0 => r"^-?((1[0-7][0-9]|0?[0-9]{1,2})\.[0-9]{5,7}|180\.0{5,7})$",
    })
}

/// A number, or a text with oddities.
#[cold]
fn odd_coordinate_text<'a>(r: &mut Reader<'a>) -> Result<Cow<'a, str>, Stop> {
    if matches!(r.peek(), Some(b'-' | b'0'..=b'9')) {
        let at = r.offset();
        let text = r.number()?;
        r.deviates(Rule::GeoNumber, at)?;
        return Ok(Cow::Borrowed(text));
    }
    let at = r.offset();
    let text = r.string()?;
    if is_padded(&text) { r.unpadded(text, at) } else { Ok(text) }
}

/// Reports a text that is no coordinate of the version: the range before the decimals. A latitude beyond the poles is
/// likely a longitude.
#[cold]
fn odd_coordinate(c: &mut Check, text: &str, range: u32) {
    let degrees = millionths(text).map(i32::unsigned_abs);
    let is_whole = Degrees::read(text.strip_prefix('-').unwrap_or(text)).is_some_and(|it| it.is_whole);
    let is_beyond = |degrees: u32| degrees > range * 1_000_000 || degrees == range * 1_000_000 && !is_whole;
    match degrees.filter(|degrees| is_beyond(*degrees)) {
        Some(0..=180_000_000) if range == 90 => c.report_as(
            Rule::GeoFormat,
            "no latitude goes beyond 90 degrees; latitude and longitude are likely exchanged",
        ),
        Some(_) if range == 90 => c.report_as(Rule::GeoFormat, "no latitude goes beyond 90 degrees"),
        Some(_) => c.report_as(Rule::GeoFormat, "no longitude goes beyond 180 degrees"),
        None => c.report(Rule::GeoFormat),
    }
}

/// Degrees in millionths, cut off; `None` if the text is no plain number below a thousand.
#[inline]
fn millionths(text: &str) -> Option<i32> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let Degrees { whole, millionths, .. } = Degrees::read(digits)?;
    Some(sign * (whole * 1_000_000 + millionths))
}

fn is_coordinate(text: &str, range: u32, decimals: std::ops::RangeInclusive<usize>) -> bool {
    let Some(degrees) = Degrees::read(text.strip_prefix('-').unwrap_or(text)) else { return false };
    let whole = degrees.whole.unsigned_abs();
    decimals.contains(&degrees.decimals) && (whole < range || whole == range && degrees.is_whole)
}

/// Degrees without a sign.
struct Degrees {
    whole: i32,
    /// The decimals in millionths, cut off.
    millionths: i32,
    /// Number of decimals; 0: there is no point.
    decimals: usize,
    /// Whether all decimals are zero.
    is_whole: bool,
}

impl Degrees {
    /// Reads one to three digits, and behind a point one or more.
    #[inline]
    fn read(text: &str) -> Option<Self> {
        let mut degrees = Self { whole: 0, millionths: 0, decimals: 0, is_whole: true };
        let mut bytes = text.bytes();
        let mut digits = 0;
        loop {
            match bytes.next() {
                Some(digit @ b'0'..=b'9') if digits < 3 => {
                    degrees.whole = degrees.whole * 10 + i32::from(digit - b'0');
                    digits += 1;
                }
                Some(b'.') if digits > 0 => break,
                None if digits > 0 => return Some(degrees),
                _ => return None,
            }
        }
        for digit in bytes {
            if !digit.is_ascii_digit() {
                return None;
            }
            if degrees.decimals < 6 {
                degrees.millionths = degrees.millionths * 10 + i32::from(digit - b'0');
            }
            degrees.decimals += 1;
            degrees.is_whole &= digit == b'0';
        }
        (degrees.decimals..6).for_each(|_| degrees.millionths *= 10);
        (degrees.decimals > 0).then_some(degrees)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_coordinate, millionths};

    #[test]
    fn degrees_are_digits_a_point_and_digits() {
        for (text, expected) in [
            ("52.161916", Some(52_161_916)),
            ("-0.1", Some(-100_000)),
            ("052.12345678", Some(52_123_456)),
            ("180", Some(180_000_000)),
            ("", None),
            ("-", None),
            (".5", None),
            ("52.", None),
            ("0052.1", None),
            ("52.1.2", None),
            ("--5.1", None),
            ("+5.1", None),
            ("5 .1", None),
        ] {
            assert_eq!(millionths(text), expected, "{text}");
        }
    }

    #[test]
    fn a_coordinate_has_its_decimals_and_range() {
        for (text, holds) in [
            ("52.16191", true),
            ("-52.1619167", true),
            ("90.0000000", true),
            ("90.0000001", false),
            ("91.00000", false),
            ("52.1619", false),
            ("52.16191678", false),
            ("52", false),
            ("52.1619x", false),
        ] {
            assert_eq!(is_coordinate(text, 90, 5..=7), holds, "{text}");
        }
    }
}
