//! JSON pointers.

use std::fmt::Write;

use super::reader::{Limits, Reader};

/// The pointer to the innermost value that holds the byte at an offset. Follows a broken text as far as it goes.
#[cold]
pub(super) fn at(text: &str, offset: usize) -> String {
    let mut r = Reader::over(text, Limits::trusted(), false);
    r.skip_bom();
    let mut pointer = String::new();
    while let Some(segment) = child_at(&mut r, offset) {
        push_segment(&mut pointer, &segment);
    }
    pointer
}

/// Goes to the member or element that holds the byte; `None` if that is the value at hand itself.
fn child_at(r: &mut Reader<'_>, offset: usize) -> Option<String> {
    r.skip_blanks();
    if r.offset() >= offset {
        return None;
    }
    let is_object = r.peek() == Some(b'{');
    let mut more = if is_object { r.open_object() } else { r.open_list() }.ok()?;
    let mut index = 0_usize;
    while more {
        let segment = if is_object { r.key_text().ok()?.into_owned() } else { index.to_string() };
        let start = r.mark();
        if r.offset() > offset {
            return None;
        }
        // A value that breaks off holds the byte, too.
        if r.skip_value().is_err() || r.offset() > offset {
            r.rewind(start);
            return Some(segment);
        }
        more = if is_object { r.next_member() } else { r.next_element() }.ok()?;
        index += 1;
    }
    None
}

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
