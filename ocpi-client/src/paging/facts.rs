//! Facts of a page that a walk needs to know.

use std::time::Duration;

use ocpi_types::DateTime;

use super::seen::{mark, short};

/// Facts of a page that was read.
#[derive(Clone, Debug)]
pub struct PageFacts<'a> {
    /// Its objects in the order of the page, with those that lack members and those that cannot be read.
    pub items: Vec<ItemFacts>,
    /// The header `Link`.
    pub link: LinkHeader<'a>,
    /// The header `X-Total-Count`.
    pub total: Option<u64>,
    /// The header `X-Limit`.
    pub limit: Option<u64>,
    /// Size of the body.
    pub bytes: u64,
    /// Time of the partner: the `timestamp` of the envelope, else the header `Date`.
    pub timestamp: Option<DateTime>,
    /// When the page was asked for, by our clock.
    pub asked: DateTime,
    /// Time from the request to the answer.
    pub took: Duration,
}

impl PageFacts<'_> {
    /// A page of nothing but objects, asked for at this time.
    ///
    /// ```
    /// use ocpi_client::paging::{ItemFacts, PageFacts};
    /// use ocpi_types::DateTime;
    /// let page = PageFacts {
    ///     total: Some(1),
    ///     ..PageFacts::new(vec![ItemFacts::new("NL/ALF/LOC1", None)], DateTime::UNIX_EPOCH)
    /// };
    /// assert_eq!(page.items.len(), 1);
    /// ```
    pub fn new(items: Vec<ItemFacts>, asked: DateTime) -> Self {
        Self {
            items,
            link: LinkHeader::Absent,
            total: None,
            limit: None,
            bytes: 0,
            timestamp: None,
            asked,
            took: Duration::ZERO,
        }
    }
}

/// Fact of the header `Link` of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkHeader<'a> {
    /// No link to a next page.
    Absent,
    /// The link to the next page, as it was sent.
    Next(&'a str),
    /// A header in which no link can be found, although there may be one.
    Unreadable,
}

/// Facts of an object on a page: a mark of its id, and its version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ItemFacts {
    pub(super) mark: u64,
    /// Differs when the object has changed; 0 where that cannot be told.
    pub(super) version: u32,
    pub(super) updated: Option<DateTime>,
    pub(super) has_id: bool,
}

impl ItemFacts {
    /// An object by its id, with its owner's, and the time of its last change. Ids that are equal must be written the same.
    ///
    /// ```
    /// use ocpi_client::paging::ItemFacts;
    /// let time = "2026-11-22T10:00:00Z".parse().ok();
    /// assert_eq!(ItemFacts::new("NL/ALF/LOC1", time), ItemFacts::new("NL/ALF/LOC1", time));
    /// assert_ne!(ItemFacts::new("NL/ALF/LOC1", time), ItemFacts::new("NL/ALF/LOC1", None));
    /// ```
    pub fn new(id: &str, last_updated: Option<DateTime>) -> Self {
        let version = last_updated.map_or(0, |time| short(&time.to_unix_micros().to_le_bytes()));
        Self { mark: mark(id.as_bytes()), version, updated: last_updated, has_id: true }
    }

    /// An object without an id that can be read, by its text. A walk that met one is not complete.
    ///
    /// ```
    /// use ocpi_client::paging::ItemFacts;
    /// assert_ne!(ItemFacts::without_id("{}"), ItemFacts::without_id("[]"));
    /// ```
    pub fn without_id(text: &str) -> Self {
        Self { mark: mark(text.as_bytes()), version: short(text.as_bytes()), updated: None, has_id: false }
    }
}

/// Kind of the failure of a request for a page, as far as a walk can do something about it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PageFailure {
    /// Nothing is at this URL: HTTP 404, 405 or 410.
    NotThere,
    /// A parameter is refused: HTTP 400, 416 or 422, or OCPI's 2xxx.
    Refused,
    /// The page is too large for a limit of ours.
    TooLarge,
    /// Anything else. The walk stands where it is.
    Other,
}
