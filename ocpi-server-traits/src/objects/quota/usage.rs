//! Counters of an account.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Objects stored for a partner, and doubts that it raised.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Usage {
    /// Number of objects of each kind, by the name of the kind: `Location`.
    pub kinds: BTreeMap<String, u64>,
    /// Total size of all objects in KiB, each object rounded up.
    pub kib: u64,
    /// Number of doubts about missing objects.
    pub doubts: u64,
}

impl Usage {
    /// Returns the number of objects of all kinds.
    pub fn objects(&self) -> u64 {
        self.kinds.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Returns the total size of all objects in bytes, each object rounded up to whole KiB.
    pub fn bytes(&self) -> u64 {
        self.kib.saturating_mul(1024)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.kib == 0 && self.doubts == 0
    }

    pub(super) fn write(&self) -> String {
        let mut text = format!("{}\n{}", self.kib, self.doubts);
        for (kind, count) in &self.kinds {
            let _ = write!(text, "\n{kind} {count}");
        }
        text
    }

    /// Reads counters; `None`: the text is broken.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(body).ok()?.lines();
        let kib = lines.next()?.parse().ok()?;
        let doubts = lines.next()?.parse().ok()?;
        let kind = |line: &str| {
            let (kind, count) = line.split_once(' ')?;
            Some((kind.to_owned(), count.parse().ok()?))
        };
        Some(Self { kib, doubts, kinds: lines.map(kind).collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::Usage;

    #[test]
    fn counters_are_read_as_they_are_written() {
        let kinds = [("Location".to_owned(), 3), ("Token".to_owned(), u64::MAX)];
        for kinds in [kinds.into(), [].into()] {
            let usage = Usage { kinds, kib: 7, doubts: 1 };
            assert_eq!(Usage::read(usage.write().as_bytes()), Some(usage));
        }
        for broken in ["", "1", "1\nx", "1\n1\nLocation", "1\n1\nLocation x", "\u{e9}"] {
            assert_eq!(Usage::read(broken.as_bytes()), None, "{broken}");
        }
    }
}
