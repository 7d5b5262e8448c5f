//! The text of a tariff with the place of every value in it, so that a fix can leave everything else as it is.

use std::collections::BTreeSet;
use std::ops::Range;

use ocpi_types::Decimal;
use ocpi_types::json::{Limits, Reader, Stop};
use ocpi_types::macros::is_same_name;

/// A JSON text, and where its values are.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a str,
    root: Node,
    /// Whether a member occurs twice: then nobody knows what taking one away does.
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
        let raw = self.raw(self.get(pointer)?);
        let mut reader = Reader::tolerant(raw.as_bytes(), Limits::default()).ok()?;
        reader.string().ok().map(std::borrow::Cow::into_owned)
    }

    /// The number that a pointer leads to.
    pub(super) fn number(&self, pointer: &str) -> Option<Decimal> {
        self.raw(self.get(pointer)?).parse().ok()
    }

    /// How many elements the list has that a pointer leads to; 0 if there is none.
    pub(super) fn length(&self, pointer: &str) -> usize {
        match self.get(pointer).map(|node| &node.inside) {
            Some(Inside::List(elements)) => elements.len(),
            _ => 0,
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

    /// What to cut so that the member or element is gone, with the comma that is too much then.
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

/// Where a member stands: of those with the same name the first one counts, and one whose name is spelled otherwise if
/// there is no other.
fn place(members: &[Member], name: &str) -> Option<usize> {
    let named = members.iter().position(|member| member.name == name);
    named.or_else(|| members.iter().position(|member| is_same_name(name, &member.name)))
}

impl Inside {
    /// Where a member with its name, or an element, starts and ends.
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

/// The value at hand. The reader limits how deep it can be.
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
        assert!(!document.has_twins && Document::of(r#"[{"a":1,"a":2}]"#).unwrap().has_twins);
    }
}
