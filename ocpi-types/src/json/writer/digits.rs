//! Numbers and times, digit by digit.

use chrono::{Datelike, Timelike};

use super::Writer;
use crate::{DateTime, Decimal};

impl Writer {
    /// Writes an integer.
    #[inline]
    pub fn integer(&mut self, value: i64) {
        if value < 0 {
            self.out.push(b'-');
        }
        self.digits(value.unsigned_abs(), 0);
    }

    /// Writes a number, with the decimals it has.
    #[inline]
    pub(crate) fn decimal(&mut self, value: Decimal) {
        let (mantissa, scale) = value.parts();
        match u64::try_from(mantissa.unsigned_abs()) {
            // 19 digits at most: a point and a zero before it still fit.
            Ok(digits) if scale <= 18 => {
                if mantissa < 0 {
                    self.out.push(b'-');
                }
                self.digits(digits, scale);
            }
            _ => self.display(&value),
        }
    }

    /// Digits from the last to the first, with a point before the last `scale` of them.
    fn digits(&mut self, mut value: u64, scale: u32) {
        let mut buffer = [b'0'; 24];
        let mut start = buffer.len();
        for (count, (place, slot)) in (0_u32..).zip(buffer.iter_mut().enumerate().rev()) {
            if scale > 0 && count == scale {
                *slot = b'.';
            } else {
                *slot = digit(value % 10);
                value /= 10;
            }
            start = place;
            if value == 0 && (scale == 0 || count > scale) {
                break;
            }
        }
        self.out.extend_from_slice(buffer.get(start..).unwrap_or_default());
    }

    /// Writes a point in time as it was spelled.
    #[inline]
    pub(crate) fn date_time(&mut self, at: DateTime, digits: u8, bare: bool) {
        if self.styling.is_some() {
            return self.styled_time(at, digits, bare);
        }
        self.time(at.to_chrono(), digits, !bare);
    }

    /// Writes a coordinate as it was spelled.
    #[inline]
    pub(crate) fn coordinate(&mut self, text: &str) {
        if self.styling.is_some() {
            return self.styled_coordinate(text);
        }
        self.quoted(text);
    }

    /// Writes a point in time with so many digits of a second.
    pub(super) fn time(&mut self, at: chrono::DateTime<chrono::Utc>, digits: u8, has_zone: bool) {
        let (date, time) = (at.date_naive(), at.time());
        let year = u32::try_from(date.year()).unwrap_or_default();
        let [y0, y1] = two(year / 100);
        let [y2, y3] = two(year % 100);
        let ([m0, m1], [d0, d1]) = (two(date.month()), two(date.day()));
        let ([h0, h1], [n0, n1], [s0, s1]) = (two(time.hour()), two(time.minute()), two(time.second()));
        self.out.extend_from_slice(&[
            b'"', y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1,
        ]);
        if digits > 0 {
            let width = u32::from(digits.min(9));
            let fraction = at.timestamp_subsec_nanos().min(999_999_999) / 10_u32.pow(9 - width);
            self.out.push(b'.');
            for place in (0..width).rev() {
                self.out.push(digit(u64::from(fraction / 10_u32.pow(place) % 10)));
            }
        }
        self.raw(if has_zone { "Z\"" } else { "\"" });
    }
}

/// The last digit of a number.
#[inline]
fn digit(value: u64) -> u8 {
    b'0' + u8::try_from(value % 10).unwrap_or_default()
}

#[inline]
fn two(value: u32) -> [u8; 2] {
    [digit(u64::from(value / 10)), digit(u64::from(value % 10))]
}
