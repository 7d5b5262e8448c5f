//! The city's dice.

/// Pseudo-random numbers by SplitMix64: a counter in steps of an odd constant, scrambled.
///
/// A few lines, and the same on every machine and in every release; it is not fit for secrets.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From zero to just below `end`. Small numbers come a tiny bit more often, which is no matter here.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(super) fn below_i64(&mut self, end: i64) -> i64 {
        (self.next() % end as u64) as i64
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Between `-reach` and `reach`, more likely near zero.
    pub(super) fn around_zero(&mut self, reach: i64) -> i64 {
        self.below_i64(reach + 1) - self.below_i64(reach + 1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
