//! Random numbers that are the same in each run.

use std::sync::atomic::{AtomicU64, Ordering};

use ocpi_platform::SecureRandom;

/// Makes a source of random numbers that counts: in a program no two tokens or ids are alike. Platforms of different
/// names count apart.
pub fn counted_random(name: &str) -> SecureRandom {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    source(name, || COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Makes a source of random numbers that counts by itself: one that is made later, of the same name, gives the same
/// numbers again.
pub fn repeated_random(name: &str) -> SecureRandom {
    let count = AtomicU64::new(1);
    source(name, move || count.fetch_add(1, Ordering::Relaxed))
}

fn source(name: &str, next: impl Fn() -> u64 + Send + Sync + 'static) -> SecureRandom {
    let salt: u64 = name.bytes().map(u64::from).sum();
    SecureRandom::new(move |bytes| {
        let number = next().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt;
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = number.to_be_bytes()[place % 8].rotate_left(u32::try_from(place / 8).unwrap_or(0));
        }
        Ok(())
    })
}
