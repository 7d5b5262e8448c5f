//! A step of a conversion: from one version to the next, in a context.

use std::ops::{Deref, DerefMut};

use super::{Context, Conversion, ConversionError, ConversionRule, Ledger, Unsupported};
use crate::protocol::Party;
use crate::{Value, Version};

/// A step of a conversion, from one version to the next: a [`Conversion`], and the context of its objects.
///
/// Values are downgraded without the context; only the way from the type of one version to that of another needs it.
#[derive(Debug)]
pub struct Step<'a> {
    conversion: Conversion<'a>,
    context: &'a Context<'a>,
    /// The owner of the object in which others stand that may not name theirs.
    pub(super) holder: Option<Party>,
}

impl<'a> Step<'a> {
    pub(super) fn new(context: &'a Context<'a>, ledger: &'a mut Ledger, from: Version, to: Version) -> Self {
        Self { conversion: Conversion::new(ledger, from, to), context, holder: None }
    }

    pub(super) fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// [`Conversion::note`].
    #[cold]
    pub fn note<T: Value>(&mut self, rule: ConversionRule, name: &str, value: &T) {
        self.conversion.note(rule, name, value);
    }

    /// [`Conversion::member`].
    ///
    /// # Errors
    /// Those of `act`.
    #[inline]
    pub fn member<R>(
        &mut self,
        name: &'static str,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.told();
        let result = act(self);
        self.conversion.in_member(first, name, result)
    }

    /// [`Conversion::element`].
    ///
    /// # Errors
    /// Those of `act`.
    #[inline]
    pub fn element<R>(
        &mut self,
        index: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.told();
        let result = act(self);
        self.conversion.in_element(first, index, result)
    }

    /// Fits a value and then runs `act` on it. The pointers of all entries lead through the value as it was before.
    pub(super) fn downgraded<T: Value, R>(
        &mut self,
        mut value: T,
        act: impl FnOnce(T, &mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.told();
        value.downgrade(&mut self.conversion)?;
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
            self.conversion.ledger.count_elements(first, later);
            return result.map_err(|unsupported| Unsupported {
                pointer: self.conversion.ledger.counted(first..later, &unsupported.pointer),
                ..unsupported
            });
        }
        result
    }

    /// A conversion of something else in the course of this one, which is not told.
    pub(super) fn aside<R>(
        &self,
        act: impl FnOnce(&mut Step<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        act(&mut Step::new(self.context, &mut Ledger::new(), self.from(), self.to()))
    }

    /// The same for a conversion in the other direction.
    pub(super) fn back<R>(
        &self,
        act: impl FnOnce(&mut Step<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        act(&mut Step::new(self.context, &mut Ledger::new(), self.to(), self.from()))
    }

    /// Ends the conversion: for an object that cannot be expressed, its entries are taken back.
    pub(super) fn outcome<R>(
        self,
        noted: usize,
        result: Result<R, Unsupported>,
    ) -> Result<R, ConversionError> {
        let Conversion { ledger, from, to } = self.conversion;
        ledger.tell_parts_once(noted);
        result.map_err(|unsupported| {
            ledger.truncate(noted);
            ConversionError::new(unsupported, from, to)
        })
    }
}

impl<'a> Deref for Step<'a> {
    type Target = Conversion<'a>;

    fn deref(&self) -> &Conversion<'a> {
        &self.conversion
    }
}

impl<'a> DerefMut for Step<'a> {
    fn deref_mut(&mut self) -> &mut Conversion<'a> {
        &mut self.conversion
    }
}
