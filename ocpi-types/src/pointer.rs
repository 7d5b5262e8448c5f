//! JSON pointers (RFC 6901), segment by segment.

use std::fmt::Write;

/// Appends one segment, escaped as RFC 6901 asks.
pub(crate) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    if !segment.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        return pointer.push_str(segment);
    }
    for c in segment.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// Appends the place of an element.
pub(crate) fn push_index(pointer: &mut String, index: usize) {
    pointer.push('/');
    match u8::try_from(index) {
        Ok(digit @ 0..=9) => pointer.push(char::from(b'0' + digit)),
        // Writing into a string does not fail.
        _ => _ = write!(pointer, "{index}"),
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
