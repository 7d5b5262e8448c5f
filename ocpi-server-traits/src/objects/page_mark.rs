//! Cursors in the URLs of next pages.

use std::fmt;
use std::str::FromStr;

use ocpi_types::endpoint::List;

use crate::storage::{Cursor, Start};

/// The place of a page in its list: the cursor behind the page before, and the offset that it is good for.
///
/// A partner that follows the header `Link` gets the cursor, and misses nothing when the list changes meanwhile. One that
/// counts for itself, from whatever URL, asks for an offset that the cursor is not good for, and gets the page there.
pub(super) struct PageMark {
    pub(super) offset: u64,
    pub(super) cursor: Cursor,
}

impl fmt::Display for PageMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.offset, self.cursor)
    }
}

impl FromStr for PageMark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (offset, cursor) = text.split_once('~').ok_or(())?;
        Ok(Self { offset: offset.parse().map_err(drop)?, cursor: cursor.parse().map_err(drop)? })
    }
}

/// The beginning of the page that is asked for.
pub(super) fn start_of<T>(list: &List<T>) -> Start {
    let offset = list.offset.unwrap_or(0);
    let mark = list.cursor.as_deref().and_then(|text| text.parse::<PageMark>().ok());
    match mark.filter(|mark| mark.offset == offset) {
        Some(mark) => Start::After(mark.cursor),
        None if offset == 0 => Start::First,
        None => Start::Offset(offset),
    }
}
