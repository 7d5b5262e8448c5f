//! A JSON value kept as text.

use std::fmt;

use super::reader::{Limits, Reader};
use super::{Error, Stop, Writer};
use crate::{Check, Type, Value};

/// One JSON value, kept as the text it was written in.
///
/// ```
/// use ocpi_types::json::RawJson;
/// let raw: RawJson = r#"{"price": 1.50}"#.parse()?;
/// assert_eq!(raw.as_str(), r#"{"price": 1.50}"#);
/// assert!("{oops".parse::<RawJson>().is_err());
/// # Ok::<(), ocpi_types::json::Error>(())
/// ```
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Keeps a text that the reader has walked over.
    ///
    /// The reader takes control characters inside strings, JSON does not: they are kept as escapes, so that the written
    /// text stays JSON.
    pub(crate) fn walked(text: &str) -> Self {
        // Without a branch a byte, so that many are looked at together.
        let is_odd = |bytes: &[u8]| bytes.iter().fold(false, |odd, byte| odd | (*byte < 0x20));
        if text.as_bytes().chunks(256).any(is_odd) {
            Self(escape_controls(text).into())
        } else {
            Self(text.into())
        }
    }
}

/// The text may hold a driver's data: its size is shown, not the text.
impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
}

impl std::str::FromStr for RawJson {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Reader::strict(text.as_bytes(), Limits::default())?.document()
    }
}

impl serde::Serialize for RawJson {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::serialize_raw(&self.0, serializer)
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

fn escape_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        if quoted && c < ' ' {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    out
}

/// Line and column, from one, of an offset.
pub(super) fn line_of(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line, String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1)
}
