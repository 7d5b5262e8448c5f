//! Reading and writing JSON: the library's own pull reader and writer.
//!
//! | To read | call |
//! |---|---|
//! | one object, with its findings | [`read`] |
//! | one object, even if required members are missing | [`read_item`] |
//! | one object, rejecting a text that would lose data | [`from_slice`] |
//! | a list in which one bad object must not fail the others | [`read_list`] |
//! | a page, a feed or a file, with any frame around the objects | [`read_document`] |
//! | the same, of any size | [`Items`], [`Decoder`] |
//!
//! The reader accepts texts as partners really send them: [`Rule`](crate::Rule) lists the deviations it knows. serde's
//! traits are implemented for every type as well, with the same reader.

pub(crate) mod aliases;
mod broken_line;
mod error;
mod frame;
mod head;
mod item;
mod list;
mod locate;
mod object;
mod outcome;
mod raw;
mod reader;
mod serde_bridge;
mod stream;
mod told_failure;
mod walk;
mod writer;

pub use error::Error;
pub use frame::{Candidates, Following};
pub use head::{Data, Head};
pub use item::{Item, OnPartial, Partial, Reading, Verdict};
#[cfg(feature = "http")]
pub(crate) use list::read_document_by;
pub(crate) use list::read_envelope;
pub use list::{Document, List, PartialItem, Rejected, read_document, read_list, read_list_within};
pub use locate::locate;
pub(crate) use object::is_value;
#[doc(hidden)]
pub use object::{read_object, read_odd_member, serialize, write_object};
pub use raw::RawJson;
#[doc(hidden)]
pub use reader::Seen;
pub use reader::{Limits, Reader, Stop};
pub(crate) use reader::{MAX_EXPONENT, is_padded, trimmed};
pub use serde_bridge::deserialize;
pub(crate) use serde_bridge::serialize_raw;
pub use stream::{Decoder, Items, Progress, StreamError};
pub use told_failure::tells_failure;
pub(crate) use writer::with_decimals;
pub use writer::{Cut, Cuts, Times, Writer, WritingStyle, Written, write_for, write_list_for};

use crate::{AnyValue, Finding, FreeText, Value};

/// A value, and all deviations found while reading it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Read<T> {
    /// The value that was read.
    pub value: T,
    /// Findings, in document order.
    pub findings: Vec<Finding>,
}

/// Reads a value, tolerating and reporting deviations.
///
/// # Errors
/// When the text is not JSON, breaks a [limit](Limits), or a required member of the value itself is missing or
/// cannot be read.
///
/// ```
/// use ocpi_types::{json, v2_3_0::types::Price};
/// let read = json::read::<Price>(br#"{"before_taxes": "4.10", "taxes": null}"#)?;
/// assert_eq!(read.value.before_taxes.to_string(), "4.10");
/// assert_eq!(read.findings[0].rule.id(), "num.string");
///
/// let error = json::read::<Price>(br#"{"taxes": []}"#).unwrap_err();
/// assert_eq!(error.pointer(), "/before_taxes");
/// # Ok::<(), json::Error>(())
/// ```
pub fn read<T: Value>(text: &[u8]) -> Result<Read<T>, Error> {
    read_within(text, Limits::default())
}

/// Reads an id or a code of a path or a header as those in bodies are read, whatever its length.
pub(crate) fn as_in_bodies<T: Value>(text: &str) -> Option<T> {
    let text: FreeText = text.parse().ok()?;
    read(&to_vec(&text)).ok().map(|read| read.value)
}

/// [`read`] with the given limits.
///
/// # Errors
/// As [`read`].
pub fn read_within<T: Value>(text: &[u8], limits: Limits) -> Result<Read<T>, Error> {
    let mut reader = Reader::tolerant(text, limits)?;
    let value = reader.document::<T>()?;
    Ok(Read { value, findings: reader.into_findings() })
}

/// Reads one object, even if required members are missing.
///
/// # Errors
/// When the text is not JSON, or breaks a [limit](Limits).
pub fn read_item<T: Value>(text: &[u8]) -> Result<Item<T>, Error> {
    read_item_within(text, Limits::default())
}

/// [`read_item`] with the given limits.
///
/// # Errors
/// As [`read_item`].
pub fn read_item_within<T: Value>(text: &[u8], limits: Limits) -> Result<Item<T>, Error> {
    let mut reader = Reader::tolerant(text, limits)?;
    reader.skip_blanks();
    let before = reader.noted();
    let reading = item::read_value(&mut reader, before)
        .and_then(|reading| reader.finish().map(|()| reading))
        .map_err(|stop| reader.error(stop))?;
    Ok(Item { index: 0, reading, findings: reader.take_findings() })
}

/// [`read`] that takes an object in which required members are missing, with blanks in their places.
#[cfg(feature = "http")]
pub(crate) fn read_partial<T: Value>(text: &[u8]) -> Result<Read<T>, Error> {
    let Item { reading, findings, .. } = read_item(text)?;
    match reading {
        Reading::Whole(value) => Ok(Read { value, findings }),
        Reading::Partial(object) => Ok(Read { value: object.into_value(), findings }),
        // Which fails, and says why.
        Reading::Unreadable(_) => read(text),
    }
}

/// Reads a value, and stops at the first deviation that loses data.
///
/// # Errors
/// As [`read`], and for every deviation that loses data.
///
/// ```
/// use ocpi_types::{json, v2_3_0::types::Price};
/// let price: Price = json::from_slice(br#"{"before_taxes": 4.10, "note": "kept"}"#)?;
/// assert_eq!(json::to_string(&price), r#"{"before_taxes":4.10,"note":"kept"}"#);
/// # Ok::<(), json::Error>(())
/// ```
pub fn from_slice<T: Value>(text: &[u8]) -> Result<T, Error> {
    Reader::strict(text, Limits::default())?.document()
}

/// [`from_slice`] for text.
///
/// # Errors
/// As [`from_slice`].
pub fn from_str<T: Value>(text: &str) -> Result<T, Error> {
    from_slice(text.as_bytes())
}

/// Writes a value as compact JSON. Absent members are left out; unknown ones come last, as they were read.
pub fn to_vec<T: Value>(value: &T) -> Vec<u8> {
    bytes_of(value)
}

/// [`to_vec`] with an initial capacity of `bytes`, to avoid reallocation.
///
/// ```
/// use ocpi_types::{json, v2_3_0::types::Price};
/// let price: Price = json::from_str(r#"{"before_taxes":4.10}"#)?;
/// assert_eq!(json::to_vec_with_capacity(&price, 100), json::to_vec(&price));
/// # Ok::<(), json::Error>(())
/// ```
pub fn to_vec_with_capacity<T: Value>(value: &T, bytes: usize) -> Vec<u8> {
    written(value, Vec::with_capacity(bytes))
}

fn bytes_of(value: &dyn AnyValue) -> Vec<u8> {
    written(value, Vec::new())
}

fn written(value: &dyn AnyValue, out: Vec<u8>) -> Vec<u8> {
    let mut writer = Writer::over(out);
    value.write_any(&mut writer);
    writer.into_bytes()
}

/// Writes a value in place of the contents of a buffer, and keeps its memory.
pub(crate) fn write_over<T: Value>(buffer: &mut Vec<u8>, value: &T) {
    buffer.clear();
    let mut writer = Writer::over(std::mem::take(buffer));
    value.write(&mut writer);
    *buffer = writer.into_bytes();
}

/// [`to_vec`] as text.
pub fn to_string<T: Value>(value: &T) -> String {
    text_of(value)
}

/// [`to_string`] of a value of any type.
pub(crate) fn text_of(value: &dyn AnyValue) -> String {
    String::from_utf8(bytes_of(value))
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Writes several values as one JSON list.
pub fn list_to_vec<'a, T: Value>(values: impl IntoIterator<Item = &'a T>) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.list(values);
    writer.into_bytes()
}
