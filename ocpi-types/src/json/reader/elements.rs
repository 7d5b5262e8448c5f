//! Elements of a list; an unreadable one is left out.

use super::{Mark, Noted, Reader, Stop};
use crate::priceable::is_of_prices;
use crate::{AnyValue, Rule, Type, Value};

impl Reader<'_> {
    /// Reads an element into the list; one that cannot be read is noted and left out.
    #[inline]
    pub(crate) fn element<T: Value>(&mut self, list: &mut Vec<T>, index: usize) -> Result<(), Stop> {
        let (mark, before) = (self.mark(), self.noted());
        if list.len() == list.capacity() {
            // Most lists are short; small elements are cheap to have room for.
            let first = if size_of::<T>() <= 64 { 4 } else { 2 };
            list.reserve_exact(first.max(3 * list.len()));
        }
        list.push(T::blank());
        let Some(slot) = list.last_mut() else { return Ok(()) };
        match slot.read(self) {
            Ok(()) if self.noted() == before => Ok(()),
            result => {
                if self.odd_element(slot, (T::TYPE, T::IS_LIST), index, (mark, before), result)? {
                    list.pop();
                }
                Ok(())
            }
        }
    }

    /// An element of which there is something to note: whether it is left out.
    #[cold]
    fn odd_element(
        &mut self,
        slot: &mut dyn AnyValue,
        of: (Type, bool),
        index: usize,
        (mark, before): (Mark, Noted),
        mut result: Result<(), Stop>,
    ) -> Result<bool, Stop> {
        if let Err(stop) = result {
            result = self.read_otherwise(slot, of, mark, stop);
        }
        let left_out = result.is_err();
        if let Err(stop) = result {
            self.issues.forgive(before);
            if self.text.get(mark.at..).is_some_and(|rest| rest.starts_with("null")) {
                // Where a price may have stood.
                self.lost |= is_of_prices(&of.0);
                self.pass_over(Stop::value(Rule::NullInList, mark.at), mark)?;
            } else {
                self.lost = true;
                self.pass_over(stop, mark)?;
            }
        }
        self.name(before, index);
        Ok(left_out)
    }
}
