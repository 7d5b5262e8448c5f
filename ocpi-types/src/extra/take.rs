//! Unknown members that a conversion reads as typed values.

use super::Extra;
use crate::{Value, json};

impl Extra {
    /// Takes a member out, if it is there and can be read as this.
    pub(crate) fn take<T: Value>(&mut self, name: &str) -> Option<T> {
        let value = json::from_str(self.get(name)?).ok()?;
        self.remove(name);
        Some(value)
    }
}
