//! Downgrading of an object by its table.

use super::{Conversion, Unsupported};
use crate::AnyObject;
use crate::any::{has, is_lacking};

impl Conversion<'_> {
    /// Downgrades each member of an object.
    ///
    /// # Errors
    /// When a required member is missing, or has no counterpart in the version.
    #[doc(hidden)]
    pub fn object(&mut self, object: &mut dyn AnyObject) -> Result<(), Unsupported> {
        for (place, field) in object.info().fields.iter().enumerate() {
            let Some((slot, extra)) = object.slot_mut(place) else { continue };
            if is_lacking(extra, place, slot) {
                return Err(Unsupported::incomplete(field.name));
            }
            self.member(field.name, |conversion| slot.downgrade_any(conversion))?;
        }
        for name in self.unwritten(object.extra(), |name| has(object, name)) {
            object.extra_mut().settle(&name);
        }
        Ok(())
    }
}
