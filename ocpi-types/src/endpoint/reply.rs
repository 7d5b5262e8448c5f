//! What endpoints are answered with.

use http::{HeaderMap, HeaderValue, header};

use crate::json::{self, Aside, Cut, Data, Document, Head, List, OnPartial, PeerStyle, Rejected, Written};
use crate::transport::{Envelope, headers, next_link, write_next_link};
use crate::{Card, Finding, Rule, Type, Url, Value};

/// An answer: what the server writes and the client reads.
pub trait Reply: Sized + Send + 'static {
    /// What `data` is.
    const SHAPE: Shape;

    /// The server's half, as the partner wants it written.
    fn write(self, style: &PeerStyle) -> ReplyParts;

    /// The client's half.
    ///
    /// # Errors
    /// When the body is not JSON.
    fn read(received: &Received<'_>) -> Result<Answered<Self>, json::Error>;
}

/// An answer that arrived.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    /// HTTP's status.
    pub status: http::StatusCode,
    /// HTTP's headers.
    pub headers: &'a HeaderMap,
    /// The body: an envelope.
    pub body: &'a [u8],
    /// What to do with objects in which required members are missing.
    pub on_partial: OnPartial,
}

/// As [`ReplyParts`].
impl std::fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .field("on_partial", &self.on_partial)
            .finish_non_exhaustive()
    }
}

/// An answer that was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answered<R> {
    /// What stands around `data`. Its findings are all there are: the pointers of those behind the envelope's own
    /// start in `data`.
    pub head: Head,
    /// What `data` says, or why it does not say what the endpoint answers with. Means nothing where the status says
    /// that the request failed.
    pub value: Result<R, json::Error>,
}

impl Received<'_> {
    /// Reads the envelope, and what it has as `data` by `read`, which appends what it finds.
    fn read<R>(
        &self,
        read: impl FnOnce(Option<&str>, &mut Vec<Finding>) -> Result<R, json::Error>,
    ) -> Result<Answered<R>, json::Error> {
        let Envelope { data, mut head } = Envelope::read(self.body)?;
        let value = read(data, &mut head.findings);
        Ok(Answered { head, value })
    }

    fn number(&self, name: &header::HeaderName) -> Option<u64> {
        headers::text(self.headers, name)?.trim().parse().ok()
    }
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
    /// What was cut, as the partner wants it. Pointers start in `data`.
    pub cuts: Vec<Cut>,
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
    fn empty() -> Self {
        Self { status: http::StatusCode::OK, headers: HeaderMap::new(), data: None, cuts: Vec::new() }
    }

    fn of(Written { json, cuts }: Written) -> Self {
        Self { data: Some(json), cuts, ..Self::empty() }
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

    fn write(self, style: &PeerStyle) -> ReplyParts {
        ReplyParts::of(json::write_for(&self, style))
    }

    fn read(received: &Received<'_>) -> Result<Answered<Self>, json::Error> {
        received.read(|data, findings| {
            let data = data.unwrap_or("null").as_bytes();
            let read = match received.on_partial {
                OnPartial::Keep => json::read_partial(data)?,
                OnPartial::SetAside | OnPartial::Fail => json::read(data)?,
            };
            findings.extend(read.findings);
            Ok(read.value)
        })
    }
}

/// Nothing: whatever `data` holds is ignored.
impl Reply for () {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self, _: &PeerStyle) -> ReplyParts {
        ReplyParts::empty()
    }

    fn read(received: &Received<'_>) -> Result<Answered<Self>, json::Error> {
        received.read(|_, _| Ok(()))
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

    fn write(self, _: &PeerStyle) -> ReplyParts {
        let status = match self {
            Self::Created => http::StatusCode::CREATED,
            Self::Updated => http::StatusCode::OK,
        };
        ReplyParts { status, ..ReplyParts::empty() }
    }

    fn read(received: &Received<'_>) -> Result<Answered<Self>, json::Error> {
        let created = received.status == http::StatusCode::CREATED;
        received.read(|_, _| Ok(if created { Self::Created } else { Self::Updated }))
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

    fn write(self, _: &PeerStyle) -> ReplyParts {
        let mut parts = ReplyParts { status: http::StatusCode::CREATED, ..ReplyParts::empty() };
        if let Some(location) = &self.location {
            parts.header(header::LOCATION, location);
        }
        parts
    }

    fn read(received: &Received<'_>) -> Result<Answered<Self>, json::Error> {
        let location = headers::text(received.headers, &header::LOCATION).map(str::to_owned);
        received.read(|_, _| Ok(Self { location }))
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

    fn write(self, style: &PeerStyle) -> ReplyParts {
        let mut parts = ReplyParts::of(json::write_list_for(&self.items, style));
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

    /// In one pass over envelope and objects.
    fn read(received: &Received<'_>) -> Result<Answered<Self>, json::Error> {
        let Document { mut head, list } = json::read_document(received.body)?;
        if !head.is_envelope {
            head.findings.push(Finding::new(String::new(), Rule::Envelope));
        }
        if head.data == Data::Object {
            head.findings.push(Finding::new(String::new(), Rule::ObjectForArray));
        }
        let value = Self::of_list(list, &head, received);
        let value = value.map(|(page, findings)| {
            head.findings.extend(findings);
            page
        });
        Ok(Answered { head, value })
    }
}

impl<T: Value> Page<T> {
    fn of_list(
        list: List<T>,
        head: &Head,
        received: &Received<'_>,
    ) -> Result<(Self, Vec<Finding>), json::Error> {
        let total_count = received.number(&headers::X_TOTAL_COUNT);
        match head.data {
            Data::List | Data::Object => {}
            // Some write an empty list like that.
            Data::Null if head.is_envelope && total_count.unwrap_or(0) == 0 => {}
            Data::Null | Data::Missing => return Err(json::Error::of_object(Rule::Missing, String::new())),
            Data::Other => return Err(json::Error::of_object(Rule::ValueType, String::new())),
        }
        let List { items, partial, rejected, findings } = list.on_partial(received.on_partial)?;
        let links = received.headers.get_all(header::LINK).iter();
        let mut links = links.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        let page = Self {
            items,
            partial,
            rejected,
            next: links.find_map(next_link).map(str::to_owned),
            total_count,
            limit: received.number(&headers::X_LIMIT),
        };
        Ok((page, findings))
    }
}
