//! Objects.

use std::borrow::Cow;

use super::{Mark, Noted, Reader, Seen, Segment, Stop};
use crate::{Card, Extra, ObjectInfo, Rule, Type, Value};

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

    /// Reads one member's value into its slot, and marks its bit. `false`: something of its text is not in the
    /// slot, and [`Reader::keep_text`] keeps the text.
    ///
    /// # Errors
    /// When the text is broken; in strict mode, when the value cannot be read.
    #[inline]
    pub fn member<T: Value>(
        &mut self,
        name: &'static str,
        slot: &mut T,
        bit: u64,
        seen: &mut Seen,
    ) -> Result<bool, Stop> {
        let (mark, before) = (self.mark(), self.noted());
        if (seen.read | seen.unreadable) & bit != 0 {
            return self.second_member(name, (name, slot), mark);
        }
        match slot.read(self) {
            Ok(()) if self.noted() == before => {
                seen.read |= bit;
                Ok(true)
            }
            result => self.odd_member(name.into(), slot, bit, seen, (mark, before), result),
        }
    }

    /// A member of which there is something to note.
    #[cold]
    fn odd_member<T: Value>(
        &mut self,
        name: Segment,
        slot: &mut T,
        bit: u64,
        seen: &mut Seen,
        (mark, before): (Mark, Noted),
        mut result: Result<(), Stop>,
    ) -> Result<bool, Stop> {
        if result.is_err_and(|stop| self.is_bracketed::<T>(stop, mark)) {
            self.rewind(mark);
            result = self.unwrap_list(|r| slot.read(r));
        }
        let lost = self.take_lost();
        // What can be left out is left out as a whole, rather than have a part of it made up.
        if result.is_ok() && matches!(T::CARD, Card::Optional) && self.lacks_since(before) {
            result = Err(Stop::noted(Rule::Missing, mark.at));
        }
        match result {
            Ok(()) => {
                seen.read |= bit;
                self.passed = mark.at..self.at;
                self.name(before, name);
                Ok(!lost)
            }
            Err(stop) => {
                *slot = T::blank();
                seen.unreadable |= bit;
                self.issues.forgive(before);
                self.pass_over(stop, mark)?;
                self.name(before, name);
                if T::CARD.is_required() {
                    self.issues.lack(before);
                }
                Ok(false)
            }
        }
    }

    /// A member that was read already. The first one counts, unless it decides about more than itself. `false`: this one
    /// has another value.
    #[cold]
    fn second_member<T: Value>(
        &mut self,
        sent: &str,
        (name, first): (&str, &T),
        mark: Mark,
    ) -> Result<bool, Stop> {
        let before = self.noted();
        let is_security = is_security::<T>(name);
        let rule = if is_security { Rule::DuplicateSecurity } else { Rule::JsonDuplicateKey };
        self.pass_over(Stop::value(rule, mark.at), mark)?;
        self.name(before, Segment::Named(sent.into()));
        if is_security {
            return Err(Stop::noted(rule, mark.at));
        }
        let mut second = T::blank();
        let text = self.text_between(mark.at, self.at);
        let is_read = Reader::over(text, self.limits, false).at_depth(self.depth).whole(&mut second).is_ok();
        self.repeated = !is_read || second != *first;
        Ok(!self.repeated)
    }

    /// Reads a member that was sent by a name that is not, or not plainly, its own.
    ///
    /// # Errors
    /// As [`Reader::member`].
    #[cold]
    pub fn odd_name_member<T: Value>(
        &mut self,
        (name, sent): (&'static str, &str),
        slot: &mut T,
        bit: u64,
        seen: &mut Seen,
    ) -> Result<bool, Stop> {
        let (mark, before) = (self.mark(), self.noted());
        if (seen.read | seen.unreadable) & bit != 0 {
            return self.second_member(sent, (name, slot), mark);
        }
        if name != sent {
            self.note(Rule::OtherVersionName, mark.at);
        }
        let result = slot.read(self);
        self.odd_member(Segment::Named(sent.into()), slot, bit, seen, (mark, before), result)
    }

    /// Keeps the text of a member of which something is not in its slot.
    #[cold]
    pub fn keep_text(&mut self, name: &str, extra: &mut Extra) {
        let text = self.text_between(self.passed.start, self.passed.end);
        if std::mem::take(&mut self.repeated) { extra.repeat(name, text) } else { extra.keep(name, text) }
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
fn is_security<T: Value>(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    matches!(T::TYPE, Type::Url) || matches!(last, "id" | "uid" | "token") || name == "country_code"
}
