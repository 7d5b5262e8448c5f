//! Objects.

use std::borrow::Cow;

use super::{Mark, Noted, Reader, Seen, Segment, Stop};
use crate::{AnyValue, Card, Extra, Field, ObjectInfo, Rule, Type, Value};

/// Members.
impl<'a> Reader<'a> {
    /// Enters an object; `false` if it is empty.
    ///
    /// # Errors
    /// When no object stands here.
    #[inline]
    pub fn open_object(&mut self) -> Result<bool, Stop> {
        self.open(b'{', b'}')
    }

    #[inline]
    pub(super) fn open(&mut self, open: u8, close: u8) -> Result<bool, Stop> {
        if self.peek() != Some(open) {
            return Err(self.unexpected());
        }
        self.enter()?;
        self.skip_blanks();
        if self.peek() == Some(close) {
            self.leave();
            return Ok(false);
        }
        self.node()?;
        Ok(true)
    }

    /// Whether the member at hand has this name, given in the form `"name":`; goes on to its value if so. A name
    /// written in another way is left to [`Reader::key_text`].
    #[inline]
    pub fn key<const N: usize>(&mut self, name: &'static [u8; N]) -> bool {
        // Its length is known at compile time: the comparison is of words, not of bytes.
        let found = self.rest().first_chunk::<N>() == Some(name);
        if found {
            self.at += N;
            self.skip_blanks();
        }
        found
    }

    /// The name of the member at hand, unescaped; goes on to its value.
    ///
    /// # Errors
    /// When the text is no member.
    pub fn key_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        // A name that is too long ends reading: nothing could be said about where.
        let name = self.quoted().map_err(|stop| Stop::fatal(stop.rule, stop.offset()))?;
        self.colon()?;
        Ok(name)
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), Stop> {
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.syntax());
        }
        self.at += 1;
        self.skip_blanks();
        Ok(())
    }

    /// Reads the value of the member at `place` into its slot, and marks its bit. Text of which something is not in
    /// the slot is kept in `extra`.
    ///
    /// # Errors
    /// When the text is broken; in strict mode, when the value cannot be read.
    #[inline]
    pub fn hot_member<T: Value>(
        &mut self,
        info: &'static ObjectInfo,
        place: usize,
        slot: &mut T,
        seen: &mut Seen,
        extra: &mut Extra,
    ) -> Result<(), Stop> {
        let (mark, before) = (self.mark(), self.noted());
        let bit = 1_u64 << (place & 63);
        if (seen.read | seen.unreadable) & bit != 0 {
            return self.second_member(info, place, mark);
        }
        match slot.read(self) {
            Ok(()) if self.noted() == before => {
                seen.read |= bit;
                Ok(())
            }
            result => self.odd_place((info, place), slot, bit, seen, extra, (mark, before), result),
        }
    }

    #[cold]
    fn odd_place(
        &mut self,
        (info, place): (&'static ObjectInfo, usize),
        slot: &mut dyn AnyValue,
        bit: u64,
        seen: &mut Seen,
        extra: &mut Extra,
        marks: (Mark, Noted),
        result: Result<(), Stop>,
    ) -> Result<(), Stop> {
        match info.fields.get(place) {
            Some(field) => self.odd_member((field, None), slot, bit, seen, extra, marks, result),
            None => result,
        }
    }

    /// A member of which there is something to note.
    #[cold]
    fn odd_member(
        &mut self,
        (field, sent): (&Field, Option<&str>),
        slot: &mut dyn AnyValue,
        bit: u64,
        seen: &mut Seen,
        extra: &mut Extra,
        (mark, before): (Mark, Noted),
        mut result: Result<(), Stop>,
    ) -> Result<(), Stop> {
        if result.is_err_and(|stop| self.is_bracketed(field.is_list, stop, mark)) {
            self.rewind(mark);
            result = self.unwrap_list(|r| slot.read_any(r));
        }
        let lost = self.take_lost();
        // An optional value is left out as a whole, rather than have a part of it made up.
        if result.is_ok() && matches!(field.card, Card::Optional) && self.lacks_since(before) {
            result = Err(Stop::noted(Rule::Missing, mark.at));
        }
        let name = sent.map_or(Segment::from(field.name), |sent| Segment::Named(sent.into()));
        let is_whole = match result {
            Ok(()) => {
                seen.read |= bit;
                self.passed = mark.at..self.at;
                self.name(before, name);
                !lost
            }
            Err(stop) => {
                slot.reset();
                seen.unreadable |= bit;
                self.issues.forgive(before);
                self.pass_over(stop, mark)?;
                self.name(before, name);
                if field.card.is_required() {
                    self.issues.lack(before);
                }
                false
            }
        };
        if !is_whole {
            extra.keep(sent.unwrap_or(field.name), self.text_between(self.passed.start, self.passed.end));
        }
        Ok(())
    }

    #[cold]
    fn second_member(&mut self, info: &'static ObjectInfo, place: usize, mark: Mark) -> Result<(), Stop> {
        let Some(field) = info.fields.get(place) else { return Ok(()) };
        self.repeated_member(field, field.name, mark)
    }

    /// A member that was read already. The first one counts, unless it decides about more than itself.
    #[cold]
    fn repeated_member(&mut self, field: &Field, sent: &str, mark: Mark) -> Result<(), Stop> {
        let before = self.noted();
        let rule = if is_security(field) { Rule::DuplicateSecurity } else { Rule::JsonDuplicateKey };
        self.pass_over(Stop::value(rule, mark.at), mark)?;
        self.name(before, Segment::Named(sent.into()));
        if rule == Rule::DuplicateSecurity { Err(Stop::noted(rule, mark.at)) } else { Ok(()) }
    }

    /// Reads a member by the name that was sent, which may not, or not plainly, be its own.
    ///
    /// # Errors
    /// As [`Reader::hot_member`].
    #[cold]
    pub(crate) fn odd_name_member(
        &mut self,
        (field, sent): (&Field, &str),
        slot: &mut dyn AnyValue,
        bit: u64,
        seen: &mut Seen,
        extra: &mut Extra,
    ) -> Result<(), Stop> {
        let (mark, before) = (self.mark(), self.noted());
        if (seen.read | seen.unreadable) & bit != 0 {
            return self.repeated_member(field, sent, mark);
        }
        if field.name != sent {
            self.note(Rule::OtherVersionName, mark.at);
        }
        match slot.read_any(self) {
            Ok(()) if self.noted() == before => {
                seen.read |= bit;
                Ok(())
            }
            result => self.odd_member((field, Some(sent)), slot, bit, seen, extra, (mark, before), result),
        }
    }

    /// Reads one member of something that has no table, such as the envelope.
    ///
    /// # Errors
    /// As [`Reader::hot_member`].
    pub(crate) fn member<T: Value>(
        &mut self,
        name: &'static str,
        slot: &mut T,
        bit: u64,
        seen: &mut Seen,
    ) -> Result<(), Stop> {
        self.odd_name_member((&Field::of::<T>(name, &[]), name), slot, bit, seen, &mut Extra::new())
    }

    /// Keeps a member that the object does not have.
    ///
    /// # Errors
    /// When the text is broken.
    pub fn unknown_member(&mut self, name: &str, extra: &mut Extra) -> Result<(), Stop> {
        extra.keep(name, self.raw_value()?);
        Ok(())
    }

    /// Goes to the next member; `false` at the end of the object.
    ///
    /// # Errors
    /// When the text is no object.
    #[inline]
    pub fn next_member(&mut self) -> Result<bool, Stop> {
        // Without blanks, as machines write it.
        match self.rest() {
            [b',', b'"', ..] => {
                self.at += 1;
                self.node()?;
                Ok(true)
            }
            [b'}', ..] => {
                self.leave();
                Ok(false)
            }
            _ => self.next_spaced_member(),
        }
    }

    fn next_spaced_member(&mut self) -> Result<bool, Stop> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() != Some(b'"') {
                    return Err(self.syntax());
                }
                self.node()?;
                Ok(true)
            }
            Some(b'}') => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.syntax()),
        }
    }
}

/// The end of an object.
impl Reader<'_> {
    /// Holds the members seen against the required ones (a bit each, in order of declaration); `start` is where
    /// the object began. What is missing is noted, and remembered in `extra`.
    ///
    /// # Errors
    /// When no member at all could be read; in strict mode, when a required one is missing.
    #[inline]
    pub fn require(
        &mut self,
        seen: Seen,
        required: u64,
        start: usize,
        info: &'static ObjectInfo,
        extra: &mut Extra,
    ) -> Result<(), Stop> {
        let lacking = required & !seen.read;
        if lacking == 0 { Ok(()) } else { self.lacking(seen, lacking, start, info, extra) }
    }

    #[cold]
    fn lacking(
        &mut self,
        seen: Seen,
        lacking: u64,
        start: usize,
        info: &'static ObjectInfo,
        extra: &mut Extra,
    ) -> Result<(), Stop> {
        let bits = std::iter::successors(Some(1_u64), |bit| bit.checked_shl(1));
        let fields = info.fields.iter().zip(bits).filter(|(_, bit)| lacking & bit != 0);
        for (field, bit) in fields {
            // One that could not be read is noted already.
            let is_unreadable = seen.unreadable & bit != 0;
            if !is_unreadable {
                let before = self.noted();
                if let Err(stop) = self.deviates(Rule::Missing, start) {
                    self.missing = Some(field.name);
                    return Err(stop);
                }
                self.name(before, field.name);
                // A list that is missing is an empty one.
                if matches!(field.card, Card::AtLeastOne) {
                    continue;
                }
                self.issues.lack(before);
            }
            extra.lack(bit);
        }
        if seen.read == 0 && extra.lacking() != 0 {
            return Err(Stop::noted(Rule::Missing, start));
        }
        Ok(())
    }
}

/// Whether a member says who, may what, or goes where: of two of them neither is taken.
fn is_security(field: &Field) -> bool {
    let last = field.name.rsplit('_').next().unwrap_or(field.name);
    matches!(field.ty, Type::Url) || matches!(last, "id" | "uid" | "token") || field.name == "country_code"
}
