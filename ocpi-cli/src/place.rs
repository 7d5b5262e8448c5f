//! Where a finding of the check stands in the document.
//!
//! The check sees the value that the reader made, without the list elements that could not be read and without
//! brackets that are too many. Its pointers lead astray in the document then; here they are put right.

use std::collections::BTreeMap;

use ocpi_types::json::Verdict;
use ocpi_types::macros::known_name;
use ocpi_types::{Cardinality, Field, ObjectInfo, Rule, Type, Version};
use serde_json::Value;

use crate::kinds::{KINDS, Kind};
use crate::remark::Remark;

/// The remarks of the check with pointers into the document. Without odd structure in it, they stay as they are.
pub(crate) fn in_document(
    checking: Vec<Remark>,
    text: &str,
    kind: &'static Kind,
    reading: &[Remark],
) -> Vec<Remark> {
    if checking.is_empty() || !reading.iter().any(changes_structure) {
        return checking;
    }
    let Ok(document) = serde_json::from_str::<Value>(text) else { return checking };
    let mut map = Map { version: kind.version(), reading, kept: BTreeMap::new() };
    checking
        .into_iter()
        .map(|remark| Remark { pointer: map.pointer(&remark.pointer, &document, kind.info), ..remark })
        .collect()
}

fn changes_structure(remark: &Remark) -> bool {
    remark.costs_a_value()
        || matches!(
            remark.rule,
            Rule::NullInList
                | Rule::ObjectForArray
                | Rule::ArrayForObject
                | Rule::NameSpelling
                | Rule::OtherVersionName
        )
}

struct Map<'a> {
    version: Version,
    reading: &'a [Remark],
    /// By list: the indices of the elements that were read.
    kept: BTreeMap<String, Vec<usize>>,
}

impl Map<'_> {
    fn pointer(&mut self, checked: &str, document: &Value, info: &'static ObjectInfo) -> String {
        let mut walk = Walk { pointer: String::new(), value: Some(document), info: Some(info) };
        let mut segments = checked.split('/').skip(1);
        while let Some(name) = segments.next() {
            let Some(field) = walk.member(name) else { continue };
            if matches!(field.card, Cardinality::Any | Cardinality::AtLeastOne) {
                if let Some(index) = segments.next() {
                    self.element(&mut walk, index, field);
                }
            }
        }
        walk.pointer
    }

    /// Goes to the element of the repaired list with this index.
    fn element(&mut self, walk: &mut Walk<'_>, index: &str, field: &Field) {
        // A single value without brackets was read as a list of one.
        let Some(Value::Array(list)) = walk.value else { return };
        let kept = self
            .kept
            .entry(walk.pointer.clone())
            .or_insert_with(|| kept(list, &walk.pointer, &field.ty, self.version, self.reading));
        let place = index.parse::<usize>().ok().and_then(|index| kept.get(index).copied());
        match place {
            Some(place) => walk.go(&place.to_string(), list.get(place)),
            None => walk.go(index, None),
        }
    }
}

/// The indices of the elements that the reader did not leave out.
fn kept(list: &[Value], pointer: &str, ty: &Type, version: Version, reading: &[Remark]) -> Vec<usize> {
    let kind = match ty {
        Type::Object(info) => {
            KINDS.iter().find(|kind| kind.version() == version && kind.info.name == info().name)
        }
        _ => None,
    };
    let is_kept = |(i, element): (usize, &Value)| {
        let readable = match kind {
            Some(kind) => kind.inspect(&element.to_string()).verdict != Verdict::Unreadable,
            None => {
                let place = format!("{pointer}/{i}");
                !reading.iter().any(|remark| remark.pointer == place && remark.costs_a_value())
            }
        };
        (readable && !element.is_null()).then_some(i)
    };
    list.iter().enumerate().filter_map(is_kept).collect()
}

/// A place in the document.
struct Walk<'a> {
    pointer: String,
    value: Option<&'a Value>,
    info: Option<&'static ObjectInfo>,
}

impl Walk<'_> {
    /// Goes to a member; what is known of it.
    fn member(&mut self, segment: &str) -> Option<&'static Field> {
        // An object in brackets was read as that object.
        if let Some(Value::Array(list)) = self.value {
            self.go("0", list.first());
        }
        let name = segment.replace("~1", "/").replace("~0", "~");
        let field = self.info.and_then(|info| info.fields.iter().find(|field| field.name == name));
        match self.sent_name(&name) {
            Some(sent) => {
                let segment = sent.replace('~', "~0").replace('/', "~1");
                self.go(&segment, self.value.and_then(|value| value.get(sent)));
            }
            None => self.go(segment, self.value.and_then(|value| value.get(&name))),
        }
        self.info = match field.map(|field| &field.ty) {
            Some(Type::Object(info)) => Some(info()),
            _ => None,
        };
        field
    }
}

impl<'a> Walk<'a> {
    /// The name by which the object has a member, if that is another one than the member's own.
    fn sent_name(&self, own: &str) -> Option<&'a str> {
        let (info, members) = (self.info?, self.value?.as_object()?);
        if members.contains_key(own) {
            return None;
        }
        let is_it = |sent: &&String| known_name(info, sent).is_some_and(|meant| meant.name == own);
        members.keys().find(is_it).map(String::as_str)
    }

    fn go(&mut self, segment: &str, value: Option<&'a Value>) {
        self.pointer.push('/');
        self.pointer.push_str(segment);
        self.value = value;
    }
}
