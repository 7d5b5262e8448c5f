//! Values in another form: a list instead of a value, or a bare amount.

use super::limits::Kind;
use super::{Mark, Reader, Stop};
use crate::{AnyValue, Decimal, ObjectInfo, Rule, Type, Value};

impl Reader<'_> {
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

    /// Whether a value could not be read for the brackets around it.
    #[inline]
    pub(super) fn is_bracketed(&self, is_list: bool, stop: Stop, mark: Mark) -> bool {
        stop.kind == Kind::Value && !is_list && self.text.as_bytes().get(mark.at) == Some(&b'[')
    }

    /// Runs `read` on the one element of a list that stands where a single value is due.
    ///
    /// # Errors
    /// When the list has no or several elements, or `read` fails.
    #[cold]
    pub(super) fn unwrap_list(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let at = self.at;
        if !self.open_list()? || matches!(self.peek(), Some(b'[' | b'n')) {
            return Err(Stop::value(Rule::ValueType, at));
        }
        let before = self.noted();
        read(self)?;
        self.name(before, 0);
        if self.next_element()? {
            return Err(Stop::value(Rule::ValueType, at));
        }
        self.deviates(Rule::ArrayForObject, at)
    }
}
