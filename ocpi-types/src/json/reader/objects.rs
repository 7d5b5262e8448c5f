//! Objects and lists.

use std::borrow::Cow;

use super::{Reader, Seen, Stop};
use crate::{Extra, ObjectInfo, Rule, Value};

/// Objects.
impl<'a> Reader<'a> {
    /// Enters an object; `false` if it is empty. A list of one object is entered as that object.
    ///
    /// # Errors
    /// When no object stands here.
    #[inline]
    pub fn open_object(&mut self) -> Result<bool, Stop> {
        if self.peek() != Some(b'{') {
            return Err(self.unexpected());
        }
        self.enter()?;
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            self.leave();
            return Ok(false);
        }
        self.node()?;
        Ok(true)
    }

    /// Whether the member at hand has this name; goes on to its value if so.
    ///
    /// # Errors
    /// When the text is no member.
    #[inline]
    pub fn key(&mut self, name: &str) -> Result<bool, Stop> {
        let bytes = self.text.as_bytes();
        let Some(rest) = bytes.get(self.at..) else { return Ok(false) };
        let n = name.len();
        if rest.first() != Some(&b'"')
            || rest.get(n + 1) != Some(&b'"')
            || rest.get(1..=n) != Some(name.as_bytes())
        {
            return Ok(false);
        }
        self.at += n + 2;
        self.colon()?;
        Ok(true)
    }

    /// The name of the member at hand, unescaped; goes on to its value.
    ///
    /// # Errors
    /// When the text is no member.
    pub fn key_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        let name = self.quoted()?;
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

    /// Reads one member's value into its slot, and marks its bit. `false`: it could not be read; the text was
    /// passed over, and [`Reader::unread_member`] keeps it.
    ///
    /// # Errors
    /// When the text is broken; in strict mode, when the value cannot be read.
    #[inline]
    pub fn member<T: Value>(&mut self, slot: &mut T, bit: u64, seen: &mut Seen) -> Result<bool, Stop> {
        let mark = self.mark();
        if (seen.read | seen.unreadable) & bit != 0 {
            self.pass_over(Stop::value(Rule::JsonDuplicateKey, mark.at), mark)?;
            return Ok(true);
        }
        match slot.read(self) {
            Ok(()) => {
                seen.read |= bit;
                Ok(true)
            }
            Err(stop) => {
                *slot = T::blank();
                seen.unreadable |= bit;
                if T::CARD.is_required() && seen.cause.is_none() && !stop.fatal {
                    // It costs the object, whose finding it becomes.
                    seen.cause = Some(stop);
                    self.skip_from(mark)?;
                } else {
                    self.pass_over(stop, mark)?;
                }
                Ok(false)
            }
        }
    }

    /// Keeps the text of a member that could not be read.
    #[cold]
    pub fn unread_member(&mut self, name: &str, extra: &mut Extra) {
        extra.keep(name, self.text_between(self.passed.start, self.passed.end));
    }

    /// Keeps a member that the object does not have.
    ///
    /// # Errors
    /// When the text is broken.
    pub fn unknown_member(&mut self, name: &str, extra: &mut Extra) -> Result<(), Stop> {
        extra.keep(name, self.raw_value()?);
        Ok(())
    }

    /// Goes to the next member; `false` at the end of the object.
    ///
    /// # Errors
    /// When the text is no object.
    #[inline]
    pub fn next_member(&mut self) -> Result<bool, Stop> {
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

    /// Holds the members seen against the required ones (a bit each, in order of declaration); `start` is where
    /// the object began.
    ///
    /// # Errors
    /// When a required member is missing or could not be read.
    #[inline]
    pub fn require(
        &mut self,
        seen: Seen,
        required: u64,
        start: usize,
        info: &'static ObjectInfo,
    ) -> Result<(), Stop> {
        let lacking = required & !seen.read;
        if lacking == 0 { Ok(()) } else { self.lacking(seen, lacking, start, info) }
    }

    #[cold]
    pub(super) fn lacking(
        &mut self,
        seen: Seen,
        lacking: u64,
        start: usize,
        info: &'static ObjectInfo,
    ) -> Result<(), Stop> {
        // A member that could not be read is noted already.
        let missing = lacking & !seen.unreadable;
        let bits = std::iter::successors(Some(1_u64), |bit| bit.checked_shl(1));
        let mut stops =
            info.fields.iter().zip(bits).filter(|(_, bit)| missing & bit != 0).map(|(field, _)| Stop {
                rule: Rule::Missing,
                fatal: false,
                at: start,
                member: Some(field.name),
            });
        let first = seen.cause.or_else(|| stops.next()).unwrap_or(Stop::value(Rule::Missing, start));
        if !self.strict {
            stops.for_each(|stop| self.keep(stop));
        }
        Err(first)
    }
}

/// Lists.
impl<'a> Reader<'a> {
    /// Enters a list; `false` if it is empty.
    ///
    /// # Errors
    /// When no list stands here.
    #[inline]
    pub fn open_list(&mut self) -> Result<bool, Stop> {
        if self.peek() != Some(b'[') {
            return Err(self.unexpected());
        }
        self.enter()?;
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.leave();
            return Ok(false);
        }
        self.node()?;
        Ok(true)
    }

    /// Goes to the next element; `false` at the end of the list.
    ///
    /// # Errors
    /// When the text is no list.
    #[inline]
    pub fn next_element(&mut self) -> Result<bool, Stop> {
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

    /// Runs `read` on the one element of a list that stands where a single value is due.
    ///
    /// # Errors
    /// When the list has no or several elements, or `read` fails.
    #[cold]
    pub fn unwrap_list(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        let at = self.at;
        if !self.open_list()? || self.peek() == Some(b'[') {
            return Err(Stop::value(Rule::ValueType, at));
        }
        read(self)?;
        if self.next_element()? {
            return Err(Stop::value(Rule::ValueType, at));
        }
        self.deviates(Rule::ArrayForObject, at)
    }
}
