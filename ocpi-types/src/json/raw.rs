//! A JSON value kept as text.

mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

use super::reader::plain_length;

/// A JSON value, kept as the original text.
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

    /// Returns a member, if this is an object that has it; the last one, if it occurs twice.
    ///
    /// ```
    /// use ocpi_types::json::RawJson;
    /// let raw: RawJson = r#"{"id": "LOC1", "evses": 7}"#.parse()?;
    /// assert_eq!(raw.member("id").unwrap().as_str(), r#""LOC1""#);
    /// assert!(raw.member("name").is_none());
    /// # Ok::<(), ocpi_types::json::Error>(())
    /// ```
    pub fn member(&self, name: &str) -> Option<Self> {
        let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(&self.0).ok()?;
        members.get(name).map(|raw| Self(raw.get().into()))
    }

    /// Keeps a text that the reader has walked over.
    ///
    /// The reader takes control characters inside strings, JSON does not: they are kept as escapes, so that the written
    /// text stays JSON.
    pub(crate) fn walked(text: &str) -> Self {
        if has_controls(text.as_bytes()) && has_controls_in_strings(text) {
            Self(escape_controls(text).into())
        } else {
            Self(text.into())
        }
    }
}

/// Whether there is a control character, be it a line break between members.
fn has_controls(bytes: &[u8]) -> bool {
    // Without a branch a byte, so that many are looked at together.
    let odd = |bytes: &[u8]| bytes.iter().fold(0_u8, |odd, byte| odd | u8::from(*byte < 0x20));
    bytes.chunks(256).any(|chunk| odd(chunk) != 0)
}

/// Whether a control character stands inside a string of a JSON text.
fn has_controls_in_strings(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let mut quoted = false;
    loop {
        rest = rest.get(plain_length(rest)..).unwrap_or_default();
        let passed = match rest.first() {
            Some(b'"') => {
                quoted = !quoted;
                1
            }
            Some(b'\\') => 2,
            Some(_) if quoted => return true,
            Some(_) => 1,
            None => return false,
        };
        rest = rest.get(passed..).unwrap_or_default();
    }
}

/// The text may hold a driver's data: its size is shown, not the text.
impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
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
