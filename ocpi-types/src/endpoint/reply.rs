//! Answers of endpoints.

use http::{HeaderMap, HeaderValue, header};

use super::encoding::{Encoding, Unread};
use crate::convert::{ConversionError, Embedded, Ledger, OfKind};
use crate::json::{self, Cut, Data, Document, Head, List, PartialItem, Rejected, Written};
use crate::protocol::{Envelope, NextLink, headers, write_next_link};
use crate::{Finding, Rule, Type, Url};

/// An answer that the server writes and the client reads.
pub trait Reply: Sized + Send + 'static {
    /// Type of `data`.
    const SHAPE: Shape;

    /// Encodes the answer, on the server, in the version of the connection and the style of the partner.
    ///
    /// # Errors
    /// When that version cannot express it.
    fn write(self, wire: &Encoding<'_>) -> Result<EncodedResponse, ConversionError>;

    /// The Locations that must be looked up to write the answer in 2.1.1.
    fn embeds(&self) -> Vec<Embedded> {
        Vec::new()
    }

    /// Decodes the answer, on the client.
    ///
    /// # Errors
    /// When the body is not JSON.
    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error>;
}

/// A received answer.
#[derive(Clone, Copy)]
pub struct RawResponse<'a> {
    /// HTTP status.
    pub status: http::StatusCode,
    /// HTTP headers.
    pub headers: &'a HeaderMap,
    /// The body: an envelope.
    pub body: &'a [u8],
    /// Version of the connection and style of its messages.
    pub wire: Encoding<'a>,
}

/// As [`EncodedResponse`].
impl std::fmt::Debug for RawResponse<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .field("wire", &self.wire)
            .finish_non_exhaustive()
    }
}

/// A decoded answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecodedResponse<R> {
    /// Envelope around `data`, with all findings: first those of the envelope itself, then those whose pointers start
    /// in `data`.
    pub head: Head,
    /// Value of `data`, or the reason why it is not an answer of this endpoint. Meaningless if the status reports a
    /// failure.
    pub value: Result<R, Unread>,
    /// Losses and assumptions, if the version of the connection is another. Pointers start in `data`.
    pub ledger: Ledger,
}

impl RawResponse<'_> {
    /// Reads the envelope, and its `data` by `read`, which appends its findings.
    fn read<R>(
        &self,
        read: impl FnOnce(Option<&str>, &mut Vec<Finding>, &mut Ledger) -> Result<R, Unread>,
    ) -> Result<DecodedResponse<R>, json::Error> {
        let Envelope { data, mut head } = Envelope::read(self.body)?;
        let mut ledger = Ledger::new();
        let value = read(data, &mut head.findings, &mut ledger);
        Ok(DecodedResponse { head, value, ledger })
    }

    fn number(&self, name: &header::HeaderName) -> Option<u64> {
        headers::text(self.headers, name)?.trim().parse().ok()
    }
}

/// Type of the `data` of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// No data in the specification.
    Nothing,
    /// A value of this type.
    One(Type),
    /// A list of values of this type.
    List(Type),
    /// A page of a list of values of this type.
    Page(Type),
}

/// An encoded answer: HTTP status, headers, and `data`.
#[derive(Clone, Eq, PartialEq)]
pub struct EncodedResponse {
    /// HTTP status.
    pub status: http::StatusCode,
    /// Headers of this answer.
    pub headers: HeaderMap,
    /// The text of `data`.
    pub data: Option<Vec<u8>>,
    /// Values that were cut to suit the partner. Pointers start in `data`.
    pub cuts: Vec<Cut>,
    /// Losses and assumptions, if the version of the connection is another. Pointers start in `data`.
    pub ledger: Ledger,
    /// The objects of a page that the version of the connection cannot express: they are left out.
    pub left_out: Vec<(usize, ConversionError)>,
}

/// The data may be a driver's: its size is shown.
impl std::fmt::Debug for EncodedResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncodedResponse")
            .field("status", &self.status)
            .field("data", &self.data.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

impl EncodedResponse {
    /// Creates an answer with HTTP status 200 and no `data`.
    pub fn empty() -> Self {
        Self {
            status: http::StatusCode::OK,
            headers: HeaderMap::new(),
            data: None,
            cuts: Vec::new(),
            ledger: Ledger::new(),
            left_out: Vec::new(),
        }
    }

    fn of(Written { json, cuts }: Written, ledger: Ledger) -> Self {
        Self { data: Some(json), cuts, ledger, ..Self::empty() }
    }

    fn header(&mut self, name: header::HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}

impl<T: OfKind> Reply for T {
    const SHAPE: Shape = Shape::One(T::TYPE);

    fn write(self, wire: &Encoding<'_>) -> Result<EncodedResponse, ConversionError> {
        let mut ledger = Ledger::new();
        let written = wire.write(self, &mut ledger)?;
        Ok(EncodedResponse::of(written, ledger))
    }

    fn embeds(&self) -> Vec<Embedded> {
        T::embeds(self).into_iter().collect()
    }

    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error> {
        received.read(|data, findings, ledger| {
            received.wire.read(data.unwrap_or("null").as_bytes(), findings, ledger)
        })
    }
}

/// A list that is no page, such as that of the versions.
impl<T: OfKind> Reply for Vec<T> {
    const SHAPE: Shape = Shape::List(T::TYPE);

    fn write(self, wire: &Encoding<'_>) -> Result<EncodedResponse, ConversionError> {
        let mut ledger = Ledger::new();
        let (written, left_out) = wire.write_list(self, &mut ledger);
        Ok(EncodedResponse { left_out, ..EncodedResponse::of(written, ledger) })
    }

    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error> {
        let DecodedResponse { head, value, ledger } = Page::read(received)?;
        Ok(DecodedResponse { head, value: value.map(|page| page.items), ledger })
    }
}

/// Nothing: whatever `data` holds is ignored.
impl Reply for () {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self, _: &Encoding<'_>) -> Result<EncodedResponse, ConversionError> {
        Ok(EncodedResponse::empty())
    }

    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error> {
        received.read(|_, _, _| Ok(()))
    }
}

/// Outcome of a push.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PushOutcome {
    /// The object was created: HTTP 201.
    Created,
    /// The object existed and was updated: HTTP 200.
    Updated,
}

impl Reply for PushOutcome {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self, _: &Encoding<'_>) -> Result<EncodedResponse, ConversionError> {
        let status = match self {
            Self::Created => http::StatusCode::CREATED,
            Self::Updated => http::StatusCode::OK,
        };
        Ok(EncodedResponse { status, ..EncodedResponse::empty() })
    }

    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error> {
        let created = received.status == http::StatusCode::CREATED;
        received.read(|_, _, _| Ok(if created { Self::Created } else { Self::Updated }))
    }
}

/// Answer to a POST that created an object: the URL of the new object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Created {
    /// The header `Location`, as it was sent; `None` if the partner sent none.
    pub location: Option<String>,
}

impl Reply for Created {
    const SHAPE: Shape = Shape::Nothing;

    fn write(self, _: &Encoding<'_>) -> Result<EncodedResponse, ConversionError> {
        let mut parts = EncodedResponse { status: http::StatusCode::CREATED, ..EncodedResponse::empty() };
        if let Some(location) = &self.location {
            parts.header(header::LOCATION, location);
        }
        Ok(parts)
    }

    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error> {
        let location = headers::text(received.headers, &header::LOCATION).map(str::to_owned);
        received.read(|_, _, _| Ok(Self { location }))
    }
}

/// A page of a list.
///
/// Pointers of findings start with the index of the object in the page as sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page<T> {
    /// The readable objects.
    pub items: Vec<T>,
    /// The objects that lack required members.
    pub partial: Vec<PartialItem<T>>,
    /// The unreadable objects, as text.
    pub rejected: Vec<Rejected>,
    /// The URL of the next page, as sent; `None` on the last page.
    pub next: Option<String>,
    /// Total number of matching objects.
    pub total_count: Option<u64>,
    /// Maximum number of objects that the server puts on a page.
    pub limit: Option<u64>,
}

impl<T> Page<T> {
    /// Creates a page that is the whole list.
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

impl<T: OfKind> Reply for Page<T> {
    const SHAPE: Shape = Shape::Page(T::TYPE);

    fn write(self, wire: &Encoding<'_>) -> Result<EncodedResponse, ConversionError> {
        let mut ledger = Ledger::new();
        let (written, left_out) = wire.write_list(self.items, &mut ledger);
        let mut parts = EncodedResponse { left_out, ..EncodedResponse::of(written, ledger) };
        page_headers(&mut parts, self.next.as_deref(), self.total_count, self.limit);
        Ok(parts)
    }

    fn embeds(&self) -> Vec<Embedded> {
        self.items.iter().filter_map(T::embeds).collect()
    }

    /// Reads the answer in one pass over envelope and objects.
    fn read(received: &RawResponse<'_>) -> Result<DecodedResponse<Self>, json::Error> {
        let mut ledger = Ledger::new();
        let Document { mut head, list } = received.wire.document(received.body, &mut ledger)?;
        if !head.is_envelope {
            head.findings.push(Finding::of_document(Rule::Envelope));
        }
        if head.data == Data::Object {
            head.findings.push(Finding::of_document(Rule::ObjectForArray));
        }
        let value = Self::of_list(list, &head, received);
        let value = value.map(|(page, findings)| {
            head.findings.extend(findings);
            page
        });
        Ok(DecodedResponse { head, value: value.map_err(Unread::from), ledger })
    }
}

/// Writes the headers of a page.
pub(super) fn page_headers(
    parts: &mut EncodedResponse,
    next: Option<&str>,
    total: Option<u64>,
    limit: Option<u64>,
) {
    if let Some(url) = next.and_then(|next| Url::from_header(next).ok()) {
        parts.header(header::LINK, &write_next_link(&url));
    }
    for (name, count) in [(headers::X_TOTAL_COUNT, total), (headers::X_LIMIT, limit)] {
        if let Some(count) = count {
            parts.header(name, &count.to_string());
        }
    }
}

impl<T: OfKind> Page<T> {
    fn of_list(
        list: List<T>,
        head: &Head,
        received: &RawResponse<'_>,
    ) -> Result<(Self, Vec<Finding>), json::Error> {
        let total_count = received.number(&headers::X_TOTAL_COUNT).or(head.following.total);
        match head.data {
            Data::List | Data::Object => {}
            // Some write an empty list like that.
            Data::Null if head.is_envelope && total_count.unwrap_or(0) == 0 => {}
            Data::Null | Data::Missing => return Err(json::Error::of_object(Rule::Missing, String::new())),
            Data::Other => return Err(json::Error::of_object(Rule::ValueType, String::new())),
        }
        let List { items, partial, rejected, findings } = list.on_partial(received.wire.on_partial)?;
        let links = received.headers.get_all(header::LINK).iter();
        let link = links.map(|value| NextLink::read(value.as_bytes())).fold(NextLink::Absent, NextLink::or);
        let mut findings = findings;
        if matches!(link, NextLink::OddUrl(_) | NextLink::Unreadable) {
            findings.push(Finding::of_document(Rule::PageLinkSyntax));
        }
        let next = match link {
            NextLink::Url(url) | NextLink::OddUrl(url) => Some(url.to_owned()),
            NextLink::Absent | NextLink::Unreadable => head.following.next.clone(),
        };
        // A list that goes on, without a next page or a total, would pass for a complete one.
        if next.is_none() && total_count.is_none() && head.following.more {
            let place = head.frame.clone().unwrap_or_default();
            return Err(json::Error::of_object(Rule::NextPage, place));
        }
        let page =
            Self { items, partial, rejected, next, total_count, limit: received.number(&headers::X_LIMIT) };
        Ok((page, findings))
    }
}
