//! Tolerance between a written number and the exact one.

use ocpi_types::{Currency, Decimal};

use crate::rounding::minor_unit;

/// Maximum difference between the numbers of a CDR and the exact ones.
///
/// 70 minutes cannot be written exactly in hours, nor a third of a cent in euros. So a number is right if it is a
/// rounding of the exact one. The number of decimals is inferred from the number, ignoring trailing zeros, because many
/// writers omit them; the fields here set the minimum number of decimals that is accepted.
///
/// - **A half** may go up, to the even digit, or down: many writers compute with floats, where 11.975 is a little less
///   and comes out as 11.97. But where a half went up in a part, against the even digit, that of the total does not go
///   down against it: no rounding does both, so the total must be the sum of the parts.
/// - A **sum of n numbers** may be off by n halves of their last decimal, and by the half of its own.
/// - **Hours** compared with a duration may also be off by [`seconds`](Self::seconds): clocks are truncated to seconds.
/// - **Money** is right if it is a rounding of the exact amount, or the sum of its rounded parts, taxes included, or
///   follows from its other half: tax computed from an amount without tax that is already rounded, or vice versa. If
///   hours have fewer than four decimals and are not whole minutes, or energy has fewer than three, the amount may also
///   be off by the cost of the lost decimals.
/// - Digits beyond the tenth decimal are noise of floats and ignored.
///
/// ```
/// use ocpi_pricing::audit::Tolerance;
/// let mut tolerance = Tolerance::default();
/// assert_eq!(tolerance.hours_decimals, 2);
/// // A partner that rounds money to tenths of a cent, and one cent more or less is no reason to talk.
/// tolerance.money_decimals = Some(3);
/// tolerance.money = "0.01".parse().unwrap();
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Tolerance {
    /// Minimum number of decimals to which money is rounded; `None`: those of the minor unit of the currency.
    pub money_decimals: Option<u32>,
    /// Additional tolerance for any amount of money.
    pub money: Decimal,
    /// Minimum number of decimals to which energy in kWh is rounded.
    pub energy_decimals: u32,
    /// Minimum number of decimals to which hours are rounded.
    pub hours_decimals: u32,
    /// Number of seconds that a time may be off.
    pub seconds: u32,
}

/// Two decimals for energy and hours, one second, and money to the minor unit of its currency.
impl Default for Tolerance {
    fn default() -> Self {
        Self { money_decimals: None, money: Decimal::ZERO, energy_decimals: 2, hours_decimals: 2, seconds: 1 }
    }
}

/// To how many decimals numbers are rounded.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Precision(u32);

/// Number of decimals at which the noise of floats begins.
const NOISE: u32 = 10;

impl Precision {
    /// That of numbers that belong together: as many decimals as any of them has.
    pub(super) fn of(numbers: impl IntoIterator<Item = Decimal>, fewest: u32) -> Self {
        let mut decimals = fewest.min(NOISE);
        for number in numbers {
            // Most numbers have no more, whatever their zeros at the end.
            if number.scale() > decimals {
                decimals = decimals.max(number.round(NOISE).normalize().scale());
            }
        }
        Self(decimals)
    }

    pub(super) fn decimals(self) -> u32 {
        self.0
    }

    /// The last decimal.
    pub(super) fn unit(self) -> Decimal {
        Decimal::new(1, self.0)
    }

    /// Half of the last decimal: how far a rounding is off at most.
    pub(super) fn half(self) -> Decimal {
        Decimal::new(5, self.0 + 1)
    }

    /// So many halves.
    pub(super) fn halves(self, count: usize) -> Decimal {
        times(self.half(), i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl Tolerance {
    /// That of an amount as it is written.
    pub(super) fn precision_of_money(&self, currency: &Currency, written: Decimal) -> Precision {
        Precision::of([written], self.money_decimals.unwrap_or_else(|| minor_unit(currency)))
    }

    /// The seconds in hours.
    pub(super) fn hours(&self) -> Decimal {
        Decimal::from(i64::from(self.seconds)).checked_div(Decimal::from(3600)).unwrap_or_default()
    }
}

/// Whether two numbers are no further apart than allowed. A number too large to compute with is far from everything.
pub(super) fn near(one: Decimal, other: Decimal, allowed: Decimal) -> bool {
    one == other || one.checked_sub(other).is_some_and(|difference| abs(difference) <= allowed)
}

/// Whether two numbers are the same but for the noise of floats.
pub(super) fn same(one: Decimal, other: Decimal) -> bool {
    one == other || one.round(NOISE) == other.round(NOISE)
}

pub(super) fn abs(number: Decimal) -> Decimal {
    if number.is_negative() { negated(number) } else { number }
}

pub(super) fn negated(number: Decimal) -> Decimal {
    Decimal::ZERO.checked_sub(number).unwrap_or(number)
}

/// Multiplies; where the product is too large the number stays as it is, and is far from everything sensible.
pub(super) fn times(number: Decimal, factor: i64) -> Decimal {
    number.checked_mul(Decimal::from(factor)).unwrap_or(number)
}

/// The sum; `None`: too large.
pub(super) fn sum(numbers: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    numbers.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}
