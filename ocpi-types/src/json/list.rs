//! Lists in which one bad object does not fail the others.

use super::frame::Candidates;
use super::item::{OnPartial, Partial, Reading};
use super::reader::{Limits, Reader};
use super::walk::{Step, Walk};
use super::{Error, Head, RawJson, Stop};
use crate::{Finding, Rule, Value};

/// The objects of a list, the unreadable ones, and the findings.
///
/// Pointers of findings start with the index in the list as sent.
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
#[must_use]
pub struct List<T> {
    /// Objects that were read, in order.
    pub items: Vec<T>,
    /// Objects with missing required members, in order.
    pub partial: Vec<PartialItem<T>>,
    /// Unreadable objects, in order.
    pub rejected: Vec<Rejected>,
    /// Findings, in document order, including the causes for rejected objects.
    pub findings: Vec<Finding>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), partial: Vec::new(), rejected: Vec::new(), findings: Vec::new() }
    }
}

/// An object of a list with missing required members.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PartialItem<T> {
    /// Index in the list as sent, from zero.
    pub index: usize,
    /// The object.
    pub object: Partial<T>,
    /// The item before which it stood.
    before: usize,
}

/// An unreadable object of a list, kept as text.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Rejected {
    /// Index in the list as sent, from zero.
    pub index: usize,
    /// Its text.
    pub raw: RawJson,
}

/// Reads a list of objects, each independently. A single object without brackets is read as a list of one.
///
/// # Errors
/// When the text is not JSON, or breaks a limit.
pub fn read_list<T: Value>(text: &[u8]) -> Result<List<T>, Error> {
    read_list_within(text, Limits::default())
}

/// [`read_list`] with the given limits.
///
/// # Errors
/// As [`read_list`].
pub fn read_list_within<T: Value>(text: &[u8], limits: Limits) -> Result<List<T>, Error> {
    let mut reader = Reader::tolerant(text, limits)?;
    let mut list = List::default();
    reader.skip_blanks();
    if reader.peek() == Some(b'{') {
        reader.note(Rule::ObjectForArray, reader.offset());
    }
    list.read(&mut reader, Walk::of_list()).map_err(|stop| reader.error(stop))?;
    list.findings = reader.take_findings();
    Ok(list)
}

/// A whole document: the envelope of an answer, a list, one object, or objects one after another.
///
/// ```
/// use ocpi_types::{json, v2_3_0::types::Price};
/// let body = br#"{"data": [{"before_taxes": "1"}, true], "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
/// let document = json::read_document::<Price>(body)?;
/// assert_eq!((document.list.items.len(), document.list.rejected.len()), (1, 1));
/// assert!(document.head.status_code.unwrap().is_success());
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Document<T> {
    /// Envelope or frame around the objects.
    pub head: Head,
    /// The objects. Pointers of findings start with the index of the object.
    pub list: List<T>,
}

/// Reads the objects of a document of any shape.
///
/// # Errors
/// When the text is not JSON, or breaks a limit.
pub fn read_document<T: Value>(text: &[u8]) -> Result<Document<T>, Error> {
    let mut reader = Reader::tolerant(text, Limits::default())?;
    let mut list = List::default();
    let walk = list
        .read(&mut reader, Walk::of_document(Candidates::of::<T>()))
        .map_err(|stop| reader.error(stop))?;
    let (around, inside) = reader.take_all_findings();
    list.findings = inside;
    let head = Head { findings: around, ..walk.into_head() };
    // Its status may stand behind its data.
    let list = if head.is_failure() { List::default() } else { list };
    Ok(Document { head, list })
}

/// Reads the objects of a document one by one: `put` gets the index, the object and its text.
#[cfg(feature = "http")]
pub(crate) fn read_document_by<T: Value>(
    text: &[u8],
    mut put: impl FnMut(usize, Reading<T>, &str),
) -> Result<(Head, Vec<Finding>), Error> {
    let mut reader = Reader::tolerant(text, Limits::default())?;
    let mut walk = Walk::of_document(Candidates::of::<T>());
    while let Some(step) = walk.next(&mut reader).map_err(|stop| reader.error(stop))? {
        put(step.index, step.reading, reader.text_between(step.start, reader.offset()));
        if reader.noted() != step.before {
            reader.name(step.before, step.index);
        }
    }
    let (around, inside) = reader.take_all_findings();
    Ok((Head { findings: around, ..walk.into_head() }, inside))
}

/// Reads an envelope, and the text of its `data`; a text without an envelope is taken as `data`.
pub(crate) fn read_envelope(text: &[u8]) -> Result<(Head, Option<&str>), Error> {
    let mut reader = Reader::tolerant(text, Limits::default())?;
    let (head, data) = Walk::envelope(&mut reader).map_err(|stop| reader.error(stop))?;
    let data = data.map(|at| reader.text_between(at.start, at.end));
    let mut findings = reader.take_findings();
    if !head.is_envelope {
        findings.push(Finding::of_document(Rule::Envelope));
    }
    Ok((Head { findings, ..head }, data))
}

impl<T: Value> List<T> {
    fn read(&mut self, reader: &mut Reader<'_>, mut walk: Walk) -> Result<Walk, Stop> {
        while let Some(Step { index, before, reading, .. }) = walk.next(reader)? {
            self.put(index, reading);
            if reader.noted() != before {
                reader.name(before, index);
            }
        }
        Ok(walk)
    }

    pub(super) fn put(&mut self, index: usize, reading: Reading<T>) {
        match reading {
            Reading::Whole(value) => self.items.push(value),
            Reading::Partial(object) => {
                self.partial.push(PartialItem { index, object, before: self.items.len() });
            }
            Reading::Unreadable(raw) => self.rejected.push(Rejected { index, raw }),
        }
    }

    /// Keeps an object as one that could not be read.
    #[cfg(feature = "http")]
    pub(crate) fn reject(&mut self, index: usize, text: &str) {
        self.rejected.push(Rejected { index, raw: RawJson::walked(text) });
    }

    /// Appends another list. Indexes and pointers stay as they are.
    pub fn append(&mut self, other: Self) {
        let known = self.items.len();
        self.items.extend(other.items);
        self.partial.extend(
            other.partial.into_iter().map(|aside| PartialItem { before: known + aside.before, ..aside }),
        );
        self.rejected.extend(other.rejected);
        self.findings.extend(other.findings);
    }

    /// Applies a policy to the objects with missing required members.
    ///
    /// # Errors
    /// When the policy is to fail and there is such an object.
    ///
    /// ```
    /// use ocpi_types::json::{self, OnPartial};
    /// use ocpi_types::v2_3_0::types::TaxAmount;
    /// let list = json::read_list::<TaxAmount>(br#"[{"name": "VAT"}, {"name": "VAT", "amount": 1}]"#)?;
    /// assert_eq!((list.items.len(), list.partial.len()), (1, 1));
    /// let all = list.clone().on_partial(OnPartial::Keep)?;
    /// assert_eq!((all.items.len(), all.partial.len()), (2, 0));
    /// assert_eq!(json::to_string(&all.items[0]), r#"{"name":"VAT"}"#);
    /// assert_eq!(list.on_partial(OnPartial::Fail).unwrap_err().pointer(), "/0/amount");
    /// # Ok::<(), json::Error>(())
    /// ```
    pub fn on_partial(mut self, policy: OnPartial) -> Result<Self, Error> {
        match policy {
            OnPartial::Separate => {}
            OnPartial::Keep => {
                for aside in std::mem::take(&mut self.partial).into_iter().rev() {
                    self.items.insert(aside.before, aside.object.into_value());
                }
            }
            OnPartial::Fail => {
                if let Some(first) = self.partial.first() {
                    let missing = first.object.missing().into_iter().next().unwrap_or_default();
                    return Err(Error::of_object(Rule::Missing, format!("/{}{missing}", first.index)));
                }
            }
        }
        Ok(self)
    }
}
