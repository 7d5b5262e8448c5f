//! Stored JSON as a tree of positions in its text, so that a part can be replaced without changing the rest.

use std::ops::Range;

/// Deepest nesting that is looked into.
const DEEPEST: usize = 128;

/// A value, and where it stands.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Object(Vec<Member>),
    Array(Vec<Node>),
    Text(String),
    /// A number as written.
    Number(String),
    Other,
}

/// A member of an object, and where its name stands.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(super) place: Range<usize>,
    pub(crate) node: Node,
}

impl Node {
    /// Reads a text; `None` if it is no JSON, or too deep.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let node = reader.value(DEEPEST)?;
        reader.blank();
        (reader.at == text.len()).then_some(node)
    }

    /// A member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().rev().find(|member| member.name == name).map(|member| &member.node)
    }

    /// The text of a member that is one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match &self.member(name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id that a member is, also if it is written as a number.
    pub(super) fn id(&self, name: &str) -> Option<&str> {
        match &self.member(name)?.value {
            Value::Text(id) | Value::Number(id) => Some(id),
            _ => None,
        }
    }

    /// Whether it looks like a token: it has the number of a card, the `auth_id` of 2.1.1, where Sessions and CDRs have it
    /// themselves, or a `uid` and more. EVSEs have a `uid`, too, and connectors.
    pub(super) fn is_token(&self) -> bool {
        let has = |name| self.member(name).is_some();
        has("visual_number")
            || has("auth_id")
            || (has("uid") && (has("contract_id") || has("type")) && !has("connectors"))
    }

    /// The values right inside.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match &self.value {
            Value::Object(members) => Box::new(members.iter().map(|member| &member.node)),
            Value::Array(nodes) => Box::new(nodes.iter()),
            Value::Text(_) | Value::Number(_) | Value::Other => Box::new(std::iter::empty()),
        }
    }

    /// It and everything inside, from the outside to the inside.
    pub(crate) fn all(&self) -> Vec<&Self> {
        let (mut all, mut open) = (Vec::new(), vec![self]);
        while let Some(node) = open.pop() {
            all.push(node);
            open.extend(node.children());
        }
        all
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.blank();
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        self.blank();
        let start = self.at;
        let value = match self.peek()? {
            b'{' => Value::Object(self.list(b'}', |reader| {
                reader.blank();
                let start = reader.at;
                let name = reader.string()?;
                let place = start..reader.at;
                if !reader.takes(b':') {
                    return None;
                }
                Some(Member { name, place, node: reader.value(depth)? })
            })?),
            b'[' => Value::Array(self.list(b']', |reader| reader.value(depth))?),
            b'"' => Value::Text(self.string()?),
            _ => {
                let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
                while self.peek().is_some_and(is_of_it) {
                    self.at += 1;
                }
                let text = self.text.get(start..self.at).filter(|text| !text.is_empty())?;
                let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
                if is_number { Value::Number(text.to_owned()) } else { Value::Other }
            }
        };
        Some(Node { span: start..self.at, value })
    }

    fn list<T>(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(end) {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.takes(end) {
                return Some(items);
            }
            if !self.takes(b',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return None;
        }
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Value};

    #[test]
    fn places_are_those_of_the_text() {
        let text = r#" {"a": [1.50, "x\"]", {"b\u0041": null}], "c": {}, "d": []} "#;
        let tree = Node::read(text).unwrap();
        assert_eq!(&text[tree.span.clone()], text.trim());
        let a = tree.member("a").unwrap();
        let Value::Array(items) = &a.value else { panic!("an array") };
        let spans: Vec<_> = items.iter().map(|item| &text[item.span.clone()]).collect();
        assert_eq!(spans, ["1.50", r#""x\"]""#, r#"{"b\u0041": null}"#]);
        assert!(items[2].member("bA").is_some());
        assert_eq!(tree.all().len(), 8);
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "{", "[1,]", r#"{"a"}"#, "\"", "1 2", &"[".repeat(10_000), "\"\\"] {
            assert!(Node::read(text).is_none(), "{} bytes", text.len());
        }
    }
}
