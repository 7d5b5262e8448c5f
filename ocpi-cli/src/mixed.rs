//! Which type each object of an input has: a file may hold several.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::infer::Wanted;
use crate::input::{Content, Failure, Span};
use crate::kinds::Kind;
use crate::output;

/// The types of the objects of an input.
pub(crate) struct Kinds<'a> {
    /// The user's statements about the input; `None` if the type is told.
    wanted: Option<&'a Wanted>,
    /// The type of most objects; `None` if there are none.
    kind: Option<&'static Kind>,
    /// By the names of an object's members: its type.
    shapes: BTreeMap<Vec<String>, &'static Kind>,
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
        let kind = content.kind(wanted)?;
        let wanted = Some(wanted).filter(|wanted| !wanted.names_type());
        Ok(Self { wanted, kind, shapes: BTreeMap::new(), name: content.name() })
    }

    /// The type of an object; `None` if the input has none.
    pub(crate) fn of_item(&mut self, span: &Span) -> Option<&'static Kind> {
        let kind = self.kind?;
        let Some(wanted) = self.wanted.filter(|_| span.broken.is_empty()) else { return Some(kind) };
        let Ok(Shape(names)) = serde_json::from_str::<Shape>(&span.text) else { return Some(kind) };
        if let Some(known) = self.shapes.get(&names) {
            return Some(known);
        }
        let kind = match wanted.choose_beside(span, kind) {
            Some(other) => {
                self.mention(other);
                other
            }
            None => kind,
        };
        if self.shapes.len() < SHAPES {
            self.shapes.insert(names, kind);
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

/// The names of an object's members.
struct Shape(Vec<String>);

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Shape;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Shape, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = members.next_entry::<String, IgnoredAny>()? {
                    names.push(name);
                }
                names.sort_unstable();
                Ok(Shape(names))
            }
        }

        deserializer.deserialize_map(Names)
    }
}
