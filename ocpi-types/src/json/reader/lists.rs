//! Lists, from bracket to bracket.

use super::{Reader, Stop};

impl Reader<'_> {
    /// Enters a list; returns `false` if it is empty.
    ///
    /// # Errors
    /// When the next value is not a list.
    #[inline]
    pub fn open_list(&mut self) -> Result<bool, Stop> {
        self.open(b'[', b']')
    }

    /// Moves to the next element; returns `false` at the end of the list.
    ///
    /// # Errors
    /// When the list is malformed.
    #[inline]
    pub fn next_element(&mut self) -> Result<bool, Stop> {
        // Without blanks, as machines write it.
        match self.rest() {
            [b',', next, ..] if *next > b' ' && *next != b']' => {
                self.at += 1;
                self.node()?;
                Ok(true)
            }
            [b']', ..] => {
                self.leave();
                Ok(false)
            }
            _ => self.next_spaced_element(),
        }
    }

    fn next_spaced_element(&mut self) -> Result<bool, Stop> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(b']') {
                    return Err(self.syntax());
                }
                self.node()?;
                Ok(true)
            }
            Some(b']') => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.syntax()),
        }
    }
}
