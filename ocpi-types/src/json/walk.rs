//! Traversal of a document from object to object, whatever surrounds them.
//!
//! Each step can be undone: if the text is incomplete, the state before the step is restored, and the step is repeated
//! with more text.

mod envelope;
mod frame;

use std::ops::Range;

use super::frame::Candidates;
use super::head::{Data, Head};
use super::item::{Reading, read_value};
use super::reader::{Noted, Reader, Segment};
use super::{RawJson, Stop};
use crate::protocol::StatusCode;
use crate::{Rule, Value};

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
    /// Index of the first object of the list that the walk is in.
    first: usize,
    /// Index of the first object of the page, behind the first page.
    before_page: Option<usize>,
    /// The types of the lists that were read, where there may be several.
    lists: Vec<&'static str>,
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
    /// An envelope whose `data` is skipped, or a value that would be in one.
    Envelope,
}

/// Where the walk stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Start,
    /// At an element of the list.
    Element,
    /// After an element.
    AfterElement,
    /// At a member of the envelope.
    Member,
    /// After a member of the envelope.
    AfterMember,
    /// After a single object: others may follow.
    AfterObject,
    /// After the list or the envelope.
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
            first: 0,
            before_page: None,
            lists: Vec::new(),
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
            Place::Element => format!("{around}/{}", self.index - self.first),
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
                Place::After if self.is_before_a_page(r)? => self.begin_page(),
                Place::After => {
                    r.finish()?;
                    self.place = Place::Done;
                }
                Place::Done => return Ok(None),
            }
        }
    }

    /// Whether another page follows the one that was read. Behind one without objects or a list nothing is read.
    fn is_before_a_page(&self, r: &mut Reader<'_>) -> Result<bool, Stop> {
        let is_whole = self.head.is_envelope && matches!(self.head.data, Data::List | Data::Object);
        if !is_whole || !self.candidates.have_pages() || self.head.is_failure() {
            return Ok(false);
        }
        r.skip_blanks();
        Ok(r.peek() == Some(b'{') && self.candidates.is_around(&mut r.ahead())?)
    }

    /// Makes ready for another page: what was found so far stays.
    fn begin_page(&mut self) {
        let new = Self::new(self.expected, self.candidates.clone());
        let findings = std::mem::take(&mut self.head.findings);
        let old = std::mem::replace(self, new);
        self.head.findings = findings;
        self.head.following = old.head.following;
        (self.index, self.first, self.before_page) = (old.index, old.index, Some(old.index));
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
            self.head.data = match r.peek() {
                // One of several.
                Some(b'{') if self.before_page.is_some() => Data::List,
                Some(b'{') => Data::Object,
                _ => Data::Other,
            };
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

    /// Whether the page has had no object so far.
    fn is_page_empty(&self) -> bool {
        self.index == self.before_page.unwrap_or_default()
    }

    /// A second list of objects that are asked for would be lost, or one too many; unless it is one of another type, and
    /// several are asked for.
    fn is_the_only_list(&mut self, r: &Reader<'_>) -> Result<(), Stop> {
        let is_second = !self.is_page_empty() || matches!(self.head.data, Data::Object);
        let list = self.candidates.type_of_list(r)?;
        let is_of_another_type = list.is_some_and(|list| !self.lists.contains(&list));
        if is_second && (self.lists.is_empty() || !is_of_another_type) {
            return Err(Stop::fatal(Rule::Lists, r.offset()));
        }
        self.lists.extend(list);
        self.first = self.index;
        Ok(())
    }

    /// Remembers that the request failed.
    fn fail(&mut self, code: u16) {
        if !self.head.is_failure() {
            self.head.status_code = Some(StatusCode::new(code));
        }
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
}
