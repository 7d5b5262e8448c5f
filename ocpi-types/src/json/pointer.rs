//! From byte offsets to JSON pointers, by one walk over the text.

use super::reader::{Limits, Reader, Stop};

/// The pointers of values that start at the given offsets (ascending or not), each with a member name to append.
///
/// Follows a broken text as far as it goes.
pub(super) fn resolve_all(text: &[u8], places: &[(usize, Option<&'static str>)]) -> Vec<String> {
    let mut pointers = vec![String::new(); places.len()];
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|i| places.get(*i).map_or(0, |place| place.0));
    let targets = order.iter().map(|i| places.get(*i).map_or(0, |place| place.0)).collect();
    // Tolerant: half a surrogate pair in a name must not end the walk.
    // What is not UTF-8 ends the walk.
    let valid = std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
    let text = text.get(..valid).unwrap_or_default();
    let Ok(reader) = Reader::tolerant(text, Limits::trusted()) else { return pointers };
    let mut walk = Walk { reader, targets, next: 0, found: Vec::new(), path: String::new() };
    // An error only means that the text ends or breaks here.
    let _ = walk.value();
    let last = walk.path.clone();
    let mut found = walk.found.into_iter();
    for i in order {
        let pointer = found.next().unwrap_or_else(|| last.clone());
        if let (Some(slot), Some((_, member))) = (pointers.get_mut(i), places.get(i)) {
            *slot = pointer;
            if let Some(member) = member {
                push_segment(slot, member);
            }
        }
    }
    pointers
}

struct Walk<'a> {
    reader: Reader<'a>,
    targets: Vec<usize>,
    next: usize,
    found: Vec<String>,
    path: String,
}

impl Walk<'_> {
    /// Records the targets before the reader's position: they lie in the value that `path` names.
    fn settle(&mut self, up_to: usize) {
        while self.targets.get(self.next).is_some_and(|target| *target <= up_to) {
            self.found.push(self.path.clone());
            self.next += 1;
        }
    }

    fn value(&mut self) -> Result<(), Stop> {
        self.reader.skip_blanks();
        self.settle(self.reader.offset());
        let start = self.reader.mark();
        // A value that breaks off is followed inside, to where it breaks.
        let end = if self.reader.skip_value().is_ok() { self.reader.offset() } else { usize::MAX };
        if self.targets.get(self.next).is_none_or(|target| *target >= end) {
            return Ok(());
        }
        self.reader.rewind(start);
        let keep = self.path.len();
        match self.reader.peek() {
            Some(b'{') => {
                let mut more = self.reader.open_object()?;
                while more {
                    let name = self.reader.key_text()?;
                    push_segment(&mut self.path, &name);
                    self.value()?;
                    self.path.truncate(keep);
                    more = self.reader.next_member()?;
                }
            }
            Some(b'[') => {
                let mut more = self.reader.open_list()?;
                let mut index = 0_usize;
                while more {
                    push_segment(&mut self.path, &index.to_string());
                    self.value()?;
                    self.path.truncate(keep);
                    index += 1;
                    more = self.reader.next_element()?;
                }
            }
            _ => self.reader.skip_value()?,
        }
        self.settle(end.saturating_sub(1));
        Ok(())
    }
}

/// Appends one segment, escaped as RFC 6901 asks.
pub(crate) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    for c in segment.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// A pointer as people may see it: a partner chose the names in it, so it is cut, and control characters are
/// escaped.
pub(crate) fn shown(pointer: &str) -> String {
    const MAX: usize = 256;
    let escaped = pointer.chars().flat_map(|c| {
        let control = c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c);
        let (plain, escape) = if control { (None, Some(c.escape_unicode())) } else { (Some(c), None) };
        plain.into_iter().chain(escape.into_iter().flatten())
    });
    let mut shown: String = escaped.take(MAX).collect();
    if shown.chars().count() == MAX {
        shown.push('…');
    }
    shown
}
