//! Points in time.

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use crate::json::{Reader, Stop, Writer};
use crate::{Check, Rule, Type, Value};

/// A point in time, UTC, with the form it was written in.
///
/// Two are equal when they name the same instant. The number of digits of a second and a missing `Z` are kept
/// when written back; an offset is read, reported, and written back as `Z`.
///
/// Spec: 2.2.1 types §datetime_type
///
/// ```
/// use ocpi_types::DateTime;
/// let at: DateTime = "2026-11-22T10:00:00Z".parse()?;
/// assert_eq!(at, "2026-11-22T11:00:00.000+01:00".parse()?);
/// assert_eq!(at.plus_seconds(90).to_string(), "2026-11-22T10:01:30Z");
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

/// A text that is no date and time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a date and time such as 2026-11-22T10:00:00Z")]
pub struct DateTimeError;

impl DateTime {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { at: chrono::DateTime::UNIX_EPOCH, digits: 0, bare: false };

    /// A time from seconds since 1970; `None` when out of range.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let at = chrono::DateTime::from_timestamp(seconds, 0).filter(has_four_digit_year)?;
        Some(Self { at, digits: 0, bare: false })
    }

    /// The same instant for chrono.
    pub fn to_chrono(self) -> chrono::DateTime<Utc> {
        self.at
    }

    /// A later time; stays where it is if the result would be out of range.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let later = TimeDelta::try_seconds(seconds).and_then(|delta| self.at.checked_add_signed(delta));
        let later = later.filter(has_four_digit_year);
        Self { at: later.unwrap_or(self.at), ..self }
    }

    /// Seconds from `earlier` to this time, fractions cut off.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.at - earlier.at).num_seconds()
    }

    /// Reads any form, and says which rules it breaks.
    fn parse(text: &str) -> Option<(Self, Option<Rule>)> {
        // What the specification prescribes for a CDR whose times are unknown is not of its own form.
        if text == "1970-1-1T00:00:00Z" {
            return Some((Self::UNIX_EPOCH, Some(Rule::DateTimeForm)));
        }
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| {
            bytes
                .get(from..to)?
                .iter()
                .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        let is = |at: usize, what: &[u8]| bytes.get(at).is_some_and(|byte| what.contains(byte));
        let mut rule = None;
        if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":")) {
            return None;
        }
        if !is(10, b"T") {
            rule = Some(Rule::DateTimeForm);
        }
        let date = NaiveDate::from_ymd_opt(number(0, 4)?.try_into().ok()?, number(5, 7)?, number(8, 10)?)?;
        let (hour, minute) = (number(11, 13)?, number(14, 16)?);
        let mut at = 16;
        let mut second = 0;
        let (mut nanos, mut digits) = (0_u32, 0_u8);
        if is(16, b":") {
            second = number(17, 19)?;
            at = 19;
            if is(19, b".") {
                let fraction = bytes.get(20..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
                if fraction == 0 {
                    return None;
                }
                at = 20 + fraction;
                digits = u8::try_from(fraction.min(9)).ok()?;
                nanos = number(20, 20 + usize::from(digits))? * 10_u32.pow(9 - u32::from(digits));
            }
        } else {
            rule = Some(Rule::DateTimeForm);
        }
        // A leap second is the last moment of its minute.
        let time =
            NaiveTime::from_hms_nano_opt(hour, minute, second.min(59), nanos).filter(|_| second <= 60)?;
        let local = date.and_time(time).and_utc();
        let (offset, bare) = match bytes.get(at..)? {
            b"Z" => (0, false),
            b"" => (0, true),
            b"z" => {
                rule = Some(Rule::DateTimeForm);
                (0, false)
            }
            zone => {
                rule = Some(Rule::DateTimeOffset);
                (offset_seconds(zone)?, false)
            }
        };
        let at = local.checked_sub_signed(TimeDelta::seconds(offset)).filter(has_four_digit_year)?;
        Some((Self { at, digits, bare }, rule))
    }
}

/// Whether the time can be written.
fn has_four_digit_year(at: &chrono::DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

/// `+01:00`, `-0530`, `+02`; a space stands for a plus that a URL lost.
fn offset_seconds(zone: &[u8]) -> Option<i64> {
    let (sign, rest) = zone.split_first()?;
    let sign = match sign {
        b'+' | b' ' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digit =
        |at: usize| rest.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| i64::from(byte - b'0'));
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let (hours, minutes) = match rest.len() {
        2 => (two(0)?, 0),
        4 => (two(0)?, two(2)?),
        5 if rest.get(2) == Some(&b':') => (two(0)?, two(3)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// To the millisecond, which is what partners understand; without a fraction where there is none.
impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(at: chrono::DateTime<Utc>) -> Self {
        let millis = at.timestamp_subsec_millis().min(999);
        let at = at.with_nanosecond(millis * 1_000_000).unwrap_or(at);
        Self { at, digits: if millis == 0 { 0 } else { 3 }, bare: false }
    }
}

impl std::str::FromStr for DateTime {
    type Err = DateTimeError;

    /// Reads every form that partners are known to send, offsets too.
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

    fn blank() -> Self {
        Self::UNIX_EPOCH
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let at = r.offset();
        let text = r.string()?;
        let (value, rule) = Self::parse(&text).ok_or(Stop::value(Rule::ValueForm, at))?;
        *self = value;
        match rule {
            None => Ok(()),
            Some(rule) => r.deviates(rule, at),
        }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.raw("\"");
        w.display(self);
        w.raw("\"");
    }

    fn check(&self, c: &mut Check) {
        // 25 characters: 19 for the seconds, a point, and `Z`.
        c.expect(self.digits <= if self.bare { 5 } else { 4 }, Rule::DateTimeFraction);
    }
}
