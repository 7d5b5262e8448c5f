//! Whole values: a document, or a value that may have another form.

use super::{Reader, Stop};
use crate::json::Error;
use crate::{AnyValue, Value};

impl Reader<'_> {
    /// Reads the whole text as one value.
    ///
    /// # Errors
    /// As [`read`](crate::json::read).
    pub fn document<T: Value>(&mut self) -> Result<T, Error> {
        let value = self.partial_document()?;
        match self.issues.first_lack() {
            None => Ok(value),
            Some((rule, at, pointer)) => Err(Error::at_pointer(rule, at, pointer, self.text.as_bytes())),
        }
    }

    /// Reads the whole text as one value, of which required members may be missing.
    pub(super) fn partial_document<T: Value>(&mut self) -> Result<T, Error> {
        let mut value = T::blank();
        self.skip_blanks();
        match self.whole(&mut value).and_then(|()| self.finish()) {
            Ok(()) => Ok(value),
            Err(stop) => Err(self.error(stop)),
        }
    }

    /// Reads one value, which may stand in brackets.
    pub(crate) fn whole(&mut self, value: &mut dyn AnyValue) -> Result<(), Stop> {
        let mark = self.mark();
        match value.read_any(self) {
            Err(stop) => {
                let shape = value.shape();
                self.read_otherwise(value, shape, mark, stop)
            }
            Ok(()) => Ok(()),
        }
    }
}
