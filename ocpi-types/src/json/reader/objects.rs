//! Objects.

use std::borrow::Cow;

use super::limits::Ahead;
use super::{Mark, Noted, Reader, Seen, Segment, Stop};
use crate::macros::{NamedMember, Naming, known_name};
use crate::{AnyValue, Cardinality, Decimal, Extra, Field, ObjectInfo, Rule, Type, Value};

/// Marks and keeps what is read of a member: its bit, the masks of its object, and the texts beside the slots.
struct Target<'o> {
    bit: u64,
    seen: &'o mut Seen,
    extra: &'o mut Extra,
}

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
    #[doc(hidden)]
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

    /// Reads the value of the member at `place` into its slot, and marks its bit. Text of which something is not in
    /// the slot is kept in `extra`.
    ///
    /// # Errors
    /// When the text is broken; in strict mode, when the value cannot be read.
    #[doc(hidden)]
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
            return self.second_place((info, place), slot, Target { bit, seen, extra }, mark);
        }
        let result = slot.read(self);
        let is_padded = matches!(T::TYPE, Type::String { .. }) && self.padded;
        match result {
            Ok(()) if self.noted() == before && !is_padded => {
                seen.read |= bit;
                Ok(())
            }
            result => {
                self.odd_place((info, place), slot, Target { bit, seen, extra }, (mark, before), result)
            }
        }
    }

    #[cold]
    fn odd_place(
        &mut self,
        (info, place): (&'static ObjectInfo, usize),
        slot: &mut dyn AnyValue,
        to: Target<'_>,
        (mark, before): (Mark, Noted),
        mut result: Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Some(field) = info.fields.get(place) else { return result };
        if self.padded && matches!(field.ty, Type::String { .. }) {
            result = self.read_padded(field.name, slot, (mark, before), result);
            if result.is_ok() && self.noted() == before {
                to.seen.read |= to.bit;
                return Ok(());
            }
        }
        self.odd_member((field, None), slot, to, (mark, before), result)
    }

    /// A member of which there is something to note.
    #[cold]
    fn odd_member(
        &mut self,
        (field, sent): (&Field, Option<&str>),
        slot: &mut dyn AnyValue,
        to: Target<'_>,
        (mark, before): (Mark, Noted),
        mut result: Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Target { bit, seen, extra } = to;
        if let Err(stop) = result {
            result = self.read_otherwise(slot, (field.ty, field.is_list), mark, stop);
        }
        if self.text.get(mark.at..).is_some_and(|rest| rest.starts_with("null")) {
            seen.null |= bit;
        }
        let lost = self.take_lost();
        // An optional value is left out as a whole, rather than have a part of it made up.
        if result.is_ok() && matches!(field.card, Cardinality::Optional) && self.lacks_since(before) {
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
                seen.unreadable |= bit;
                slot.reset();
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
            extra.keep(sent.unwrap_or(field.name), self.passed_text());
        }
        Ok(())
    }

    /// The text of the value that was read or passed over last.
    fn passed_text(&self) -> &'a str {
        self.text_between(self.passed.start, self.passed.end)
    }

    #[cold]
    fn second_place(
        &mut self,
        (info, place): (&'static ObjectInfo, usize),
        first: &dyn AnyValue,
        to: Target<'_>,
        mark: Mark,
    ) -> Result<(), Stop> {
        let Some(field) = info.fields.get(place) else { return Ok(()) };
        let before = self.noted();
        if to.seen.by_other_name & to.bit != 0 && self.null() {
            self.note(Rule::Null, mark.at);
            self.name(before, field.name);
            return Ok(());
        }
        self.second_member((field, field.name), first, to.extra, mark)
    }

    /// A member that was read already. The first one counts, unless it decides about more than itself. Another value is
    /// remembered in `extra`.
    #[cold]
    fn second_member(
        &mut self,
        (field, sent): (&Field, &str),
        first: &dyn AnyValue,
        extra: &mut Extra,
        mark: Mark,
    ) -> Result<(), Stop> {
        let before = self.noted();
        let rule = if is_security(field) { Rule::DuplicateSecurity } else { Rule::JsonDuplicateKey };
        self.pass_over(Stop::value(rule, mark.at), mark)?;
        self.name(before, Segment::Named(sent.into()));
        if rule == Rule::DuplicateSecurity {
            return Err(Stop::noted(rule, mark.at));
        }
        let text = self.text_between(mark.at, self.at);
        let mut second = Reader::over(text, self.limits, false).at_depth(self.depth);
        if !first.equals_next(&mut second) {
            extra.repeat(sent, text);
        }
        Ok(())
    }

    /// Reads a member that was sent by a name that is not, or not plainly, its own. Where the object has the member by
    /// a better name as well, that one counts, and this one is as unknown as any other.
    ///
    /// # Errors
    /// As [`Reader::hot_member`].
    #[cold]
    pub(crate) fn odd_name_member(
        &mut self,
        (meant, info): (NamedMember, &'static ObjectInfo),
        sent: &str,
        slot: &mut dyn AnyValue,
        seen: &mut Seen,
        extra: &mut Extra,
    ) -> Result<(), Stop> {
        let Some(field) = info.fields.get(meant.place) else { return Ok(()) };
        let bit = crate::any::bit(meant.place);
        let (mark, before) = (self.mark(), self.noted());
        let is_known = (seen.read | seen.unreadable) & bit != 0;
        let Some(rule) = meant.naming.rule() else {
            return self.own_member((field, sent), slot, Target { bit, seen, extra });
        };
        // `null` by the member's own name says nothing, but in a PATCH.
        let was_null = seen.read & seen.null & bit != 0 && slot.is_absent_if_null();
        let is_better_known = is_known && !was_null;
        if is_better_known
            || self.follows_by_a_better_name(meant.naming, slot.is_absent_if_null(), info, bit, seen)
        {
            self.skip_value()?;
            extra.keep(sent, self.text_between(mark.at, self.at));
            return Ok(());
        }
        self.note(rule, mark.at);
        seen.by_other_name |= bit;
        let named = self.noted();
        let mut result = slot.read_any(self);
        if self.padded {
            result = self.read_padded(meant.name, slot, (mark, named), result);
        }
        self.odd_member((field, Some(sent)), slot, Target { bit, seen, extra }, (mark, before), result)
    }

    /// Reads a member by its own name.
    fn own_member(
        &mut self,
        (field, sent): (&Field, &str),
        slot: &mut dyn AnyValue,
        to: Target<'_>,
    ) -> Result<(), Stop> {
        let (mark, before) = (self.mark(), self.noted());
        if (to.seen.read | to.seen.unreadable) & to.bit != 0 {
            if to.seen.by_other_name & to.bit != 0 && self.null() {
                self.note(Rule::Null, mark.at);
                self.name(before, Segment::Named(sent.into()));
                return Ok(());
            }
            return self.second_member((field, sent), slot, to.extra, mark);
        }
        let mut result = slot.read_any(self);
        if self.padded && matches!(field.ty, Type::String { .. }) {
            result = self.read_padded(field.name, slot, (mark, before), result);
        }
        match result {
            Ok(()) if self.noted() == before => {
                to.seen.read |= to.bit;
                Ok(())
            }
            result => self.odd_member((field, Some(sent)), slot, to, (mark, before), result),
        }
    }

    /// Whether a member stands in the rest of the object by a better name than this one.
    fn follows_by_a_better_name(
        &self,
        naming: Naming,
        null_is_absent: bool,
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
        let by_own = if null_is_absent { ahead.own } else { ahead.own | ahead.null };
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
    fn read_padded(
        &mut self,
        name: &str,
        slot: &mut dyn AnyValue,
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
        let result = slot.read_any(self);
        self.trims = false;
        result
    }

    /// Reads a value that could not be read in the form it has: in brackets, or as an amount that is no object.
    #[cold]
    pub(super) fn read_otherwise(
        &mut self,
        slot: &mut dyn AnyValue,
        (ty, is_list): (Type, bool),
        mark: Mark,
        stop: Stop,
    ) -> Result<(), Stop> {
        if self.is_bracketed(is_list, stop, mark) {
            self.rewind(mark);
            return self.unwrap_list(|r| slot.read_any(r));
        }
        match ty {
            Type::Object(info) if stop.rule == Rule::ValueType && !is_list => {
                self.read_bare_amount(slot, info(), mark).unwrap_or(Err(stop))
            }
            _ => Err(stop),
        }
    }

    /// Reads a number that stands where an amount of money is due. `None`: neither is the case.
    fn read_bare_amount(
        &mut self,
        slot: &mut dyn AnyValue,
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
        slot.read_any(&mut Reader::over(&object, self.limits, false)).ok()?;
        Some(self.deviates(Rule::BareAmount, mark.at))
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
    #[doc(hidden)]
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
                if matches!(field.card, Cardinality::AtLeastOne) {
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
