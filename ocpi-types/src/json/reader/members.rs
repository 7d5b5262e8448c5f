//! Values of the members of an object, including deviating ones.

use super::{Mark, Noted, Reader, Seen, Segment, Stop};
use crate::{AnyValue, Cardinality, Extra, Field, ObjectInfo, Rule, Type, Value};

/// Marks and keeps what is read of a member: its bit, the masks of its object, and the texts beside the slots.
pub(super) struct Target<'o> {
    pub(super) bit: u64,
    pub(super) seen: &'o mut Seen,
    pub(super) extra: &'o mut Extra,
}

impl<'a> Reader<'a> {
    /// Reads the value of the member at `place` into its slot, and sets its bit. If the slot does not hold everything in
    /// the text, the text is kept in `extra`.
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
    pub(super) fn odd_member(
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
    pub(super) fn second_member(
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

    /// A text with blanks around it that was just read: where the member is no free text, it is read once more, without
    /// them.
    #[cold]
    pub(super) fn read_padded(
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

    /// Keeps a member that the object does not have.
    ///
    /// # Errors
    /// When the text is broken.
    pub fn unknown_member(&mut self, name: &str, extra: &mut Extra) -> Result<(), Stop> {
        extra.keep(name, self.raw_value()?);
        Ok(())
    }
}

/// Whether a member says who, may what, or goes where: of two of them neither is taken.
fn is_security(field: &Field) -> bool {
    let last = field.name.rsplit('_').next().unwrap_or(field.name);
    matches!(field.ty, Type::Url) || matches!(last, "id" | "uid" | "token") || field.name == "country_code"
}
