//! Pages of lists, windows of time, and look-ups by term.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ocpi_types::DateTime;

use super::{Address, Document};

/// Query for the documents to list.
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
    /// All lists, one after the other in the order of their names; merged in a window. A document that moves to another
    /// list while pages are read can be missed or returned twice.
    All,
    /// These lists, merged in the order of creation of their documents: sorted by name, without duplicates. There may
    /// be thousands of lists, few of them with documents.
    These(Vec<String>),
}

impl Query {
    /// Selects all documents of a collection.
    pub fn all(collection: impl Into<Cow<'static, str>>) -> Self {
        Self { collection: collection.into(), lists: Lists::All, term: None, from: None, to: None }
    }

    /// Selects the documents of one list.
    pub fn list(collection: impl Into<Cow<'static, str>>, list: impl Into<String>) -> Self {
        Self { lists: Lists::These(vec![list.into()]), ..Self::all(collection) }
    }

    /// Selects the documents of several lists.
    pub fn lists(collection: impl Into<Cow<'static, str>>, lists: Vec<String>) -> Self {
        let mut lists = lists;
        lists.sort_unstable();
        lists.dedup();
        Self { lists: Lists::These(lists), ..Self::all(collection) }
    }

    /// Restricts the query to these lists, for a store that has determined which of the lists exist. They must be
    /// sorted by name, without duplicates.
    #[must_use]
    pub fn of_lists(self, lists: Vec<String>) -> Self {
        Self { lists: Lists::These(lists), ..self }
    }

    /// Restricts the query to documents with a term.
    ///
    /// A page costs its rows, and the documents in other lists that have the term. With a window, it visits either the
    /// documents of the window or all documents with the term, whichever are fewer; the first page, and pages by
    /// offset, also count them.
    #[must_use]
    pub fn with_term(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { term: Some((name.into(), value.into())), ..self }
    }

    /// Restricts the query to documents that were updated at this time or later. Pages are then sorted by time. Both
    /// bounds are rounded down to the microsecond, like the times of documents: nothing is lost between two windows.
    #[must_use]
    pub fn from(self, from: DateTime) -> Self {
        Self { from: Some(from.to_unix_micros()), ..self }
    }

    /// Restricts the query to documents that were updated before this time. Pages are then sorted by time.
    #[must_use]
    pub fn to(self, to: DateTime) -> Self {
        Self { to: Some(to.to_unix_micros()), ..self }
    }

    /// Returns the collection.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// Returns the lists, without duplicates.
    pub fn wanted_lists(&self) -> &Lists {
        &self.lists
    }

    /// Returns the term.
    pub fn term(&self) -> Option<(&str, &str)> {
        self.term.as_ref().map(|(name, value)| (&**name, &**value))
    }

    /// Returns the window of time in microseconds since 1970, its end excluded; `None` if there is no bound.
    pub fn window(&self) -> Option<std::ops::Range<i64>> {
        let is_open = self.from.is_none() && self.to.is_none();
        (!is_open).then(|| self.from.unwrap_or(i64::MIN)..self.to.unwrap_or(i64::MAX))
    }

    /// Whether a document of the collection matches the query. A tombstone does not.
    ///
    /// ```
    /// use ocpi_server_traits::storage::{Document, NewDocument, Query};
    /// let new = NewDocument::new("{}", "2.3.0", "2026-11-22T10:00:00Z".parse()?).in_list("NL/ALF");
    /// let document = Document::written(new, 1);
    /// assert!(Query::list("Location", "NL/ALF").has(&document));
    /// assert!(!Query::list("Location", "NL/BET").has(&document));
    /// # Ok::<(), ocpi_types::DateTimeError>(())
    /// ```
    pub fn has(&self, document: &Document) -> bool {
        let is_listed = match &self.lists {
            Lists::All => true,
            Lists::These(lists) => lists.binary_search(&document.list).is_ok(),
        };
        !document.is_deleted
            && is_listed
            && self.term.as_ref().is_none_or(|term| document.terms.contains(term))
            && self.window().is_none_or(|window| window.contains(&document.micros()))
    }
}

/// Start of a page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Start {
    /// The first document.
    First,
    /// The document after the page that gave the cursor.
    After(Cursor),
    /// The document with this index, from 0.
    Offset(u64),
}

/// A page of documents.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The documents, with their addresses.
    pub rows: Vec<(Address, Document)>,
    /// Cursor of the next page; `None` after the last document.
    pub next: Option<Cursor>,
    /// Total number of documents: exact on every page for lists; for windows and terms exact on the first page and then
    /// carried along by the cursor.
    pub total: u64,
}

impl Page {
    /// Creates a page, for implementations of stores.
    pub fn new(rows: Vec<(Address, Document)>, next: Option<Cursor>, total: u64) -> Self {
        Self { rows, next, total }
    }

    /// Creates a page by the simplest algorithm, for a store that scans all documents of the collection: they may come
    /// in any order, each as its place, its address and the document. A store with many documents should use indexes
    /// instead.
    ///
    /// ```
    /// use ocpi_server_traits::storage::{Address, Document, NewDocument, Page, Query, Start};
    /// let new = NewDocument::new("{}", "2.3.0", "2026-11-22T10:00:00Z".parse()?).in_list("NL/ALF");
    /// let row = |place: u64| {
    ///     (place, Address::new("Location", "NL/ALF", place.to_string()), Document::written(new.clone(), 1))
    /// };
    /// let query = Query::list("Location", "NL/ALF");
    /// let page = Page::of_all([row(2), row(1)], &query, &Start::First, 1);
    /// assert_eq!((page.rows[0].0.key(), page.total), ("1", 2));
    /// let next = Start::After(page.next.expect("there is another page"));
    /// assert_eq!(Page::of_all([row(2), row(1)], &query, &next, 1).rows[0].0.key(), "2");
    /// # Ok::<(), ocpi_types::DateTimeError>(())
    /// ```
    pub fn of_all(
        documents: impl IntoIterator<Item = (u64, Address, Document)>,
        query: &Query,
        start: &Start,
        limit: u32,
    ) -> Self {
        let is_windowed = query.window().is_some();
        let is_exact = !is_windowed && query.term().is_none();
        let is_by_list = is_exact && *query.wanted_lists() == Lists::All;
        let key = |list: &str, updated: i64, place: u64| {
            let list = if is_by_list { list } else { "" };
            (list.to_owned(), if is_windowed { updated } else { 0 }, place)
        };
        let mut found: BTreeMap<_, _> = documents
            .into_iter()
            .filter(|(_, _, document)| query.has(document))
            .map(|(place, at, document)| (key(&document.list, document.micros(), place), (at, document)))
            .collect();
        let counted = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let (total, skipped) = match start {
            Start::First => (counted, 0),
            Start::Offset(offset) => (counted, *offset),
            Start::After(Cursor { list, updated, place, total }) => {
                let last = key(list, *updated, *place);
                found.retain(|key, _| *key > last);
                (total.filter(|_| !is_exact).unwrap_or(counted), 0)
            }
        };
        let mut behind = found.into_iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let shown: Vec<_> = behind.by_ref().take(limit).collect();
        let last = shown.last().filter(|_| behind.next().is_some());
        let next = last.map(|((list, updated, place), _)| Cursor {
            list: list.clone(),
            updated: *updated,
            place: *place,
            total: (!is_exact).then_some(total),
        });
        Self { rows: shown.into_iter().map(|(_, row)| row).collect(), next, total }
    }
}

/// End of a page, at which the next one starts. `Display` and `FromStr` write and read it for a URL.
///
/// It is neither secret nor signed: the query filters every page again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor {
    /// List of the last document, if all lists are read.
    pub list: String,
    /// Time of the last document, if a window is read.
    pub updated: i64,
    /// Place of the last document.
    pub place: u64,
    /// Total, carried along.
    pub total: Option<u64>,
}

/// Error: a text is not a cursor.
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
