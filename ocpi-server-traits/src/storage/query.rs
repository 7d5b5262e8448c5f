//! Pages of lists, windows of time, and look-ups by term.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use ocpi_types::DateTime;

use super::{Address, Document};

/// The documents to list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Query {
    collection: Cow<'static, str>,
    lists: Lists,
    term: Option<(String, String)>,
    from: Option<i64>,
    to: Option<i64>,
}

/// Lists of a collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Lists {
    /// All of them, one behind the other in the order of their names; in a window, merged. A document that moves to
    /// another list while pages are read can be passed over or come twice.
    All,
    /// These, merged in the order in which their documents were created: sorted by name, each once. There may be thousands
    /// of which few have documents.
    These(Vec<String>),
}

impl Query {
    /// All documents of a collection.
    pub fn all(collection: impl Into<Cow<'static, str>>) -> Self {
        Self { collection: collection.into(), lists: Lists::All, term: None, from: None, to: None }
    }

    /// The documents of one list.
    pub fn list(collection: impl Into<Cow<'static, str>>, list: impl Into<String>) -> Self {
        Self { lists: Lists::These(vec![list.into()]), ..Self::all(collection) }
    }

    /// The documents of several lists.
    pub fn lists(collection: impl Into<Cow<'static, str>>, lists: Vec<String>) -> Self {
        let mut lists = lists;
        lists.sort_unstable();
        lists.dedup();
        Self { lists: Lists::These(lists), ..Self::all(collection) }
    }

    /// The same query of these lists only, for a store that has found out which of the lists there are. They must be in the
    /// order of their names, each once.
    #[must_use]
    pub fn of_lists(self, lists: Vec<String>) -> Self {
        Self { lists: Lists::These(lists), ..self }
    }

    /// Only documents with a term.
    ///
    /// A page costs its rows, and the documents with the term in other lists that it passes over. With a window, it passes
    /// over documents of the window without the term, or over all documents with the term, whichever are fewer; the first
    /// page and those by offset count them besides.
    #[must_use]
    pub fn with_term(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { term: Some((name.into(), value.into())), ..self }
    }

    /// Only documents that were updated at this time or later. The page is then sorted by the time. Both bounds are rounded
    /// down to the microsecond, as the times of documents are: nothing is lost between two windows.
    #[must_use]
    pub fn from(self, from: DateTime) -> Self {
        Self { from: Some(from.to_unix_micros()), ..self }
    }

    /// Only documents that were updated before this time. The page is then sorted by the time.
    #[must_use]
    pub fn to(self, to: DateTime) -> Self {
        Self { to: Some(to.to_unix_micros()), ..self }
    }

    /// The collection.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The lists, each once.
    pub fn wanted_lists(&self) -> &Lists {
        &self.lists
    }

    /// The term.
    pub fn term(&self) -> Option<(&str, &str)> {
        self.term.as_ref().map(|(name, value)| (&**name, &**value))
    }

    /// The window of time in microseconds since 1970, its end not included; `None` if there is no bound.
    pub fn window(&self) -> Option<std::ops::Range<i64>> {
        let is_open = self.from.is_none() && self.to.is_none();
        (!is_open).then(|| self.from.unwrap_or(i64::MIN)..self.to.unwrap_or(i64::MAX))
    }
}

/// Beginning of a page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Start {
    /// The first document.
    First,
    /// The document behind the page that gave the cursor.
    After(Cursor),
    /// The document at this place, from 0.
    Offset(u64),
}

/// A page of documents.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The documents, with their addresses.
    pub rows: Vec<(Address, Document)>,
    /// Where to go on; `None` behind the last document.
    pub next: Option<Cursor>,
    /// Number of all documents: of lists exact on every page, of windows and terms exact on the first page and carried
    /// along by the cursor.
    pub total: u64,
}

impl Page {
    /// A page, for stores.
    pub fn new(rows: Vec<(Address, Document)>, next: Option<Cursor>, total: u64) -> Self {
        Self { rows, next, total }
    }
}

/// The end of a page, from which the next one goes on. `Display` and `FromStr` write and read it for a URL.
///
/// It is no secret and not signed: the query filters every page again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor {
    /// List of the last document, where all lists are read.
    pub list: String,
    /// Time of the last document, where a window is read.
    pub updated: i64,
    /// Place of the last document.
    pub place: u64,
    /// Total that is carried along.
    pub total: Option<u64>,
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a cursor of this store: begin with the first page again")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.", self.place, self.updated)?;
        if let Some(total) = self.total {
            write!(f, "{total}")?;
        }
        f.write_str(".")?;
        self.list.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.splitn(4, '.');
        let mut part = || parts.next().ok_or(CursorError);
        let place = part()?.parse().map_err(|_| CursorError)?;
        let updated = part()?.parse().map_err(|_| CursorError)?;
        let total = match part()? {
            "" => None,
            total => Some(total.parse().map_err(|_| CursorError)?),
        };
        let list = from_hex(part()?).ok_or(CursorError)?;
        Ok(Self { list, updated, place, total })
    }
}

fn from_hex(text: &str) -> Option<String> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn cursors_are_read_as_they_are_written() {
        for list in ["", "NL/ALF>night", "ä\0"] {
            for total in [None, Some(7)] {
                let cursor = Cursor { list: list.to_owned(), updated: -5, place: 9, total };
                assert_eq!(cursor.to_string().parse(), Ok(cursor));
            }
        }
        for text in ["", "1", "1.2.3", "a.1..", "1.1.x.", "1.1..0", "1.1..zz", "1.1..ff"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
