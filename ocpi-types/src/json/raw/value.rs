//! Reading and writing of JSON values kept as text.

use super::RawJson;
use crate::json::{Error, Limits, Reader, Stop, Writer, serialize_raw};
use crate::{Check, Type, Value};

impl std::str::FromStr for RawJson {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Reader::strict(text.as_bytes(), Limits::default())?.document()
    }
}

impl serde::Serialize for RawJson {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_raw(&self.0, serializer)
    }
}

impl Value for RawJson {
    const TYPE: Type = Type::Any;
    const IS_CHECKED: bool = false;
    const EMPTY_IS_ABSENT: bool = false;

    fn blank() -> Self {
        Self("null".into())
    }

    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        *self = Self::walked(r.raw_value()?);
        Ok(())
    }

    fn write(&self, w: &mut Writer) {
        w.raw(&self.0);
    }

    fn check(&self, _: &mut Check) {}
}
