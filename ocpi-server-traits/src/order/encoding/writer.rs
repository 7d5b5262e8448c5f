//! Writing of numbers, texts and times.

use bytes::Bytes;

use crate::order::pair::Pair;

pub(super) struct Writer {
    out: Vec<u8>,
    unit: i64,
    /// The key before.
    key: String,
}

impl Writer {
    pub(super) fn new(unit: i64, bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), unit, key: String::new() }
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Seven bits a byte, the low ones first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.byte(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
            number >>= 7;
        }
        self.byte(u8::try_from(number).unwrap_or(0));
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(u64::try_from(count).unwrap_or(u64::MAX));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes(text.as_bytes());
    }

    /// Begins another list of keys.
    pub(super) fn start_keys(&mut self) {
        self.key.clear();
    }

    /// The number of bytes that the key shares with the one before, and the rest.
    pub(super) fn key(&mut self, key: &str) {
        let mut shared = self.key.bytes().zip(key.bytes()).take_while(|(known, new)| known == new).count();
        while !key.is_char_boundary(shared) {
            shared -= 1;
        }
        self.count(shared);
        self.text(key.get(shared..).unwrap_or_default());
        key.clone_into(&mut self.key);
    }

    /// A difference of the owner's times.
    pub(super) fn theirs(&mut self, micros: i64) {
        self.number(zigzag(micros.div_euclid(self.unit)));
    }

    /// A time of ours.
    pub(super) fn ours(&mut self, micros: i64) {
        self.number(zigzag(micros.div_euclid(1_000)));
    }

    /// Two times, as differences to `near` and to each other. The low bits say which there are.
    pub(super) fn pair(&mut self, pair: Pair, near: Pair) {
        if pair == near {
            self.number(0);
        } else if pair == Pair::UNKNOWN {
            self.number(1);
        } else if let Some(theirs) = pair.theirs {
            let units = theirs.div_euclid(self.unit).wrapping_sub(units_of(near, self.unit));
            // Two bits less leave more than enough for the years that there are.
            self.number(zigzag(units) << 2 | 2);
            self.ours(pair.ours.wrapping_sub(theirs.div_euclid(1_000).wrapping_mul(1_000)));
        } else {
            self.number(3);
            self.ours(pair.ours);
        }
    }

    pub(super) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(super) fn finish(self) -> Bytes {
        self.out.into()
    }
}

/// The time that differences to a pair start at, in units.
pub(super) fn units_of(near: Pair, unit: i64) -> i64 {
    if near == Pair::UNKNOWN { 0 } else { near.raw().div_euclid(unit) }
}

/// Small numbers for small differences of either sign.
fn zigzag(number: i64) -> u64 {
    u64::from_ne_bytes(((number << 1) ^ (number >> 63)).to_ne_bytes())
}
