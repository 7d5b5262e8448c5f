//! serde's side: `Deserialize` hands the text to the pull reader, `Serialize` goes member by member.
//!
//! Because there is only one reader, serde and the library's own functions cannot disagree. serde_json passes the
//! original text of a value to whoever requests it by the name that its `RawValue` uses; the name is private to
//! serde_json, so a test checks that it still works. Sources that do not know the name (a `serde_json::Value`, a member
//! below `#[serde(flatten)]`, another format) are first written out as JSON, without the original spelling of numbers,
//! which they have lost already.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::Writer;
use crate::Value;

/// The name by which serde_json hands out the text of a value.
const RAW: &str = "$serde_json::private::RawValue";
/// The name by which serde_json, with its feature `arbitrary_precision`, hands out a number.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a value of this library from any serde format.
///
/// # Errors
/// As `json::from_slice`, and those of the format.
#[doc(hidden)]
pub fn deserialize<'de, T: Value, D: de::Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_newtype_struct(RAW, Whole(PhantomData))
}

/// Serializes text that is JSON already.
pub(crate) fn serialize_raw<S: serde::Serializer>(json: &str, to: S) -> Result<S::Ok, S::Error> {
    let raw: &serde_json::value::RawValue = serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
    serde::Serialize::serialize(raw, to)
}

/// Reads one value of type `T`.
struct Whole<T>(PhantomData<T>);

impl<'de, T: Value> Visitor<'de> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an OCPI value")
    }

    /// serde_json: a map of one entry, whose value is the text.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut w = Writer::new();
        match map.next_key::<Name>()? {
            Some(Name(name)) if name == RAW => return map.next_value_seed(Text(PhantomData)),
            first => map_from(first, map, &mut w)?,
        }
        read(&w.into_bytes())
    }

    /// Anything else.
    fn visit_newtype_struct<D: de::Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        let mut w = Writer::new();
        Any(&mut w).deserialize(from)?;
        read(&w.into_bytes())
    }
}

fn read<T: Value, E: de::Error>(json: &[u8]) -> Result<T, E> {
    super::from_slice(json).map_err(E::custom)
}

/// The text that serde_json hands out.
struct Text<T>(PhantomData<T>);

impl<'de, T: Value> DeserializeSeed<'de> for Text<T> {
    type Value = T;

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        from.deserialize_str(self)
    }
}

impl<T: Value> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON text")
    }

    fn visit_str<E: de::Error>(self, json: &str) -> Result<T, E> {
        read(json.as_bytes())
    }
}

/// A member's name.
struct Name(String);

impl<'de> de::Deserialize<'de> for Name {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                Ok(Name(name.to_owned()))
            }
        }
        from.deserialize_str(NameVisitor)
    }
}

/// Writes any value of serde's data model as JSON.
struct Any<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can hold")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.raw(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.raw(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.raw(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.0.raw(&serde_json::to_string(&value).map_err(E::custom)?);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.string(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.raw("null");
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.0.raw("null");
        Ok(())
    }

    fn visit_some<D: de::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }

    fn visit_newtype_struct<D: de::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.raw("[");
        let mut first = true;
        loop {
            let mut element = Writer::new();
            if seq.next_element_seed(Any(&mut element))?.is_none() {
                break;
            }
            if !std::mem::take(&mut first) {
                self.0.raw(",");
            }
            self.0.append(element);
        }
        self.0.raw("]");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let first = map.next_key::<Name>()?;
        map_from(first, map, self.0)
    }
}

/// Writes the rest of a map whose first name is taken already.
fn map_from<'de, A: MapAccess<'de>>(first: Option<Name>, mut map: A, w: &mut Writer) -> Result<(), A::Error> {
    if first.as_ref().is_some_and(|Name(name)| name == NUMBER) {
        let Name(digits) = map.next_value()?;
        w.raw(&digits);
        return Ok(());
    }
    w.raw("{");
    let mut next = first;
    let mut separator = "";
    while let Some(Name(name)) = next {
        w.raw(separator);
        w.string(&name);
        w.raw(":");
        map.next_value_seed(Any(w))?;
        separator = ",";
        next = map.next_key()?;
    }
    w.raw("}");
    Ok(())
}
