//! Lists, as far as they were read.

use ocpi_types::DateTime;
use serde_json::Value;

use crate::check::Stop;
use crate::wire::Answer;

/// An object of a list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// As it was written.
    pub(crate) text: String,
    pub(crate) json: Value,
    pub(crate) updated: Option<DateTime>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) answer: Answer,
    pub(crate) items: Vec<Item>,
    /// The next page, as its link says.
    pub(crate) next: Next,
}

/// The link to the next page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// There is none.
    None,
    /// It leads here.
    At(String),
    /// There is one that cannot be followed, for this reason.
    Bad(String),
}

/// A list, as far as it was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    pub(crate) pages: Vec<Page>,
    /// Whether the last page was read.
    pub(crate) is_complete: bool,
}

impl Listing {
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.pages.iter().flat_map(|page| &page.items)
    }

    pub(crate) fn len(&self) -> usize {
        self.pages.iter().map(|page| page.items.len()).sum()
    }

    /// The first page; a list that was read has one.
    ///
    /// # Errors
    /// When it has none.
    pub(crate) fn first(&self) -> Result<&Page, Stop> {
        self.pages.first().ok_or_else(|| Stop::skip("no page was read"))
    }
}

impl Page {
    /// Reads the number in a header.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.answer.header(name)?.trim().parse().ok()
    }
}
