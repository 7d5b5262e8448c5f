//! A step of a conversion: from one version to the next, in a context.

use std::ops::{Deref, DerefMut};

use super::{Context, Conversion, ConversionError, ConversionRule, Ledger, Unsupported};
use crate::protocol::Party;
use crate::{Value, Version};

/// A step of a conversion from one version to the next: a [`Conversion`], with the context of its objects.
///
/// Downgrading a value needs no context; only converting between the types of two versions does.
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

    /// Takes one step of the conversion of an object, of which the entries from `noted` on tell.
    ///
    /// # Errors
    /// When the object cannot be expressed. The entries are taken back.
    #[inline(never)]
    pub(super) fn run<T, R>(
        context: &Context<'_>,
        ledger: &mut Ledger,
        (from, to): (Version, Version),
        noted: usize,
        value: T,
        step: fn(T, &mut Step<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, ConversionError> {
        let mut run = Step::new(context, ledger, from, to);
        match step(value, &mut run) {
            Ok(value) => {
                run.conversion.ledger.tell_parts_once(noted);
                Ok(value)
            }
            Err(unsupported) => Err(run.refused(noted, unsupported)),
        }
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
        match act(self) {
            Ok(value) => {
                self.conversion.name_member(first, name);
                Ok(value)
            }
            Err(unsupported) => Err(self.conversion.failed_member(first, name, unsupported)),
        }
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
        match act(self) {
            Ok(value) => {
                self.conversion.name_element(first, index);
                Ok(value)
            }
            Err(unsupported) => Err(self.conversion.failed_element(first, index, unsupported)),
        }
    }

    /// Runs `act` for a value that lost elements, as the entries from `first` on tell. The pointers of all entries lead
    /// through the value as it was before.
    pub(super) fn after<R>(
        &mut self,
        first: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let later = self.told();
        match act(self) {
            Ok(value) => {
                self.count(first, later);
                Ok(value)
            }
            Err(unsupported) => Err(self.counted(first, later, unsupported)),
        }
    }

    /// Counts the elements that the entries from `first` to `later` tell of in the pointers of those behind them.
    pub(super) fn count(&mut self, first: usize, later: usize) {
        if later > first {
            self.conversion.ledger.count_elements(first, later);
        }
    }

    /// [`count`](Self::count), in the pointer of a failure too.
    #[cold]
    pub(super) fn counted(&mut self, first: usize, later: usize, unsupported: Unsupported) -> Unsupported {
        if later == first {
            return unsupported;
        }
        self.count(first, later);
        let pointer = self.conversion.ledger.counted(first..later, &unsupported.pointer);
        Unsupported { pointer, ..unsupported }
    }

    /// Counts the elements that were lost in two stages, the second from `middle` on.
    pub(super) fn count_both(&mut self, first: usize, middle: usize, later: usize) {
        self.count(middle, later);
        self.count(first, middle);
    }

    /// [`count_both`](Self::count_both), in the pointer of a failure too.
    #[cold]
    pub(super) fn counted_both(
        &mut self,
        first: usize,
        middle: usize,
        later: usize,
        unsupported: Unsupported,
    ) -> Unsupported {
        let unsupported = self.counted(middle, later, unsupported);
        self.counted(first, middle, unsupported)
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

    /// Ends the conversion of an object that cannot be expressed: its entries are taken back.
    #[cold]
    fn refused(&mut self, noted: usize, unsupported: Unsupported) -> ConversionError {
        self.conversion.forget(noted);
        ConversionError::new(unsupported, self.from(), self.to())
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
