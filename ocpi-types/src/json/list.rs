//! Lists where one bad object must not cost the others.

use super::reader::{Limits, Reader};
use super::{Error, RawJson, Stop};
use crate::{Finding, Value};

/// The objects of a list, those that could not be read, and what was odd.
///
/// Pointers of findings start with the index in the list as it was sent.
///
/// ```
/// use ocpi_types::{json, v2_3_0::types::Price};
/// let list = json::read_list::<Price>(br#"[{"before_taxes": 1}, {"before_taxes": {}}, {"before_taxes": "2"}]"#)?;
/// assert_eq!(list.items.len(), 2);
/// assert_eq!(list.rejected[0].index, 1);
/// assert_eq!(list.rejected[0].raw.as_str(), r#"{"before_taxes": {}}"#);
/// assert_eq!(list.findings[0].pointer, "/1/before_taxes");
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct List<T> {
    /// What was read, in order.
    pub items: Vec<T>,
    /// What could not be read, in order.
    pub rejected: Vec<Rejected>,
    /// What was odd, in document order; for rejected objects, why.
    pub findings: Vec<Finding>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), rejected: Vec::new(), findings: Vec::new() }
    }
}

/// An object of a list that could not be read, kept as text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejected {
    /// Its place in the list as it was sent, from zero.
    pub index: usize,
    /// Its text.
    pub raw: RawJson,
}

/// Reads a list of objects, each on its own. A single object without brackets is read as a list of one.
///
/// # Errors
/// When the text is not JSON, or breaks a limit.
pub fn read_list<T: Value>(text: &[u8]) -> Result<List<T>, Error> {
    let mut reader = Reader::tolerant(text, Limits::default())?;
    let mut list = List::default();
    reader.skip_blanks();
    list.read(&mut reader).and_then(|()| reader.finish()).map_err(|stop| reader.error(stop))?;
    list.findings = reader.take_findings();
    Ok(list)
}

impl<T: Value> List<T> {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        if reader.peek() == Some(b'{') {
            reader.note(crate::Rule::ObjectForArray, reader.offset());
            return self.item(reader, 0);
        }
        if reader.null() {
            return Ok(());
        }
        let mut more = reader.open_list()?;
        let mut index = 0;
        while more {
            self.item(reader, index)?;
            index += 1;
            more = reader.next_element()?;
        }
        Ok(())
    }

    fn item(&mut self, reader: &mut Reader<'_>, index: usize) -> Result<(), Stop> {
        let mark = reader.mark();
        let start = reader.offset();
        if reader.null() {
            reader.note(crate::Rule::NullInList, start);
            return Ok(());
        }
        let mut value = T::blank();
        match value.read(reader) {
            Ok(()) => self.items.push(value),
            Err(stop) => {
                reader.pass_over(stop, mark)?;
                let raw = RawJson::walked(reader.text_between(start, reader.offset()));
                self.rejected.push(Rejected { index, raw });
            }
        }
        Ok(())
    }
}
