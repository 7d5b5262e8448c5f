//! Arithmetic in a machine word, for short numbers, which are the most common.
//!
//! The results equal those of `rust_decimal` in every digit and decimal. `None` leaves the operation to it.

use super::Decimal;

/// A number whose digits fit into a machine word.
#[derive(Clone, Copy)]
pub(super) struct Word {
    digits: i64,
    scale: u32,
}

/// Powers of ten that fit into a word.
const POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut index = 1;
    while index < powers.len() {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// Steps by which zeros are taken off: two of eight, so that sums cover all digits of a word.
const STEPS: [(u32, i64); 5] = [(8, 100_000_000), (8, 100_000_000), (4, 10_000), (2, 100), (1, 10)];

impl Decimal {
    /// `None`: it has more digits, or is a zero with a sign.
    #[inline]
    pub(super) fn word(self) -> Option<Word> {
        let parts = self.0.unpack();
        let digits = i64::from(parts.mid) << 32 | i64::from(parts.lo);
        if parts.hi != 0 || digits < 0 || (digits == 0 && parts.negative) {
            return None;
        }
        Some(Word { digits: if parts.negative { -digits } else { digits }, scale: parts.scale })
    }

    /// The digits as they are written, if they fit into a word, and the number of decimals among them.
    #[inline]
    pub(crate) fn word_parts(self) -> Option<(i64, u32)> {
        self.word().map(|word| (word.digits, word.scale))
    }

    /// The sum.
    #[inline]
    pub(super) fn short_sum(self, other: Self) -> Option<Self> {
        let (one, two) = (self.word()?, other.word()?);
        // Zero adds no decimals.
        if one.digits == 0 {
            return Some(other);
        }
        if two.digits == 0 {
            return Some(self);
        }
        one.sum(two)
    }

    /// The difference.
    #[inline]
    pub(super) fn short_difference(self, other: Self) -> Option<Self> {
        let (one, two) = (self.word()?, other.word()?);
        if two.digits == 0 {
            return Some(if one.digits == 0 { other } else { self });
        }
        let two = Word { digits: -two.digits, ..two };
        if one.digits == 0 { two.decimal() } else { one.sum(two) }
    }

    /// The product.
    #[inline]
    pub(super) fn short_product(self, other: Self) -> Option<Self> {
        let (one, two) = (self.word()?, other.word()?);
        if one.digits == 0 || two.digits == 0 {
            return Some(Self::ZERO);
        }
        Word { digits: one.digits.checked_mul(two.digits)?, scale: one.scale + two.scale }.decimal()
    }

    /// The same number without zeros at its end.
    #[inline]
    pub(super) fn short_normalized(self) -> Option<Self> {
        let Word { mut digits, mut scale } = self.word()?;
        if digits == 0 {
            return Some(Self::ZERO);
        }
        for (count, power) in STEPS {
            if scale >= count && digits % power == 0 {
                (digits, scale) = (digits / power, scale - count);
            }
        }
        Word { digits, scale }.decimal()
    }
}

impl Word {
    /// The sum with the decimals of both; `None` where it is nothing, too.
    #[inline]
    fn sum(self, other: Self) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let sum = self.at(scale)?.checked_add(other.at(scale)?).filter(|sum| *sum != 0)?;
        Self { digits: sum, scale }.decimal()
    }

    /// The digits with more decimals.
    #[inline]
    fn at(self, scale: u32) -> Option<i64> {
        self.digits.checked_mul(*POWERS.get((scale - self.scale) as usize)?)
    }

    #[inline]
    fn decimal(self) -> Option<Decimal> {
        rust_decimal::Decimal::try_new(self.digits, self.scale).ok().map(Decimal)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal as Other;

    use super::Decimal;

    /// Digits at the bounds of words and halves of words, and between them.
    fn numbers() -> Vec<Decimal> {
        let digits = [
            0,
            1,
            5,
            10,
            37,
            100,
            99_999,
            1_000_000,
            123_456_789,
            u32::MAX.into(),
            1 << 32,
            10_i128.pow(16),
            7_175_000_000_000_000,
            10_i128.pow(18),
            i64::MAX.into(),
            1 << 63,
            u64::MAX.into(),
            10_i128.pow(27) + 1,
            10_i128.pow(28) - 1,
        ];
        let signed = digits.into_iter().flat_map(|digits| [digits, -digits]);
        signed
            .flat_map(|digits| (0..=28).filter_map(move |scale| Decimal::from_parts(digits, scale)))
            .collect()
    }

    /// A number to the bit: value, decimals and sign.
    fn bits(number: Option<Decimal>) -> Option<[u8; 16]> {
        number.map(|number| number.0.serialize())
    }

    fn within(result: Option<Other>) -> Option<Decimal> {
        result.and_then(Decimal::within_digits)
    }

    #[test]
    fn words_give_the_results_of_the_other_decimals() {
        let numbers = numbers();
        let mut negative_zero = Other::ZERO;
        negative_zero.set_sign_negative(true);
        let numbers: Vec<Decimal> = numbers.into_iter().chain([Decimal(negative_zero)]).collect();
        for one in &numbers {
            assert_eq!(bits(Some(one.normalize())), bits(Some(Decimal(one.0.normalize()))), "{one}");
            for other in &numbers {
                let told = format!("{one} and {other}");
                assert_eq!(bits(one.checked_add(*other)), bits(within(one.0.checked_add(other.0))), "{told}");
                assert_eq!(bits(one.checked_sub(*other)), bits(within(one.0.checked_sub(other.0))), "{told}");
                assert_eq!(bits(one.checked_mul(*other)), bits(within(one.0.checked_mul(other.0))), "{told}");
                assert_eq!(one.cmp(other), one.0.cmp(&other.0), "{told}");
            }
        }
    }

    #[test]
    fn short_numbers_are_computed_in_words() {
        let [one, two]: [Decimal; 2] = ["12.50", "-0.375"].map(|text| text.parse().unwrap());
        assert_eq!(one.short_sum(two).map(|it| it.to_string()), Some("12.125".to_owned()));
        assert_eq!(one.short_difference(two).map(|it| it.to_string()), Some("12.875".to_owned()));
        assert_eq!(one.short_product(two).map(|it| it.to_string()), Some("-4.68750".to_owned()));
        assert_eq!(one.short_normalized().map(|it| it.to_string()), Some("12.5".to_owned()));
    }
}
