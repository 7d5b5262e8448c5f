//! Lists of one type, or of any type.

use super::Writer;
use crate::{AnyList, Value};

impl Writer {
    /// Writes a list.
    #[inline]
    pub fn list<'a, T: Value>(&mut self, values: impl IntoIterator<Item = &'a T>) {
        self.enclosed(b'[', b']', |w| {
            for (index, value) in values.into_iter().enumerate() {
                w.out.push(b',');
                if w.styling.is_some() {
                    w.styled_element(index, value);
                } else {
                    value.write(w);
                }
            }
        });
    }

    /// Writes a list of any type.
    pub(crate) fn any_list(&mut self, list: &dyn AnyList) {
        self.enclosed(b'[', b']', |w| {
            for element in (0..list.count()).filter_map(|index| list.element(index)) {
                w.raw(",");
                element.write_any(w);
            }
        });
    }
}
