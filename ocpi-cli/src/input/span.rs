//! One object of an input: its text and its place.

use crate::remark::Remark;

/// The text of one object.
#[derive(Debug)]
pub(crate) struct Span {
    /// Its place in the array, page or sequence; `None` for an object that stands alone.
    pub(crate) index: Option<usize>,
    pub(crate) text: String,
    /// Line and column of its beginning, from 1.
    pub(crate) start: (usize, usize),
    /// Findings that make it unreadable: a line that is no JSON.
    pub(crate) broken: Vec<Remark>,
}

/// Something about an object, with its place among others.
pub(crate) fn in_item(index: Option<usize>, what: &str) -> String {
    index.map_or_else(|| what.to_owned(), |index| format!("item {index}: {what}"))
}
