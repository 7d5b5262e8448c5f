//! Parsing of points in time, in all formats that partners use.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::{DateTime, has_four_digit_year};
use crate::Rule;

impl DateTime {
    /// Reads a text that has no form of OCPI's at all, but can mean one time only.
    #[cold]
    pub(super) fn parse_foreign(text: &str) -> Option<(Self, Option<Rule>)> {
        let (value, _) = Self::parse(&respelled(text)?)?;
        Some((value, Some(Rule::DateTimeForm)))
    }

    /// Reads OCPI's form and those near it, and says which rules it breaks.
    pub(super) fn parse(text: &str) -> Option<(Self, Option<Rule>)> {
        // The time that the specification prescribes for a CDR with unknown times is not of its own form.
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
                if fraction > 9 {
                    rule = Some(Rule::DateTimePrecision);
                }
                nanos = number(20, 20 + usize::from(digits))? * 10_u32.pow(9 - u32::from(digits));
            }
        } else {
            rule = Some(Rule::DateTimeForm);
        }
        // A leap second is the last moment of its minute.
        if second == 60 {
            rule = Some(Rule::DateTimePrecision);
        }
        let time =
            NaiveTime::from_hms_nano_opt(hour, minute, second.min(59), nanos).filter(|_| second <= 60)?;
        let local = date.and_time(time).and_utc();
        let (offset, bare) = match bytes.get(at..)? {
            b"Z" => (0, false),
            b"" => (0, true),
            b"z" => {
                rule = rule.or(Some(Rule::DateTimeForm));
                (0, false)
            }
            zone => {
                rule = rule.or(Some(Rule::DateTimeOffset));
                (offset_seconds(zone)?, false)
            }
        };
        let at = local.checked_sub_signed(TimeDelta::seconds(offset)).filter(has_four_digit_year)?;
        Some((Self { at, digits, bare }, rule))
    }
}

impl DateTime {
    /// Reads the form that almost all have: `2026-11-22T10:00:00Z`. Eight bytes are compared with it together.
    #[inline]
    pub(super) fn plain(bytes: &[u8; 20]) -> Option<Self> {
        let [century, _, year, _, _, month, ..] = pairs(bytes.first_chunk()?, b"0000-00-")?;
        let [day, _, _, hour, _, _, minute, _] = pairs(bytes.get(8..)?.first_chunk()?, b"00T00:00")?;
        let [_, _, _, _, _, second, ..] = pairs(bytes.last_chunk()?, b"0:00:00Z")?;
        let date =
            NaiveDate::from_ymd_opt(i32::from(century) * 100 + i32::from(year), month.into(), day.into())?;
        let time = NaiveTime::from_hms_opt(hour.into(), minute.into(), second.into())?;
        Some(Self { at: date.and_time(time).and_utc(), digits: 0, bare: false })
    }
}

/// Of a text that has digits where the form has zeros, and else is as the form: at each place, the number of two digits
/// that begins there, if one does.
#[inline]
fn pairs(text: &[u8; 8], form: &[u8; 8]) -> Option<[u8; 8]> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // What is added to a byte to set its high bit: that of a digit from ten on, any other from one on.
    let most = u64::from_le_bytes(form.map(|byte| if byte == b'0' { 0x76 } else { 0x7f }));
    let digits = u64::from_le_bytes(*text) ^ u64::from_le_bytes(*form);
    // A byte that would carry into the next has its own high bit set.
    let is_form = (digits.wrapping_add(most) | digits) & HIGH == 0;
    is_form.then(|| (digits.wrapping_mul(10).wrapping_add(digits >> 8)).to_le_bytes())
}

/// A day without a time, which is midnight; ISO 8601 without its signs; seconds or milliseconds since 1970; a month,
/// day, hour, minute or second of one digit. In OCPI's form, if the text is one of these.
#[cold]
fn respelled(text: &str) -> Option<String> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        // A point in time of this century has ten digits in seconds, and thirteen in milliseconds.
        10 if is_digits(text) => DateTime::from_unix(text.parse().ok()?).map(|at| at.to_string()),
        13 if is_digits(text) => DateTime::from_unix_millis(text.parse().ok()?).map(|at| at.to_string()),
        10 if text.as_bytes().get(4) == Some(&b'-') => Some(format!("{text}T00:00:00Z")),
        16 if text.ends_with('Z') && text.as_bytes().get(8) == Some(&b'T') => {
            let part = |from: usize, to: usize| text.get(from..to).filter(|part| is_digits(part));
            let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
            let (hour, minute, second) = (part(9, 11)?, part(11, 13)?, part(13, 15)?);
            Some(format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
        }
        _ => padded(text),
    }
}

/// `2026-8-14T9:5:00Z` as `2026-08-14T09:05:00Z`, `2026-8-14` as its midnight.
fn padded(text: &str) -> Option<String> {
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "0:00:00Z"));
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (hour, rest) = time.split_once(':')?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (minute, rest) = rest.split_at(digits(rest));
    // The rest is a second, a zone, both or nothing.
    let second = rest.strip_prefix(':').map(|rest| rest.split_at(digits(rest)));
    let parts = [month, day, hour, minute, second.map_or("00", |(second, _)| second)];
    if parts.iter().all(|part| part.len() == 2) || !parts.into_iter().all(short) {
        return None;
    }
    let date = format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}");
    Some(match second {
        None => date + rest,
        Some((second, rest)) => format!("{date}:{second:0>2}{rest}"),
    })
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
