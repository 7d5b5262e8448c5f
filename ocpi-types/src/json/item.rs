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
    /// Its place in the document as it was sent, from zero.
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
    /// No object of this kind: its text. A text that is no JSON at all is kept as a JSON string.
    Unreadable(RawJson),
}

/// Verdict on the reading of an object, in one word.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Verdict {
    /// Without a finding.
    Clean,
    /// With findings, some of which were put right.
    Repaired,
    /// With findings, and read as it was written.
    Tolerated,
    /// Required members are missing.
    Partial,
    /// Not at all.
    Unreadable,
}

impl Verdict {
    /// All of them, from the best to the worst.
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
    /// Verdict on the reading.
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

/// An object in which required members are missing, itself or in an element of one of its lists.
///
/// Members that are there can be got at; missing ones are never made up. Written as JSON it has the members that it
/// was read with.
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

    /// The object, for callers that can do without the missing members.
    ///
    /// In place of a missing member stands a blank: an empty text, zero, `false`, 1970, or an enum value without
    /// text. It is not written, and the check reports it, until it is given another value.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T: Object> Partial<T> {
    /// Returns the value at a JSON pointer, at any depth.
    ///
    /// The type is that of the member, or of the value inside of its option, box or wrapper.
    ///
    /// # Errors
    /// When it, or something in it, is missing; when the pointer leads nowhere; when the type is another one.
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

/// Policy for objects in which required members are missing. A choice to make for each partner.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OnPartial {
    /// They stand aside, where a caller that asks for them finds them.
    #[default]
    Separate,
    /// They are taken like all others: see [`Partial::into_value`].
    Keep,
    /// The first of them fails the list.
    Fail,
}
