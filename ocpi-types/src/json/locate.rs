//! Positions in a text, and the JSON pointers to them.

use std::borrow::Cow;

use super::reader::{Limits, Reader};
use super::{Error, Stop};
use crate::Rule;
use crate::pointer::push_segment;

impl Error {
    /// Error at an offset in a text, of which the part up to the first byte that is not UTF-8 tells the place.
    pub(crate) fn in_text(rule: Rule, offset: usize, text: &[u8]) -> Self {
        let valid = std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
        let valid = text.get(..valid).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        Self::at_pointer(rule, offset, at(valid, offset), text)
    }
}

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

/// Goes to the member or element that holds the byte; `None` if that is the current value itself.
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

/// Returns the byte offsets of the values at JSON pointers, in the order of the pointers. A pointer to a missing member
/// gives the object that lacks it. Makes one pass over the text.
///
/// ```
/// use ocpi_types::json;
/// let text = r#"{"id": "LOC1", "evses": [{"uid": "1"}, {"uid": 2}]}"#;
/// assert_eq!(json::locate(text, &["/evses/1/uid", "/city"]), [text.find('2').unwrap(), 0]);
/// ```
pub fn locate(text: &str, pointers: &[&str]) -> Vec<usize> {
    let mut r = Reader::over(text, Limits::trusted(), false);
    r.skip_bom();
    let mut wanted: Vec<Wanted<'_>> =
        pointers.iter().map(|pointer| Wanted { segments: segments(pointer), at: 0 }).collect();
    let mut refs: Vec<&mut Wanted<'_>> = wanted.iter_mut().collect();
    // A text that breaks off ends the search: the rest stays where the search got to.
    let _ = descend(&mut r, &mut refs, 0);
    wanted.into_iter().map(|wanted| wanted.at).collect()
}

/// A place that is searched for: the way to it, and the part of the way that was found.
struct Wanted<'a> {
    segments: Vec<Cow<'a, str>>,
    at: usize,
}

/// The segments of a pointer, without escapes.
fn segments(pointer: &str) -> Vec<Cow<'_, str>> {
    let unescaped = |segment| match segment {
        plain if !str::contains(plain, '~') => Cow::Borrowed(plain),
        escaped => Cow::Owned(escaped.replace("~1", "/").replace("~0", "~")),
    };
    pointer.split('/').skip(1).map(unescaped).collect()
}

/// Goes into the value that begins here, to which all that is wanted leads.
fn descend(r: &mut Reader<'_>, wanted: &mut [&mut Wanted<'_>], depth: usize) -> Result<(), Stop> {
    r.skip_blanks();
    let start = r.offset();
    wanted.iter_mut().for_each(|wanted| wanted.at = start);
    let is_object = r.peek() == Some(b'{');
    if wanted.iter().all(|wanted| wanted.segments.len() <= depth) || (!is_object && r.peek() != Some(b'[')) {
        return r.skip_value();
    }
    let mut more = if is_object { r.open_object() } else { r.open_list() }?;
    let mut index = 0_usize;
    while more {
        let name = if is_object { r.key_text()?.into_owned() } else { index.to_string() };
        let leads_here = |wanted: &&mut &mut Wanted<'_>| {
            // Of a member that occurs twice the first one counts.
            wanted.at == start && wanted.segments.get(depth).is_some_and(|segment| *segment == name)
        };
        let mut inside: Vec<&mut Wanted<'_>> =
            wanted.iter_mut().filter(leads_here).map(|wanted| &mut **wanted).collect();
        if inside.is_empty() {
            r.skip_value()?;
        } else {
            descend(r, &mut inside, depth + 1)?;
        }
        more = if is_object { r.next_member() } else { r.next_element() }?;
        index += 1;
    }
    Ok(())
}
