//! Conversion of messages between the version of the connection and that of the application's types.

use std::collections::BTreeSet;

use super::stand_ins;
use crate::convert::{
    self, AnyVersion, Context, ConversionError, Ledger, OfKind, SpecVersion, V2_1_1, V2_2_1, V2_3_0,
    is_of_owner,
};
use crate::json::{self, Document, List, OnPartial, Reading, WritingStyle, Written};
use crate::{Finding, Rule, Value, Version};

/// Settings for writing and reading the messages of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Encoding<'a> {
    /// The version of the connection; `None`: that of the types.
    pub version: Option<Version>,
    /// Facts that only one of the two versions states.
    pub context: &'a Context<'a>,
    /// Style of messages to the partner.
    pub style: WritingStyle,
    /// Treatment of the partner's objects in which required members are missing.
    pub on_partial: OnPartial,
}

static NOTHING: Context<'static> = Context::NONE;

impl Encoding<'static> {
    /// A connection in the version of the types.
    pub const PLAIN: Self = Self {
        version: None,
        context: &NOTHING,
        style: WritingStyle::PLAIN,
        on_partial: OnPartial::Separate,
    };
}

impl Default for Encoding<'static> {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The way to the type of another version.
type ConvertTo<K, W> = fn(AnyVersion<K>, &Context<'_>, &mut Ledger) -> Result<W, ConversionError>;

/// Reason why a message cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unread {
    /// The JSON cannot be read.
    #[error(transparent)]
    Json(#[from] json::Error),
    /// The types of the application cannot express the message, which is of another version.
    #[error(transparent)]
    Version(#[from] ConversionError),
}

impl Encoding<'_> {
    /// Whether objects of this type are written as by `json::to_vec`: in their own version, without a style.
    pub fn is_plain<T: OfKind>(&self) -> bool {
        self.crossing::<T>().is_none() && self.style == WritingStyle::PLAIN
    }

    /// The version to convert to or from; `None`: nothing needs to be converted.
    fn crossing<T: OfKind>(&self) -> Option<Version> {
        self.version.filter(|version| *version != T::NEWEST)
    }

    /// Writes a value; losses on the way are added to the ledger.
    pub(super) fn write<T: OfKind>(&self, value: T, ledger: &mut Ledger) -> Result<Written, ConversionError> {
        let Some(version) = self.crossing::<T>() else { return Ok(json::write_for(&value, &self.style)) };
        Ok(value.into_any().convert(version, self.context, ledger)?.write_for(&self.style))
    }

    /// Writes a value without taking it.
    pub(super) fn write_ref<T: OfKind>(
        &self,
        value: &T,
        ledger: &mut Ledger,
    ) -> Result<Written, ConversionError> {
        match self.crossing::<T>() {
            None => Ok(json::write_for(value, &self.style)),
            Some(_) => self.write(value.clone(), ledger),
        }
    }

    /// Writes a list. Values that cannot be expressed are left out, and returned with their index.
    pub(super) fn write_list<T: OfKind>(
        &self,
        values: Vec<T>,
        ledger: &mut Ledger,
    ) -> (Written, Vec<(usize, ConversionError)>) {
        match self.crossing::<T>() {
            None => (json::write_list_for(&values, &self.style), Vec::new()),
            Some(Version::V2_1_1) => self.write_as(values, ledger, V2_1_1::of_any),
            Some(Version::V2_2) => self.write_as(values, ledger, AnyVersion::convert_to_2_2),
            Some(Version::V2_2_1) => self.write_as(values, ledger, V2_2_1::of_any),
            Some(Version::V2_3_0) => self.write_as(values, ledger, V2_3_0::of_any),
        }
    }

    fn write_as<T: OfKind, W: Value>(
        &self,
        values: Vec<T>,
        ledger: &mut Ledger,
        turn: ConvertTo<T::Kind, W>,
    ) -> (Written, Vec<(usize, ConversionError)>) {
        let (mut turned, mut left_out) = (Vec::with_capacity(values.len()), Vec::new());
        for (index, value) in values.into_iter().enumerate() {
            match ledger.element(index, |ledger| turn(value.into_any(), self.context, ledger)) {
                Ok(value) => turned.push(value),
                Err(error) => left_out.push((index, error)),
            }
        }
        (json::write_list_for(&turned, &self.style), left_out)
    }

    /// Reads a value; adds oddities to the findings, and losses and assumptions to the ledger.
    pub(super) fn read<T: OfKind>(
        &self,
        text: &[u8],
        findings: &mut Vec<Finding>,
        ledger: &mut Ledger,
    ) -> Result<T, Unread> {
        let Some(version) = self.crossing::<T>() else {
            let read = match (stand_ins::read(text), self.on_partial) {
                (Some(read), _) => read,
                (None, OnPartial::Keep) => json::read_partial(text)?,
                (None, OnPartial::Separate | OnPartial::Fail) => json::read(text)?,
            };
            findings.extend(read.findings);
            return Ok(read.value);
        };
        let read = match stand_ins::read_version::<T::Kind>(version, text) {
            Some(read) => read,
            None => AnyVersion::read_in(version, text, self.context, ledger)?,
        };
        findings.extend(read.findings);
        Ok(T::of_any(read.value, self.context, ledger)?)
    }

    /// Reads the objects of a document. Of another version an object that lacks required members, or that cannot be
    /// expressed, is one that cannot be read.
    pub(super) fn document<T: OfKind>(
        &self,
        body: &[u8],
        ledger: &mut Ledger,
    ) -> Result<Document<T>, json::Error> {
        match self.crossing::<T>() {
            None => json::read_document(body),
            Some(Version::V2_1_1) => self.document_of(body, ledger, AnyVersion::V2_1_1),
            Some(Version::V2_2 | Version::V2_2_1) => self.document_of(body, ledger, AnyVersion::V2_2_1),
            Some(Version::V2_3_0) => self.document_of(body, ledger, AnyVersion::V2_3_0),
        }
    }

    fn document_of<T: OfKind, W: Value>(
        &self,
        body: &[u8],
        ledger: &mut Ledger,
        wrap: fn(W) -> AnyVersion<T::Kind>,
    ) -> Result<Document<T>, json::Error> {
        let mut list = List::default();
        let mut lost = Vec::new();
        let mut completed = BTreeSet::new();
        let (head, findings) = json::read_document_by(body, |index, reading: Reading<W>, text| {
            let value = match self.completed(index, reading, ledger) {
                (Reading::Whole(value), was_completed) => {
                    completed.extend(was_completed.then_some(index));
                    value
                }
                (Reading::Partial(_) | Reading::Unreadable(_), _) => return list.reject(index, text),
            };
            match ledger.element(index, |ledger| T::of_any(wrap(value), self.context, ledger)) {
                Ok(value) => list.items.push(value),
                Err(error) => {
                    lost.push(Finding::new(format!("/{index}{}", error.pointer()), Rule::Version));
                    list.reject(index, text);
                }
            }
        })?;
        list.findings = findings;
        list.findings.retain(|finding| {
            let place = split_element(&finding.pointer);
            !place.is_some_and(|(index, at)| is_of_owner(finding.rule, at) && completed.contains(&index))
        });
        list.findings.extend(lost);
        let list = if head.is_failure() { List::default() } else { list };
        Ok(Document { head, list })
    }

    /// An object of a list of 2.2 as one of 2.2.1, and whether it got its owner so; others as they are.
    fn completed<W: Value>(
        &self,
        index: usize,
        reading: Reading<W>,
        ledger: &mut Ledger,
    ) -> (Reading<W>, bool) {
        if self.version != Some(Version::V2_2) {
            return (reading, false);
        }
        ledger.element(index, |ledger| convert::complete(reading, self.context, ledger))
    }
}

/// The index of the element of a list that a pointer leads into, and the rest of the pointer.
fn split_element(pointer: &str) -> Option<(usize, &str)> {
    let steps = pointer.strip_prefix('/')?;
    let (index, inside) = steps.split_at_checked(steps.find('/').unwrap_or(steps.len()))?;
    Some((index.parse().ok()?, inside))
}
