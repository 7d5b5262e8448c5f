//! Decimals, times and case-insensitive strings.

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use ocpi_types::{CiString, DateTime, Decimal, json};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, option, prop_oneof};

use super::texts;

/// The digits of a number, and the number of decimals among them.
type Parts = (i128, u32);

/// Numbers of up to 28 digits, as the library holds them.
fn parts() -> impl Strategy<Value = Parts> {
    let limit = 10_i128.pow(28);
    let digits = prop_oneof![-999_i128..=999, -limit + 1..=limit - 1];
    (digits, 0_u32..=28)
}

/// Numbers that can be added and multiplied in 128 bits.
fn small_parts() -> impl Strategy<Value = Parts> {
    (-1_000_000_000_000_i128..=1_000_000_000_000, 0_u32..=6)
}

/// A number's plain spelling.
fn spell((digits, scale): Parts) -> String {
    let scale = scale as usize;
    let sign = if digits < 0 { "-" } else { "" };
    let text = format!("{:0width$}", digits.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = text.split_at(text.len() - scale);
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn decimal(parts: Parts) -> Decimal {
    spell(parts).parse().expect("it fits")
}

/// Both numbers with the decimals of the longer one.
fn aligned(a: Parts, b: Parts) -> (i128, i128, u32) {
    let scale = a.1.max(b.1);
    let at = |(digits, own): Parts| digits * 10_i128.pow(scale - own);
    (at(a), at(b), scale)
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn a_decimal_keeps_its_spelling(parts in parts()) {
        let text = spell(parts);
        let value: Decimal = text.parse().expect("it fits");
        prop_assert_eq!(value.to_string(), &text[..]);
        prop_assert_eq!(value.scale(), parts.1);
        prop_assert_eq!(json::to_string(&json::from_str::<Decimal>(&text).expect("a number")), text);
    }

    #[test]
    fn an_exponent_moves_the_point(parts in small_parts(), exponent in -9_i32..=9) {
        let value: Decimal = format!("{}e{exponent}", spell(parts)).parse().expect("it fits");
        let digits = parts.0 * 10_i128.pow(9);
        let scale = i32::try_from(parts.1).expect("small") + 9 - exponent;
        prop_assert_eq!(value, decimal((digits, scale.try_into().expect("not below zero"))));
    }

    #[test]
    fn sums_and_products_are_exact(a in small_parts(), b in small_parts()) {
        let (x, y) = (decimal(a), decimal(b));
        let (m, n, scale) = aligned(a, b);
        prop_assert_eq!(x.checked_add(y), Some(decimal((m + n, scale))));
        prop_assert_eq!(x.checked_sub(y), Some(decimal((m - n, scale))));
        prop_assert_eq!(x.checked_mul(y), Some(decimal((a.0 * b.0, a.1 + b.1))));
        prop_assert_eq!(x.cmp(&y), m.cmp(&n));
        prop_assert_eq!(x == y, m == n);
        if n != 0 {
            let quotient = x.checked_div(y).expect("it fits");
            let back = quotient.checked_mul(y).expect("it fits").round(12);
            prop_assert_eq!(back, x.round(12));
        }
    }

    #[test]
    fn equal_numbers_have_equal_hashes(parts in small_parts(), zeros in 0_u32..=9) {
        let (a, b) = (decimal(parts), decimal((parts.0 * 10_i128.pow(zeros), parts.1 + zeros)));
        prop_assert_eq!(a, b);
        prop_assert_eq!(hash(&a), hash(&b));
        prop_assert_eq!(a.normalize().to_string(), b.normalize().to_string());
    }

    #[test]
    fn rounding_takes_a_half_away_from_zero(parts in small_parts(), decimals in 0_u32..=6) {
        let expected = if decimals >= parts.1 {
            parts
        } else {
            let unit = 10_i128.pow(parts.1 - decimals);
            let (whole, rest) = (parts.0 / unit, parts.0 % unit);
            (whole + if rest.abs() * 2 >= unit { rest.signum() } else { 0 }, decimals)
        };
        prop_assert_eq!(decimal(parts).round(decimals), decimal(expected));
    }

    #[test]
    fn integers_are_found(value in any::<i64>(), zeros in 0_u32..=6, parts in small_parts()) {
        prop_assert_eq!(decimal((i128::from(value) * 10_i128.pow(zeros), zeros)).to_integer(), Some(value));
        let unit = 10_i128.pow(parts.1);
        let expected = (parts.0 % unit == 0).then(|| i64::try_from(parts.0 / unit).expect("small"));
        prop_assert_eq!(decimal(parts).to_integer(), expected);
        prop_assert_eq!(decimal(parts).is_negative(), parts.0 < 0);
    }

    /// Near the limits results may be missing, but nothing panics.
    #[test]
    fn arithmetic_does_not_panic(a in parts(), b in parts(), decimals in any::<u32>(), digits in any::<i64>()) {
        let (x, y) = (decimal(a), decimal(b));
        let results = [x.checked_add(y), x.checked_sub(y), x.checked_mul(y), x.checked_div(y)];
        for result in results.into_iter().flatten() {
            prop_assert!(result.round(decimals).scale() <= 28);
            let _ = (result.normalize(), result.to_integer(), result.is_negative(), result.to_string());
        }
        prop_assert_eq!(x.checked_div(Decimal::ZERO), None);
        prop_assert_eq!(Decimal::new(digits, decimals), decimal((digits.into(), decimals.min(28))));
    }
}

/// A sum or product that needs more digits than there are is rounded in the last one; one that is too large is
/// none.
#[test]
fn results_with_too_many_digits_are_rounded() {
    let of = |text: &str| -> Decimal { text.parse().expect("it fits") };
    let large = of("1000000000000000000000000000");
    assert_eq!(large.checked_sub(of("0.01")), Some(large));
    assert_eq!(large.checked_add(of("0.0000000000000000000000000001")), Some(large));
    let third = Decimal::ONE.checked_div(3.into()).expect("it fits");
    assert_eq!(third.to_string(), "0.3333333333333333333333333333");
    assert_eq!(
        third.checked_mul(of("0.1")).map(|tenth| tenth.to_string()),
        Some("0.0333333333333333333333333333".into())
    );
    assert_eq!(large.checked_mul(large), None);
    assert_eq!(large.checked_mul(100.into()), None);
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A time in each form that is read.
fn time_text() -> impl Strategy<Value = String> {
    let date = (0_i32..=9999, 1_u32..=12, 1_u32..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let time = (0_u32..24, 0_u32..60, 0_u32..60).prop_map(|(h, m, s)| format!("{h:02}:{m:02}:{s:02}"));
    let fraction = option::of(texts("\\.[0-9]{1,9}")).prop_map(Option::unwrap_or_default);
    let zone = prop_oneof![
        3 => texts("Z"),
        2 => texts(""),
        1 => texts("z"),
        2 => texts("[+-]([01][0-9]|2[0-3]):[0-5][0-9]"),
        1 => texts("[+ -]([01][0-9]|2[0-3])[0-5][0-9]"),
        1 => texts("[+-]([01][0-9]|2[0-3])"),
    ];
    (date, texts("[Tt ]"), time, fraction, zone)
        .prop_map(|(date, t, time, fraction, zone)| format!("{date}{t}{time}{fraction}{zone}"))
}

/// A time in OCPI's own form, with `Z`.
fn utc_text() -> impl Strategy<Value = String> {
    time_text().prop_map(|text| {
        let fraction: String =
            text.chars().skip(19).take_while(|c| *c == '.' || c.is_ascii_digit()).collect();
        format!("{}T{}{fraction}Z", &text[..10], &text[11..19])
    })
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn a_time_is_what_it_is_written_as(text in time_text()) {
        // An offset can lead out of the years that can be written.
        if let Ok(time) = text.parse::<DateTime>() {
            let written = time.to_string();
            let again: DateTime = written.parse().expect("what is written can be read");
            prop_assert_eq!(again, time);
            prop_assert_eq!(again.to_string(), written);
        } else {
            let is_at_the_edge = text.starts_with("0000-01-01") || text.starts_with("9999-12-31");
            prop_assert!(is_at_the_edge, "{} is not read", text);
        }
    }

    #[test]
    fn a_time_of_the_specifications_form_stays_as_it_is(text in utc_text()) {
        prop_assert_eq!(text.parse::<DateTime>().expect("it is read").to_string(), &text[..]);
        let bare = text.trim_end_matches('Z');
        prop_assert_eq!(bare.parse::<DateTime>().expect("it is read").to_string(), bare);
    }

    #[test]
    fn times_agree_with_chrono(a in utc_text(), b in utc_text(), offset in -1439_i32..=1439) {
        let chrono_of = |text: &str| chrono::DateTime::parse_from_rfc3339(text).expect("a time").to_utc();
        let (x, y): (DateTime, DateTime) = (a.parse().expect("a time"), b.parse().expect("a time"));
        prop_assert_eq!(x.to_chrono(), chrono_of(&a));
        prop_assert_eq!(x.cmp(&y), chrono_of(&a).cmp(&chrono_of(&b)));
        prop_assert_eq!(x.seconds_since(y), (chrono_of(&a) - chrono_of(&b)).num_seconds());
        prop_assert_eq!(x == y, hash(&x) == hash(&y));
        let shifted = format!(
            "{}{}{:02}:{:02}",
            a.trim_end_matches('Z'),
            if offset < 0 { '-' } else { '+' },
            offset.abs() / 60,
            offset.abs() % 60,
        );
        if let Ok(time) = shifted.parse::<DateTime>() {
            prop_assert_eq!(time.to_chrono(), chrono_of(&shifted));
        }
    }

    #[test]
    fn seconds_can_be_added(text in utc_text(), seconds in any::<i64>(), unix in any::<i64>()) {
        let time: DateTime = text.parse().expect("a time");
        let later = time.checked_add_seconds(seconds);
        prop_assert!(later.is_none_or(|later| later.seconds_since(time) == seconds));
        let times = [later, DateTime::from_unix(unix), DateTime::from_unix(unix % 100_000_000_000)];
        for time in times.into_iter().flatten() {
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}

/// Short texts, so that equal ones are common.
fn ascii() -> impl Strategy<Value = String> {
    prop_oneof![texts("[aAbB_]{0,3}"), texts("[ -~]{0,36}")]
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn case_insensitive_strings_compare_as_their_lower_case(
        a in ascii(),
        b in ascii(),
        flips in collection::vec(any::<bool>(), 36),
    ) {
        let flipped: String = a
            .chars()
            .zip(flips)
            .map(|(c, flip)| if flip { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect();
        let of = |text: &str| -> CiString<36> { text.parse().expect("printable ASCII") };
        let (x, y, z) = (of(&a), of(&b), of(&flipped));
        prop_assert_eq!(x.as_str(), &a[..]);
        prop_assert_eq!(&x, &z);
        prop_assert_eq!(hash(&x), hash(&z));
        prop_assert_eq!(x.cmp(&z), Ordering::Equal);
        prop_assert_eq!(x.cmp(&y), a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()));
        prop_assert_eq!(x == y, x.cmp(&y) == Ordering::Equal);
        prop_assert!(x != y || hash(&x) == hash(&y));
    }
}
