//! A document under construction: JSON with the table's entry for each member.

use serde_json::{Value as Json, json};

use crate::{DateTime, Field, Type};

/// A value of the document.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A text, a number, a boolean.
    Leaf(Json),
    /// A list with a minimum number of elements.
    List { nodes: Vec<Self>, least: usize },
    /// An object.
    Object(Vec<Member>),
}

/// A member of an object of the document.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) field: &'static Field,
    /// Whether it cannot be left out.
    pub(super) is_needed: bool,
    /// Whether it is in the document. One that is not can be brought in, if another needs it.
    pub(super) is_kept: bool,
    pub(super) node: Node,
}

impl Node {
    /// The document as it would be sent.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Leaf(value) => text.push_str(&value.to_string()),
            Self::List { nodes, .. } => {
                text.push('[');
                for (index, node) in nodes.iter().enumerate() {
                    text.push_str(if index > 0 { "," } else { "" });
                    node.write(text);
                }
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (index, member) in members.iter().filter(|member| member.is_kept).enumerate() {
                    text.push_str(if index > 0 { ",\"" } else { "\"" });
                    // No name has a character that JSON escapes.
                    text.push_str(member.field.name);
                    text.push_str("\":");
                    member.node.write(text);
                }
                text.push('}');
            }
        }
    }

    /// The node under a name or an index.
    pub(super) fn get_mut(&mut self, step: &str) -> Option<&mut Self> {
        match self {
            Self::Leaf(_) => None,
            Self::List { nodes, .. } => nodes.get_mut(step.parse::<usize>().ok()?),
            Self::Object(_) => self.member_mut(step).map(|member| &mut member.node),
        }
    }

    pub(super) fn member_mut(&mut self, name: &str) -> Option<&mut Member> {
        match self {
            Self::Object(members) => members.iter_mut().find(|member| member.field.name == name),
            Self::Leaf(_) | Self::List { .. } => None,
        }
    }
}

impl Member {
    pub(super) fn time(&self) -> Option<DateTime> {
        match (&self.node, self.field.ty) {
            (Node::Leaf(Json::String(text)), Type::DateTime) => text.parse().ok(),
            _ => None,
        }
    }
}

/// The members with their times in ascending order: the specification names beginnings before ends, and the time
/// of the last change at the end.
pub(super) fn in_order_of_time(mut members: Vec<Member>) -> Vec<Member> {
    let mut times: Vec<DateTime> = members.iter().filter_map(Member::time).collect();
    times.sort();
    let timed = members.iter_mut().filter(|member| member.time().is_some());
    for (member, time) in timed.zip(times) {
        member.node = Node::Leaf(json!(time.to_string()));
    }
    members
}
