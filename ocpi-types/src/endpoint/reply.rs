//! What endpoints are answered with.

use http::{HeaderMap, HeaderValue, header};

use crate::json::{self, Aside, List, Rejected};
use crate::transport::{headers, next_link, write_next_link};
use crate::{Card, Finding, Type, Url, Value};

/// An answer: what the server writes and the client reads.
pub trait Reply: Sized + Send + 'static {
    /// What `data` is.
    const SHAPE: Shape;

    /// The server's half.
    fn write(self) -> ReplyParts;

    /// The client's half: status and headers of HTTP, and `data` as text. Findings are appended.
    ///
    /// # Errors
    /// When `data` is not what the endpoint answers with.
    fn read(
        status: http::StatusCode,
        headers: &HeaderMap,
        data: Option<&str>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, json::Error>;
}

/// What the `data` of an answer is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Nothing that the specification names.
    Nothing,
    /// A value of this type.
    One(Type),
    /// A list of values of this type.
    List(Type),
    /// A page of a list of values of this type.
    Page(Type),
}

/// An answer taken apart: HTTP's status and headers, and `data`.
#[derive(Clone, Eq, PartialEq)]
pub struct ReplyParts {
    /// HTTP's status.
    pub status: http::StatusCode,
    /// Headers of this answer.
    pub headers: HeaderMap,
    /// The text of `data`.
    pub data: Option<Vec<u8>>,
}

/// The data may be a driver's: its size is shown.
impl std::fmt::Debug for ReplyParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplyParts")
            .field("status", &self.status)
            .field("data", &self.data.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

impl ReplyParts {
    fn new(data: Option<Vec<u8>>) -> Self {
        Self { status: http::StatusCode::OK, headers: HeaderMap::new(), data }
    }

    fn header(&mut self, name: header::HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}

impl<T: Value> Reply for T {
    const SHAPE: Shape = match T::CARD {
        Card::One | Card::Optional => Shape::One(T::TYPE),
        Card::Any | Card::AtLeastOne => Shape::List(T::TYPE),
    };

    fn write(self) -> ReplyParts {
        ReplyParts::new(Some(json::to_vec(&self)))
    }

    fn read(
        _: http::StatusCode,
        _: &HeaderMap,
        data: Option<&str>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, json::Error> {
        let read = json::read(data.unwrap_or("null").as_bytes())?;
        findings.extend(read.findings);
        Ok(read.value)
    }
}

/// Nothing: whatever `data` holds is ignored.
impl Reply for () {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self) -> ReplyParts {
        ReplyParts::new(None)
    }

    fn read(
        _: http::StatusCode,
        _: &HeaderMap,
        _: Option<&str>,
        _: &mut Vec<Finding>,
    ) -> Result<Self, json::Error> {
        Ok(())
    }
}

/// What a push did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stored {
    /// The object is new: HTTP 201.
    Created,
    /// The object was there: HTTP 200.
    Updated,
}

impl Reply for Stored {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self) -> ReplyParts {
        let status = match self {
            Self::Created => http::StatusCode::CREATED,
            Self::Updated => http::StatusCode::OK,
        };
        ReplyParts { status, ..ReplyParts::new(None) }
    }

    fn read(
        status: http::StatusCode,
        _: &HeaderMap,
        _: Option<&str>,
        _: &mut Vec<Finding>,
    ) -> Result<Self, json::Error> {
        Ok(if status == http::StatusCode::CREATED { Self::Created } else { Self::Updated })
    }
}

/// What a POST made: the URL at which it can be had from now on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Created {
    /// The header `Location`, as it was sent; `None` if the partner sent none.
    pub location: Option<String>,
}

impl Reply for Created {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self) -> ReplyParts {
        let mut parts = ReplyParts { status: http::StatusCode::CREATED, ..ReplyParts::new(None) };
        if let Some(location) = &self.location {
            parts.header(header::LOCATION, location);
        }
        parts
    }

    fn read(
        _: http::StatusCode,
        headers: &HeaderMap,
        _: Option<&str>,
        _: &mut Vec<Finding>,
    ) -> Result<Self, json::Error> {
        Ok(Self { location: headers::text(headers, &header::LOCATION).map(str::to_owned) })
    }
}

/// A page of a list.
///
/// Pointers of the answer's findings start with the index in the page as it was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page<T> {
    /// The objects that could be read.
    pub items: Vec<T>,
    /// The objects that lack required members.
    pub partial: Vec<Aside<T>>,
    /// The objects that could not, as text.
    pub rejected: Vec<Rejected>,
    /// The URL of the next page, as it was sent; `None` on the last one.
    pub next: Option<String>,
    /// How many objects match in all.
    pub total_count: Option<u64>,
    /// The most objects that the server puts on a page.
    pub limit: Option<u64>,
}

impl<T> Page<T> {
    /// A page that is a whole list.
    pub fn whole(items: Vec<T>) -> Self {
        let count = u64::try_from(items.len()).ok();
        Self {
            items,
            partial: Vec::new(),
            rejected: Vec::new(),
            next: None,
            total_count: count,
            limit: count,
        }
    }
}

/// The objects of the page; the findings of an answer stand apart.
impl<T> From<Page<T>> for List<T> {
    fn from(page: Page<T>) -> Self {
        let Page { items, partial, rejected, .. } = page;
        Self { items, partial, rejected, findings: Vec::new() }
    }
}

impl<T: Value> Reply for Page<T> {
    const SHAPE: Shape = Shape::Page(T::TYPE);

    fn write(self) -> ReplyParts {
        let mut parts = ReplyParts::new(Some(json::list_to_vec(&self.items)));
        if let Some(url) = self.next.as_deref().and_then(|next| Url::from_header(next).ok()) {
            parts.header(header::LINK, &write_next_link(&url));
        }
        let counts = [(headers::X_TOTAL_COUNT, self.total_count), (headers::X_LIMIT, self.limit)];
        for (name, count) in counts {
            if let Some(count) = count {
                parts.header(name, &count.to_string());
            }
        }
        parts
    }

    fn read(
        _: http::StatusCode,
        headers: &HeaderMap,
        data: Option<&str>,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, json::Error> {
        let list = json::read_list(data.unwrap_or_default().as_bytes())?;
        let List { items, partial, rejected, findings: found } = list;
        findings.extend(found);
        let count = |name| headers::text(headers, &name)?.trim().parse().ok();
        let links = headers
            .get_all(header::LINK)
            .iter()
            .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        Ok(Self {
            items,
            partial,
            rejected,
            next: links.filter_map(next_link).next().map(str::to_owned),
            total_count: count(headers::X_TOTAL_COUNT),
            limit: count(headers::X_LIMIT),
        })
    }
}
