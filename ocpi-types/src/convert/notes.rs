//! Ledger entries for losses and assumptions.

use super::{Conversion, ConversionRule, Unsupported};
use crate::json::{self, RawJson};
use crate::{AnyValue, Extra, Value};

impl Conversion<'_> {
    /// Records that something was lost, assumed or kept: at a member, or at the value itself if the name is empty.
    #[cold]
    pub fn note<T: Value>(&mut self, rule: ConversionRule, name: &str, value: &T) {
        self.note_any(rule, name, value);
    }

    #[cold]
    pub(super) fn note_any(&mut self, rule: ConversionRule, name: &str, value: &dyn AnyValue) {
        self.ledger.push(rule, (self.from, self.to), name, json::text_of(value));
    }

    /// Notes a value that is given up.
    #[cold]
    pub(crate) fn give_up(&mut self, unsupported: Unsupported, value: &dyn AnyValue) {
        self.note_any(unsupported.rule(), "", value);
    }

    /// Notes that an element is taken out of its list.
    #[cold]
    pub(crate) fn note_element(&mut self, rule: ConversionRule, index: usize, value: &dyn AnyValue) {
        self.ledger.push_element(rule, (self.from, self.to), index, json::text_of(value));
    }

    /// Records the texts of an object that are not written: second values of repeated members, and texts of partly
    /// readable members. `has` says whether a member has a value. Returns the names of the repeated members, which need
    /// no further entry.
    #[doc(hidden)]
    #[inline]
    pub fn unwritten(&mut self, extra: &Extra, has: impl Fn(&str) -> bool) -> Vec<Box<str>> {
        if extra.is_untouched() { Vec::new() } else { self.odd_texts(extra, &has) }
    }

    #[cold]
    fn odd_texts(&mut self, extra: &Extra, has: &dyn Fn(&str) -> bool) -> Vec<Box<str>> {
        for (name, raw) in extra.iter().filter(|(name, _)| has(name)) {
            self.note(ConversionRule::PartUnreadable, name, &RawJson::walked(raw));
        }
        let mut names: Vec<Box<str>> = Vec::new();
        for (name, raw) in extra.repeated() {
            self.note(ConversionRule::Duplicate, name, &RawJson::walked(raw));
            names.push(name.into());
        }
        names
    }
}
