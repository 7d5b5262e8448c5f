//! Objects by their tables: reading of members with deviating names, writing with a style, serde.

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::aliases::known_name;
use super::{Limits, Reader, Seen, Stop, Writer, serialize_raw};
use crate::any::{has, is_lacking, members};
use crate::{AnyObject, AnyValue, Node, Type};

/// Reads a member that is unknown, or whose name has escapes or is that of another version.
///
/// # Errors
/// As [`Reader::hot_member`].
#[cold]
pub fn read_odd_member(object: &mut dyn AnyObject, r: &mut Reader<'_>, seen: &mut Seen) -> Result<(), Stop> {
    let sent = r.key_text()?;
    let info = object.info();
    let meant = known_name(info, &sent);
    match meant.and_then(|meant| Some((meant, object.slot_mut(meant.place)?))) {
        Some((meant, (slot, extra))) => r.odd_name_member((meant, info), &sent, slot, seen, extra),
        None => r.unknown_member(&sent, object.extra_mut()),
    }
}

/// Reads an object by its table alone, for objects that are not numerous, such as PATCH bodies.
///
/// # Errors
/// As [`Value::read`](crate::Value::read).
pub fn read_object(object: &mut dyn AnyObject, r: &mut Reader<'_>, required: u64) -> Result<(), Stop> {
    let start = r.offset();
    let info = object.info();
    let mut seen = Seen::default();
    let mut more = r.open_object()?;
    // Members mostly come in their order.
    let mut next = 0;
    while more {
        match r.key_among(info.fields, next) {
            Some((place, field)) => {
                if let Some((slot, extra)) = object.slot_mut(place) {
                    r.own_place((place, field), slot, &mut seen, extra)?;
                }
                next = place + 1;
            }
            None => read_odd_member(object, r, &mut seen)?,
        }
        more = r.next_member()?;
    }
    r.require(seen, required, start, info, object.extra_mut())
}

/// Writes an object by its table: with a style, or without its missing members.
#[cold]
pub fn write_object(object: &dyn AnyObject, w: &mut Writer) {
    w.object(object.info(), |w| {
        for (place, field, slot) in members(object) {
            if !is_lacking(object.extra(), place, slot) {
                w.any_member(field, slot);
            }
        }
        // A member that could not be read is kept there, until it is given a value.
        w.extra(object.extra(), |name| has(object, name));
    });
}

/// Whether a text has this value.
pub(crate) fn is_value(value: &dyn AnyValue, raw: &str) -> bool {
    value.equals_next(&mut Reader::over(raw, Limits::default(), false))
}

/// Serializes an object, member by member.
///
/// # Errors
/// Those of the format.
pub fn serialize<S: Serializer>(object: &dyn AnyObject, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (place, field, slot) in members(object) {
        if !slot.is_absent_any() && !is_lacking(object.extra(), place, slot) {
            map.serialize_entry(field.name, &slot.node_any())?;
        }
    }
    object.extra().serialize_into(&mut map, |name| has(object, name))?;
    map.end()
}

impl Node<'_> {
    /// Writes the value as JSON.
    pub fn to_json(self) -> String {
        let mut writer = Writer::new();
        match self {
            Self::Null => writer.raw("null"),
            Self::Scalar(_, value) => value.write_any(&mut writer),
            Self::List(list) => writer.any_list(list),
            Self::Object(object) => object.write_any(&mut writer),
        }
        String::from_utf8(writer.into_bytes()).unwrap_or_default()
    }
}

/// A scalar is written by the library's writer, and handed on by its type.
impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::List(list) => {
                let elements = (0..list.count()).filter_map(|index| list.element(index));
                serializer.collect_seq(elements.map(|element| element.node_any()))
            }
            Self::Object(object) => serialize(*object, serializer),
            Self::Scalar(ty, value) => {
                let mut writer = Writer::new();
                value.write_any(&mut writer);
                let json = String::from_utf8(writer.into_bytes()).map_err(S::Error::custom)?;
                serialize_scalar(*ty, &json, serializer)
            }
        }
    }
}

fn serialize_scalar<S: Serializer>(ty: Type, json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match (ty, json) {
        (Type::Boolean, "true") => return serializer.serialize_bool(true),
        (Type::Boolean, "false") => return serializer.serialize_bool(false),
        (Type::Int { .. }, json) => {
            if let Ok(number) = json.parse() {
                return serializer.serialize_i64(number);
            }
        }
        (Type::Number | Type::Any | Type::Object(_), _) => {}
        _ => {
            if let Some(plain) = plain_text(json) {
                return serializer.serialize_str(plain);
            }
            if let Ok(text) = serde_json::from_str::<String>(json) {
                return serializer.serialize_str(&text);
            }
        }
    }
    serialize_raw(json, serializer)
}

/// The text of a JSON string in which nothing is escaped.
fn plain_text(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains(['\\', '"'])).then_some(text)
}
