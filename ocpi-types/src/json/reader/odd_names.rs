//! Members sent under other names than their own.

use super::limits::Ahead;
use super::members::Target;
use super::{Reader, Seen, Segment, Stop};
use crate::json::aliases::{NamedMember, Naming, known_name};
use crate::reflect::bit;
use crate::{AnyValue, Extra, Field, ObjectInfo, Rule, Type};

impl Reader<'_> {
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
        let bit = bit(meant.place);
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

    /// Reads the value of a member that was sent by its own name.
    ///
    /// # Errors
    /// As [`Reader::hot_member`].
    pub(crate) fn own_place(
        &mut self,
        (place, field): (usize, &Field),
        slot: &mut dyn AnyValue,
        seen: &mut Seen,
        extra: &mut Extra,
    ) -> Result<(), Stop> {
        self.own_member((field, field.name), slot, Target { bit: bit(place), seen, extra })
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
}
