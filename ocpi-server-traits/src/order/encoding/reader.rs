//! Reading of numbers, texts and times.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::writer::units_of;
use crate::order::pair::Pair;

pub(super) struct Reader<'a> {
    rest: &'a [u8],
    pub(super) unit: i64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest, unit: 1 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number of things, each of which takes a byte at least.
    pub(super) fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|count| *count <= self.rest.len())
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let count = self.count()?;
        String::from_utf8(self.bytes(count)?.to_vec()).ok()
    }

    /// Values by key.
    pub(super) fn keyed<T>(
        &mut self,
        read: impl Fn(&mut Self, &str) -> Option<T>,
    ) -> Option<BTreeMap<EcoString, T>> {
        let count = self.count()?;
        let mut values: Vec<(EcoString, T)> = Vec::with_capacity(count.min(1_000));
        for _ in 0..count {
            let shared = usize::try_from(self.number()?).ok()?;
            let before = values.last().map_or("", |(key, _)| key);
            let begin = before.get(..shared)?;
            let length = self.count()?;
            let end = std::str::from_utf8(self.bytes(length)?).ok()?;
            let mut key = EcoString::from(begin);
            key.push_str(end);
            let value = read(self, &key)?;
            values.push((key, value));
        }
        Some(values.into_iter().collect())
    }

    pub(super) fn theirs(&mut self) -> Option<i64> {
        Some(unzigzag(self.number()?).wrapping_mul(self.unit))
    }

    pub(super) fn ours(&mut self) -> Option<i64> {
        Some(unzigzag(self.number()?).wrapping_mul(1_000))
    }

    pub(super) fn pair(&mut self, near: Pair) -> Option<Pair> {
        let first = self.number()?;
        match first & 3 {
            0 => (first == 0).then_some(near),
            1 => (first == 1).then_some(Pair::UNKNOWN),
            2 => {
                let theirs =
                    units_of(near, self.unit).wrapping_add(unzigzag(first >> 2)).wrapping_mul(self.unit);
                let ours = theirs.div_euclid(1_000).wrapping_mul(1_000).wrapping_add(self.ours()?);
                Some(Pair { theirs: Some(theirs), ours })
            }
            _ => Some(Pair { theirs: None, ours: self.ours()? }),
        }
    }

    pub(super) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }
}

fn unzigzag(number: u64) -> i64 {
    let number = ((number >> 1) ^ (number & 1).wrapping_neg()).to_ne_bytes();
    i64::from_ne_bytes(number)
}
