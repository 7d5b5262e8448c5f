//! The header `Retry-After`, in seconds or as a date.

use std::time::Duration;

use http::{HeaderMap, header};
use ocpi_types::DateTime;
use ocpi_types::protocol::headers;

/// The longest time that is believed: nobody means a year.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads the time after which a partner wants to be asked again. A date counts from the partner's own clock, where the
/// answer has it (`Date`), else from `now`; one that is past is no time at all.
pub(crate) fn retry_after(all: &HeaderMap, now: impl FnOnce() -> DateTime) -> Option<Duration> {
    let text = headers::text(all, &header::RETRY_AFTER)?.trim();
    let wait = match seconds(text) {
        Some(wait) => wait,
        None => {
            let then = http_date(text)?;
            let sent = date(all).unwrap_or_else(now);
            let micros = then.to_unix_micros().saturating_sub(sent.to_unix_micros());
            Duration::from_micros(u64::try_from(micros).unwrap_or_default())
        }
    };
    Some(wait.min(LONGEST))
}

/// Reads the time of the header `Date`.
pub(crate) fn date(all: &HeaderMap) -> Option<DateTime> {
    headers::text(all, &header::DATE).and_then(|text| http_date(text.trim()))
}

/// A number of seconds; a fraction, which HTTP does not have, is rounded up.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let more = u64::from(fraction.bytes().any(|byte| byte != b'0'));
    Some(Duration::from_secs(whole.parse::<u64>().unwrap_or(u64::MAX).saturating_add(more)))
}

/// Reads a date of HTTP in any of its three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`,
/// `Sun Nov  6 08:49:37 1994`.
fn http_date(text: &str) -> Option<DateTime> {
    let words: Vec<&str> = text
        .split(|c: char| c == ',' || c == '-' || c.is_ascii_whitespace())
        .filter(|it| !it.is_empty())
        .collect();
    let (day, month, year, time) = match *words.as_slice() {
        [_, day, month, year, time, "GMT" | "UTC"] => (day, month, year, time),
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let (day, year) = (day.parse::<u8>().ok()?, year.parse::<u16>().ok()?);
    let year = match year {
        // Two digits: the year that is nearer.
        0..=69 => 2_000 + year,
        70..=99 => 1_900 + year,
        _ => year,
    };
    format!("{year:04}-{month:02}-{day:02}T{time}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, header};

    use super::{date, retry_after};

    #[test]
    fn seconds_and_dates_are_read() {
        for (text, seconds) in [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("1.5", Some(2)),
            ("2.0", Some(2)),
            ("86400", Some(86_400)),
            ("31536000", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Sun, 22 Nov 2026 12:00:30 GMT", Some(30)),
            ("Sun, 22 Nov 2026 12:00:30 UTC", Some(30)),
            ("Sunday, 22-Nov-26 12:01:00 GMT", Some(60)),
            ("Sun Nov 22 12:00:05 2026", Some(5)),
            ("Sun, 22 Nov 2026 11:59:59 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("Sun, 31 Nov 2026 12:00:30 GMT", None),
            ("Sun, 22 Now 2026 12:00:30 GMT", None),
            ("Sun, 22 Nov 2026 12:00:30 CET", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            (".5", None),
            ("soon", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().expect("a header"));
            let now = || "2026-11-22T12:00:00Z".parse().expect("a time");
            assert_eq!(retry_after(&headers, now).map(|wait| wait.as_secs()), seconds, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), || unreachable!("no header")), None);
    }

    #[test]
    fn a_date_counts_from_the_clock_of_the_partner() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, "Sun, 22 Nov 2026 12:00:30 GMT".parse().expect("a header"));
        headers.insert(header::DATE, "Sun, 22 Nov 2026 12:00:10 GMT".parse().expect("a header"));
        let now = || unreachable!("the partner says its own");
        assert_eq!(retry_after(&headers, now).map(|wait| wait.as_secs()), Some(20));
    }

    #[test]
    fn the_header_date_is_read() {
        let read = |text: &str| {
            let headers = [(header::DATE, text.parse().expect("a header"))].into_iter().collect();
            date(&headers).map(|time| time.to_string())
        };
        assert_eq!(read("Sun, 22 Nov 2026 10:00:00 GMT").as_deref(), Some("2026-11-22T10:00:00Z"));
        for odd in ["", "Sun", "Sun, 22 Foo 2026 10:00:00 GMT", "Sun, 31 Feb 2026 10:00:00 GMT"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
