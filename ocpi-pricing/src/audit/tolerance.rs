//! How far a written number may be from the exact one.

use ocpi_types::{Currency, Decimal};

use crate::rounding::minor_unit;

/// Half of the last decimal that counts, so many times.
fn halves(decimals: u32, times: usize) -> Decimal {
    // Numbers have at most 28 decimals, and half of one has one more.
    let half = Decimal::new(5, decimals.min(27) + 1);
    let times = Decimal::from(i64::try_from(times).unwrap_or(i64::MAX));
    half.checked_mul(times).unwrap_or(half)
}

fn is_within(written: Decimal, exact: Decimal, tolerance: Decimal) -> bool {
    let difference = written
        .checked_sub(exact)
        .map(|it| if it.is_negative() { Decimal::ZERO.checked_sub(it) } else { Some(it) });
    difference.flatten().is_some_and(|difference| difference <= tolerance)
}

/// Whether an amount is a rounding of the exact one, or the sum of so many rounded parts.
pub(super) fn is_money(written: Decimal, exact: Decimal, currency: &Currency, parts: usize) -> bool {
    let decimals = written.scale().max(minor_unit(currency));
    is_within(written, exact, halves(decimals, parts + 1))
}

/// Whether hours are a rounding of the exact ones, or of the sum of so many rounded terms.
pub(super) fn is_hours(written: Decimal, exact: Decimal, terms: usize) -> bool {
    let decimals = match written.scale() {
        0 | 1 => 4,
        decimals => decimals,
    };
    is_within(written, exact, halves(decimals, terms + 1))
}

/// Whether energy is a rounding of the exact one, or of the sum of so many rounded terms.
pub(super) fn is_energy(written: Decimal, exact: Decimal, terms: usize) -> bool {
    is_within(written, exact, halves(written.scale().max(3), terms + 1))
}

#[cfg(test)]
mod tests {
    use super::{is_energy, is_hours, is_money};
    use ocpi_types::Decimal;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_a_rounding_is_right() {
        // 70 minutes.
        for (written, is_right) in [("1.1667", true), ("1.17", true), ("1.1666", false), ("1.2", false)] {
            assert_eq!(is_hours(number(written), number("1.16666666666667"), 0), is_right, "{written}");
        }
        for (written, exact, parts, is_right) in [
            ("10.66", "10.66425", 0, true),
            ("10.67", "10.66425", 0, false),
            ("10.67", "10.66425", 1, true),
            ("10.66425", "10.66425", 0, true),
            ("10.665", "10.66425", 0, false),
            ("10.7", "10.66425", 0, false),
            ("5", "5.004", 0, true),
            ("5", "5.006", 0, false),
        ] {
            let currency = "EUR".parse().unwrap();
            assert_eq!(
                is_money(number(written), number(exact), &currency, parts),
                is_right,
                "{written} {exact}"
            );
        }
        assert!(
            is_energy(number("20.5"), number("20.4996"), 0)
                && !is_energy(number("20.5"), number("20.499"), 0)
        );
    }
}
