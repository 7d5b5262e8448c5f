//! Lists of one type, or of any type.

use super::Writer;
use crate::{AnyList, Value};

impl Writer {
    /// Writes a list.
    #[inline]
    pub fn list<'a, T: Value>(&mut self, values: impl IntoIterator<Item = &'a T>) {
        let start = self.out.len();
        let mut index = 0;
        #[expect(clippy::explicit_counter_loop, reason = "an enumeration is compiled for every type")]
        for value in values {
            self.out.push(b',');
            if self.styling.is_some() {
                self.styled_element(index, value);
            } else {
                value.write(self);
            }
            index += 1;
        }
        self.close(start, b'[', b']');
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
