//! The way through a document from object to object, whatever stands around them.
//!
//! A walk moves in steps that can be taken back: where the text breaks off because more of it is to come, the walk
//! of before the step starts again with more text.

use std::ops::Range;

use super::frame::{Candidates, Following, Outcome, is_name_of_failure, outcome, outcome_word};
use super::item::Reading;
use super::list::read_value;
use super::reader::{Noted, Reader, Segment};
use super::{RawJson, Stop};
use crate::macros::is_same_name;
use crate::pointer::push_segment;
use crate::protocol::StatusCode;
use crate::{DateTime, Finding, Rule, Text, Value};

/// Envelope or frame around the objects of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Head {
    /// Whether the objects stand in an envelope of an answer, or in another frame.
    pub is_envelope: bool,
    /// A pointer to the objects, where they stand in a frame that is not OCPI's envelope.
    pub frame: Option<String>,
    /// Pattern of the value that holds the objects: `data` of the envelope, or the whole document.
    pub data: Data,
    /// OCPI's status, if it is an envelope that has one; 0, which is no success, if it cannot be read, or if a frame
    /// says in other words that the request failed.
    pub status_code: Option<StatusCode>,
    /// A message for developers.
    pub status_message: Option<String>,
    /// When the answer was made, by the partner's clock.
    pub timestamp: Option<DateTime>,
    /// Hints of a frame about further pages.
    pub following: Following,
    /// Findings about the document, objects apart.
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

/// Pattern of the value that holds the objects of a document.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Data {
    /// No value: there is no `data`.
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
    /// Counts of the issues noted before it.
    pub(super) before: Noted,
    pub(super) reading: Reading<T>,
}

#[derive(Clone, Debug)]
pub(super) struct Walk {
    place: Place,
    expected: Expected,
    candidates: Candidates,
    /// The names of the objects inside the document that are open around the objects.
    around: Vec<Box<str>>,
    /// A list without objects, which is the list that is asked for if there is no other: its place.
    empty: Option<String>,
    /// Where `data` stands, if it is not read.
    data_at: Option<Range<usize>>,
    index: usize,
    /// Whether the envelope has a member by one of OCPI's names.
    is_ocpi: bool,
    seen_data: bool,
    seen_status: bool,
    seen_time: bool,
    head: Head,
}

/// Shapes that a document may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Expected {
    /// A list, or one object of it.
    List,
    /// That, or an envelope around it, or objects one after another.
    Any,
    /// An envelope whose `data` is passed over, or a value that would stand in one.
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
    fn new(expected: Expected, candidates: Candidates) -> Self {
        Self {
            place: Place::Start,
            expected,
            candidates,
            around: Vec::new(),
            empty: None,
            data_at: None,
            index: 0,
            is_ocpi: false,
            seen_data: false,
            seen_status: false,
            seen_time: false,
            head: Head::default(),
        }
    }

    pub(super) fn of_list() -> Self {
        Self::new(Expected::List, Candidates::default())
    }

    pub(super) fn of_document(candidates: Candidates) -> Self {
        Self::new(Expected::Any, candidates)
    }

    /// Sets the types that the objects may have, as long as none was read.
    pub(super) fn set_candidates(&mut self, candidates: Candidates) {
        self.candidates = candidates;
    }

    /// Walks through an envelope from member to member: its head, and the place of its `data`.
    pub(super) fn envelope(r: &mut Reader<'_>) -> Result<(Head, Option<Range<usize>>), Stop> {
        let mut walk = Self::new(Expected::Envelope, Candidates::default());
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
        let around = u16::try_from(self.around.len()).unwrap_or(u16::MAX);
        (u16::from(in_list) + u16::from(in_envelope)).saturating_add(around)
    }

    /// Whether the text may go on with a line of its own after a broken one.
    pub(super) fn is_between_lines(&self) -> bool {
        self.place == Place::AfterObject
    }

    /// The pointer to where the walk stands.
    pub(super) fn pointer(&self) -> String {
        let data = if self.head.is_envelope { "/data" } else { "" };
        let around = self.head.frame.as_deref().unwrap_or(data);
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
                        Some(b'{')
                            if self.expected != Expected::List
                                && self.candidates.is_around(&mut r.ahead())? =>
                        {
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
                    } else if self.around.pop().is_none() {
                        self.place = Place::After;
                        self.judge_empty_lists(r);
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
            r.begin_item();
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

    /// Reads a member of the envelope; returns an object, if `data` holds one.
    fn member<T: Value>(&mut self, r: &mut Reader<'_>) -> Result<Option<Step<T>>, Stop> {
        r.begin_item();
        let name = r.key_text()?;
        self.place = Place::AfterMember;
        if !self.around.is_empty() {
            return self.frame_member(r, &name);
        }
        let named = |own: &str| is_same_name(own, &name);
        if named("data") && self.seen_data {
            self.note(r, Rule::JsonDuplicateKey, &name);
            r.raw_around()?;
        } else if named("data") {
            self.seen_data = true;
            self.is_own_name(r, "data", &name);
            return self.data(r, &name);
        } else if named("status_code") {
            self.is_own_name(r, "status_code", &name);
            self.status(r, &name)?;
        } else if named("status_message") {
            self.is_own_name(r, "status_message", &name);
            if self.head.status_message.is_some() {
                self.note(r, Rule::JsonDuplicateKey, &name);
            }
            let message: Option<Text<0>> = self.head_member(r, &name)?;
            let message = message.map(|text| text.as_str().to_owned());
            self.head.status_message = self.head.status_message.take().or(message);
        } else if named("timestamp") {
            // Frames and errors have one, too.
            if std::mem::replace(&mut self.seen_time, true) {
                self.note(r, Rule::JsonDuplicateKey, &name);
                r.raw_around()?;
                return Ok(None);
            }
            let timestamp = self.head_member(r, &name)?;
            self.head.timestamp = self.head.timestamp.or(timestamp);
        } else {
            return self.frame_member(r, &name);
        }
        Ok(None)
    }

    /// Reads the value of `data` in the envelope.
    fn data<T: Value>(&mut self, r: &mut Reader<'_>, name: &str) -> Result<Option<Step<T>>, Stop> {
        let is_failure = self.head.is_failure();
        match r.peek() {
            _ if self.expected == Expected::Envelope => self.pass_data_over(r)?,
            Some(b'[') if !is_failure => {
                self.is_the_only_list(r)?;
                self.open_list(r)?;
            }
            Some(b'{') if !is_failure => return self.inner_object(r, name),
            Some(b'n') => {
                r.raw_around()?;
                self.head.data = Data::Null;
                self.note(r, Rule::Null, name);
            }
            _ => {
                r.raw_around()?;
                self.head.data = Data::Other;
                if !is_failure {
                    self.note(r, Rule::ValueType, name);
                }
            }
        }
        Ok(None)
    }

    /// An object inside the envelope: one of those that are asked for, or one around them.
    fn inner_object<T: Value>(&mut self, r: &mut Reader<'_>, name: &str) -> Result<Option<Step<T>>, Stop> {
        /// Objects around the list, inside each other.
        const MOST: usize = 4;
        let is_around = self.candidates.is_known() && self.candidates.is_around(&mut r.ahead())?;
        if !is_around && self.head.data == Data::List {
            r.raw_around()?;
        } else if !is_around {
            return self.object(r, Place::AfterMember).map(Some);
        } else if self.around.len() < MOST && r.open_object()? {
            self.around.push(name.into());
            self.place = Place::Member;
        } else if self.around.len() >= MOST {
            r.raw_around()?;
        }
        Ok(None)
    }

    /// A member that OCPI's envelope does not have.
    fn frame_member<T: Value>(&mut self, r: &mut Reader<'_>, name: &str) -> Result<Option<Step<T>>, Stop> {
        let is_wanted =
            self.expected == Expected::Any && self.candidates.is_known() && !self.head.is_failure();
        let may_hold = is_wanted && !is_name_of_failure(name);
        match r.peek() {
            Some(b'[') if may_hold && self.candidates.is_list(name, &r.ahead())? => {
                self.is_the_only_list(r)?;
                self.is_framed(r, name);
                self.open_list(r)?;
            }
            Some(b'{') if may_hold && self.is_one_of_ours(r, name)? => {
                self.is_framed(r, name);
                return self.object(r, Place::AfterMember).map(Some);
            }
            Some(b'{') if may_hold && self.candidates.is_around(&mut r.ahead())? => {
                return self.inner_object(r, name);
            }
            _ => {
                let raw = r.raw_around()?;
                if may_hold && raw.starts_with('[') && self.candidates.is_name_of_list(name) {
                    let is_empty = raw.trim_start_matches('[').trim_start() == "]";
                    self.empty = self.empty.take().or(is_empty.then(|| self.place_of(name)));
                }
                self.judge_frame(name, raw);
            }
        }
        Ok(None)
    }

    /// Whether the next object is a single one that is asked for, by the name of its type or of a holder of objects.
    fn is_one_of_ours(&self, r: &Reader<'_>, name: &str) -> Result<bool, Stop> {
        Ok(self.head.data == Data::Missing
            && self.candidates.is_name_of_list(name)
            && !self.candidates.is_around(&mut r.ahead())?)
    }

    /// Judges the outcome of the request, and further pages, by a member of a frame.
    fn judge_frame(&mut self, name: &str, raw: &str) {
        if self.around.len() <= 1 {
            if let Some(Outcome::Failure(code)) = outcome(name, raw) {
                self.fail(code);
            }
            if is_same_name("message", name) && self.head.status_message.is_none() {
                let text = crate::json::from_str::<Text<0>>(raw).ok();
                self.head.status_message = text.map(|text| text.as_str().to_owned());
            }
        }
        self.head.following.take(self.around.last().map(|name| &**name), name, raw);
    }

    fn fail(&mut self, code: u16) {
        if !self.head.is_failure() {
            self.head.status_code = Some(StatusCode::new(code));
        }
    }

    /// The status of the request, by whatever name.
    fn status(&mut self, r: &mut Reader<'_>, name: &str) -> Result<(), Stop> {
        let mut ahead = r.ahead();
        let raw = ahead.raw_around()?;
        let code: Option<i64> = self.head_member(r, name)?;
        let code = code.and_then(|code| u16::try_from(code).ok());
        let word = raw.trim_matches('"').trim();
        match (code, outcome_word(word)) {
            // HTTP's, in a frame that is not OCPI's.
            (Some(200..=299), _) if name != "status_code" => {}
            (Some(code), _) => {
                if std::mem::replace(&mut self.seen_status, true) {
                    self.note(r, Rule::JsonDuplicateKey, name);
                }
                let code = StatusCode::new(code);
                let is_new = self.head.status_code.is_none_or(|known| known.is_success() || known.get() == 0);
                if self.head.status_code.is_none() || is_new && !code.is_success() {
                    self.head.status_code = Some(code);
                }
            }
            (None, Some(Outcome::Success)) => {
                self.head.status_code = self.head.status_code.or(Some(StatusCode::SUCCESS));
            }
            (None, _) => self.fail(0),
        }
        Ok(())
    }

    /// Notes that a member of the envelope has another spelling.
    fn is_own_name(&mut self, r: &mut Reader<'_>, own: &str, sent: &str) {
        self.is_ocpi = true;
        if own != sent {
            self.note(r, Rule::NameSpelling, sent);
        }
    }

    /// A second list of objects that are asked for would be lost, or one too many.
    fn is_the_only_list(&self, r: &Reader<'_>) -> Result<(), Stop> {
        let is_other = self.index > 0 || matches!(self.head.data, Data::Object);
        if is_other { Err(Stop::fatal(Rule::Lists, r.offset())) } else { Ok(()) }
    }

    /// Remembers, and notes, that the objects stand where OCPI has none.
    fn is_framed(&mut self, r: &mut Reader<'_>, name: &str) {
        self.head.frame = Some(self.place_of(name));
        self.note(r, Rule::Frame, name);
    }

    /// A pointer to a member of the object that the walk stands in.
    fn place_of(&self, name: &str) -> String {
        let mut pointer = String::new();
        self.around.iter().for_each(|name| push_segment(&mut pointer, name));
        push_segment(&mut pointer, name);
        pointer
    }

    /// Judges of lists without objects: one in a frame is the list that is asked for, if no other was found; but none is
    /// where nothing says that the request succeeded, and a message says something else.
    fn judge_empty_lists(&mut self, r: &mut Reader<'_>) {
        let message = self.head.status_message.as_deref().unwrap_or_default().trim();
        let is_fine = self.head.status_code.is_some_and(StatusCode::is_success)
            || message.is_empty()
            || outcome_word(message) == Some(Outcome::Success);
        if self.head.data == Data::List && self.index == 0 && !is_fine {
            self.head.data = Data::Missing;
        }
        let is_none = !matches!(self.head.data, Data::List | Data::Object);
        let Some(place) = self.empty.take().filter(|_| is_none && is_fine && !self.head.is_failure()) else {
            return;
        };
        self.head.data = Data::List;
        let before = r.noted();
        r.note(Rule::Frame, r.offset());
        for name in place.split('/').skip(1).collect::<Vec<_>>().into_iter().rev() {
            r.name(before, Segment::Named(name.replace("~1", "/").replace("~0", "~").into()));
        }
        r.is_around(before);
        self.head.frame = Some(place);
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
        r.raw_around()?;
        self.data_at = Some(start..r.offset());
        Ok(())
    }

    /// A member of the envelope itself, whose findings are the document's.
    fn head_member<V: Value>(&mut self, r: &mut Reader<'_>, name: &str) -> Result<Option<V>, Stop> {
        let (mark, before) = (r.mark(), r.noted());
        let mut value: Option<V> = None;
        if let Err(stop) = r.whole(&mut value) {
            r.pass_over(stop, mark)?;
            value = None;
        }
        if r.noted() != before {
            r.name(before, Segment::Named(name.into()));
            r.is_around(before);
        }
        Ok(value)
    }

    /// Notes something at a member of the object that the walk stands in.
    fn note(&mut self, r: &mut Reader<'_>, rule: Rule, name: &str) {
        let before = r.noted();
        r.note(rule, r.offset());
        r.name(before, Segment::Named(name.into()));
        for name in self.around.iter().rev() {
            r.name(before, Segment::Named(name.clone()));
        }
        r.is_around(before);
    }

    fn note_what_lacks(&mut self, r: &mut Reader<'_>) {
        // Of a frame that is nothing like OCPI's it is enough to say that it is one.
        if !self.is_ocpi && (self.head.frame.is_some() || self.head.is_failure()) {
            return;
        }
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
    let mut writer = super::Writer::new();
    writer.string(text);
    RawJson::walked(&String::from_utf8_lossy(&writer.into_bytes()))
}
