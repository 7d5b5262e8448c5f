//! The way through a document from object to object, whatever stands around them.
//!
//! A walk moves in steps that can be taken back: where the text breaks off because more of it is to come, the walk
//! of before the step starts again with more text.

use std::ops::Range;

use super::item::Reading;
use super::list::read_value;
use super::reader::{Noted, Reader, Seen};
use super::{RawJson, Stop};
use crate::transport::StatusCode;
use crate::{DateTime, Finding, Rule, Text, Type, Value};

/// What stands around the objects of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Head {
    /// Whether it is the envelope of an answer.
    pub is_envelope: bool,
    /// What holds the objects: `data` of the envelope, or the whole document.
    pub data: Data,
    /// OCPI's status, if it is an envelope that has one; 0, which is no success, if it cannot be read.
    pub status_code: Option<StatusCode>,
    /// A message for developers.
    pub status_message: Option<String>,
    /// When the answer was made, by the partner's clock.
    pub timestamp: Option<DateTime>,
    /// What was odd about the document, objects apart.
    pub findings: Vec<Finding>,
}

impl Head {
    /// Whether the objects stand in a list, or one after another, rather than one alone.
    pub fn is_list(&self) -> bool {
        self.data == Data::List
    }

    /// Whether it is the answer of a failure: then whatever `data` holds is no object that was asked for.
    pub fn is_failure(&self) -> bool {
        self.status_code.is_some_and(|code| !code.is_success())
    }
}

/// What holds the objects of a document.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Data {
    /// Nothing does: there is no `data`.
    #[default]
    Missing,
    /// It is `null`.
    Null,
    /// Neither a list nor an object.
    Other,
    /// One object.
    Object,
    /// A list, or objects one after another.
    List,
}

/// One object on the way.
pub(super) struct Step<T> {
    pub(super) index: usize,
    /// Where it starts.
    pub(super) start: usize,
    /// What had been noted before it.
    pub(super) before: Noted,
    pub(super) reading: Reading<T>,
}

#[derive(Clone, Debug)]
pub(super) struct Walk {
    place: Place,
    expected: Expected,
    /// Where `data` stands, if it is not read.
    data_at: Option<Range<usize>>,
    index: usize,
    /// The members of the envelope that were seen; the first one of a name counts.
    seen: Seen,
    seen_data: bool,
    seen_time: bool,
    head: Head,
}

/// What a document may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Expected {
    /// A list, or one object of it.
    List,
    /// That, or an envelope around it, or objects one after another.
    Any,
    /// An envelope whose `data` is passed over, or what would stand in one.
    Envelope,
}

/// Where the walk stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Start,
    /// At an element of the list.
    Element,
    /// Behind an element.
    AfterElement,
    /// At a member of the envelope.
    Member,
    /// Behind a member of the envelope.
    AfterMember,
    /// Behind an object that stands alone: others may follow.
    AfterObject,
    /// Behind the list or the envelope.
    After,
    Done,
}

impl Walk {
    fn new(expected: Expected) -> Self {
        Self {
            place: Place::Start,
            expected,
            data_at: None,
            index: 0,
            seen: Seen::default(),
            seen_data: false,
            seen_time: false,
            head: Head::default(),
        }
    }

    pub(super) fn of_list() -> Self {
        Self::new(Expected::List)
    }

    pub(super) fn of_document() -> Self {
        Self::new(Expected::Any)
    }

    /// Through an envelope from member to member: what it has, and where its `data` stands.
    pub(super) fn envelope(r: &mut Reader<'_>) -> Result<(Head, Option<Range<usize>>), Stop> {
        let mut walk = Self::new(Expected::Envelope);
        while walk.next::<RawJson>(r)?.is_some() {}
        Ok((walk.head, walk.data_at))
    }

    pub(super) fn into_head(self) -> Head {
        self.head
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    pub(super) fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }

    pub(super) fn is_done(&self) -> bool {
        self.place == Place::Done
    }

    /// The objects and lists that are open where the walk stands.
    pub(super) fn depth(&self) -> u16 {
        let in_list = matches!(self.place, Place::Element | Place::AfterElement);
        let in_envelope = self.head.is_envelope && !matches!(self.place, Place::After | Place::Done);
        u16::from(in_list) + u16::from(in_envelope)
    }

    /// Whether the text may go on with a line of its own after a broken one.
    pub(super) fn is_between_lines(&self) -> bool {
        self.place == Place::AfterObject
    }

    /// The pointer to where the walk stands.
    pub(super) fn pointer(&self) -> String {
        let around = if self.head.is_envelope { "/data" } else { "" };
        match self.place {
            Place::Element => format!("{around}/{}", self.index),
            Place::AfterElement => around.to_owned(),
            _ => String::new(),
        }
    }

    /// Gives a broken line up.
    pub(super) fn skip_line(&mut self) -> usize {
        self.head.data = Data::List;
        let index = self.index;
        self.index += 1;
        index
    }

    /// The next object; `None` at the end of the document.
    pub(super) fn next<T: Value>(&mut self, r: &mut Reader<'_>) -> Result<Option<Step<T>>, Stop> {
        loop {
            match self.place {
                Place::Start => {
                    r.skip_blanks();
                    match r.peek() {
                        Some(b'{') if self.expected != Expected::List && is_envelope::<T>(r)? => {
                            self.head.is_envelope = true;
                            self.place = if r.open_object()? { Place::Member } else { Place::After };
                        }
                        _ if self.expected == Expected::Envelope => {
                            self.pass_data_over(r)?;
                            self.place = Place::After;
                        }
                        Some(b'{') => return self.object(r, Place::AfterObject).map(Some),
                        Some(b'n') if r.null() => {
                            self.head.data = Data::Null;
                            self.place = Place::After;
                        }
                        Some(b'[') => self.open_list(r)?,
                        _ if self.expected == Expected::Any && r.peek().is_some() => {
                            return self.object(r, Place::After).map(Some);
                        }
                        _ => return Err(r.open_list().err().unwrap_or(r.unexpected())),
                    }
                }
                Place::Element => {
                    self.place = Place::AfterElement;
                    if let Some(step) = self.element(r)? {
                        return Ok(Some(step));
                    }
                }
                Place::AfterElement => {
                    self.place = if r.next_element()? {
                        Place::Element
                    } else if self.head.is_envelope {
                        Place::AfterMember
                    } else {
                        Place::After
                    };
                }
                Place::Member => {
                    if let Some(step) = self.member(r)? {
                        return Ok(Some(step));
                    }
                }
                Place::AfterMember => {
                    if r.next_member()? {
                        self.place = Place::Member;
                    } else {
                        self.place = Place::After;
                        self.note_what_lacks(r);
                    }
                }
                Place::AfterObject => {
                    r.skip_blanks();
                    if r.peek().is_none() {
                        self.place = Place::Done;
                    } else if self.expected == Expected::Any && r.peek() == Some(b'{') {
                        self.head.data = Data::List;
                        return self.object(r, Place::AfterObject).map(Some);
                    } else {
                        return Err(Stop::fatal(Rule::JsonTrailing, r.offset()));
                    }
                }
                Place::After => {
                    r.finish()?;
                    self.place = Place::Done;
                }
                Place::Done => return Ok(None),
            }
        }
    }

    fn open_list(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        self.head.data = Data::List;
        self.place = match (r.open_list()?, self.head.is_envelope) {
            (true, _) => Place::Element,
            (false, true) => Place::AfterMember,
            (false, false) => Place::After,
        };
        Ok(())
    }

    /// An object that stands alone.
    fn object<T: Value>(&mut self, r: &mut Reader<'_>, next: Place) -> Result<Step<T>, Stop> {
        let (index, before) = (self.index, r.noted());
        if self.head.data != Data::List {
            self.head.data = if r.peek() == Some(b'{') { Data::Object } else { Data::Other };
        }
        let start = r.offset();
        let reading = read_value(r, before)?;
        self.index += 1;
        self.place = next;
        Ok(Step { index, start, before, reading })
    }

    /// An element; `None` for `null`, which is left out.
    fn element<T: Value>(&mut self, r: &mut Reader<'_>) -> Result<Option<Step<T>>, Stop> {
        let (index, before, start) = (self.index, r.noted(), r.offset());
        if r.null() {
            self.index += 1;
            r.note(Rule::NullInList, start);
            r.name(before, index);
            if self.expected == Expected::Any {
                r.is_around(before);
            }
            return Ok(None);
        }
        let reading = read_value(r, before)?;
        self.index += 1;
        Ok(Some(Step { index, start, before, reading }))
    }

    /// A member of the envelope; an object, if that is what `data` holds.
    fn member<T: Value>(&mut self, r: &mut Reader<'_>) -> Result<Option<Step<T>>, Stop> {
        let name = r.key_text()?;
        let is_failure = self.head.is_failure();
        self.place = Place::AfterMember;
        match &*name {
            "data" if self.seen_data => {
                self.note(r, Rule::JsonDuplicateKey, "data");
                r.raw_value()?;
            }
            "data" => {
                self.seen_data = true;
                match r.peek() {
                    _ if self.expected == Expected::Envelope => self.pass_data_over(r)?,
                    Some(b'[') if !is_failure => self.open_list(r)?,
                    Some(b'{') if !is_failure => return self.object(r, Place::AfterMember).map(Some),
                    Some(b'n') => {
                        r.raw_value()?;
                        self.head.data = Data::Null;
                        self.note(r, Rule::Null, "data");
                    }
                    _ => {
                        r.raw_value()?;
                        self.head.data = Data::Other;
                        if !is_failure {
                            self.note(r, Rule::ValueType, "data");
                        }
                    }
                }
            }
            "status_code" => {
                let code: Option<i64> = self.head_member(r, "status_code", 1)?;
                let code = code.and_then(|code| u16::try_from(code).ok()).unwrap_or_default();
                self.head.status_code = self.head.status_code.or(Some(StatusCode::new(code)));
            }
            "status_message" => {
                let message: Option<Text<0>> = self.head_member(r, "status_message", 2)?;
                self.head.status_message = message.map(|text| text.as_str().to_owned());
            }
            "timestamp" => {
                self.seen_time = true;
                let timestamp = self.head_member(r, "timestamp", 4)?;
                self.head.timestamp = self.head.timestamp.or(timestamp);
            }
            _ => _ = r.raw_value()?,
        }
        Ok(None)
    }

    /// Passes `data` over, and remembers where it is.
    fn pass_data_over(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        self.head.data = match r.peek() {
            Some(b'[') => Data::List,
            Some(b'{') => Data::Object,
            Some(b'n') => Data::Null,
            _ => Data::Other,
        };
        let start = r.offset();
        r.raw_value()?;
        self.data_at = Some(start..r.offset());
        Ok(())
    }

    /// A member of the envelope itself, whose findings are the document's.
    fn head_member<V: Value>(
        &mut self,
        r: &mut Reader<'_>,
        name: &'static str,
        bit: u64,
    ) -> Result<Option<V>, Stop> {
        let (before, mut value) = (r.noted(), None);
        r.member(name, &mut value, bit, &mut self.seen)?;
        r.is_around(before);
        Ok(value)
    }

    fn note(&mut self, r: &mut Reader<'_>, rule: Rule, name: &'static str) {
        let before = r.noted();
        r.note(rule, r.offset());
        r.name(before, name);
        r.is_around(before);
    }

    fn note_what_lacks(&mut self, r: &mut Reader<'_>) {
        if self.head.status_code.is_none() {
            self.note(r, Rule::Envelope, "status_code");
        }
        if !self.seen_time {
            self.note(r, Rule::Envelope, "timestamp");
        }
        if !self.seen_data && !self.head.is_failure() && self.expected != Expected::Envelope {
            self.note(r, Rule::Envelope, "data");
        }
    }
}

/// Whether the object at hand is an envelope: it has a status, or `data`, before it has a member of the type's.
///
/// A partner may have added `data` to an object: of a type without known members, others must not stand before it.
fn is_envelope<T: Value>(r: &Reader<'_>) -> Result<bool, Stop> {
    let mut r = r.clone();
    let fields = match T::TYPE {
        Type::Object(info) => info().fields,
        _ => &[],
    };
    let (mut has_status, mut is_mixed) = (false, false);
    let mut more = r.open_object()?;
    while more {
        let name = r.key_text()?;
        match &*name {
            "status_code" => has_status = true,
            "data" if has_status || !is_mixed || !fields.is_empty() => return Ok(true),
            "status_message" | "timestamp" => {}
            name if fields.iter().any(|field| field.name == name) => return Ok(false),
            _ => is_mixed = true,
        }
        r.raw_value()?;
        more = r.next_member()?;
    }
    Ok(has_status)
}

/// What is kept of a line that is no object, and why it is none.
pub(super) fn broken_line(text: &str, rule: Rule) -> (RawJson, Rule) {
    match text.parse::<RawJson>() {
        Ok(raw) => return (raw, Rule::ValueType),
        Err(error) if rule == Rule::JsonTrailing => return (quoted(text), error.rule()),
        Err(_) => {}
    }
    (quoted(text), rule)
}

/// What is no JSON, as a JSON string.
fn quoted(text: &str) -> RawJson {
    let mut writer = super::Writer::new();
    writer.string(text);
    RawJson::walked(&String::from_utf8_lossy(&writer.into_bytes()))
}
