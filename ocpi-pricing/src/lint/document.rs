//! The text of a tariff with the position of every value, so that a fix leaves the rest unchanged.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ocpi_types::Decimal;
use ocpi_types::json::{Limits, Reader, Stop};
use ocpi_types::macros::is_same_name;

/// A JSON text, and where its values are.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a str,
    root: Node,
    /// Whether a member occurs twice: then nobody knows the effect of taking one away.
    pub(super) has_twins: bool,
}

/// A value.
#[derive(Debug)]
pub(super) struct Node {
    /// From its first byte to behind its last.
    pub(super) span: Range<usize>,
    inside: Inside,
}

#[derive(Debug)]
enum Inside {
    Leaf,
    Object(Vec<Member>),
    List(Vec<Node>),
}

/// A member of an object.
#[derive(Debug)]
struct Member {
    name: String,
    start: usize,
    value: Node,
}

impl<'a> Document<'a> {
    /// `None`: the text is no JSON.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let mut reader = Reader::tolerant(text.as_bytes(), Limits::default()).ok()?;
        reader.skip_blanks();
        let root = node(&mut reader).ok()?;
        let has_twins = root.has_twins();
        Some(Self { text, root, has_twins })
    }

    /// The value that a pointer leads to.
    pub(super) fn get(&self, pointer: &str) -> Option<&Node> {
        pointer.split('/').skip(1).try_fold(&self.root, Node::child)
    }

    /// The text of a value.
    pub(super) fn raw(&self, node: &Node) -> &'a str {
        self.text.get(node.span.clone()).unwrap_or_default()
    }

    /// The string that a pointer leads to, unescaped.
    pub(super) fn string(&self, pointer: &str) -> Option<String> {
        text(self.raw(self.get(pointer)?))
    }

    /// The number that a pointer leads to.
    pub(super) fn number(&self, pointer: &str) -> Option<Decimal> {
        self.raw(self.get(pointer)?).parse().ok()
    }

    /// Counts the elements of the list that a pointer leads to; 0 if there is none.
    pub(super) fn length(&self, pointer: &str) -> usize {
        match self.get(pointer).map(|node| &node.inside) {
            Some(Inside::List(elements)) => elements.len(),
            _ => 0,
        }
    }

    /// Pointers to the members that have another value than the first one of that name.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.has_twins {
            self.contradictions_in(&self.root, String::new(), &mut found);
        }
        found
    }

    fn contradictions_in(&self, node: &Node, pointer: String, found: &mut Vec<String>) {
        match &node.inside {
            Inside::Leaf => {}
            Inside::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.contradictions_in(element, format!("{pointer}/{index}"), found);
                }
            }
            Inside::Object(members) => {
                let mut first = BTreeMap::<&str, &Node>::new();
                for member in members {
                    let name = member.name.replace('~', "~0").replace('/', "~1");
                    let pointer = format!("{pointer}/{name}");
                    match first.get(member.name.as_str()) {
                        // The content of the first one counts.
                        Some(first) if !self.is_same(first, &member.value) => {
                            if !found.contains(&pointer) {
                                found.push(pointer);
                            }
                        }
                        Some(_) => {}
                        None => {
                            first.insert(&member.name, &member.value);
                            self.contradictions_in(&member.value, pointer, found);
                        }
                    }
                }
            }
        }
    }

    /// Whether two values mean the same, however they are written.
    fn is_same(&self, one: &Node, other: &Node) -> bool {
        match (&one.inside, &other.inside) {
            (Inside::Leaf, Inside::Leaf) => {
                let (one, other) = (self.raw(one), self.raw(other));
                let is_number = |raw: &str| raw.parse::<Decimal>().ok();
                one == other
                    || is_number(one).is_some_and(|number| is_number(other) == Some(number))
                    || text(one).is_some_and(|string| text(other) == Some(string))
            }
            (Inside::List(one), Inside::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.is_same(one, other))
            }
            (Inside::Object(one), Inside::Object(other)) => {
                let has = |member: &Member| {
                    other.iter().any(|it| it.name == member.name && self.is_same(&it.value, &member.value))
                };
                one.len() == other.len() && one.iter().all(has)
            }
            _ => false,
        }
    }

    /// Whether the pointer leads to an object in which nothing but empty lists is.
    pub(super) fn is_hollow(&self, pointer: &str) -> bool {
        let is_empty =
            |it: &Member| matches!(&it.value.inside, Inside::List(elements) if elements.is_empty());
        match self.get(pointer).map(|node| &node.inside) {
            Some(Inside::Object(members)) => members.iter().all(is_empty),
            _ => false,
        }
    }

    /// Finds the range to cut so that the member or element is gone, with the comma that is too much then.
    pub(super) fn without(&self, pointer: &str) -> Option<Range<usize>> {
        let (parent, name) = pointer.rsplit_once('/')?;
        let parent = &self.get(parent)?.inside;
        let index = match parent {
            Inside::Object(members) => place(members, name)?,
            _ => name.parse().ok()?,
        };
        let (start, end) = parent.place(index)?;
        let before = index.checked_sub(1).and_then(|before| parent.place(before));
        Some(match (before, parent.place(index.checked_add(1)?)) {
            (Some((_, before)), _) => before..end,
            (None, Some((next, _))) => start..next,
            (None, None) => start..end,
        })
    }
}

/// Finds the index of a member: of those with the same name the first one counts, and one whose name is spelled
/// otherwise if there is no other.
fn place(members: &[Member], name: &str) -> Option<usize> {
    let named = members.iter().position(|member| member.name == name);
    named.or_else(|| members.iter().position(|member| is_same_name(name, &member.name)))
}

impl Inside {
    /// Returns the start and the end of a member with its name, or of an element.
    fn place(&self, index: usize) -> Option<(usize, usize)> {
        match self {
            Self::Leaf => None,
            Self::Object(members) => members.get(index).map(|it| (it.start, it.value.span.end)),
            Self::List(elements) => elements.get(index).map(|it| (it.span.start, it.span.end)),
        }
    }
}

impl Node {
    fn child(&self, segment: &str) -> Option<&Self> {
        match &self.inside {
            Inside::Leaf => None,
            Inside::Object(members) => members.get(place(members, segment)?).map(|it| &it.value),
            Inside::List(elements) => elements.get(segment.parse::<usize>().ok()?),
        }
    }

    fn has_twins(&self) -> bool {
        match &self.inside {
            Inside::Leaf => false,
            Inside::List(elements) => elements.iter().any(Self::has_twins),
            Inside::Object(members) => {
                let mut names = BTreeSet::new();
                members.iter().any(|member| !names.insert(member.name.as_str()) || member.value.has_twins())
            }
        }
    }
}

/// A JSON string, unescaped.
fn text(raw: &str) -> Option<String> {
    let mut reader = Reader::tolerant(raw.as_bytes(), Limits::default()).ok()?;
    reader.string().ok().map(std::borrow::Cow::into_owned)
}

/// The next value. The reader limits how deep it can be.
fn node(reader: &mut Reader<'_>) -> Result<Node, Stop> {
    let start = reader.offset();
    let inside = match reader.peek() {
        Some(b'{') => {
            let mut members = Vec::new();
            let mut more = reader.open_object()?;
            while more {
                let start = reader.offset();
                let name = reader.key_text()?.into_owned();
                members.push(Member { name, start, value: node(reader)? });
                more = reader.next_member()?;
            }
            Inside::Object(members)
        }
        Some(b'[') => {
            let mut elements = Vec::new();
            let mut more = reader.open_list()?;
            while more {
                elements.push(node(reader)?);
                more = reader.next_element()?;
            }
            Inside::List(elements)
        }
        _ => {
            reader.raw_value()?;
            Inside::Leaf
        }
    };
    Ok(Node { span: start..reader.offset(), inside })
}

#[cfg(test)]
mod tests {
    use super::Document;

    #[test]
    fn what_is_cut_leaves_json_and_the_rest_as_it_was() {
        let text = "{ \"a\": 1,\n  \"b\": [1 , 2,3],\n  \"c\": {\"d\": \"é\\u0041\"} }";
        let cut = |pointer: &str| {
            let mut text = text.to_owned();
            text.replace_range(Document::of(&text).unwrap().without(pointer).unwrap(), "");
            text
        };
        assert_eq!(cut("/a"), "{ \"b\": [1 , 2,3],\n  \"c\": {\"d\": \"é\\u0041\"} }");
        assert_eq!(cut("/b"), "{ \"a\": 1,\n  \"c\": {\"d\": \"é\\u0041\"} }");
        assert_eq!(cut("/b/0"), "{ \"a\": 1,\n  \"b\": [2,3],\n  \"c\": {\"d\": \"é\\u0041\"} }");
        assert_eq!(cut("/b/2"), "{ \"a\": 1,\n  \"b\": [1 , 2],\n  \"c\": {\"d\": \"é\\u0041\"} }");
        assert_eq!(cut("/c/d"), "{ \"a\": 1,\n  \"b\": [1 , 2,3],\n  \"c\": {} }");
        let document = Document::of(text).unwrap();
        assert_eq!(document.string("/c/d").as_deref(), Some("éA"));
        assert!(document.without("/x").is_none() && document.without("").is_none());
        assert_eq!(document.contradictions(), [""; 0]);
        assert!(!document.has_twins && Document::of(r#"[{"a":1,"a":2}]"#).unwrap().has_twins);
    }
    #[test]
    fn members_that_stand_twice_contradict_each_other_by_their_values() {
        for (text, expected) in [
            (r#"{"a": 1, "a": 1.0}"#, &[][..]),
            (r#"{"a": "é", "a": "\u00e9"}"#, &[]),
            (r#"{"a": [1, {"b": 2, "c": 3}], "a": [1, {"c": 3, "b": 2}]}"#, &[]),
            (r#"{"a": 1, "a": "1"}"#, &["/a"]),
            (r#"{"a": 1, "a": 1, "a": 2}"#, &["/a"]),
            (r#"{"a": null, "a": 2, "a": 3}"#, &["/a"]),
            (r#"{"a": [1], "a": [1, 2]}"#, &["/a"]),
            (r#"[{"x/y": {"b": 0.10, "b": 0.25}}, {"b": 1, "b": 2}]"#, &["/0/x~1y/b", "/1/b"]),
        ] {
            assert_eq!(Document::of(text).unwrap().contradictions(), expected, "{text}");
        }
    }
}
