//! Steps of a conversion.

use super::{Conversion, ConversionError, Ledger, Unsupported};
use crate::Value;

impl Conversion<'_> {
    /// Fits a value and then runs `act` on it. The pointers of all entries lead through the value as it was before.
    pub(super) fn downgraded<T: Value, R>(
        &mut self,
        mut value: T,
        act: impl FnOnce(T, &mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.told();
        value.downgrade(self)?;
        self.after(first, |run| act(value, run))
    }

    /// Runs `act` for a value that lost elements, as the entries from `first` on tell. The pointers of all entries lead
    /// through the value as it was before.
    pub(super) fn after<R>(
        &mut self,
        first: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let later = self.told();
        let result = act(self);
        if later > first {
            self.ledger.count_elements(first, later);
            return result.map_err(|unsupported| Unsupported {
                pointer: self.ledger.counted(first..later, &unsupported.pointer),
                ..unsupported
            });
        }
        result
    }

    /// A conversion of something else in the course of this one, which is not told.
    pub(super) fn aside<R>(
        &self,
        act: impl FnOnce(&mut Conversion<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        act(&mut Conversion::new(self.context, &mut Ledger::new(), self.from, self.to))
    }

    /// The same for a conversion in the other direction.
    pub(super) fn back<R>(
        &self,
        act: impl FnOnce(&mut Conversion<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        act(&mut Conversion::new(self.context, &mut Ledger::new(), self.to, self.from))
    }

    /// Ends the conversion: for an object that cannot be expressed, its entries are taken back.
    pub(super) fn outcome<R>(
        self,
        noted: usize,
        result: Result<R, Unsupported>,
    ) -> Result<R, ConversionError> {
        let Self { ledger, from, to, .. } = self;
        ledger.tell_parts_once(noted);
        result.map_err(|unsupported| {
            ledger.truncate(noted);
            ConversionError::new(unsupported, from, to)
        })
    }
}
