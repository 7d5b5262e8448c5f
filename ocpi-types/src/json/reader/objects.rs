//! Objects, from brace to brace and name to name.

use std::borrow::Cow;

use super::{Reader, Stop};
use crate::Field;

impl<'a> Reader<'a> {
    /// Enters an object; returns `false` if it is empty.
    ///
    /// # Errors
    /// When the next value is not an object.
    #[inline]
    pub fn open_object(&mut self) -> Result<bool, Stop> {
        self.open(b'{', b'}')
    }

    #[inline]
    pub(super) fn open(&mut self, open: u8, close: u8) -> Result<bool, Stop> {
        if self.peek() != Some(open) {
            return Err(self.unexpected());
        }
        self.enter()?;
        self.skip_blanks();
        if self.peek() == Some(close) {
            self.leave();
            return Ok(false);
        }
        self.node()?;
        Ok(true)
    }

    /// Whether the next member has this name, given in the form `"name":`; if so, moves to its value. Names in another
    /// form are left to [`Reader::key_text`].
    #[doc(hidden)]
    #[inline(always)]
    pub fn key(&mut self, name: &'static str) -> bool {
        // Inlined, its length is known at compile time: the comparison is of words, not of bytes.
        let found = self.rest().starts_with(name.as_bytes());
        if found {
            self.at += name.len();
            self.skip_blanks();
        }
        found
    }

    /// Finds the member whose name comes next, from the place `next` on first; goes on to its value. A name written in
    /// another way is left to [`Reader::key_text`].
    pub(crate) fn key_among<'f>(&mut self, fields: &'f [Field], next: usize) -> Option<(usize, &'f Field)> {
        let name = self.rest().strip_prefix(b"\"")?;
        let first = name.first()?;
        let is_it = |field: &Field| {
            field.name.as_bytes().first() == Some(first)
                && name.strip_prefix(field.name.as_bytes()).is_some_and(|rest| rest.starts_with(b"\":"))
        };
        let (before, after) = fields.split_at_checked(next).unwrap_or((fields, &[]));
        let place = match after.iter().position(is_it) {
            Some(place) => next + place,
            None => before.iter().position(is_it)?,
        };
        let field = fields.get(place)?;
        self.at += field.name.len() + 3;
        self.skip_blanks();
        Some((place, field))
    }

    /// Reads the name of the next member, unescaped, and moves to its value.
    ///
    /// # Errors
    /// When the member is malformed.
    pub fn key_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        // A name that is too long ends reading: nothing could be said about where.
        let name = self.quoted().map_err(|stop| Stop::fatal(stop.rule, stop.offset()))?;
        self.colon()?;
        Ok(name)
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), Stop> {
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.syntax());
        }
        self.at += 1;
        self.skip_blanks();
        Ok(())
    }

    /// Moves to the next member; returns `false` at the end of the object.
    ///
    /// # Errors
    /// When the object is malformed.
    #[inline]
    pub fn next_member(&mut self) -> Result<bool, Stop> {
        // Without blanks, as machines write it.
        match self.rest() {
            [b',', b'"', ..] => {
                self.at += 1;
                self.node()?;
                Ok(true)
            }
            [b'}', ..] => {
                self.leave();
                Ok(false)
            }
            _ => self.next_spaced_member(),
        }
    }

    fn next_spaced_member(&mut self) -> Result<bool, Stop> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() != Some(b'"') {
                    return Err(self.syntax());
                }
                self.node()?;
                Ok(true)
            }
            Some(b'}') => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.syntax()),
        }
    }
}
