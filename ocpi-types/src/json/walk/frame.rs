//! Members of a frame other than OCPI's envelope.

use super::{Expected, Place, Step, Walk};
use crate::json::Stop;
use crate::json::aliases::is_same_name;
use crate::json::head::Data;
use crate::json::outcome::{Outcome, is_name_of_failure, outcome, outcome_word};
use crate::json::reader::{Reader, Segment};
use crate::pointer::push_segment;
use crate::protocol::StatusCode;
use crate::{Rule, Text, Value};

impl Walk {
    /// An object inside the envelope: one of those that are asked for, or one around them.
    pub(super) fn inner_object<T: Value>(
        &mut self,
        r: &mut Reader<'_>,
        name: &str,
    ) -> Result<Option<Step<T>>, Stop> {
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
    pub(super) fn frame_member<T: Value>(
        &mut self,
        r: &mut Reader<'_>,
        name: &str,
    ) -> Result<Option<Step<T>>, Stop> {
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
    pub(super) fn judge_empty_lists(&mut self, r: &mut Reader<'_>) {
        let message = self.head.status_message.as_deref().unwrap_or_default().trim();
        let is_fine = self.head.status_code.is_some_and(StatusCode::is_success)
            || message.is_empty()
            || outcome_word(message) == Some(Outcome::Success);
        if self.head.data == Data::List && self.is_page_empty() && !is_fine {
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
}
