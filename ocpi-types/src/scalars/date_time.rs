//! Points in time.

mod parse;

use std::borrow::Cow;
use std::fmt;

use chrono::{Datelike, TimeDelta, Timelike, Utc};

use crate::json::{Reader, Stop, Writer};
use crate::{Check, Pattern, Rule, Type, Value};

/// A point in time, in UTC, with its original format.
///
/// Two values are equal if they are the same instant. The number of fractional digits and a missing `Z` are kept when
/// written back; an offset is read, reported, and written back as `Z`.
///
/// Spec: 2.2.1 types §datetime_type
///
/// ```
/// use ocpi_types::DateTime;
/// let at: DateTime = "2026-11-22T10:00:00Z".parse()?;
/// assert_eq!(at, "2026-11-22T11:00:00.000+01:00".parse()?);
/// assert_eq!(at.checked_add_seconds(90).unwrap().to_string(), "2026-11-22T10:01:30Z");
/// assert!("2026-02-30T00:00:00Z".parse::<DateTime>().is_err());
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Clone, Copy)]
pub struct DateTime {
    at: chrono::DateTime<Utc>,
    /// Digits of a second written.
    digits: u8,
    /// Whether it was written without `Z`.
    bare: bool,
}

/// Error: a text is not a date and time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a date and time such as 2026-11-22T10:00:00Z")]
pub struct DateTimeError;

impl DateTime {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { at: chrono::DateTime::UNIX_EPOCH, digits: 0, bare: false };

    /// Creates a time from seconds since 1970; `None` if out of range.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let at = chrono::DateTime::from_timestamp(seconds, 0).filter(has_four_digit_year)?;
        Some(Self { at, digits: 0, bare: false })
    }

    /// Creates a time from milliseconds since 1970; `None` if out of range.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        chrono::DateTime::from_timestamp_millis(millis)?.try_into().ok()
    }

    /// Creates a time from microseconds since 1970, with as many fractional digits as needed; `None` if out of range.
    ///
    /// ```
    /// use ocpi_types::DateTime;
    /// let at: DateTime = "2026-11-22T10:00:00.1234567Z".parse()?;
    /// let stored = DateTime::from_unix_micros(at.to_unix_micros()).unwrap();
    /// assert_eq!(stored.to_string(), "2026-11-22T10:00:00.123456Z");
    /// # Ok::<(), ocpi_types::DateTimeError>(())
    /// ```
    pub fn from_unix_micros(micros: i64) -> Option<Self> {
        let at = chrono::DateTime::from_timestamp_micros(micros).filter(has_four_digit_year)?;
        let digits = match at.timestamp_subsec_micros() {
            0 => 0,
            micros if micros % 1_000 == 0 => 3,
            _ => 6,
        };
        Some(Self { at, digits, bare: false })
    }

    /// Returns the microseconds since 1970, rounded down.
    pub fn to_unix_micros(self) -> i64 {
        self.at.timestamp_micros()
    }

    /// Returns the same instant as a chrono type.
    pub fn to_chrono(self) -> chrono::DateTime<Utc> {
        self.at
    }

    /// Returns a later time, or an earlier one if `seconds` is negative; `None` if out of range.
    pub fn checked_add_seconds(self, seconds: i64) -> Option<Self> {
        let delta = TimeDelta::try_seconds(seconds)?;
        let at = self.at.checked_add_signed(delta).filter(has_four_digit_year)?;
        Some(Self { at, ..self })
    }

    /// Returns the same time, to be written with `Z`.
    #[must_use]
    pub fn with_zone(self) -> Self {
        Self { bare: false, ..self }
    }

    /// Returns the seconds from `earlier` to this time, without fractions.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.at - earlier.at).num_seconds()
    }
}

/// The beginning of 2010, before there was OCPI.
const EARLIEST: i64 = 1_262_304_000;

/// Whether the time can be written.
fn has_four_digit_year(at: &chrono::DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

/// Conversion to the millisecond, the precision that partners understand; without a fraction where there is none.
impl TryFrom<chrono::DateTime<Utc>> for DateTime {
    type Error = DateTimeError;

    fn try_from(at: chrono::DateTime<Utc>) -> Result<Self, DateTimeError> {
        let millis = at.timestamp_subsec_millis().min(999);
        let at = at.with_nanosecond(millis * 1_000_000).filter(has_four_digit_year).ok_or(DateTimeError)?;
        Ok(Self { at, digits: if millis == 0 { 0 } else { 3 }, bare: false })
    }
}

impl std::str::FromStr for DateTime {
    type Err = DateTimeError;

    /// Reads OCPI's form and those near it: offsets, a blank for the `T`, no seconds.
    fn from_str(text: &str) -> Result<Self, DateTimeError> {
        Self::parse(text).map(|(value, _)| value).ok_or(DateTimeError)
    }
}

impl TryFrom<&str> for DateTime {
    type Error = DateTimeError;

    fn try_from(text: &str) -> Result<Self, DateTimeError> {
        text.parse()
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.at.date_naive(), self.at.time());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )?;
        if self.digits > 0 {
            let digits = u32::from(self.digits);
            let fraction = self.at.timestamp_subsec_nanos().min(999_999_999) / 10_u32.pow(9 - digits.min(9));
            write!(f, ".{fraction:0width$}", width = usize::from(self.digits))?;
        }
        f.write_str(if self.bare { "" } else { "Z" })
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for DateTime {}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for DateTime {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}

impl serde::Serialize for DateTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for DateTime {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::json::deserialize(from)
    }
}

impl Value for DateTime {
    const TYPE: Type = Type::DateTime;
    const PATTERN: Pattern = Pattern::Whole(
        |_| "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\\.[0-9]{1,9})?Z?$",
    );

    fn blank() -> Self {
        Self::UNIX_EPOCH
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        if let Some(value) = r.fixed_text().and_then(Self::plain) {
            r.pass_fixed_text::<20>();
            *self = value;
            return Ok(());
        }
        self.read_any(r)
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.date_time(*self, self.digits, self.bare);
    }

    fn check(&self, c: &mut Check) {
        // 25 characters: 19 for the seconds, a point, and `Z`.
        c.expect(self.digits <= if self.bare { 5 } else { 4 }, Rule::DateTimeFraction);
        if self.at.timestamp() < EARLIEST {
            c.odd_time(*self == Self::UNIX_EPOCH);
        }
    }
}

impl DateTime {
    /// Any form but the plainest.
    fn read_any(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let at = r.offset();
        let text = match r.peek() {
            Some(b'0'..=b'9') => Cow::Borrowed(r.number()?),
            _ => {
                let text = r.string()?;
                r.unpadded(text, at)?
            }
        };
        let (value, rule) = Self::parse(&text)
            .or_else(|| Self::parse_foreign(&text))
            .ok_or(Stop::value(Rule::ValueForm, at))?;
        *self = value;
        match rule {
            None => Ok(()),
            Some(rule) => r.deviates(rule, at),
        }
    }
}
