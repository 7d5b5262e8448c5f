//! Which type each object of an input has: a file may hold several.

use std::collections::BTreeMap;

use ocpi_types::Ruleset;
use ocpi_types::json::Verdict;

use crate::infer::Wanted;
use crate::input::{Content, Failure, Span};
use crate::judge::Judged;
use crate::kinds::Kind;
use crate::output;

/// The types of the objects of an input.
pub(crate) struct Kinds<'a> {
    /// The user's statements about the input; `None` if the type is told.
    wanted: Option<&'a Wanted>,
    /// The type of most objects; `None` if there are none.
    kind: Option<&'static Kind>,
    /// By the [shape] of an object: its type.
    shapes: BTreeMap<String, &'static Kind>,
    name: String,
}

/// Shapes that are remembered: a partner who makes up the names of members makes as many.
const SHAPES: usize = 1_000;

impl<'a> Kinds<'a> {
    /// Looks at the first objects, and says what they are taken as.
    ///
    /// # Errors
    /// When the first object cannot be read, or the objects look like nothing known.
    pub(crate) fn of(content: &mut Content<'_>, wanted: &'a Wanted) -> Result<Self, Failure> {
        let kind = content.kind(&wanted.clone().of_several_types())?;
        let wanted = Some(wanted).filter(|wanted| !wanted.names_type());
        Ok(Self { wanted, kind, shapes: BTreeMap::new(), name: content.name() })
    }

    /// Reads and checks an object, as what it looks like; `None` if the input has no type.
    pub(crate) fn judge(&mut self, span: &Span, profile: Option<&'static Ruleset>) -> Option<Judged> {
        let kind = self.kind?;
        if !span.broken.is_empty() {
            let (verdict, remarks) = (Verdict::Unreadable, span.broken.clone());
            return Some(Judged { kind, verdict, remarks, object: None });
        }
        let judged = kind.judge(&span.text, profile);
        let Some(wanted) = self.wanted.filter(|_| !judged.has_members_of_its_type()) else {
            return Some(judged);
        };
        let other = self.kind_of(span, wanted, kind).filter(|other| !std::ptr::eq(*other, kind));
        Some(other.map_or(judged, |other| other.judge(&span.text, profile)))
    }

    /// The type of an object that the type of most objects does not fit; `None` of a text that is no object.
    fn kind_of(&mut self, span: &Span, wanted: &Wanted, theirs: &'static Kind) -> Option<&'static Kind> {
        let shape = shape(&span.text)?;
        if let Some(known) = self.shapes.get(&shape) {
            return Some(known);
        }
        let kind = match wanted.choose_beside(span, theirs) {
            Some(other) => {
                self.mention(other);
                other
            }
            None => theirs,
        };
        if self.shapes.len() < SHAPES {
            self.shapes.insert(shape, kind);
        }
        Some(kind)
    }

    /// Says so the first time that a type is met.
    fn mention(&self, kind: &'static Kind) {
        if !self.shapes.values().any(|known| std::ptr::eq(*known, kind)) {
            let (name, version) = (kind.name(), kind.version());
            output::mention(&format!("{}: some objects detected as {name} of OCPI {version}", self.name));
        }
    }
}

/// The names of an object's members as they are written, in order, one a line; `None` of a text that is no object.
///
/// It goes over every object that its type does not fit, so it reads no more than that: the text is JSON already.
fn shape(text: &str) -> Option<String> {
    let bytes = text.trim_start().as_bytes();
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let mut names: Vec<&[u8]> = Vec::new();
    let (mut depth, mut place, mut is_name) = (0_usize, 0, true);
    while let Some(byte) = bytes.get(place) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, place + 1)?;
                if depth == 1 && is_name {
                    names.push(bytes.get(place + 1..end)?);
                    is_name = false;
                }
                place = end;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 1 => is_name = true,
            _ => {}
        }
        place += 1;
    }
    names.sort_unstable();
    String::from_utf8(names.join(&b'\n')).ok()
}

/// The place of the quotation mark that ends a string.
fn end_of_string(bytes: &[u8], mut place: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(place..)?;
        place += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes.get(place) == Some(&b'"') {
            return Some(place);
        }
        // The character behind the backslash ends nothing.
        place += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_shape_is_the_names_of_an_objects_members() {
        for (text, expected) in [
            (r#"{"id":"1","evses":[{"uid":"x","a":{"b":1}}],"city":"Ede"}"#, Some("city\nevses\nid")),
            (r#" { "b" : "a,\"c\":{", "a": [1, "x", {"c": 2}] } "#, Some("a\nb")),
            (r#"{"a":"\\","b":null}"#, Some("a\nb")),
            ("{}", Some("")),
            ("[1]", None),
            ("", None),
            (r#""id""#, None),
        ] {
            assert_eq!(shape(text).as_deref(), expected, "{text}");
        }
    }
}
