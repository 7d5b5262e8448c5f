//! Choices from the bytes of an input.

use crate::choice::Choose;

/// The bytes, one after the other; zeros behind the last.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Choose for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % bound
    }
}
