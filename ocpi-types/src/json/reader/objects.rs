//! Objects.

use std::borrow::Cow;

use super::limits::Ahead;
use super::{Mark, Noted, Reader, Seen, Segment, Stop};
use crate::macros::{NamedMember, Naming, known_name};
use crate::{Card, Decimal, Extra, ObjectInfo, Rule, Type, Value};

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

    /// Whether the next member has this name, given in the form `"name":`; goes on to its value if so. A name
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

    /// Reads the name of the next member, unescaped; goes on to its value.
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
            if seen.by_other_name & bit != 0 && self.null() {
                self.note(Rule::Null, mark.at);
                self.name(before, name);
                return Ok(true);
            }
            return self.second_member(name, (name, slot), mark);
        }
        let mut result = slot.read(self);
        if matches!(T::TYPE, Type::String { .. }) && self.padded {
            result = self.read_padded(name, slot, (mark, before), result);
        }
        match result {
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
        if let Err(stop) = result {
            result = self.read_otherwise(slot, mark, stop);
        }
        if self.text.get(mark.at..).is_some_and(|rest| rest.starts_with("null")) {
            seen.null |= bit;
        }
        let lost = self.take_lost();
        // An optional value is left out as a whole, rather than have a part of it made up.
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

    /// Reads a member that was sent by a name that is not, or not plainly, its own. Where the object has the member by
    /// a better name as well, that one counts, and this one is as unknown as any other.
    ///
    /// # Errors
    /// As [`Reader::member`].
    #[cold]
    pub fn odd_name_member<T: Value>(
        &mut self,
        (meant, info): (NamedMember, &'static ObjectInfo),
        sent: &str,
        slot: &mut T,
        bit: u64,
        seen: &mut Seen,
    ) -> Result<bool, Stop> {
        let (mark, before) = (self.mark(), self.noted());
        let is_known = (seen.read | seen.unreadable) & bit != 0;
        let Some(rule) = meant.naming.rule() else {
            if is_known {
                return self.second_member(sent, (meant.name, slot), mark);
            }
            let result = slot.read(self);
            return self.odd_member(Segment::Named(sent.into()), slot, bit, seen, (mark, before), result);
        };
        // `null` by the member's own name says nothing, but in a PATCH.
        let was_null = seen.read & seen.null & bit != 0 && T::NULL_IS_ABSENT;
        let is_better_known = is_known && !was_null;
        if is_better_known || self.follows_by_a_better_name::<T>(meant.naming, info, bit, seen) {
            self.skip_value()?;
            self.passed = mark.at..self.at;
            return Ok(false);
        }
        self.note(rule, mark.at);
        seen.by_other_name |= bit;
        let named = self.noted();
        let mut result = slot.read(self);
        if self.padded {
            result = self.read_padded(meant.name, slot, (mark, named), result);
        }
        self.odd_member(Segment::Named(sent.into()), slot, bit, seen, (mark, before), result)
    }

    /// Whether the member stands in the rest of the object by a better name than the current one.
    fn follows_by_a_better_name<T: Value>(
        &self,
        naming: Naming,
        info: &'static ObjectInfo,
        bit: u64,
        seen: &mut Seen,
    ) -> bool {
        // The rest of an object is looked through once.
        let ahead = *seen.ahead.get_or_insert_with(|| {
            let mut ahead = Ahead::default();
            // Broken text in it is met again when it is read.
            let _ = self.ahead().look_ahead(info, &mut ahead);
            ahead
        });
        let by_own = if T::NULL_IS_ABSENT { ahead.own } else { ahead.own | ahead.null };
        let better = if naming == Naming::Spelled { by_own } else { by_own | ahead.spelled };
        better & bit != 0
    }

    fn look_ahead(&mut self, info: &'static ObjectInfo, ahead: &mut Ahead) -> Result<(), Stop> {
        self.skip_value()?;
        while self.next_member()? {
            let name = self.key_text()?;
            let is_null = self.peek() == Some(b'n');
            if let Some(meant) = known_name(info, &name) {
                let place = u32::try_from(meant.place).unwrap_or(u32::MAX);
                let bit = 1_u64.checked_shl(place).unwrap_or_default();
                match meant.naming {
                    Naming::Own if is_null => ahead.null |= bit,
                    Naming::Own => ahead.own |= bit,
                    Naming::Spelled if !is_null => ahead.spelled |= bit,
                    Naming::Spelled | Naming::OtherVersion => {}
                }
            }
            self.skip_value()?;
        }
        Ok(())
    }

    /// A text with blanks around it that was just read: where the member is no free text, it is read once more, without
    /// them.
    #[cold]
    fn read_padded<T: Value>(
        &mut self,
        name: &str,
        slot: &mut T,
        (mark, before): (Mark, Noted),
        result: Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.padded = false;
        let is_free =
            !matches!(name.rsplit('_').next(), Some("id" | "ids" | "uid" | "uids" | "type" | "url"));
        if is_free || result.is_err() || self.noted() != before {
            return result;
        }
        self.rewind(mark);
        self.trims = true;
        let result = slot.read(self);
        self.trims = false;
        result
    }

    /// Reads a value that could not be read in the form it has: in brackets, or as an amount that is no object.
    #[cold]
    pub(super) fn read_otherwise<T: Value>(
        &mut self,
        slot: &mut T,
        mark: Mark,
        stop: Stop,
    ) -> Result<(), Stop> {
        if self.is_bracketed::<T>(stop, mark) {
            self.rewind(mark);
            return self.unwrap_list(|r| slot.read(r));
        }
        match T::TYPE {
            Type::Object(info) if stop.rule == Rule::ValueType && !T::IS_LIST => {
                self.read_bare_amount(slot, info(), mark).unwrap_or(Err(stop))
            }
            _ => Err(stop),
        }
    }

    /// Reads a number that stands where an amount of money is due. `None`: neither is the case.
    fn read_bare_amount<T: Value>(
        &mut self,
        slot: &mut T,
        info: &ObjectInfo,
        mark: Mark,
    ) -> Option<Result<(), Stop>> {
        let before_taxes = matches!(info.name, "Price" | "PriceLimit").then(|| info.fields.first())??;
        self.rewind(mark);
        if !matches!(self.peek(), Some(b'"' | b'-' | b'0'..=b'9')) {
            return None;
        }
        let mut amount = Decimal::ZERO;
        amount.read(self).ok()?;
        let object = format!("{{\"{}\":{amount}}}", before_taxes.name);
        slot.read(&mut Reader::over(&object, self.limits, false)).ok()?;
        Some(self.deviates(Rule::BareAmount, mark.at))
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
    /// Compares the members seen with the required ones (a bit each, in order of declaration); `start` is where
    /// the object began. Missing ones are noted, and remembered in `extra`.
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

/// Whether a member decides about identity, access or destination: of two of them neither is taken.
fn is_security<T: Value>(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    matches!(T::TYPE, Type::Url) || matches!(last, "id" | "uid" | "token") || name == "country_code"
}
