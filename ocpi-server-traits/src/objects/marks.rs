//! Marks: the members of our own objects that changed since a time, so that a partner can be sent these alone.

use std::collections::BTreeMap;

use bytes::Bytes;
use ocpi_types::DateTime;

/// First line of the bytes. No times of an object of a partner begin like it.
const HEAD: &str = "marks";

/// Changes of one of our own objects: the mark of the newest change of each part and member, stored with the object.
///
/// A mark is the store's time in microseconds. It increases with each change of the object, whatever the clock does.
///
/// ```
/// use ocpi_server_traits::{MarkedChange, Marks};
/// let mut marks = Marks::default();
/// let first = marks.next("2026-11-22T10:00:00Z".parse()?);
/// marks.note("", MarkedChange::Whole, first);
/// let second = marks.next("2026-11-22T09:00:00Z".parse()?);
/// marks.note("E1", MarkedChange::Members(vec!["status".to_owned()]), second);
/// assert!(second > first);
/// let marks = Marks::from_bytes(&marks.to_bytes()).unwrap();
/// assert_eq!(marks.since(first), [("E1".to_owned(), MarkedChange::Members(vec!["status".to_owned()]))]);
/// assert_eq!(marks.newest(), second);
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Marks {
    /// The first mark. Marks that start over have another one.
    born: i64,
    newest: i64,
    parts: BTreeMap<String, Part>,
}

/// Marks of a part.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Part {
    /// The newest change that no list of members tells.
    whole: i64,
    members: BTreeMap<String, i64>,
}

/// Change of a part of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum MarkedChange {
    /// The part is new, or lost a member or a part: it has to be sent in full.
    Whole,
    /// These members have new values. A list that grew is `name@place`, with the index of the first new element.
    Members(Vec<String>),
}

impl Marks {
    /// Returns the mark for a change at a time of the store.
    pub fn next(&self, now: DateTime) -> i64 {
        now.to_unix_micros().max(self.newest.saturating_add(1))
    }

    /// Records the change of a part: "" for the object itself.
    pub fn note(&mut self, part: &str, changed: MarkedChange, mark: i64) {
        if self.parts.is_empty() {
            self.born = mark;
        }
        self.newest = self.newest.max(mark);
        match changed {
            // All parts are sent with the object itself.
            MarkedChange::Whole if part.is_empty() => {
                self.parts = BTreeMap::from([(String::new(), Part { whole: mark, ..Part::default() })]);
            }
            MarkedChange::Whole => {
                self.parts.insert(part.to_owned(), Part { whole: mark, ..Part::default() });
            }
            MarkedChange::Members(names) => {
                let known = self.parts.entry(part.to_owned()).or_default();
                known.members.extend(names.into_iter().map(|name| (name, mark)));
            }
        }
    }

    /// Returns the mark of the newest change.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// Returns the first mark: it distinguishes the marks of an object from those of a deleted one with the same id.
    pub fn born(&self) -> i64 {
        self.born
    }

    /// Returns the changes after a mark, by part.
    pub fn since(&self, mark: i64) -> Vec<(String, MarkedChange)> {
        let changed = self.parts.iter().filter_map(|(name, part)| {
            if part.whole > mark {
                return Some((name.clone(), MarkedChange::Whole));
            }
            let members = part.members.iter().filter(|(_, changed)| **changed > mark);
            let members: Vec<String> = members.map(|(name, _)| name.clone()).collect();
            (!members.is_empty()).then(|| (name.clone(), MarkedChange::Members(members)))
        });
        changed.collect()
    }

    /// Returns the marks as bytes, to be stored with the object.
    pub fn to_bytes(&self) -> Bytes {
        let mut text = format!("{HEAD}\t{}\t{}", self.born, self.newest);
        for (name, part) in &self.parts {
            text.push_str(&format!("\n{}\t{}", escaped(name), part.whole));
            for (member, mark) in &part.members {
                text.push_str(&format!("\t{}\t{mark}", escaped(member)));
            }
        }
        text.into()
    }

    /// Reads marks written by [`Marks::to_bytes`]; `None` for other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.split('\n');
        let (born, newest) = lines.next()?.strip_prefix(HEAD)?.strip_prefix('\t')?.split_once('\t')?;
        let (born, newest) = (born.parse().ok()?, newest.parse().ok()?);
        let mut marks = Self { born, newest, parts: BTreeMap::new() };
        for line in lines {
            let mut words = line.split('\t');
            let (name, whole) = (read(words.next()?), words.next()?.parse().ok()?);
            let mut part = Part { whole, members: BTreeMap::new() };
            while let Some(member) = words.next() {
                part.members.insert(read(member), words.next()?.parse().ok()?);
            }
            marks.parts.insert(name, part);
        }
        Some(marks)
    }
}

/// An id or a name, without the signs that stand between them.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\t', "%09").replace('\n', "%0A")
}

fn read(text: &str) -> String {
    text.replace("%0A", "\n").replace("%09", "\t").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MarkedChange, Marks};

    fn change() -> impl Strategy<Value = (String, MarkedChange)> {
        let members = prop::collection::vec("[a-z%@\t\n]{1,3}", 1..3).prop_map(MarkedChange::Members);
        ("[A-C%\t\n]{0,2}", prop_oneof![Just(MarkedChange::Whole), members])
    }

    proptest! {
        /// Whatever changed after a mark is in the changes since it, and marks are read as they are written.
        #[test]
        fn nothing_that_changed_is_left_out(changes in prop::collection::vec(change(), 1..20), since in 0..20_usize) {
            let mut marks = Marks::default();
            let mut all = Vec::new();
            for (part, changed) in changes {
                let mark = marks.next(ocpi_types::DateTime::UNIX_EPOCH);
                marks.note(&part, changed.clone(), mark);
                all.push((mark, part, changed));
            }
            prop_assert_eq!(Marks::from_bytes(&marks.to_bytes()), Some(marks.clone()));
            let cut = all.get(since).map_or(0, |(mark, ..)| *mark);
            let found = marks.since(cut);
            let of = |wanted: &str| found.iter().find(|(part, _)| part == wanted).map(|(_, changed)| changed);
            for (_, part, changed) in all.iter().filter(|(mark, ..)| *mark > cut) {
                let is_told = match (changed, of(part)) {
                    (_, Some(MarkedChange::Whole)) => true,
                    (MarkedChange::Members(due), Some(MarkedChange::Members(told))) => due.iter().all(|name| told.contains(name)),
                    _ => false,
                };
                prop_assert!(is_told || of("") == Some(&MarkedChange::Whole), "{part:?} {changed:?} {found:?}");
            }
            prop_assert!(marks.since(marks.newest()).is_empty());
        }
    }

    #[test]
    fn other_bytes_are_no_marks() {
        for bytes in [
            &b""[..],
            b"\x01\x00",
            b"marks",
            b"marks\tx",
            b"marks\t1",
            b"marks\t1\t1\nE1",
            b"marks\t1\t1\nE1\t2\tstatus",
            b"\xff",
        ] {
            assert_eq!(Marks::from_bytes(bytes), None);
        }
    }
}
