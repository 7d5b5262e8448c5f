//! Check for required members at the end of an object.

use super::{Reader, Seen, Stop};
use crate::{Cardinality, Extra, ObjectInfo, Rule};

impl Reader<'_> {
    /// Compares the members read with the required ones (a bit each, in order of declaration); `start` is the start of
    /// the object. Missing ones are recorded, also in `extra`.
    ///
    /// # Errors
    /// When no member could be read; in strict mode, when a required one is missing.
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
