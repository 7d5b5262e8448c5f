//! Numbers and times, digit by digit.

use chrono::{Datelike, Timelike};

use super::Writer;
use crate::{DateTime, Decimal};

impl Writer {
    /// Writes an integer.
    #[inline]
    pub fn integer(&mut self, value: i64) {
        self.digits(value, 0);
    }

    /// Writes a number, with the decimals it has.
    #[inline]
    pub(crate) fn decimal(&mut self, value: Decimal) {
        match value.word_parts() {
            // 19 digits at most: a point and a zero before it still fit.
            Some((digits, scale)) if scale <= 18 => self.digits(digits, scale),
            _ => self.display(&value),
        }
    }

    /// Writes digits, with a point before the last `scale` of them.
    #[inline]
    fn digits(&mut self, value: i64, scale: u32) {
        if value < 0 {
            self.out.push(b'-');
        }
        let value = value.unsigned_abs();
        match u32::try_from(value) {
            Ok(value) if value < 10_000_000 && scale < 7 => self.few_digits(value, scale),
            _ => self.many_digits(value, scale),
        }
    }

    /// Up to seven digits, computed side by side in one word.
    #[inline]
    fn few_digits(&mut self, value: u32, scale: u32) {
        let digits = eight_digits(value);
        // Digits stand from the lowest byte on, zeros before the first one too. One of them stands before the point.
        let count = (8 - digits.trailing_zeros() / 8).max(scale + 1);
        let text = (digits | ZEROS) >> (8 * (8 - count));
        let (text, length) = if scale == 0 {
            (text, count)
        } else {
            let place = 8 * (count - scale);
            let before = (1 << place) - 1;
            (text & before | u64::from(b'.') << place | (text & !before) << 8, count + 1)
        };
        let end = self.out.len() + length as usize;
        self.out.extend_from_slice(&text.to_le_bytes());
        self.out.truncate(end);
    }

    /// Digits from the last to the first.
    fn many_digits(&mut self, mut value: u64, scale: u32) {
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
        let local = at.naive_utc();
        let (date, time) = (local.date(), local.time());
        let year = u32::try_from(date.year()).unwrap_or_default() % 10_000;
        let day = four_pairs([year / 100, year % 100, date.month(), date.day()]);
        let [y0, y1, y2, y3, m0, m1, d0, d1] = (day | ZEROS).to_le_bytes();
        let seconds = time.num_seconds_from_midnight();
        let clock = four_pairs([seconds / 3600, seconds / 60 % 60, seconds % 60, 0]);
        let [h0, h1, n0, n1, s0, s1, ..] = (clock | ZEROS).to_le_bytes();
        let text = [
            b'"', y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z',
            b'"',
        ];
        if digits == 0 && has_zone {
            self.raw_bytes(&text);
            return;
        }
        self.raw_bytes(text.get(..20).unwrap_or_default());
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

/// The character zero in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight digits of a number below 10^8, one a byte, the first in the lowest.
#[inline]
fn eight_digits(value: u32) -> u64 {
    // Two numbers of four digits, then four of two. A hundredth is 10486 / 2^20, exact below 10,000.
    let halves = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    pairs(hundreds | (halves - 100 * hundreds) << 16)
}

/// The digits of four numbers below 100.
#[inline]
fn four_pairs([one, two, three, four]: [u32; 4]) -> u64 {
    pairs(u64::from(one) | u64::from(two) << 16 | u64::from(three) << 32 | u64::from(four) << 48)
}

/// The digits of four numbers below 100, each in two bytes. A tenth is 103 / 2^10, exact below 100.
#[inline]
fn pairs(numbers: u64) -> u64 {
    let tens = ((numbers * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (numbers - 10 * tens) << 8
}

#[cfg(test)]
mod tests {
    use super::super::Writer;
    use crate::Decimal;

    fn written(value: Decimal) -> String {
        let mut writer = Writer::new();
        writer.decimal(value);
        String::from_utf8(writer.into_bytes()).unwrap()
    }

    #[test]
    fn digits_are_those_of_the_number() {
        let small = (0..20_000).chain((0..10_000_100).step_by(997));
        let bounds = [7, 8, 9, 15, 18].into_iter().flat_map(|power| {
            let power = 10_i64.pow(power);
            [power - 1, power, power + 1]
        });
        let all = small.chain(bounds).chain([i64::MAX, i64::MIN + 1]);
        for digits in all.flat_map(|digits| [digits, -digits]) {
            let mut writer = Writer::new();
            writer.integer(digits);
            assert_eq!(writer.into_bytes(), digits.to_string().into_bytes());
            for scale in [0, 1, 2, 4, 6, 7, 8, 18, 19, 28] {
                let value = Decimal::new(digits, scale);
                assert_eq!(written(value), value.to_string(), "{digits} with {scale} decimals");
            }
        }
        let mut writer = Writer::new();
        writer.integer(i64::MIN);
        assert_eq!(writer.into_bytes(), i64::MIN.to_string().into_bytes());
    }
}
