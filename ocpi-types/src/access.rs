//! Access to members by JSON pointer: get, set, visit.

use crate::any::is_lacking;
use crate::json::{Limits, Reader};
use crate::pointer::{push_index, push_segment};
use crate::{AnyObject, AnyValue, Node, NodeMut};

/// Reason why a JSON pointer has no value, or none of the requested type.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// A required member is missing at the pointer, or inside the value there.
    #[error("a required member is missing there")]
    Missing,
    /// The pointer leads nowhere: a member or element on the way does not exist or is absent.
    #[error("the pointer leads to no member of the object")]
    Nowhere,
    /// The value at the pointer has another type.
    #[error("the value there is of another type")]
    OtherType,
    /// The new value cannot be read as the type of the member.
    #[error("the text is no value of the member's type")]
    Unreadable,
}

/// Follows a pointer from an object to a value.
pub(crate) fn find<'a>(object: &'a dyn AnyObject, pointer: &str) -> Result<&'a dyn AnyValue, AccessError> {
    let mut node = Node::Object(object);
    let mut found = None;
    for step in steps(pointer)? {
        let value = match node {
            Node::Object(object) => member(object, &step)?,
            Node::List(list) => {
                index(&step).and_then(|index| list.element(index)).ok_or(AccessError::Nowhere)?
            }
            Node::Null | Node::Scalar(..) => return Err(AccessError::Nowhere),
        };
        node = value.node_any();
        found = Some(value);
    }
    found.ok_or(AccessError::Nowhere)
}

fn member<'a>(object: &'a dyn AnyObject, name: &str) -> Result<&'a dyn AnyValue, AccessError> {
    let place = object.info().place(name).ok_or(AccessError::Nowhere)?;
    let slot = object.slot(place).ok_or(AccessError::Nowhere)?;
    if is_lacking(object.extra(), place, slot) { Err(AccessError::Missing) } else { Ok(slot) }
}

/// Reads a JSON text into the member at a pointer.
pub(crate) fn set(object: &mut dyn AnyObject, pointer: &str, json: &str) -> Result<(), AccessError> {
    let mut node = NodeMut::Object(object);
    let mut steps = steps(pointer)?.into_iter().peekable();
    while let Some(step) = steps.next() {
        let value: &mut dyn AnyValue = match node {
            NodeMut::Object(object) => {
                let place = object.info().place(&step).ok_or(AccessError::Nowhere)?;
                object.slot_mut(place).ok_or(AccessError::Nowhere)?.0
            }
            NodeMut::List(list) => {
                index(&step).and_then(|index| list.element_mut(index)).ok_or(AccessError::Nowhere)?
            }
            NodeMut::Null | NodeMut::Scalar(..) => return Err(AccessError::Nowhere),
        };
        if steps.peek().is_none() {
            return read_into(value, json);
        }
        node = value.node_any_mut();
    }
    Err(AccessError::Nowhere)
}

/// Replaces the value; one that cannot be read changes nothing.
fn read_into(value: &mut dyn AnyValue, json: &str) -> Result<(), AccessError> {
    let unreadable = |_| AccessError::Unreadable;
    let mut before = crate::json::Writer::new();
    value.write_any(&mut before);
    let mut reader =
        Reader::strict(json.as_bytes(), Limits::default()).map_err(|_| AccessError::Unreadable)?;
    value.reset();
    let result = value.read_any(&mut reader).and_then(|()| reader.finish()).map_err(unreadable);
    if result.is_err() {
        let before = before.into_bytes();
        value.reset();
        let mut reader = Reader::tolerant(&before, Limits::trusted()).map_err(|_| AccessError::Unreadable)?;
        value.read_any(&mut reader).map_err(unreadable)?;
    }
    result
}

/// Calls `see` for every value below a node, parents before children, with its JSON pointer.
pub(crate) fn visit(node: Node<'_>, pointer: &mut String, see: &mut dyn FnMut(&str, Node<'_>)) {
    see(pointer, node);
    let length = pointer.len();
    match node {
        Node::Object(object) => {
            for (place, field, slot) in crate::any::members(object) {
                if slot.is_absent_any() || is_lacking(object.extra(), place, slot) {
                    continue;
                }
                push_segment(pointer, field.name);
                visit(slot.node_any(), pointer, see);
                pointer.truncate(length);
            }
        }
        Node::List(list) => {
            for (index, element) in (0..list.count()).filter_map(|index| Some((index, list.element(index)?)))
            {
                push_index(pointer, index);
                visit(element.node_any(), pointer, see);
                pointer.truncate(length);
            }
        }
        Node::Null | Node::Scalar(..) => {}
    }
}

/// Pointers to the required members that are missing in a value.
pub(crate) fn missing(node: Node<'_>, pointer: &mut String, found: &mut Vec<String>) {
    let length = pointer.len();
    match node {
        Node::Object(object) => {
            for (place, field, slot) in crate::any::members(object) {
                push_segment(pointer, field.name);
                if is_lacking(object.extra(), place, slot) {
                    found.push(pointer.clone());
                } else {
                    missing(slot.node_any(), pointer, found);
                }
                pointer.truncate(length);
            }
        }
        Node::List(list) => {
            for (index, element) in (0..list.count()).filter_map(|index| Some((index, list.element(index)?)))
            {
                push_index(pointer, index);
                missing(element.node_any(), pointer, found);
                pointer.truncate(length);
            }
        }
        Node::Null | Node::Scalar(..) => {}
    }
}

/// The steps of a JSON pointer (RFC 6901).
fn steps(pointer: &str) -> Result<Vec<String>, AccessError> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let steps = pointer.strip_prefix('/').ok_or(AccessError::Nowhere)?;
    Ok(steps.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn index(step: &str) -> Option<usize> {
    step.parse().ok()
}
