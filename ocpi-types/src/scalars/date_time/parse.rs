//! Every form in which partners write a point in time.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::{DateTime, has_four_digit_year};
use crate::Rule;

impl DateTime {
    /// Reads any form, and says which rules it breaks.
    pub(super) fn parse(text: &str) -> Option<(Self, Option<Rule>)> {
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
