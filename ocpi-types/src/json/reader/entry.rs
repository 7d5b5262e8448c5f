//! Start of reading, and its final error.

use super::limits::MAX_BYTES;
use super::{Limits, Reader, Stop};
use crate::Rule;
use crate::json::{Error, locate};
use crate::pointer::push_segment;

impl<'a> Reader<'a> {
    /// Creates a reader that continues after deviations and records them.
    ///
    /// # Errors
    /// When the text is larger than the limit, or not UTF-8.
    pub fn tolerant(text: &'a [u8], limits: Limits) -> Result<Self, Error> {
        Self::new(text, limits, false)
    }

    /// Creates a reader that stops at the first deviation that loses data.
    ///
    /// # Errors
    /// As [`Reader::tolerant`].
    pub fn strict(text: &'a [u8], limits: Limits) -> Result<Self, Error> {
        Self::new(text, limits, true)
    }

    fn new(text: &'a [u8], limits: Limits, strict: bool) -> Result<Self, Error> {
        if text.len() > limits.bytes.min(MAX_BYTES) {
            return Err(Error::of_rule(Rule::LimitBytes));
        }
        let text = std::str::from_utf8(text)
            .map_err(|error| Error::in_text(Rule::JsonUtf8, error.valid_up_to(), text))?;
        let mut reader = Self::over(text, limits, strict);
        reader.skip_bom();
        Ok(reader)
    }

    /// The error of a stop: its place and its rule.
    pub(crate) fn error(&self, stop: Stop) -> Error {
        // A value that was refused is noted already, with the cause.
        if let Some((rule, at, pointer)) = self.issues.cause_of(stop) {
            return Error::at_pointer(rule, at, pointer, self.text.as_bytes());
        }
        let mut pointer = locate::at(self.text, stop.offset());
        if let Some(missing) = self.missing {
            push_segment(&mut pointer, missing);
        }
        Error::at_pointer(stop.rule, stop.offset(), pointer, self.text.as_bytes())
    }
}
