//! Result of reading one object tolerantly.

use super::reader::{Noted, Reader};
use super::{RawJson, Stop};
use crate::access::{self, AccessError};
use crate::{AnyValue, Finding, Node, Object, Value};

/// One object of a document, and its findings.
///
/// ```
/// use ocpi_types::json::{self, Reading, Verdict};
/// use ocpi_types::v2_3_0::types::TaxAmount;
/// use ocpi_types::{AccessError, Decimal, FreeText};
/// let item = json::read_item::<TaxAmount>(br#"{"name": "VAT", "amount": "0.42", "percentage": null}"#)?;
/// assert_eq!(item.verdict(), Verdict::Repaired);
/// assert_eq!(item.findings.len(), 2);
///
/// let item = json::read_item::<TaxAmount>(br#"{"name": "VAT"}"#)?;
/// let Reading::Partial(tax) = &item.reading else { unreachable!() };
/// assert_eq!(tax.missing(), ["/amount"]);
/// assert_eq!(tax.get::<Decimal>("/amount"), Err(AccessError::Missing));
/// assert_eq!(tax.get::<FreeText>("/name").unwrap().as_str(), "VAT");
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Item<T> {
    /// Position in the document as sent, from zero.
    pub index: usize,
    /// The object, as far as it could be read.
    pub reading: Reading<T>,
    /// Findings, in the order of the document; pointers start at the object.
    pub findings: Vec<Finding>,
}

/// Reading of an object: whole, in part, or not at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reading<T> {
    /// Every required member is there.
    Whole(T),
    /// Required members are missing.
    Partial(Partial<T>),
    /// Not an object of this kind: its text. A text that is not JSON is kept as a JSON string.
    Unreadable(RawJson),
}

/// Outcome of reading an object, in one word.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Verdict {
    /// Without findings.
    Clean,
    /// With findings, at least one of them corrected.
    Repaired,
    /// With findings, all values left as written.
    Tolerated,
    /// Required members are missing.
    Partial,
    /// Not an object of this kind.
    Unreadable,
}

impl Verdict {
    /// All outcomes, from best to worst.
    pub const ALL: [Self; 5] =
        [Self::Clean, Self::Repaired, Self::Tolerated, Self::Partial, Self::Unreadable];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Repaired => "repaired",
            Self::Tolerated => "tolerated",
            Self::Partial => "partial",
            Self::Unreadable => "unreadable",
        }
    }
}

impl<T> Item<T> {
    /// Outcome of reading the object.
    pub fn verdict(&self) -> Verdict {
        match self.reading {
            Reading::Whole(_) if self.findings.is_empty() => Verdict::Clean,
            Reading::Whole(_) if self.findings.iter().any(|finding| finding.repaired) => Verdict::Repaired,
            Reading::Whole(_) => Verdict::Tolerated,
            Reading::Partial(_) => Verdict::Partial,
            Reading::Unreadable(_) => Verdict::Unreadable,
        }
    }
}

/// An object with missing required members, its own or those of an element in one of its lists.
///
/// The members that are there can be accessed; missing ones are never made up. Written as JSON, it has the members that
/// were read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Partial<T> {
    value: T,
}

impl<T: Value> Partial<T> {
    fn new(value: T) -> Self {
        Self { value }
    }

    /// Pointers to the required members that are missing, or could not be read.
    pub fn missing(&self) -> Vec<String> {
        let mut found = Vec::new();
        access::missing(self.value.node(), &mut String::new(), &mut found);
        found
    }

    /// Returns the object, for callers that do not need the missing members.
    ///
    /// A missing member has a blank value: an empty text, zero, `false`, 1970, or an enum value with an empty text. A
    /// blank is not written, and the check reports it, until it is set to another value.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T: Object> Partial<T> {
    /// Returns the value at a JSON pointer, at any depth.
    ///
    /// `U` is the type of the member, or of the value inside its option, box or wrapper.
    ///
    /// # Errors
    /// When the value or a part of it is missing, the pointer leads nowhere, or the type is another one.
    pub fn get<U: Value>(&self, pointer: &str) -> Result<&U, AccessError> {
        let found: &dyn AnyValue =
            if pointer.is_empty() { &self.value } else { access::find(&self.value, pointer)? };
        let mut missing = Vec::new();
        access::missing(found.node_any(), &mut String::new(), &mut missing);
        if !missing.is_empty() {
            return Err(AccessError::Missing);
        }
        let inner = match found.node_any() {
            Node::Scalar(_, value) => Some(value.as_any()),
            Node::Object(object) => Some(object.as_any()),
            Node::List(_) | Node::Null => None,
        };
        let typed = |value: &'_ dyn std::any::Any| value.is::<U>();
        let value = if typed(found.as_any()) { Some(found.as_any()) } else { inner };
        value.and_then(|value| value.downcast_ref()).ok_or(AccessError::OtherType)
    }
}

/// As JSON: the members that are there.
impl<T: Value> Partial<T> {
    /// Writes the members that are there.
    pub fn to_vec(&self) -> Vec<u8> {
        super::to_vec(&self.value)
    }
}

/// Reads one value for the walk: whole, in part, or as a text that could not be read.
pub(super) fn read_value<T: Value>(reader: &mut Reader<'_>, before: Noted) -> Result<Reading<T>, Stop> {
    let mark = reader.mark();
    let mut value = T::blank();
    reader.begin_item();
    match reader.whole(&mut value) {
        Ok(()) if !reader.lacks_since(before) => Ok(Reading::Whole(value)),
        Ok(()) => Ok(Reading::Partial(Partial::new(value))),
        Err(stop) => {
            reader.pass_over(stop, mark)?;
            Ok(Reading::Unreadable(RawJson::walked(reader.text_between(mark.at, reader.offset()))))
        }
    }
}

/// Policy for objects with missing required members, chosen for each partner.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OnPartial {
    /// Separate them from the complete objects, in a list of their own.
    #[default]
    Separate,
    /// Treat them like complete objects: see [`Partial::into_value`].
    Keep,
    /// Fail the list at the first of them.
    Fail,
}
