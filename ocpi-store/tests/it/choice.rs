//! Choices, whatever they come from: chance in the tests, the bytes of an input in `fuzz/`.

/// A source of choices.
pub(crate) trait Choose {
    /// Chooses a number below a bound.
    fn below(&mut self, bound: usize) -> usize;

    /// Chooses whether to do what is done once in so many times.
    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Chooses one of these.
    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}
