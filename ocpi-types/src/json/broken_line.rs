//! Lines that are not objects, kept as text.

use super::{RawJson, Writer};
use crate::Rule;

/// The text to keep of a line that is no object, and the rule that it breaks.
pub(super) fn broken_line(text: &str, rule: Rule) -> (RawJson, Rule) {
    match text.parse::<RawJson>() {
        Ok(raw) => return (raw, Rule::ValueType),
        Err(error) if rule == Rule::JsonTrailing => return (quoted(text), error.rule()),
        Err(_) => {}
    }
    (quoted(text), rule)
}

/// A text that is no JSON, as a JSON string.
fn quoted(text: &str) -> RawJson {
    let mut writer = Writer::new();
    writer.string(text);
    RawJson::walked(&String::from_utf8_lossy(&writer.into_bytes()))
}
