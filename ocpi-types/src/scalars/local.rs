//! Times and dates in the local time of a Location.

use super::codes::code;
use super::string::{Text, TextError};
use crate::json::{Reader, Stop, Writer, is_padded, trimmed};
use crate::{Check, Pattern, Rule, Type, Value};

code! {
    /// A time of day, `HH:MM`, from `00:00` to `23:59`, in the location's time zone.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    ///
    /// ```
    /// use ocpi_types::TimeOfDay;
    /// assert_eq!("23:30".parse::<TimeOfDay>()?.minutes(), Some(23 * 60 + 30));
    /// assert!("24:00".parse::<TimeOfDay>().is_err());
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    TimeOfDay(Text<5>), TimeOfDay, Pattern::Whole(|_| "^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    |text| minutes(text).is_some(), respelled respelled
}

impl TimeOfDay {
    /// Returns the minutes since midnight; `None` if the text is not a time.
    pub fn minutes(&self) -> Option<u16> {
        minutes(self.as_str())
    }
}

fn minutes(text: &str) -> Option<u16> {
    let [hour_tens, hour_ones, b':', tens, ones] = text.as_bytes() else { return None };
    Some(two_digits(&[*hour_tens, *hour_ones], 23)? * 60 + two_digits(&[*tens, *ones], 59)?)
}

/// `7:30`, `7:5`, `07:30:00` and `0730` as `07:30` or `07:05`. `24:00` is no time of this form, and stays.
#[cold]
fn respelled(text: &str) -> Option<Text<5>> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.trim().splitn(3, ':');
    let (hour, minute) = match (parts.next()?, parts.next(), parts.next()) {
        (all, None, None) if all.len() == 4 && digits(all) => all.split_at(2),
        (hour, Some(minute), None) => (hour, minute),
        (hour, Some(minute), Some(second)) => {
            // The seconds may be left out if they are none.
            let none = second.split('.').all(|part| digits(part) && part.bytes().all(|byte| byte == b'0'));
            none.then_some((hour, minute))?
        }
        _ => return None,
    };
    if hour.len() > 2 || !digits(hour) || minute.len() > 2 || !digits(minute) {
        return None;
    }
    let text = format!("{hour:0>2}:{minute:0>2}");
    minutes(&text).and_then(|_| text.parse().ok())
}

fn two_digits(text: &[u8], max: u16) -> Option<u16> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = *text else { return None };
    Some(u16::from(tens - b'0') * 10 + u16::from(ones - b'0')).filter(|value| *value <= max)
}

code! {
    /// A day, `YYYY-MM-DD`, in the location's time zone.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    ///
    /// ```
    /// use ocpi_types::LocalDate;
    /// assert!("2028-02-29".parse::<LocalDate>().is_ok());
    /// assert!("2026-02-29".parse::<LocalDate>().is_err());
    /// ```
    LocalDate(Text<10>), LocalDate,
    Pattern::Whole(|_| "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
    |text| date(text).is_some(), respelled padded
}

impl LocalDate {
    /// Returns the day; `None` if the text is not a date.
    pub fn to_chrono(&self) -> Option<chrono::NaiveDate> {
        date(self.as_str())
    }
}

fn date(text: &str) -> Option<chrono::NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
    let month = two_digits(parts.next()?.as_bytes(), 12)?;
    let day = two_digits(parts.next()?.as_bytes(), 31)?;
    chrono::NaiveDate::from_ymd_opt(year.parse().ok()?, month.into(), day.into())
}

/// `2026-1-5` as `2026-01-05`.
#[cold]
fn padded(text: &str) -> Option<Text<10>> {
    let mut parts = text.trim().splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let text = format!("{year}-{month:0>2}-{day:0>2}");
    date(&text).and_then(|_| text.parse().ok())
}
