//! Numbers by chance, the same for a seed in each run.

use std::sync::{Arc, Mutex};

use ocpi_platform::SecureRandom;

/// A source of numbers. Clones draw from the same one.
#[derive(Clone, Debug)]
pub(crate) struct Chance(Arc<Mutex<u64>>);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))))
    }

    pub(crate) fn next(&self) -> u64 {
        let mut state = self.0.lock().expect("no panic");
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&self, most: u64) -> u64 {
        self.next() % most
    }

    pub(crate) fn one_of<T: Copy>(&self, all: &[T]) -> T {
        let place = self.below(u64::try_from(all.len()).expect("a length"));
        all[usize::try_from(place).expect("a place")]
    }

    /// Tokens and ids, which go on where they were after a crash.
    pub(crate) fn secrets(&self) -> SecureRandom {
        let chance = self.clone();
        SecureRandom::new(move |bytes| {
            for chunk in bytes.chunks_mut(8) {
                let number = chance.next().to_le_bytes();
                chunk.copy_from_slice(&number[..chunk.len()]);
            }
            Ok(())
        })
    }
}
