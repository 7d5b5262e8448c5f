//! Pseudo-random numbers determined by a seed.

/// Pseudo-random numbers by SplitMix64: small, fast, and reproducible. Not suitable for secrets.
///
/// ```
/// use ocpi_pricing::generate::Random;
/// let mut random = Random::of(7, 0);
/// let die = random.within(1, 7);
/// assert!((1..=6).contains(&die));
/// assert_eq!(Random::of(7, 0).within(1, 7), die);
/// ```
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Clone, Debug)]
pub struct Random(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// Creates one stream of numbers of a seed.
    #[must_use]
    pub fn of(seed: u64, stream: u64) -> Self {
        let mut random = Self(seed ^ stream.wrapping_mul(STEP));
        Self(random.draw())
    }

    /// Draws a 64-bit number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws a number in the range from `from` to `until`, excluding `until`; `from` if the range is empty.
    pub fn within(&mut self, from: i64, until: i64) -> i64 {
        let width = u128::from(until.saturating_sub(from).max(1).unsigned_abs());
        // Always less than the width, which fits.
        let offset = (u128::from(self.draw()) * width) >> 64;
        from.saturating_add(i64::try_from(offset).unwrap_or(0))
    }

    /// Draws whether an event with a probability in percent happens.
    pub fn happens(&mut self, percent: i64) -> bool {
        self.within(0, 100) < percent
    }

    /// Draws an index into a list of `count` elements; 0 if it is empty.
    pub fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.within(0, i64::try_from(count).unwrap_or(i64::MAX))).unwrap_or(0)
    }

    /// Draws an element; `None` if there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.index(from.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_numbers_are_those_of_the_algorithm() {
        let mut random = Random(1_234_567);
        let numbers = [random.draw(), random.draw(), random.draw()];
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn numbers_stay_within_and_reach_both_ends() {
        let mut random = Random::of(1, 2);
        let seen: std::collections::BTreeSet<i64> = (0..200).map(|_| random.within(-2, 3)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2]);
        assert_eq!(random.within(5, 5), 5);
    }
}
