//! Members of the envelope.

use super::{Expected, Place, Step, Walk};
use crate::json::Stop;
use crate::json::aliases::is_same_name;
use crate::json::head::Data;
use crate::json::outcome::{Outcome, outcome_word};
use crate::json::reader::{Reader, Segment};
use crate::protocol::StatusCode;
use crate::{Rule, Text, Value};

impl Walk {
    /// Reads a member of the envelope; returns an object, if `data` holds one.
    pub(super) fn member<T: Value>(&mut self, r: &mut Reader<'_>) -> Result<Option<Step<T>>, Stop> {
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

    /// Passes `data` over, and remembers where it is.
    pub(super) fn pass_data_over(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
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

    pub(super) fn note_what_lacks(&mut self, r: &mut Reader<'_>) {
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
